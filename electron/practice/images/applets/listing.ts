// ls, stat, find, du, df: what is in the tree.

import type { FileInfo } from '../files.ts'
import { matches } from '../shell/pattern.ts'
import { cellsOf } from '../width.ts'
import { strerror } from '../words.ts'
import type { Applet, Context } from './context.ts'
import { humanSize, modeText } from './mode.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number) => String(number).padStart(2, '0')
const halfYear = 15_768_000_000

const when = (modified: number, now: number): string => {
  const date = new Date(modified)
  const day = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`
  return Math.abs(now - modified) > halfYear
    ? `${day}  ${date.getUTCFullYear()}`
    : `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
}

const inColumns = (names: readonly string[], width: number): string => {
  const widest = Math.max(...names.map(cellsOf)) + 2
  const columns = Math.max(1, Math.floor(width / widest))
  const rows = Math.ceil(names.length / columns)
  const lines = Array.from({ length: rows }, (_, row) => names.filter((_, index) => index % rows === row))
  return lines
    .map(
      line =>
        `${line.map((name, index) => (index === line.length - 1 ? name : name + ' '.repeat(widest - cellsOf(name)))).join('')}\n`,
    )
    .join('')
}

export const ls: Applet = async context => {
  const options = context.options('laA1hdRtrSFinsCpxLHg', { color: ' ' })
  const { files } = context
  const now = context.container.now()
  const names = options.rest.length > 0 ? options.rest : ['.']
  let status = 0
  const order = (list: FileInfo[]) => {
    list.sort((a, b) => (a.name < b.name ? -1 : 1))
    if (options.has('t')) list.sort((a, b) => b.modified - a.modified)
    if (options.has('S')) list.sort((a, b) => b.size - a.size)
    if (options.has('r')) list.reverse()
    return list
  }
  const mark = (info: FileInfo) => {
    if (!options.has('F') && !(options.has('p') && info.type === 'directory')) return ''
    return info.type === 'directory' ? '/' : info.type === 'link' ? '@' : info.mode & 0o111 ? '*' : ''
  }
  const print = async (list: readonly FileInfo[]) => {
    if (list.length === 0) return
    if (!options.has('l') && !options.has('g')) {
      const shown = list.map(info => info.name + mark(info))
      const { tty } = context.io
      return context.out(tty && !options.has('1') ? inColumns(shown, tty.columns) : shown.map(name => `${name}\n`).join(''))
    }
    const size = (info: FileInfo) => (options.has('h') ? humanSize(info.size) : String(info.size))
    const width = Math.max(9, ...list.map(info => size(info).length))
    for (const info of list) {
      const owner = options.has('n') ? '0        0       ' : 'root     root    '
      const target = info.type === 'link' ? ` -> ${info.target}` : ''
      const links = info.type === 'directory' ? 2 : 1
      await context.out(
        `${modeText(info)} ${String(links).padStart(4)} ${owner} ${size(info).padStart(width)} ${when(info.modified, now)} ${info.name}${mark(info)}${target}\n`,
      )
    }
  }
  const directory = async (name: string, titled: boolean, first: boolean): Promise<void> => {
    const path = context.path(name)
    let list = files.list(path)
    if (options.has('a')) list = [{ ...files.stat(path), name: '.' }, { ...files.stat(`${path}/..`), name: '..' }, ...list]
    else if (!options.has('A')) list = list.filter(info => !info.name.startsWith('.'))
    order(list)
    if (titled) await context.out(`${first ? '' : '\n'}${name}:\n`)
    if (options.has('l')) await context.out(`total ${list.reduce((sum, info) => sum + Math.ceil(info.size / 4096) * 4, 0)}\n`)
    await print(list)
    if (options.has('R'))
      for (const info of list)
        if (info.type === 'directory' && !/^\.\.?$/.test(info.name))
          await directory(`${name.replace(/\/$/, '')}/${info.name}`, true, false)
  }
  const plain: FileInfo[] = []
  const directories: string[] = []
  for (const name of names) {
    try {
      const path = context.path(name)
      const info = files.lstat(path)
      const followed = info.type === 'link' && !options.has('l') && files.exists(path) ? files.stat(path) : info
      if (followed.type === 'directory' && !options.has('d')) directories.push(name)
      else plain.push({ ...info, name })
    } catch (error) {
      status = await context.fail(`${name}: ${strerror(error)}`)
    }
  }
  await print(order(plain))
  for (const [index, name] of directories.entries())
    await directory(name, names.length > 1 || options.has('R'), index === 0 && plain.length === 0)
  return status
}

