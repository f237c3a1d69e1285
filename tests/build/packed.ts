// Stand-in packages for tests: packed once for a run of a test file, and looked into without being installed.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../build/steps.ts'
import { run } from '../../electron/platform/run.ts'

export interface Packed {
  deb: string
  appImage: string
  rm(): void
}

const must = async (argv: readonly [string, ...string[]]): Promise<string> => {
  const { code, stdout, stderr } = await run(argv, { timeout: 300_000 })
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}\n${stdout}${stderr}`)
  return stdout
}

/** `npm run pack -- --stub`, into a folder of its own. */
export const packStub = async (...more: string[]): Promise<Packed> => {
  const output = mkdtempSync(join(tmpdir(), 'khw-pack-'))
  const rm = () => rmSync(output, { recursive: true, force: true })
  try {
    await must([process.execPath, join(root, 'build/build.ts')])
    await must([process.execPath, join(root, 'build/pack/main.ts'), '--stub', '--output', output, ...more])
  } catch (error) {
    rm()
    throw error
  }
  const find = (ending: string) => join(output, readdirSync(output).find(name => name.endsWith(ending)) ?? `none${ending}`)
  return { deb: find('.deb'), appImage: find('.AppImage'), rm }
}

/** Its files in a folder, and its control files in DEBIAN. */
export const unpackDeb = async (deb: string, folder: string): Promise<void> => {
  await must(['dpkg-deb', '--raw-extract', deb, folder])
}

/** One line a file as the package has it: mode, owner and path. */
export const listDeb = async (deb: string): Promise<{ mode: string; owner: string; path: string }[]> =>
  (await must(['dpkg-deb', '--contents', deb]))
    .trim()
    .split('\n')
    .map(line => {
      const [mode = '', owner = '', , , , path = ''] = line.split(/\s+/)
      return { mode, owner, path: path.replace(/^\./, '') }
    })

export const controlOf = async (deb: string): Promise<Record<string, string>> => {
  const text = await must(['dpkg-deb', '--field', deb])
  return Object.fromEntries([...text.matchAll(/^(\S+): (.*)$/gm)].map(match => [match[1], match[2]]))
}

interface Node {
  files?: Record<string, Node>
  unpacked?: boolean
}

/** The archive's own files, and those that it only names. */
export const readArchive = (path: string): { inside: string[]; beside: string[] } => {
  const bytes = readFileSync(path)
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Node
  const found = { inside: [] as string[], beside: [] as string[] }
  const visit = (node: Node, place: string): void => {
    for (const [name, inner] of Object.entries(node.files ?? {})) {
      if (inner.files) visit(inner, `${place}${name}/`)
      else found[inner.unpacked ? 'beside' : 'inside'].push(place + name)
    }
  }
  visit(header, '')
  return found
}

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** Electron's fuses as they stand in a program, in their order. */
export const readFuses = (path: string): string => {
  const text = readFileSync(path, 'latin1')
  const at = text.indexOf(sentinel) + sentinel.length
  return text.slice(at + 2, at + 2 + text.charCodeAt(at + 1))
}

/** All files of an archive, those beside it too, as a folder: what Electron makes its main process see. */
export const extractArchive = async (path: string, folder: string): Promise<void> => {
  const tool = join(root, '.cache/pack/tools/node_modules/@electron/asar/bin')
  const program = join(tool, readdirSync(tool).find(name => name.startsWith('asar')) ?? 'asar.js')
  await must([process.execPath, program, 'extract', path, folder])
}
