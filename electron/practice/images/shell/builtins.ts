// Commands that must run inside the shell itself, because they change it.

import { printf, readEscapes } from '../printf.ts'
import { readLine } from '../streams.ts'
import { errorCode, strerror } from '../words.ts'
import { evaluate } from './arithmetic.ts'
import { BreakLoop, ContinueLoop, ExitShell, ReturnFrom, ShellError } from './control.ts'
import { jobBuiltins } from './jobs.ts'
import type { Shell } from './shell.ts'
import { testCondition } from './test-command.ts'

export type Builtin = (shell: Shell, argv: readonly string[]) => number | Promise<number>

const number = (text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise
  if (!/^\d+$/.test(text)) throw new ShellError(`Illegal number: ${text}`, 2)
  return Number(text)
}

const quote = (value: string) => `'${value.replaceAll("'", `'"'"'`)}'`

const cd: Builtin = async (shell, [, ...args]) => {
  const [target = shell.get('HOME') ?? '/'] = args.filter(arg => arg !== '-L' && arg !== '-P' && arg !== '--')
  const wanted = target === '-' ? (shell.get('OLDPWD') ?? shell.cwd) : target
  const path = shell.path(wanted)
  try {
    shell.files.list(path)
  } catch (error) {
    return shell.complain(`cd: can't cd to ${wanted}: ${strerror(error)}`, 2)
  }
  shell.set('OLDPWD', shell.cwd)
  shell.state.cwd = path
  shell.set('PWD', path)
  if (target === '-') await shell.stdout(`${path}\n`)
  return 0
}

const echo: Builtin = async (shell, [, ...args]) => {
  let newline = true
  let escapes = false
  while (args[0] !== undefined && /^-[neE]+$/.test(args[0])) {
    const flags = args.shift()!
    if (flags.includes('n')) newline = false
    if (flags.includes('e')) escapes = true
    if (flags.includes('E')) escapes = false
  }
  const written = escapes ? readEscapes(args.join(' '), true) : { text: args.join(' '), stopped: false }
  await shell.stdout(written.text + (newline && !written.stopped ? '\n' : ''))
  return 0
}

const test: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  if (argv[0] === '[' && words.pop() !== ']') return shell.complain('[: missing ]', 2)
  const isTerminal = () => shell.io.tty !== undefined
  try {
    return testCondition(words, { files: shell.files, path: name => shell.path(name), isTerminal }) ? 0 : 1
  } catch (error) {
    if (errorCode(error) !== undefined || !(error instanceof Error)) throw error
    return shell.complain(error.message, 2)
  }
}

const assignAll =
  (mark: (shell: Shell, name: string) => void, list: (shell: Shell) => Iterable<string>, word: string): Builtin =>
  async (shell, [, ...args]) => {
    const names = args.filter(arg => arg !== '-p')
    if (names.length === 0)
      for (const name of [...list(shell)].sort()) {
        const value = shell.state.variables.get(name)
        await shell.stdout(`${word} ${name}${value === undefined ? '' : `=${quote(value)}`}\n`)
      }
    for (const arg of names) {
      const [, name = '', equals, value = ''] = /^([^=]*)(=)?([\s\S]*)$/.exec(arg)!
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new ShellError(`${word}: ${name}: bad variable name`, 2)
      if (equals) shell.set(name, value)
      mark(shell, name)
    }
    return 0
  }

