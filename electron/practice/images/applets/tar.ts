// tar: c, x and t, on files and on standard streams, with gzip. What `kubectl cp` runs in a container.

import { gunzipSync, gzipSync } from 'node:zlib'
import { FileError } from '../files.ts'
import type { Output } from '../program.ts'
import { matches } from '../shell/pattern.ts'
import { concat, inputOf, readWhole } from '../streams.ts'
import { strerror } from '../words.ts'
import type { Applet, Context } from './context.ts'
import { modeText } from './mode.ts'
import { endOfArchive, readArchive, type TarEntry, writeEntry } from './ustar.ts'

interface Task {
  context: Context
  directory: string
  verbose: boolean
  excluded(name: string): boolean
}

const create = async (
  { context, directory, verbose, excluded }: Task,
  names: readonly string[],
  output: Output,
): Promise<number> => {
  const { files } = context
  let status = 0
  let written = 0
  const add = async (name: string): Promise<void> => {
    if (excluded(name)) return
    const path = context.path(`${directory}/${name}`)
    const info = files.lstat(name.startsWith('/') ? name : path)
    const entry: TarEntry = {
      name: name.replace(/^\/+/, '') || './',
      type: info.type,
      mode: info.mode,
      modified: info.modified / 1000,
      target: info.target ?? '',
      data: info.type === 'file' ? files.read(name.startsWith('/') ? name : path) : new Uint8Array(0),
    }
    if (verbose) await context.io.stderr(`${entry.name}${info.type === 'directory' ? '/' : ''}\n`)
    const bytes = writeEntry(entry)
    written += bytes.length
    await output(bytes)
    if (info.type !== 'directory') return
    for (const child of files.list(name.startsWith('/') ? name : path)) await add(`${name.replace(/\/$/, '')}/${child.name}`)
  }
  for (const name of names) {
    try {
      if (name.startsWith('/')) await context.io.stderr("tar: removing leading '/' from member names\n")
      await add(name.replace(/(?<=.)\/+$/, ''))
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      await context.fail(`${name}: ${strerror(error)}`)
      status = 1
    }
  }
  await output(endOfArchive(written))
  return status
}

const put = (context: Context, path: string, entry: TarEntry, keepTimes: boolean, keepMode: boolean): void => {
  const { files } = context
  if (entry.type === 'directory') {
    files.makeDirectory(path)
    if (keepMode) files.chmod(path, entry.mode)
    return
  }
  const above = context.path(`${path}/..`)
  if (!files.exists(above)) files.makeDirectory(above)
  // As tar does: the old file goes, so that a link is replaced and not followed.
  try {
    if (files.lstat(path).type !== 'directory') files.remove(path)
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'ENOENT') throw error
  }
  if (entry.type === 'link') files.link(path, entry.target)
  else {
    files.write(path, entry.data, entry.mode & 0o777)
    if (keepTimes) files.touch(path, entry.modified * 1000)
  }
}

const wanted = (name: string, names: readonly string[]) => {
  const clean = name.replace(/\/$/, '')
  return (
    names.length === 0 ||
    names.some(pattern => clean === pattern.replace(/\/$/, '') || clean.startsWith(`${pattern.replace(/\/$/, '')}/`))
  )
}

const inside = (name: string): string => {
  const kept = name.split('/').filter(part => part !== '' && part !== '.')
  return kept.includes('..') ? '' : kept.join('/')
}

