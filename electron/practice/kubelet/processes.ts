// The processes of one container: pids, signals with their defaults, sessions of a terminal, and the end of process 1.

import { findProgram } from '../images/lookup.ts'
import {
  type Child,
  type ChildIO,
  type ContainerView,
  ExecError,
  type Image,
  type Output,
  type ProcessEntry,
  type ProcessIO,
  type Program,
} from '../images/program.ts'
import { signalNumbers } from '../images/signals.ts'
import { SPAWN_MS } from './load.ts'

/** Signals that do nothing to a process that does not ask for them. */
const ignored = new Set(['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGSTOP', 'SIGTSTP'])

interface Process extends ProcessEntry {
  session: number
  background: boolean
  controller: AbortController
  handlers: Map<string, Set<() => void>>
  exit: PromiseWithResolvers<number>
  ended: boolean
}

export interface ProcessTable {
  readonly entries: readonly ProcessEntry[]
  /** @throws ExecError in Go's words where the command cannot be run */
  start(child: ChildIO, program?: Program): Child
  kill(pid: number, signal: string, from?: 'inside' | 'outside'): boolean
  /** A signal of the terminal: to all processes of the session that are not in the background. */
  signalSession(leader: number, signal: string): void
}

const isBrokenPipe = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EPIPE'

export const createProcesses = (image: Image, view: () => ContainerView): ProcessTable => {
  const table = new Map<number, Process>()
  let lastPid = 0

  const finish = (process: Process, code: number) => {
    if (process.ended) return
    process.ended = true
    table.delete(process.pid)
    for (const other of table.values()) if (other.parent === process.pid) other.parent = 1
    process.exit.resolve(code)
    if (!process.controller.signal.aborted) process.controller.abort('exit')
    // Without process 1 there is no container: the kernel kills the rest.
    if (process.pid === 1) for (const other of [...table.values()]) end(other, 'SIGKILL')
  }
  const end = (process: Process, signal: string) => {
    process.controller.abort(signal)
    finish(process, 128 + (signalNumbers[signal] ?? 15))
  }

  const deliver = (process: Process, signal: string, from: 'inside' | 'outside') => {
    if (signal !== 'SIGKILL') {
      const handlers = process.handlers.get(signal)
      if (handlers && handlers.size > 0) {
        for (const handler of [...handlers]) handler()
        return
      }
      if (ignored.has(signal)) return
    }
    // The kernel protects process 1 from signals that it has not asked for; only the outside may kill it.
    if (process.pid === 1 && !(signal === 'SIGKILL' && from === 'outside')) return
    end(process, signal)
  }

  /** The program for a command, and its argv where a script's interpreter comes before it. */
  const load = (child: ChildIO): { program: Program; argv: readonly string[] } => {
    const { files } = view()
    let argv = child.argv
    for (let depth = 0; depth < 4; depth++) {
      const found = findProgram(files, argv[0] ?? '', child.cwd, child.env.PATH)
      if (found.program !== undefined) {
        const program = image.programs[found.program]
        if (!program) throw new ExecError(`exec ${found.path}: exec format error`, 126)
        return { program, argv }
      }
      argv = [...found.interpreter!, found.path, ...argv.slice(1)]
    }
    throw new ExecError(`exec: "${child.argv[0]}": too many levels of symbolic links`, 126)
  }

  const begin = (child: ChildIO, given: Program | undefined, parent: Process | undefined): Child => {
    const { program, argv } = given ? { program: given, argv: child.argv } : load(child)
    lastPid += parent || lastPid === 0 ? 1 : 6
    const pid = lastPid
    const process: Process = {
      pid,
      parent: parent?.pid ?? 0,
      user: 'root',
      command: argv.join(' '),
      started: view().now(),
      session: parent?.session ?? pid,
      background: child.background ?? parent?.background ?? false,
      controller: new AbortController(),
      handlers: new Map(),
      exit: Promise.withResolvers(),
      ended: false,
    }
    table.set(pid, process)
    view().work(SPAWN_MS)
    void run(program, viewOf(process, child, argv), view()).then(code => finish(process, code))
    return { pid, exited: process.exit.promise }
  }

  const viewOf = (process: Process, child: ChildIO, argv: readonly string[]): ProcessIO => {
    // What has ended writes no more, whatever its code still does.
    const alive =
      (output: Output): Output =>
      data =>
        process.ended ? Promise.reject(Object.assign(new Error('Broken pipe'), { code: 'EPIPE' })) : output(data)
    return {
      ...child,
      argv,
      pid: process.pid,
      stdin: child.stdin.bound(process.controller.signal),
      stdout: alive(child.stdout),
      stderr: alive(child.stderr),
      signal: process.controller.signal,
      handle(signal, listener) {
        const listeners = process.handlers.get(signal) ?? new Set()
        process.handlers.set(signal, listeners.add(listener))
        return () => listeners.delete(listener)
      },
      start: (grandchild, other) => begin(grandchild, other, process),
      rename(title) {
        process.command = title
      },
      become(next) {
        const loaded = load(next)
        process.handlers.clear()
        process.command = loaded.argv.join(' ')
        return run(loaded.program, viewOf(process, next, loaded.argv), view())
      },
    }
  }

  return {
    get entries() {
      return [...table.values()].sort((a, b) => a.pid - b.pid)
    },
    start: (child, program) => begin(child, program, undefined),
    kill(pid, signal, from = 'inside') {
      const process = table.get(pid)
      if (process) deliver(process, signal, from)
      return process !== undefined
    },
    signalSession(leader, signal) {
      for (const process of [...table.values()])
        if (process.session === leader && !process.background) deliver(process, signal, 'inside')
    },
  }
}

/** Runs a program to its end; what it throws ends it as a crash or a broken pipe would. */
const run = async (program: Program, io: ProcessIO, view: ContainerView): Promise<number> => {
  try {
    return await program(io, view)
  } catch (error) {
    if (isBrokenPipe(error)) return 128 + 13
    if (io.signal.aborted) return 128 + (signalNumbers[String(io.signal.reason)] ?? 15)
    await Promise.resolve(io.stderr(`${io.argv[0]}: ${error instanceof Error ? error.message : error}\n`)).catch(() => {})
    return 139
  }
}
