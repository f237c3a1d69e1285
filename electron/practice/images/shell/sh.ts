// sh: a script, a -c text, standard input line by line, or a conversation on a terminal.

import { endLoop } from '../pace.ts'
import type { ContainerView, ProcessIO, Program } from '../program.ts'
import { readLine } from '../streams.ts'
import { strerror } from '../words.ts'
import { ShellSyntaxError } from './ast.ts'
import { builtins } from './builtins.ts'
import { ExitShell, ReturnFrom } from './control.ts'
import { reportJobs } from './jobs.ts'
import { createLineEditor } from './line-editor.ts'
import { Parser, parseAll } from './parse.ts'
import { Shell } from './shell.ts'
import type { ShellState } from './state.ts'

interface Options {
  flags: Set<string>
  command?: string
  script?: string
  name: string
  args: readonly string[]
}

const readOptions = (argv: readonly string[]): Options => {
  const rest = argv.slice(1)
  const flags = new Set<string>()
  while (rest[0] !== undefined && /^[-+]./.test(rest[0]) && rest[0] !== '--') {
    const word = rest.shift()!
    if (word.startsWith('--')) continue
    for (const flag of word.slice(1)) {
      if (flag === 'o') rest.shift()
      else if (word.startsWith('-')) flags.add(flag)
    }
  }
  if (rest[0] === '--') rest.shift()
  const own = argv[0]!.replace(/^.*\//, '').replace(/^-/, '')
  if (flags.delete('c')) {
    const command = rest.shift() ?? ''
    return { flags, command, name: rest.shift() ?? own, args: rest }
  }
  if (rest[0] !== undefined && !flags.has('s')) {
    const script = rest.shift()!
    return { flags, script, name: script, args: rest }
  }
  return { flags, name: own, args: rest }
}

const createShell = (io: ProcessIO, container: ContainerView, options: Options): Shell => {
  const variables = new Map(Object.entries(io.env))
  variables.set('PWD', io.cwd)
  if (!variables.has('OPTIND')) variables.set('OPTIND', '1')
  const state: ShellState = {
    variables,
    exported: new Set(Object.keys(io.env)),
    readOnly: new Set(),
    functions: new Map(),
    positional: options.args,
    name: options.name,
    cwd: io.cwd,
    options: new Set([...options.flags].filter(flag => 'aefux'.includes(flag))),
    descriptors: new Map([
      [0, { input: io.stdin }],
      [1, { output: io.stdout }],
      [2, { output: io.stderr }],
    ]),
    traps: new Map(),
  }
  return new Shell(io, container, builtins, state)
}

/** Runs the EXIT trap, once, whatever ended the shell. */
const leave = async (shell: Shell, status: number): Promise<number> => {
  const action = shell.state.traps.get('EXIT')
  shell.state.traps.delete('EXIT')
  if (action === undefined) return status
  shell.status = status
  let ended: number | undefined
  try {
    await shell.text(action)
  } catch (error) {
    if (!(error instanceof ExitShell)) throw error
    ended = error.status
  }
  return ended ?? status
}

const runText = async (shell: Shell, text: string, isCommand: boolean): Promise<number> => {
  const parser = new Parser(text)
  for (;;) {
    const list = parser.next()
    if (!list) return shell.status
    const only = list.items.length === 1 ? list.items[0]!.command : undefined
    // As ash does, the last command of `sh -c` takes the shell's place.
    if (
      isCommand &&
      only?.type === 'simple' &&
      !list.items[0]!.background &&
      parser.done &&
      shell.state.traps.size === 0 &&
      shell.lastPid === undefined
    ) {
      const text = only.words[0]?.[0]
      const name = only.words[0]?.length === 1 && text?.type === 'text' ? text.text : ''
      if (name && !builtins[name] && !shell.state.functions.has(name) && shell.find(name) !== undefined)
        only.words.unshift([{ type: 'text', text: 'exec', quoted: false }])
    }
    await shell.list(list)
  }
}

/** Reads commands from standard input as they come, so that they can read from it too. */
const runInput = async (shell: Shell): Promise<number> => {
  let text = ''
  for (let line = await readLine(shell.stdin); line !== undefined; line = await readLine(shell.stdin)) {
    text += line
    try {
      const list = parseAll(text)
      text = ''
      await shell.list(list)
    } catch (error) {
      if (!(error instanceof ShellSyntaxError && error.incomplete)) throw error
    }
  }
  if (text.trim() !== '') parseAll(text)
  return shell.status
}

const promptOf = (shell: Shell, name: 'PS1' | 'PS2'): string => {
  const home = shell.get('HOME')
  const short = home && home !== '/' && shell.cwd === home ? '~' : shell.cwd
  const written = shell.get(name) ?? (name === 'PS1' ? '\\w \\$ ' : '> ')
  const values: Readonly<Record<string, string>> = {
    w: short,
    W: short.replace(/^.*\/(?=.)/, ''),
    $: '#',
    h: shell.container.hostname,
    u: 'root',
    n: '\n',
    '\\': '\\',
  }
  return written.replace(/\\([\s\S])/g, (whole, letter: string) => values[letter] ?? whole)
}

const completer = (shell: Shell) => (before: string) => {
  const typed = /[^\s;|&<>()"']*$/.exec(before)![0]
  const isCommand = /(^|[;|&(]\s*)$/.test(before.slice(0, before.length - typed.length)) && !typed.includes('/')
  const list = (directory: string) => {
    try {
      return shell.files.list(shell.path(directory || '.'))
    } catch {
      return []
    }
  }
  if (isCommand) {
    const names = (shell.get('PATH') ?? '').split(':').flatMap(directory => list(directory).map(file => file.name))
    const all = new Set([...names, ...Object.keys(shell.builtins), ...shell.state.functions.keys()])
    return { typed, candidates: [...all].filter(name => name.startsWith(typed)).sort() }
  }
  const slash = typed.lastIndexOf('/') + 1
  const start = typed.slice(slash)
  const candidates = list(typed.slice(0, slash)).filter(
    file => file.name.startsWith(start) && (start !== '' || !file.name.startsWith('.')),
  )
  return { typed, candidates: candidates.map(file => typed.slice(0, slash) + file.name + (file.type === 'directory' ? '/' : '')) }
}

const converse = async (shell: Shell): Promise<number> => {
  shell.interactive = true
  // ^C ends what runs in the foreground, never the shell; nor do these end an interactive shell.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM']) shell.io.handle(signal, () => {})
  const editor = createLineEditor(shell.io, completer(shell), [])
  let text = ''
  for (;;) {
    await reportJobs(shell)
    endLoop(shell.io, shell.container)
    const typed = await editor.read(promptOf(shell, text === '' ? 'PS1' : 'PS2'))
    if (!typed) {
      await shell.stdout('\n')
      return shell.status
    }
    if (typed.interrupted) {
      text = ''
      shell.status = 130
      continue
    }
    text += `${typed.line}\n`
    try {
      const list = parseAll(text)
      text = ''
      await shell.list(list)
    } catch (error) {
      if (error instanceof ShellSyntaxError && error.incomplete && text !== '') continue
      text = ''
      if (error instanceof ExitShell) throw error
      if (error instanceof ReturnFrom) shell.status = error.status
      else shell.status = await shell.report(error)
    }
  }
}

export const sh: Program = async (io, container) => {
  const options = readOptions(io.argv)
  const shell = createShell(io, container, options)
  const main = async (): Promise<number> => {
    if (options.command !== undefined) return runText(shell, options.command, true)
    if (options.script === undefined) return io.tty && !options.flags.has('s') ? converse(shell) : runInput(shell)
    let text: string
    try {
      text = container.files.text(shell.path(options.script))
    } catch (error) {
      await io.stderr(`${io.argv[0]!.replace(/^.*\//, '')}: can't open '${options.script}': ${strerror(error)}\n`)
      return 2
    }
    return runText(shell, text, false)
  }
  return leave(shell, await shell.contained(main))
}