export const stat: Applet = async context => {
  const options = context.options('c:L')
  let status = 0
  for (const name of options.rest) {
    try {
      const info = options.has('L') ? context.files.stat(context.path(name)) : context.files.lstat(context.path(name))
      const octal = (info.mode & 0o7777).toString(8)
      const date = `${new Date(info.modified).toISOString().replace('T', ' ').slice(0, 23)}000000 +0000`
      const kind =
        info.type === 'directory'
          ? 'directory'
          : info.type === 'link'
            ? 'symbolic link'
            : info.size === 0
              ? 'regular empty file'
              : 'regular file'
      const format = options.value('c')
      if (format !== undefined) {
        const values: Readonly<Record<string, string>> = {
          n: name,
          s: String(info.size),
          a: octal,
          A: modeText(info),
          F: kind,
          U: 'root',
          G: 'root',
          u: '0',
          g: '0',
          y: date,
          Y: String(Math.floor(info.modified / 1000)),
          '%': '%',
        }
        await context.out(`${format.replace(/%(.)/g, (whole, letter: string) => values[letter] ?? whole)}\n`)
        continue
      }
      const link = info.type === 'link' ? `'${name}' -> '${info.target}'` : name
      await context.out(
        `  File: ${link}\n  Size: ${String(info.size).padEnd(10)}\tBlocks: ${String(Math.ceil(info.size / 512)).padEnd(10)} IO Block: 4096   ${kind}\n` +
          `Access: (${octal.padStart(4, '0')}/${modeText(info)})  Uid: (    0/    root)   Gid: (    0/    root)\nModify: ${date}\n`,
      )
    } catch (error) {
      status = await context.fail(`can't stat '${name}': ${strerror(error)}`)
    }
  }
  return status
}

type Test = (path: string, info: FileInfo) => boolean | Promise<boolean>

const findTests = (context: Context, words: string[]): { test: Test; acts: boolean; maxDepth: number; minDepth: number } => {
  let acts = false
  let maxDepth = Number.POSITIVE_INFINITY
  let minDepth = 0
  const compare = (text: string, value: number) => {
    const wanted = Number(text.replace(/^[-+]/, '').replace(/[a-zA-Z]+$/, ''))
    return text.startsWith('+') ? value > wanted : text.startsWith('-') ? value < wanted : value === wanted
  }
  const act = (test: Test): Test => {
    acts = true
    return test
  }
  const primary = (): Test => {
    const word = words.shift()
    const argument = () => words.shift() ?? ''
    switch (word) {
      case '!':
      case '-not': {
        const inner = primary()
        return async (path, info) => !(await inner(path, info))
      }
      case '(': {
        const inner = or()
        words.shift()
        return inner
      }
      case '-name':
      case '-iname': {
        const pattern = argument()
        const fold = (text: string) => (word === '-iname' ? text.toLowerCase() : text)
        return path => matches(fold(pattern), fold(path.replace(/^.*\/(?=[^/])/, '')))
      }
      case '-path': {
        const pattern = argument()
        return path => matches(pattern, path)
      }
      case '-type': {
        const kind = { f: 'file', d: 'directory', l: 'link' }[argument()]
        return (_, info) => info.type === kind
      }
      case '-size': {
        const text = argument()
        const unit = { c: 1, k: 1024, M: 1024 ** 2 }[text.at(-1)!] ?? 512
        return (_, info) => compare(text, Math.ceil(info.size / unit))
      }
      case '-mtime':
      case '-mmin': {
        const text = argument()
        const unit = word === '-mtime' ? 86_400_000 : 60_000
        return (_, info) => compare(text, Math.floor((context.container.now() - info.modified) / unit))
      }
      case '-empty':
        return (path, info) => (info.type === 'directory' ? context.files.list(context.path(path)).length === 0 : info.size === 0)
      case '-maxdepth':
        maxDepth = Number(argument())
        return () => true
      case '-mindepth':
        minDepth = Number(argument())
        return () => true
      case '-print':
        return act(async path => {
          await context.out(`${path}\n`)
          return true
        })
      case '-print0':
        return act(async path => {
          await context.out(`${path}\0`)
          return true
        })
      case '-delete':
        return act(path => {
          context.files.remove(context.path(path))
          return true
        })
      case '-exec': {
        const end = words.findIndex(other => other === ';' || other === '+')
        const argv = words.splice(0, end < 0 ? words.length : end + 1).filter(other => other !== ';' && other !== '+')
        return act(async path => {
          const child = context.io.start({ ...context.io, argv: argv.map(other => other.replaceAll('{}', path)) })
          return (await child.exited) === 0
        })
      }
      default:
        throw new Error(`unrecognized: ${word}`)
    }
  }
  const and = (): Test => {
    let left = primary()
    while (words.length > 0 && !['-o', '-or', ')'].includes(words[0]!)) {
      if (words[0] === '-a' || words[0] === '-and') words.shift()
      const before = left
      const right = primary()
      left = async (path, info) => (await before(path, info)) && (await right(path, info))
    }
    return left
  }
  const or = (): Test => {
    let left = and()
    while (words[0] === '-o' || words[0] === '-or') {
      words.shift()
      const before = left
      const right = and()
      left = async (path, info) => (await before(path, info)) || (await right(path, info))
    }
    return left
  }
  return { test: words.length > 0 ? or() : () => true, acts, maxDepth, minDepth }
}