const read: Builtin = async (shell, [, ...args]) => {
  let raw = false
  while (args[0]?.startsWith('-')) {
    const flag = args.shift()!
    if (flag.includes('r')) raw = true
    if (flag === '-p') await shell.stderr(args.shift() ?? '')
    if (flag === '-t' || flag === '-n') args.shift()
  }
  let line = await readLine(shell.stdin)
  if (line === undefined) {
    for (const name of args) shell.set(name, '')
    return 1
  }
  while (!raw && /(^|[^\\])(\\\\)*\\\n$/.test(line)) line = line.slice(0, -2) + ((await readLine(shell.stdin)) ?? '')
  const complete = line.endsWith('\n')
  // Escaped characters are no separators: hidden while the line is split.
  const hidden: string[] = []
  let text = line.replace(/\n$/, '')
  if (!raw)
    text = text.replace(/\\([\s\S])/g, (_, char: string) => `\ue000${String.fromCharCode(0xe100 + hidden.push(char) - 1)}`)
  const ifs = shell.get('IFS') ?? ' \t\n'
  const white = [...ifs].filter(c => ' \t\n'.includes(c)).join('')
  const other = [...ifs].filter(c => !' \t\n'.includes(c)).join('')
  const quoteClass = (chars: string) => chars.replace(/[\\\]^-]/g, '\\$&')
  const space = white ? `[${quoteClass(white)}]` : '(?!)'
  const separator = new RegExp(
    `^(?:${space}*${other ? `[${quoteClass(other)}]${space}*|${space}+` : ''}${other ? '' : `(?:${space})`})`,
  )
  text = text.replace(new RegExp(`^${space}+`), '').replace(new RegExp(`${space}+$`), '')
  const names = args.length > 0 ? args : ['REPLY']
  for (const [index, name] of names.entries()) {
    let end = text.length
    if (index < names.length - 1) {
      end = 0
      while (end < text.length && !ifs.includes(text[end]!)) end++
    }
    shell.set(
      name,
      text.slice(0, end).replace(/\ue000([\ue100-\uf8ff])/g, (_, code: string) => hidden[code.charCodeAt(0) - 0xe100] ?? ''),
    )
    text = text
      .slice(end)
      .replace(separator, '')
      .replace(new RegExp(`^${space}+`), '')
  }
  return complete ? 0 : 1
}

const set: Builtin = async (shell, [, ...args]) => {
  if (args.length === 0) {
    for (const [name, value] of [...shell.state.variables].sort()) await shell.stdout(`${name}=${quote(value)}\n`)
    return 0
  }
  while (args[0] !== undefined && /^[-+]./.test(args[0])) {
    const word = args.shift()!
    if (word === '--') {
      shell.state.positional = args
      return 0
    }
    const names = word.slice(1) === 'o' ? [longOptions[args.shift() ?? ''] ?? ''] : [...word.slice(1)]
    for (const name of names) {
      if (word.startsWith('-')) shell.state.options.add(name)
      else shell.state.options.delete(name)
    }
  }
  if (args.length > 0) shell.state.positional = args
  return 0
}
const longOptions: Readonly<Record<string, string>> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  noglob: 'f',
  allexport: 'a',
  pipefail: 'pipefail',
}

const unset: Builtin = (shell, [, ...args]) => {
  const functions = args[0] === '-f'
  for (const name of args.filter(arg => !/^-[fv]$/.test(arg))) {
    if (functions) shell.state.functions.delete(name)
    else {
      if (shell.state.readOnly.has(name)) throw new ShellError(`${name}: is read only`, 2)
      shell.state.variables.delete(name)
      shell.state.exported.delete(name)
    }
  }
  return 0
}

const source: Builtin = async (shell, [, name, ...args]) => {
  if (name === undefined) return 0
  const path = shell.path(name)
  const positional = shell.state.positional
  let text: string
  try {
    text = shell.files.text(path)
  } catch (error) {
    throw new ShellError(`.: can't open '${name}': ${strerror(error)}`, 2)
  }
  if (args.length > 0) shell.state.positional = args
  try {
    return await shell.text(text)
  } catch (error) {
    if (error instanceof ReturnFrom) return error.status
    throw error
  } finally {
    shell.state.positional = positional
  }
}

const describe: Builtin = async (shell, [word, ...args]) => {
  let status = 0
  for (const name of args.filter(arg => !/^-[vV]$/.test(arg))) {
    const path = shell.find(name)
    const terse = word === 'command' && args.includes('-v')
    if (shell.state.functions.has(name)) await shell.stdout(terse ? `${name}\n` : `${name} is a function\n`)
    else if (shell.builtins[name]) await shell.stdout(terse ? `${name}\n` : `${name} is a shell builtin\n`)
    else if (path) await shell.stdout(terse ? `${path}\n` : `${name} is ${path}\n`)
    else {
      status = 127
      if (!terse) await shell.stdout(`${name}: not found\n`)
    }
  }
  return status
}

