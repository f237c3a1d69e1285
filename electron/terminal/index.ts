// The terminals: one pty each, its scrollback and its back-pressure, kept while pages come and go.

import { basename, dirname, join } from 'node:path'
import { AppError } from '../contract/errors.ts'
import type { Session, ShellCommand } from '../contract/terminal.ts'
import { createChanging } from '../platform/changing.ts'
import { type Clock, realClock } from '../platform/clock.ts'
import { loginShell, userEnvironment } from '../platform/pty.ts'
import { openSession, type TerminalSession } from './session.ts'
import { launchShell } from './shell.ts'
import { draftCommand, typeCommand } from './type.ts'

/** What a new terminal gets from the chosen cluster and the lessons. */
export interface TerminalEnvironment {
  /** KUBECONFIG, KUBECACHEDIR and, in practice terminals, `http_proxy` and `no_proxy`. */
  env: Readonly<Record<string, string>>
  cwd: string
  cluster: string | null
  /** Words before the `$` of the prompt. */
  prompt?: string
}

export interface TerminalsOptions {
  environment(): Promise<TerminalEnvironment>
  /** The kubectl to offer: one on PATH, or MicroK8s' own (`.../microk8s.kubectl`); null where there is none. */
  kubectl(): Promise<{ path: string } | null>
  /** The folder `resources/shell`, as real files outside any archive. */
  shellFiles: string
  /** Told to the user above the first prompt where there is no kubectl. */
  missingKubectl(): string | Promise<string>
  shell?: string
  clock?: Clock
}

export interface Terminals {
  sessions: { get(): readonly Session[]; stream(signal: AbortSignal): AsyncGenerator<Session[]> }
  /** Throws `terminal.limit` beyond 20, `terminal.failed` when the shell does not start. */
  open(options: { cols: number; rows: number; title?: string }): Promise<string>
  /** One program of ours instead of a shell; for the host only, as no argv crosses the wire. Throws as `open` does. */
  openProgram(program: Program): string
  /** Throws `terminal.unknown`. */
  find(id: string): TerminalSession
  close(id: string): void
  /** Another name on its tab: what it is used for has changed. Throws `terminal.unknown`. */
  rename(id: string, title: string): void
  /** Types a command line at the prompt; resolves once the command runs, with its number. Throws `terminal.busy`, `terminal.ended`. */
  type(id: string, text: string, signal?: AbortSignal): Promise<ShellCommand | undefined>
  /** Types a line that the learner has to finish; no Enter. Throws `terminal.busy`, `terminal.ended`. */
  draft(id: string, text: string): Promise<void>
  /** Calls back when a command starts, and again when it ended (it then has an exit code). */
  onCommand(listener: (id: string, command: ShellCommand) => void): () => void
  /** A cluster has come back in another place than these terminals were told: they belong to none from now on. */
  forget(cluster: string): void
  /** Hangs up all; for the end of the program. */
  closeAll(): void
}

export interface Program {
  program: NonNullable<Session['program']>
  title: string
  argv: readonly [string, ...string[]]
  /** Beside the user's own environment. */
  env: Readonly<Record<string, string>>
  cwd: string
  cols: number
  rows: number
}

/** More than a person uses; each costs a shell and up to 30 MB of scrollback. */
const limit = 20

export const createTerminals = (options: TerminalsOptions): Terminals => {
  const clock = options.clock ?? realClock
  const sessions = new Map<string, TerminalSession>()
  const listeners = new Set<(id: string, command: ShellCommand) => void>()
  const typing = new Map<string, Promise<unknown>>()
  const list = createChanging<Session[]>([])
  let lastId = 0

  const find = (id: string): TerminalSession => {
    const session = sessions.get(id)
    if (!session) throw new AppError('terminal.unknown', { id })
    return session
  }
  const changed = () => list.set([...sessions.values()].map(session => session.info.get()))

  const report = (id: string, session: TerminalSession) => {
    let known = new Map<number, ShellCommand>()
    session.shell.listen(() => {
      const { commands } = session.shell.get()
      const news = commands.filter(command => known.get(command.number) !== command)
      known = new Map(commands.map(command => [command.number, command]))
      for (const command of news) for (const listener of [...listeners]) listener(id, command)
    })
  }

  const add = (make: (id: string) => TerminalSession): string => {
    if (sessions.size >= limit) throw new AppError('terminal.limit', { limit })
    lastId += 1
    const id = `t${lastId}`
    const session = make(id)
    sessions.set(id, session)
    session.info.listen(changed)
    report(id, session)
    changed()
    return id
  }

  const openProgram: Terminals['openProgram'] = ({ argv, env, ...rest }) =>
    add(id =>
      openSession({
        id,
        cluster: null,
        clock,
        launch: () => ({ argv, env: { ...userEnvironment(), ...env }, hasMarks: false }),
        ...rest,
      }),
    )

  const open: Terminals['open'] = async ({ cols, rows, title }) => {
    const [environment, kubectl] = await Promise.all([options.environment(), options.kubectl()])
    const { cwd, cluster, prompt } = environment
    const env = { ...userEnvironment(), ...environment.env }
    const path = kubectlFolder(kubectl?.path, env.PATH ?? '', options.shellFiles)
    const notice = kubectl ? undefined : await options.missingKubectl()
    return add(id =>
      openSession({
        id,
        title: title ?? basename(cwd),
        cluster,
        cwd,
        cols,
        rows,
        clock,
        launch: nonce =>
          launchShell({ shell: options.shell ?? loginShell(), files: options.shellFiles, env, nonce, prompt, path }),
        notice,
      }),
    )
  }

  const close = (id: string) => {
    find(id).close()
    sessions.delete(id)
    changed()
  }

  /** One at a time: the next line waits until the one before was taken by the shell. */
  const inTurn = <T>(id: string, work: (session: TerminalSession) => Promise<T>): Promise<T> => {
    const session = find(id)
    const turn = (typing.get(id) ?? Promise.resolve())
      .catch(() => {})
      .then(() => {
        if (!session.info.get().running) throw new AppError('terminal.ended', { id })
        return work(session)
      })
    typing.set(id, turn)
    return turn
  }

  const type: Terminals['type'] = (id, text, signal = new AbortController().signal) =>
    inTurn(id, session => typeCommand(session, text, clock, signal))

  return {
    sessions: list,
    open,
    openProgram,
    find,
    close,
    rename: (id, title) => {
      const { info } = find(id)
      if (info.get().title !== title) info.set({ ...info.get(), title })
    },
    type,
    draft: (id, text) => inTurn(id, session => draftCommand(session, text)),
    onCommand: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    forget: cluster => {
      for (const { info } of sessions.values()) if (info.get().cluster === cluster) info.set({ ...info.get(), cluster: null })
    },
    closeAll: () => {
      for (const id of [...sessions.keys()]) close(id)
    },
  }
}

/** What goes to the front of PATH so that `kubectl` is the one found; empty where PATH already leads to it. */
const kubectlFolder = (found: string | undefined, path: string, files: string): string => {
  if (!found) return ''
  if (basename(found) !== 'kubectl') return join(files, 'microk8s')
  return path.split(':').includes(dirname(found)) ? '' : dirname(found)
}