export const find: Applet = async context => {
  const words = [...context.args]
  const start: string[] = []
  while (words[0] !== undefined && !/^[-!(]/.test(words[0])) start.push(words.shift()!)
  let parsed: ReturnType<typeof findTests>
  try {
    parsed = findTests(context, words)
  } catch (error) {
    return context.fail(error instanceof Error ? error.message : String(error))
  }
  const { test, acts, maxDepth, minDepth } = parsed
  let status = 0
  const visit = async (path: string, depth: number): Promise<void> => {
    const info = context.files.lstat(context.path(path))
    const deletes = context.args.includes('-delete')
    const children = info.type === 'directory' && depth < maxDepth ? context.files.list(context.path(path)) : []
    const below = async () => {
      for (const child of children) await visit(`${path.replace(/\/$/, '')}/${child.name}`, depth + 1)
    }
    if (deletes) await below()
    if (depth >= minDepth && (await test(path, info)) && !acts) await context.out(`${path}\n`)
    if (!deletes) await below()
  }
  for (const path of start.length > 0 ? start : ['.']) {
    if (context.files.exists(context.path(path))) await visit(path, 0)
    else status = await context.fail(`${path}: No such file or directory`)
  }
  return status
}

const sizeBelow = (context: Context, path: string): number => {
  const info = context.files.lstat(path)
  if (info.type !== 'directory') return Math.ceil(info.size / 4096) * 4
  return 4 + context.files.list(path).reduce((sum, child) => sum + sizeBelow(context, `${path}/${child.name}`), 0)
}

export const du: Applet = async context => {
  const options = context.options('shkmacd:')
  for (const name of options.rest.length > 0 ? options.rest : ['.']) {
    if (!context.files.exists(context.path(name))) return context.fail(`${name}: No such file or directory`)
    const size = sizeBelow(context, context.path(name))
    await context.out(`${options.has('h') ? humanSize(size * 1024) : size}\t${name}\n`)
  }
  return 0
}

export const df: Applet = async context => {
  const human = context.options('hkmPT').has('h')
  const rows = [
    ['overlay', 20_511_312, 8_204_524, '/'],
    ['tmpfs', 65_536, 0, '/dev'],
    ['shm', 65_536, 0, '/dev/shm'],
  ] as const
  const size = (kilobytes: number) => (human ? humanSize(kilobytes * 1024) : String(kilobytes))
  await context.out(`Filesystem           ${human ? '     Size' : '1K-blocks'}      Used Available Use% Mounted on\n`)
  for (const [name, total, used, place] of rows) {
    const percent = `${Math.round((used / total) * 100)}%`
    await context.out(
      `${name.padEnd(20)} ${size(total).padStart(9)} ${size(used).padStart(9)} ${size(total - used).padStart(9)} ${percent.padStart(4)} ${place}\n`,
    )
  }
  return 0
}
