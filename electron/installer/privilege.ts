// Becoming root, once for a whole run: directly, by pkexec's dialog, or by sudo on the terminal that the user sees.

import { AppError } from '../contract/errors.ts'
import { openLineChild } from '../platform/child.ts'
import { realClock } from '../platform/clock.ts'
import type { RootRequest } from './helper/verbs.ts'
import type { Machine, RootAnswer } from './machine.ts'

export type How = 'root' | 'pkexec' | 'sudo'

export interface RootSession {
  how: How
  /** @throws AppError setup.* as the helper says, setup.helperLost where it is gone */
  ask(request: RootRequest, onLog?: (line: string) => void): Promise<RootAnswer>
  close(): Promise<void>
}

/** What is installed with the package: a polkit action names exactly this program. */
export const installedHelper = '/usr/lib/kubernetes-hello-world/setup-helper'

export interface HelperProgram {
  /** argv that starts the helper, absolute: node and the helper's one file, or the installed program. */
  argv: readonly [string, ...string[]]
  /** Where a polkit action with our own words belongs to this program. */
  installed: boolean
}

/** Pure but for looking: which way fits this machine. @throws AppError setup.noElevation */
export const chooseHow = async (machine: Machine, { installed }: HelperProgram, hasTerminal: boolean): Promise<How> => {
  if (machine.user.uid === 0) return 'root'
  const hasDesktop = Boolean(machine.env.DISPLAY || machine.env.WAYLAND_DISPLAY) && machine.env.SSH_CONNECTION === undefined
  if (installed && hasDesktop && (await machine.info('/usr/bin/pkexec')) !== undefined) return 'pkexec'
  if ((await machine.info('/usr/bin/sudo')) === undefined) throw new AppError('setup.noElevation', { user: machine.user.name })
  if (hasTerminal) return 'sudo'
  // Without a terminal sudo can only let us in unasked.
  const { code } = await machine.run(['/usr/bin/sudo', '-n', 'true'])
  if (code !== 0) throw new AppError('setup.noElevation', { user: machine.user.name })
  return 'sudo'
}

export const argvFor = (how: How, { argv }: HelperProgram): readonly [string, ...string[]] => {
  if (how === 'pkexec') return ['/usr/bin/pkexec', ...argv]
  // The prompt is sudo's own, in the user's language; ours would only be taken for something else.
  if (how === 'sudo') return ['/usr/bin/sudo', '--', ...argv]
  return argv
}

/** What its end before the handshake means. 126: the dialog was closed. */
export const whyNot = (how: How, code: number, problem: string | undefined): AppError => {
  if (how === 'pkexec' && code === 126) return new AppError('setup.dismissed')
  if (how !== 'root' && (code === 127 || code === 1)) return new AppError('setup.refused', { how })
  // Ctrl-C at sudo's prompt.
  if (how !== 'root' && (code === 130 || code === 2)) return new AppError('setup.dismissed')
  return new AppError('setup.helperLost', { code, words: problem ?? '' })
}

/** The helper ends with its input, at the latest after the command that it is at. */
const closeMs = 10_000

interface Waiting {
  resolve(answer: RootAnswer): void
  reject(error: AppError): void
  onLog?: ((line: string) => void) | undefined
}

/** Starts the helper and waits until it says that it is root. @throws AppError setup.dismissed, setup.refused, setup.helperLost */
export const elevate = async (
  how: How,
  program: HelperProgram,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RootSession> => {
  const waiting = new Map<number, Waiting>()
  let ready: (() => void) | undefined
  const isReady = new Promise<true>(resolve => {
    ready = () => resolve(true)
  })
  const hear = (line: string) => {
    const answer = parseAnswer(line)
    if (answer === undefined) return
    if (answer.ready === 1) return ready?.()
    const asked = waiting.get(answer.id ?? -1)
    if (asked === undefined) return
    if (answer.log !== undefined) return asked.onLog?.(answer.log)
    waiting.delete(answer.id ?? -1)
    if (answer.ok !== undefined) asked.resolve(answer.ok)
    else asked.reject(new AppError(answer.error?.code ?? 'setup.helperLost', answer.error?.details ?? {}))
  }
  const clean = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    ...pick(env, passedOn),
    ...(how === 'root' ? { KHW_SETUP_ROOT: '1' } : {}),
  }
  const child = openLineChild({ argv: argvFor(how, program), env: clean, onLine: hear })
  let gone: AppError | undefined
  void child.exited.then(({ code }) => {
    gone = new AppError('setup.helperLost', { code, words: '' })
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  })
  const early = child.exited.then(({ code, problem }): never => {
    throw whyNot(how, code, problem)
  })
  early.catch(() => {})
  await Promise.race([isReady, early])
  let last = 0
  return {
    how,
    ask: (request, onLog) => {
      if (gone !== undefined) return Promise.reject(gone)
      const id = ++last
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, onLog })
        child.send(JSON.stringify({ id, request }))
      })
    },
    close: async () => {
      child.end()
      const enough = new AbortController()
      const late = realClock.sleep(closeMs, enough.signal).catch(() => {})
      await Promise.race([child.exited, late])
      enough.abort()
      // A sudo whose terminal was closed may never end; the helper does, at the end of its input.
      child.leave()
    },
  }
}

/** For sudo's and pkexec's own words and dialogs; nothing else of ours reaches root. */
const passedOn = [
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_MESSAGES',
  'TERM',
  'DISPLAY',
  'XAUTHORITY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'HOME',
  'USER',
  'LOGNAME',
]

const pick = (env: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]])))

interface Answer {
  ready?: number
  id?: number
  log?: string
  ok?: RootAnswer
  error?: { code: AppError['code']; details?: AppError['details'] }
}

/** Our own helper's words; a line of anything else (a sudo lecture) is none of ours. */
const parseAnswer = (line: string): Answer | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}

/** The whole way, for `startRun`. */
export const elevation =
  (machine: Machine, program: HelperProgram, hasTerminal: boolean) =>
  async (onHow: (how: How) => void): Promise<RootSession> => {
    const how = await chooseHow(machine, program, hasTerminal)
    onHow(how)
    return elevate(how, program, machine.env)
  }