const local: Builtin = (shell, [, ...args]) => {
  const hidden = shell.locals.at(-1)
  if (!hidden) throw new ShellError('local: not in a function', 2)
  for (const arg of args) {
    const [, name = '', equals, value = ''] = /^([^=]*)(=)?([\s\S]*)$/.exec(arg)!
    if (!hidden.has(name)) hidden.set(name, shell.state.variables.get(name))
    if (equals) shell.set(name, value)
  }
  return 0
}

const getopts: Builtin = (shell, [, options = '', name = '', ...given]) => {
  const args = given.length > 0 ? given : shell.positional
  let [index, place] = (shell.get('OPTIND_PLACE') ?? `${shell.get('OPTIND') ?? 1}:1`).split(':').map(Number) as [number, number]
  if (String(index) !== (shell.get('OPTIND') ?? '1')) [index, place] = [Number(shell.get('OPTIND') ?? 1), 1]
  const word = args[index - 1]
  if (word === undefined || !/^-./.test(word) || word === '--') {
    if (word === '--') index++
    shell.set('OPTIND', String(index))
    shell.set(name, '?')
    return 1
  }
  const option = word[place]!
  const at = options.indexOf(option)
  let value = option
  shell.state.variables.delete('OPTARG')
  place++
  if (at < 0 || option === ':') value = '?'
  if (at >= 0 && options[at + 1] === ':') {
    shell.set('OPTARG', place < word.length ? word.slice(place) : (args[index++] ?? ''))
    place = word.length
  }
  if (place >= word.length) {
    index++
    place = 1
  }
  shell.set('OPTIND', String(index))
  shell.set('OPTIND_PLACE', `${index}:${place}`)
  shell.set(name, value)
  return 0
}

export const builtins: Readonly<Record<string, Builtin>> = Object.assign(Object.create(null), {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  '.': source,
  source,
  '[': test,
  test,
  cd,
  echo,
  read,
  set,
  unset,
  local,
  getopts,
  type: describe,
  break: (_, [, levels]) => {
    throw new BreakLoop(number(levels, 1))
  },
  continue: (_, [, levels]) => {
    throw new ContinueLoop(number(levels, 1))
  },
  return: (shell, [, code]) => {
    throw new ReturnFrom(number(code, shell.status))
  },
  exit: (shell, [, code]) => {
    throw new ExitShell(number(code, shell.status) & 255)
  },
  pwd: async shell => {
    await shell.stdout(`${shell.cwd}\n`)
    return 0
  },
  export: assignAll(
    (shell, name) => shell.state.exported.add(name),
    shell => shell.state.exported,
    'export',
  ),
  readonly: assignAll(
    (shell, name) => shell.state.readOnly.add(name),
    shell => shell.state.readOnly,
    'readonly',
  ),
  shift: (shell, [, count]) => {
    const by = number(count, 1)
    if (by > shell.positional.length) return 1
    shell.state.positional = shell.positional.slice(by)
    return 0
  },
  printf: async (shell, [, format, ...args]) => {
    if (format === undefined) return shell.complain('printf: usage: printf FORMAT [ARG]...', 2)
    const bad: string[] = []
    await shell.stdout(printf(format, args, text => bad.push(text)))
    for (const text of bad) await shell.complain(`printf: invalid number '${text}'`)
    return bad.length > 0 ? 1 : 0
  },
  eval: (shell, [, ...args]) => shell.text(args.join(' ')),
  let: (shell, [, ...args]) => (args.map(arg => evaluate(arg, shell)).at(-1) ? 0 : 1),
  command: async (shell, argv) => {
    const [, first] = argv
    if (first === '-v' || first === '-V') return describe(shell, argv)
    const rest = argv.slice(first === '-p' ? 2 : 1)
    if (rest.length === 0) return 0
    const builtin = shell.builtins[rest[0]!]
    if (builtin) return builtin(shell, rest)
    const { runProgram } = await import('./simple.ts')
    return runProgram(shell, rest, shell.environment())
  },
  umask: async shell => {
    await shell.stdout('0022\n')
    return 0
  },
  ...jobBuiltins,
} satisfies Record<string, Builtin>)
