// Builds what runs: the host's entries into out/electron, the page into out/renderer. Skips what is up to date.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative, resolve } from 'node:path'
import type { InlineConfig } from 'vite'
import { descriptionsPlugin } from './descriptions.ts'

const root = resolve(import.meta.dirname, '..')
const out = join(root, 'out')

interface Step {
  name: string
  says: string
  /** Files and folders from which the result is made. */
  inputs: string[]
  /** Folder in out/. */
  output: string
  configs(folder: string): InlineConfig[]
}

/** Native, or given by Electron: found at run time. Everything else is in the bundle, so that starting reads few files. */
const isExternal = (name: string): boolean => isBuiltin(name) || name === 'electron' || name === 'node-pty'

const hostBuild = (folder: string): InlineConfig => ({
  configFile: false,
  root,
  logLevel: 'error',
  plugins: [descriptionsPlugin()],
  // As Node itself resolves, which knows no `module` field: source and bundle run the same files.
  ssr: { noExternal: true, target: 'node', resolve: { mainFields: ['main'] } },
  build: {
    ssr: true,
    outDir: folder,
    emptyOutDir: true,
    target: 'node24',
    minify: true,
    sourcemap: true,
    rolldownOptions: {
      input: Object.fromEntries(
        [
          ['main', 'electron/main/electron.ts'],
          ['khw', 'electron/main/khw.ts'],
          ['practice', 'electron/practice/main.ts'],
        ].filter(([, path]) => existsSync(join(root, path ?? ''))),
      ),
      external: isExternal,
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
    },
  },
})

/** A sandboxed preload script can import nothing but electron: one CommonJS file. */
const preloadBuild = (folder: string): InlineConfig => ({
  configFile: false,
  root,
  logLevel: 'error',
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: folder,
    emptyOutDir: false,
    target: 'node24',
    rolldownOptions: {
      input: { preload: 'electron/preload/preload.ts' },
      external: isExternal,
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
})

/** Runs as root from wherever it is put: one file that needs nothing beside it. */
const helperBuild = (folder: string): InlineConfig => ({
  configFile: false,
  root,
  logLevel: 'error',
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: folder,
    emptyOutDir: false,
    target: 'node24',
    rolldownOptions: {
      input: { 'setup-helper': 'electron/main/setup-helper.ts' },
      external: isBuiltin,
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
})

const pageBuild = (folder: string): InlineConfig => ({
  configFile: join(root, 'renderer/vite.config.ts'),
  logLevel: 'error',
  build: { outDir: folder, emptyOutDir: true },
})

const common = ['package-lock.json', 'build/build.ts', 'tsconfig.json']
const steps: Step[] = [
  {
    name: 'host',
    says: 'out/electron: the host, the command line and the practice cluster',
    inputs: [...common, 'build/descriptions.ts', 'electron'],
    output: 'electron',
    configs: folder => [hostBuild(folder), preloadBuild(folder), helperBuild(folder)],
  },
  {
    name: 'page',
    says: 'out/renderer: the page',
    inputs: [...common, 'renderer', 'electron/contract', 'electron/rpc', 'resources'],
    output: 'renderer',
    configs: folder => [pageBuild(folder)],
  },
]

const filesIn = (path: string): string[] => {
  const full = join(root, path)
  if (!existsSync(full)) return []
  const entries = readdirSync(full, { withFileTypes: true, recursive: true })
  return entries.filter(entry => entry.isFile()).map(entry => relative(root, join(entry.parentPath, entry.name)))
}

const fingerprint = (inputs: string[]): string => {
  const hash = createHash('sha256').update(process.versions.node)
  const files = inputs.flatMap(input => (/\.\w+$/.test(input) ? [input] : filesIn(input)))
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Kept inside the result, so that a result and its fingerprint cannot part. */
const stampOf = (step: Step) => join(out, step.output, '.built-from')

const isFresh = (step: Step, print: string): boolean => {
  const stamp = stampOf(step)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === print
}

const make = async (step: Step, print: string): Promise<void> => {
  // Built beside the old result, which serves until the new one is whole.
  const folder = join(out, `.new-${step.output}-${process.pid}`)
  // Loaded here only: most runs find everything up to date.
  const { build: bundle } = await import('vite')
  try {
    mkdirSync(folder, { recursive: true })
    for (const config of step.configs(folder)) await bundle(config)
    const stamp = join(folder, '.built-from')
    writeFileSync(stamp, print)
    swap(folder, join(out, step.output))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Puts a new folder in the place of an old one; again where another build did the same in between. */
const swap = (folder: string, place: string, tries = 5): void => {
  const old = `${folder}-old`
  try {
    if (existsSync(place)) renameSync(place, old)
    renameSync(folder, place)
  } catch (error) {
    if (tries === 0) throw error
    swap(folder, place, tries - 1)
  } finally {
    rmSync(old, { recursive: true, force: true })
  }
}

/** One line a step: what, and how long it took. */
const log = (line: string) => process.stderr.write(`${line}\n`)

const isQuiet = process.argv.includes('--quiet')
const wanted = process.argv.slice(2).filter(word => !word.startsWith('--'))
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  const startedAt = performance.now()
  const print = fingerprint(step.inputs)
  const fresh = isFresh(step, print)
  if (!fresh) {
    if (isQuiet) log(`building ${step.says} …`)
    await make(step, print)
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (!isQuiet) log(`${fresh ? 'up to date' : 'built'}  ${step.says}  ${seconds} s`)
}
