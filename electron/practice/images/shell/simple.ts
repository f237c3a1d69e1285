// A simple command: assignments, then a function, a builtin or a program.

import { ExecError } from '../program.ts'
import type { Command } from './ast.ts'
import { ExitShell, ReturnFrom, ShellError } from './control.ts'
import { expandFields, expandText } from './expand.ts'
import type { Shell } from './shell.ts'

/** Assignments before these stay, and their mistakes end the shell. */
const specialBuiltins = new Set([
  ':',
  '.',
  'break',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'trap',
  'unset',
])

export const runSimple = async (shell: Shell, command: Command & { type: 'simple' }): Promise<number> => {
  shell.captured = 0
  const argv = await expandFields(command.words, shell)
  const [name] = argv
  if (name === undefined) {
    return shell.redirected(command.redirects, async () => {
      for (const { name, value } of command.assignments) shell.set(name, await expandText(value, shell))
      // Without a command its last substitution gives the status.
      return shell.captured
    })
  }
  if (shell.state.options.has('x')) await shell.stderr(`+ ${argv.join(' ')}\n`)
  const body = shell.state.functions.get(name)
  const builtin = shell.builtins[name]
  if (name === 'exec' && !body) {
    // Its redirections stay.
    const { descriptors } = shell.state
    return shell.redirected(command.redirects, async () => {
      const opened = shell.state.descriptors
      const status = await runExec(shell, argv.slice(1))
      descriptors.clear()
      for (const [fd, descriptor] of opened) descriptors.set(fd, descriptor)
      return status
    })
  }
  return shell.redirected(command.redirects, async () => {
    const assigned: [string, string][] = []
    for (const { name, value } of command.assignments) assigned.push([name, await expandText(value, shell)])
    if (body || builtin) {
      const undo = assigned.map(([name]) => [name, shell.state.variables.get(name)] as const)
      for (const [name, value] of assigned) shell.set(name, value)
      try {
        return body ? await callFunction(shell, body, argv) : await builtin!(shell, argv)
      } finally {
        if (!specialBuiltins.has(name))
          for (const [name, value] of undo) {
            if (value === undefined) shell.state.variables.delete(name)
            else shell.state.variables.set(name, value)
          }
      }
    }
    return runProgram(shell, argv, { ...shell.environment(), ...Object.fromEntries(assigned) })
  })
}

const callFunction = async (shell: Shell, body: Command, argv: readonly string[]): Promise<number> => {
  if (shell.locals.length > 500) throw new ShellError(`${argv[0]}: function call too deep`, 2)
  const positional = shell.state.positional
  shell.state.positional = argv.slice(1)
  const hidden = new Map<string, string | undefined>()
  shell.locals.push(hidden)
  try {
    return await shell.command(body)
  } catch (error) {
    if (!(error instanceof ReturnFrom)) throw error
    return error.status
  } finally {
    shell.locals.pop()
    for (const [name, value] of hidden) {
      if (value === undefined) shell.state.variables.delete(name)
      else shell.state.variables.set(name, value)
    }
    shell.state.positional = positional
  }
}

/** Runs a program of the image and waits for it. */
export const runProgram = async (shell: Shell, argv: readonly string[], env: Record<string, string>): Promise<number> => {
  const name = argv[0]!
  const path = shell.find(name, env.PATH)
  if (path === undefined) return notFound(shell, name)
  try {
    const child = shell.spawn([...argv], env)
    const status = await child.exited
    if (shell.interactive && status > 128 && status !== 141) await shell.stderr(status === 130 ? '\n' : `${sayEnd(status)}\n`)
    return status
  } catch (error) {
    if (!(error instanceof ExecError)) throw error
    if (!error.message.endsWith('exec format error')) return notFound(shell, name)
    // A file without #! is a script of this shell.
    const copy = shell.fork()
    copy.state.positional = argv.slice(1)
    copy.state.name = name
    return copy.contained(() => copy.text(shell.files.text(path)))
  }
}

const runExec = async (shell: Shell, argv: readonly string[]): Promise<number> => {
  if (argv.length === 0) return 0
  if (shell.find(argv[0]!) === undefined) throw new ExitShell(await notFound(shell, argv[0]!))
  throw new ExitShell(await shell.become(argv, shell.environment()))
}

const notFound = async (shell: Shell, name: string): Promise<number> => {
  const path = shell.path(name)
  if (name.includes('/') && shell.files.exists(path)) return shell.complain(`${name}: Permission denied`, 126)
  return shell.complain(`${name}: not found`, 127)
}

const sayEnd = (status: number): string =>
  ({ 137: 'Killed', 143: 'Terminated', 129: 'Hangup', 131: 'Quit' })[status] ?? `Signal ${status - 128}`
