// mkdir, rm, rmdir, cp, mv, touch, chmod, chown, ln, readlink, mktemp: changes to the tree.

import { FileError } from '../files.ts'
import { strerror } from '../words.ts'
import type { Applet, Context } from './context.ts'

const base = (path: string) => path.replace(/\/+$/, '').replace(/^.*\//, '')
const isDirectory = (context: Context, path: string) =>
  context.files.exists(path) && context.files.stat(path).type === 'directory'

/** Does it for each name; tells what fails and goes on. */
const forEach = async (
  context: Context,
  names: readonly string[],
  act: (name: string) => void | Promise<void>,
  say: (name: string, why: string) => string,
): Promise<number> => {
  let status = 0
  if (names.length === 0) return context.fail('missing operand')
  for (const name of names) {
    try {
      await act(name)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      status = await context.fail(say(name, strerror(error)))
    }
  }
  return status
}

export const mkdir: Applet = async context => {
  const options = context.options('pm:v')
  return forEach(
    context,
    options.rest,
    name => {
      const path = context.path(name)
      if (!options.has('p')) {
        if (context.files.exists(path)) throw new FileError('EEXIST', name)
        context.files.list(context.path(`${name}/..`))
      }
      context.files.makeDirectory(path)
      const mode = options.value('m')
      if (mode) context.files.chmod(path, Number.parseInt(mode, 8))
    },
    (name, why) => `can't create directory '${name}': ${why}`,
  )
}

export const rm: Applet = async context => {
  const options = context.options('rRfiv')
  const recursive = options.has('r') || options.has('R')
  if (options.rest.length === 0 && options.has('f')) return 0
  let status = 0
  const failed = await forEach(
    context,
    options.rest,
    async name => {
      if (/^(.*\/)?\.\.?\/?$/.test(name)) {
        status = await context.fail(`refusing to remove '.' or '..'`)
        return
      }
      const path = context.path(name)
      try {
        if (context.files.lstat(path).type === 'directory' && !recursive) {
          status = await context.fail(`'${name}' is a directory`)
          return
        }
      } catch (error) {
        if (options.has('f') && error instanceof FileError && error.code === 'ENOENT') return
        throw error
      }
      context.files.remove(path, { recursive })
    },
    (name, why) => `can't remove '${name}': ${why}`,
  )
  return failed || status
}

export const rmdir: Applet = async context =>
  forEach(
    context,
    context.options('p').rest,
    name => {
      const path = context.path(name)
      if (context.files.lstat(path).type !== 'directory') throw new FileError('ENOTDIR', name)
      context.files.remove(path)
    },
    (name, why) => `'${name}': ${why}`,
  )

const copy = (context: Context, from: string, to: string, keepLinks: boolean, keepTimes: boolean): void => {
  const { files } = context
  const info = keepLinks ? files.lstat(from) : files.stat(from)
  if (info.type === 'link') {
    if (files.exists(to)) files.remove(to)
    files.link(to, info.target!)
  } else if (info.type === 'directory') {
    files.makeDirectory(to)
    for (const child of files.list(from)) copy(context, `${from}/${child.name}`, `${to}/${child.name}`, keepLinks, keepTimes)
  } else files.write(to, files.read(from), files.exists(to) ? undefined : info.mode)
  if (keepTimes && info.type !== 'link') files.touch(to, info.modified)
}

/** Where each of several sources goes: into a directory, or to the one name given. */
const targets = async (context: Context, names: readonly string[]): Promise<{ from: string; to: string }[] | number> => {
  const destination = names.at(-1)
  if (destination === undefined || names.length < 2) return context.fail('missing operand')
  const into = isDirectory(context, context.path(destination))
  if (!into && names.length > 2) return context.fail(`target '${destination}' is not a directory`)
  return names.slice(0, -1).map(from => ({ from, to: into ? `${destination.replace(/\/$/, '')}/${base(from)}` : destination }))
}

export const cp: Applet = async context => {
  const options = context.options('arRpfdLPviT')
  const list = await targets(context, options.rest)
  if (typeof list === 'number') return list
  const recursive = options.has('r') || options.has('R') || options.has('a')
  let status = 0
  for (const { from, to } of list) {
    try {
      if (isDirectory(context, context.path(from)) && !recursive) {
        status = await context.fail(`omitting directory '${from}'`)
        continue
      }
    } catch (error) {
      status = await context.fail(`can't stat '${from}': ${strerror(error)}`)
      continue
    }
    if (!context.files.exists(context.path(from))) {
      status = await context.fail(`can't stat '${from}': No such file or directory`)
      continue
    }
    if (context.path(from) === context.path(to)) {
      status = await context.fail(`'${from}' and '${to}' are the same file`)
      continue
    }
    try {
      copy(
        context,
        context.path(from),
        context.path(to),
        options.has('a') || options.has('d') || options.has('P'),
        options.has('a') || options.has('p'),
      )
    } catch (error) {
      status = await context.fail(`can't create '${to}': ${strerror(error)}`)
    }
  }
  return status
}

export const mv: Applet = async context => {
  const options = context.options('fivnT')
  const list = await targets(context, options.rest)
  if (typeof list === 'number') return list
  let status = 0
  for (const { from, to } of list) {
    try {
      context.files.lstat(context.path(from))
    } catch (error) {
      status = await context.fail(`can't stat '${from}': ${strerror(error)}`)
      continue
    }
    if (options.has('n') && context.files.exists(context.path(to))) continue
    try {
      context.files.move(context.path(from), context.path(to))
    } catch (error) {
      status = await context.fail(`can't rename '${from}': ${strerror(error)}`)
    }
  }
  return status
}

export const touch: Applet = async context => {
  const options = context.options('acmd:t:r:')
  return forEach(
    context,
    options.rest,
    name => {
      const path = context.path(name)
      if (context.files.exists(path)) context.files.touch(path, context.container.now())
      else if (!options.has('c')) context.files.write(path, '')
    },
    (name, why) => `${name}: ${why}`,
  )
}

const newMode = (text: string, old: number, directory: boolean): number | undefined => {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8)
  let mode = old
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause)
    if (!match) return undefined
    const [, who = '', operator, what = ''] = match
    let bits = 0
    for (const letter of what)
      bits |= letter === 'r' ? 4 : letter === 'w' ? 2 : letter === 'x' || directory || mode & 0o111 ? 1 : 0
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes(letter) && !who.includes('a')) continue
      if (operator === '+') mode |= bits << shift
      else if (operator === '-') mode &= ~(bits << shift)
      else mode = (mode & ~(7 << shift)) | (bits << shift)
    }
  }
  return mode
}

