// Builtins about processes of the shell: jobs, wait, kill, trap.

import { signalNumbers } from '../signals.ts'
import type { Builtin } from './builtins.ts'
import { ShellError } from './control.ts'
import type { Shell } from './shell.ts'
import type { Job } from './state.ts'

/** `TERM`, `SIGTERM` or `15` to `SIGTERM`; `EXIT` and `0` to `EXIT`. */
export const signalName = (word: string): string | undefined => {
  const upper = word.toUpperCase()
  if (upper === 'EXIT' || upper === '0') return 'EXIT'
  if (/^\d+$/.test(word)) return Object.keys(signalNumbers).find(name => signalNumbers[name] === Number(word))
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`
  return name in signalNumbers ? name : undefined
}

const jobOf = (shell: Shell, word: string): Job | undefined => {
  if (word === '%%' || word === '%+' || word === '%') return shell.jobs.at(-1)
  if (word.startsWith('%')) return shell.jobs.find(job => String(job.number) === word.slice(1))
  return shell.jobs.find(job => String(job.child.pid) === word)
}

const drop = (shell: Shell, job: Job) => {
  const at = shell.jobs.indexOf(job)
  if (at >= 0) shell.jobs.splice(at, 1)
}

const sayJob = (job: Job, last: boolean) => {
  const state = job.done === undefined ? 'Running' : job.done === 0 ? 'Done' : job.done > 128 ? 'Terminated' : `Done(${job.done})`
  return `[${job.number}]${last ? '+' : ' '} ${state.padEnd(26)} ${job.command}\n`
}

/** Tells of jobs that have ended, before a prompt. */
export const reportJobs = async (shell: Shell): Promise<void> => {
  for (const job of shell.jobs.filter(job => job.done !== undefined)) {
    await shell.stderr(sayJob(job, job === shell.jobs.at(-1)))
    drop(shell, job)
  }
}

/** Waits for a child or for a signal with a trap. */
const waitFor = async (shell: Shell, ended: Promise<unknown>): Promise<boolean> => {
  const trapped = new Promise<boolean>(resolve => {
    shell.wakeTrap = () => resolve(true)
    if (shell.arrived.length > 0) resolve(true)
  })
  const wasTrapped = await Promise.race([ended.then(() => false), trapped])
  shell.wakeTrap = undefined
  return wasTrapped
}

const wait: Builtin = async (shell, [, ...args]) => {
  if (args.length === 0) {
    const all = Promise.all(shell.jobs.map(job => job.child.exited))
    if (await waitFor(shell, all)) return 143
    shell.jobs.length = 0
    return 0
  }
  let status = 0
  for (const word of args) {
    const job = jobOf(shell, word)
    if (!job) {
      status = 127
      continue
    }
    if (await waitFor(shell, job.child.exited)) return 143
    status = await job.child.exited
    drop(shell, job)
  }
  return status
}

const kill: Builtin = async (shell, [, ...args]) => {
  let signal: string | undefined = 'SIGTERM'
  const [first] = args
  if (first === '-l') {
    await shell.stdout(
      `${Object.entries(signalNumbers)
        .map(([name, code]) => `${String(code).padStart(2)}) ${name.slice(3)}`)
        .join('\n')}\n`,
    )
    return 0
  }
  if (first === '-s') {
    signal = signalName(args[1] ?? '')
    args.splice(0, 2)
  } else if (first !== undefined && /^-./.test(first) && first !== '--') {
    signal = first === '-0' ? 'SIGCONT' : signalName(first.slice(1))
    args.shift()
  } else if (first === '--') args.shift()
  if (!signal) return shell.complain(`kill: bad signal name '${first?.slice(1)}'`)
  if (args.length === 0) return shell.complain('kill: you need to specify whom to kill')
  let status = 0
  for (const word of args) {
    const pid = word.startsWith('%') ? jobOf(shell, word)?.child.pid : /^\d+$/.test(word) ? Number(word) : undefined
    if (pid === undefined)
      status = await shell.complain(
        word.startsWith('%') ? `kill: %${word.slice(1)}: no such job` : `kill: invalid number '${word}'`,
      )
    else if (!shell.container.kill(pid, signal)) status = await shell.complain(`kill: can't kill pid ${pid}: No such process`)
  }
  return status
}

const trap: Builtin = async (shell, [, ...args]) => {
  if (args[0] === '--') args.shift()
  const { traps } = shell.state
  if (args.length === 0) {
    for (const [name, action] of traps) await shell.stdout(`trap -- '${action}' ${name.replace(/^SIG/, '')}\n`)
    return 0
  }
  const action = args.length === 1 ? '-' : args.shift()!
  for (const word of args) {
    const name = signalName(word)
    if (!name) throw new ShellError(`trap: ${word}: invalid signal specification`, 1)
    if (action === '-') traps.delete(name)
    else traps.set(name, action)
    shell.listen(name, action !== '-')
  }
  return 0
}

const jobs: Builtin = async shell => {
  for (const job of shell.jobs) await shell.stdout(sayJob(job, job === shell.jobs.at(-1)))
  return 0
}

const foreground: Builtin = async (shell, [, word = '%%']) => {
  const job = jobOf(shell, word)
  if (!job) return shell.complain(`fg: ${word}: no such job`)
  await shell.stdout(`${job.command}\n`)
  const forward = shell.io.handle('SIGINT', () => void shell.container.kill(job.child.pid, 'SIGINT'))
  const status = await job.child.exited
  forward()
  drop(shell, job)
  return status
}

export const jobBuiltins: Readonly<Record<string, Builtin>> = { wait, kill, trap, jobs, fg: foreground, bg: jobs }