export const tar: Applet = async original => {
  // The first word may leave its dash out: tar xf FILE.
  const [first = '', ...more] = original.args
  const args = first !== '' && !first.startsWith('-') ? [`-${first}`, ...more] : original.args
  const context = Object.assign(Object.create(original) as Context, { args })
  const options = context.options('cxtvf:C:zmpokOhX:T:jJa', {
    exclude: 'X',
    directory: 'C',
    file: 'f',
    create: 'c',
    extract: 'x',
    list: 't',
    verbose: 'v',
    gzip: 'z',
    'no-same-owner': 'o',
    'no-same-permissions': 'a',
    'strip-components': 'T',
  })
  const directory = context.path(options.value('C') ?? '.')
  const file = options.value('f') ?? '-'
  const excludes = options.values('X')
  const task: Task = {
    context,
    directory,
    verbose: options.has('v'),
    excluded: name => excludes.some(pattern => matches(pattern, name) || matches(pattern, name.replace(/^.*\//, ''))),
  }
  if (!context.files.exists(directory))
    return context.fail(`can't change directory to '${options.value('C')}': No such file or directory`)
  if (options.has('c')) {
    if (options.rest.length === 0) return context.fail('empty archive')
    const chunks: Uint8Array[] = []
    const direct = file === '-' && !options.has('z')
    const status = await create(task, options.rest, direct ? context.io.stdout : bytes => void chunks.push(bytes as Uint8Array))
    if (direct) return status
    const whole = options.has('z') ? gzipSync(concat(chunks)) : concat(chunks)
    if (file === '-') await context.out(whole)
    else context.files.write(context.path(file), whole)
    return status
  }
  if (!options.has('x') && !options.has('t')) return context.fail('must specify one of -c, -x or -t')
  let source: AsyncIterable<Uint8Array>
  try {
    source = context.open(file)
  } catch (error) {
    return context.fail(`can't open '${file}': ${strerror(error)}`)
  }
  const strip = Number(options.value('T') ?? 0)
  try {
    const packed = options.has('z') || (file !== '-' && /\.(tgz|gz)$/.test(file))
    const archive = readArchive(packed ? inputOf(gunzipSync(await readWhole(source))) : source)
    for await (const entry of archive) {
      if (!wanted(entry.name, options.rest) || task.excluded(entry.name)) continue
      if (options.has('t')) {
        const long = `${modeText({ name: '', size: 0, type: entry.type === 'hard-link' ? 'file' : entry.type, mode: entry.mode, modified: 0 })} root/root ${String(entry.data.length).padStart(9)} ${new Date(entry.modified * 1000).toISOString().slice(0, 19).replace('T', ' ')} `
        await context.out(
          `${options.has('v') ? long : ''}${entry.name}${entry.type === 'link' && options.has('v') ? ` -> ${entry.target}` : ''}\n`,
        )
        continue
      }
      const name = inside(entry.name.split('/').slice(strip).join('/'))
      if (options.has('v')) await context.io.stderr(`${entry.name}\n`)
      if (options.has('O')) await context.out(entry.data)
      else if (entry.type === 'hard-link') {
        const data = context.files.read(context.path(`${directory}/${inside(entry.target)}`))
        put(context, context.path(`${directory}/${name}`), { ...entry, type: 'file', data }, !options.has('m'), true)
      } else if (name !== '') {
        try {
          put(context, context.path(`${directory}/${name}`), entry, !options.has('m'), true)
        } catch (error) {
          return await context.fail(`can't open '${entry.name}': ${strerror(error)}`)
        }
      }
    }
    return 0
  } catch (error) {
    if (!(error instanceof Error) || 'code' in error) throw error
    return context.fail(error.message)
  }
}

const zip: Applet = async context => {
  const options = context.options('dckf123456789')
  const unpack = options.has('d') || context.name === 'gunzip' || context.name === 'zcat'
  const change = (bytes: Uint8Array) => (unpack ? gunzipSync(bytes) : gzipSync(bytes))
  return context.each(options.rest, async (input, name) => {
    const bytes = change(await readWhole(input))
    if (name === '-' || options.has('c') || context.name === 'zcat') return context.out(bytes)
    context.files.write(context.path(unpack ? name.replace(/\.gz$/, '') : `${name}.gz`), bytes)
    if (!options.has('k')) context.files.remove(context.path(name))
  })
}

export { zip as gzip }