const changeBelow = (context: Context, path: string, recursive: boolean, change: (path: string) => void): void => {
  change(path)
  if (recursive && context.files.lstat(path).type === 'directory')
    for (const child of context.files.list(path))
      if (child.type !== 'link') changeBelow(context, `${path}/${child.name}`, true, change)
}

export const chmod: Applet = async context => {
  // A mode such as -x is no option.
  const recursive = context.args.includes('-R')
  const [mode = '', ...names] = context.args.filter(arg => arg !== '-R' && arg !== '--')
  if (newMode(mode, 0, false) === undefined) return context.fail(`invalid mode '${mode}'`)
  return forEach(
    context,
    names,
    name =>
      changeBelow(context, context.path(name), recursive, path => {
        const info = context.files.stat(path)
        context.files.chmod(path, newMode(mode, info.mode, info.type === 'directory')!)
      }),
    (name, why) => `${name}: ${why}`,
  )
}

export const chown: Applet = async context =>
  forEach(
    context,
    context.options('Rhv').rest.slice(1),
    name => void context.files.stat(context.path(name)),
    (name, why) => `${name}: ${why}`,
  )

export const ln: Applet = async context => {
  const options = context.options('sfnT')
  const [target, ...more] = options.rest
  if (target === undefined) return context.fail('missing operand')
  const place = more[0] ?? base(target)
  const path =
    isDirectory(context, context.path(place)) && !options.has('n')
      ? context.path(`${place}/${base(target)}`)
      : context.path(place)
  try {
    if (options.has('f') && (context.files.exists(path) || context.files.lstat(path))) context.files.remove(path)
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'ENOENT') throw error
  }
  try {
    if (options.has('s')) context.files.link(path, target)
    else context.files.write(path, context.files.read(context.path(target)), context.files.stat(context.path(target)).mode)
    return 0
  } catch (error) {
    return context.fail(`${place}: ${strerror(error)}`)
  }
}

const realPath = (context: Context, name: string): string => {
  let path = context.path(name)
  for (let depth = 0; depth < 40; depth++) {
    const info = context.files.lstat(path)
    if (info.type !== 'link') return path
    path = context.path(info.target!.startsWith('/') ? info.target! : `${path}/../${info.target}`)
  }
  return path
}

export const readlink: Applet = async context => {
  const options = context.options('fn')
  for (const name of options.rest) {
    try {
      const info = context.files.lstat(context.path(name))
      if (options.has('f') || context.name === 'realpath') await context.out(`${realPath(context, name)}\n`)
      else if (info.type === 'link') await context.out(`${info.target}\n`)
      else return 1
    } catch (error) {
      return context.name === 'realpath' ? context.fail(`${name}: ${strerror(error)}`) : 1
    }
  }
  return 0
}

export const mktemp: Applet = async context => {
  const options = context.options('dqup:t')
  const letters = Array.from(
    { length: 6 },
    () => 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[Math.floor(context.container.random() * 52)],
  ).join('')
  const template = options.rest[0] ?? 'tmp.XXXXXX'
  const name = `${options.rest[0]?.includes('/') ? '' : `${options.value('p') ?? '/tmp'}/`}${template.replace(/X{6,}$/, letters)}`
  if (options.has('d')) context.files.makeDirectory(context.path(name))
  else context.files.write(context.path(name), '', 0o600)
  await context.out(`${name}\n`)
  return 0
}
