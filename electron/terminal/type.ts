// Types a command line into the user's own shell, as the user would: at a prompt, on an empty line.

import { AppError } from '../contract/errors.ts'
import type { ShellCommand } from '../contract/terminal.ts'
import type { Clock } from '../platform/clock.ts'
import type { ShellState } from './marks.ts'
import type { TerminalSession } from './session.ts'

/** A shell that marks its prompts shows the first one well within this time, even with a slow rc file. */
const startMs = 5_000
/** So long a running command may take to give the prompt back before the user is told that the terminal is busy. */
const busyMs = 8_000
/** What the user typed ahead of a prompt is on the screen, or running, so long after it. */
const settleMs = 20
/** The shell answers a line within milliseconds; longer means that it swallowed it, for example in a pager. */
const answerMs = 5_000

/**
 * Resolves with the command once it has started (or was refused by the shell: it then has an exit code already); undefined when
 * the shell does not tell. A half-typed line is given up by Ctrl+C, so it stays readable. Throws `terminal.busy`.
 */
export const typeCommand = async (
  session: TerminalSession,
  text: string,
  clock: Clock,
  left: AbortSignal,
): Promise<ShellCommand | undefined> => {
  const { shell } = session
  const within = (ms: number) => AbortSignal.any([left, AbortSignal.timeout(ms)])
  const busy = () => new AppError('terminal.busy', { line: shell.get().commands.at(-1)?.line ?? '' })

  const hasStarted = (signal: AbortSignal) =>
    shell
      .until(state => state.phase !== 'silent', signal)
      .then(
        () => true,
        () => false,
      )
  const isMarking = session.hasMarks && (await hasStarted(within(startMs)))
  left.throwIfAborted()
  if (!isMarking) {
    session.input(`${oneLine(text)}\r`)
    return undefined
  }
  const patience = within(busyMs)
  do {
    await shell.until(isAtPrompt, patience).catch(() => Promise.reject(busy()))
    await clock.sleep(settleMs)
  } while (!isAtPrompt(shell.get()))
  if (session.typed() !== '') {
    const { number } = shell.get()
    session.input('\x03')
    await shell.until(state => isAtPrompt(state) && state.number > number, within(answerMs)).catch(() => Promise.reject(busy()))
  }
  const { number } = shell.get()
  const startedAt = clock.now()
  session.input(`${keys(text, session.hasBracketedPaste())}\r`)
  const after = await shell
    .until(state => state.number > number || state.commands.at(-1)?.number === number, within(answerMs))
    .catch(() => Promise.reject(busy()))
  const command = after.commands.findLast(each => each.number === number)
  // A line with a syntax error never starts: the next prompt just comes, after the shell's code for that.
  return command ?? { number, line: text, startedAt, exitCode: after.code, ms: 0 }
}

/** Puts a line at the prompt and leaves its end, and Enter, to the learner. Throws `terminal.busy`. */
export const draftCommand = async (session: TerminalSession, text: string): Promise<void> => {
  const { shell } = session
  const isHere = (ms: number) =>
    shell.until(isAtPrompt, AbortSignal.timeout(ms)).then(
      () => true,
      () => false,
    )
  if (session.hasMarks && !(await isHere(shell.get().phase === 'silent' ? startMs : busyMs)) && shell.get().phase !== 'silent')
    throw new AppError('terminal.busy', { line: shell.get().commands.at(-1)?.line ?? '' })
  // what was half typed is given up, not glued to ours
  if (session.hasMarks && session.typed() !== '') session.input('\x15')
  // a line end would be Enter, and a tab a completion
  session.input(
    clean(`${text}.`)
      .slice(0, -1)
      .replace(/[\n\t]/g, ' '),
  )
}

const isAtPrompt = (state: ShellState): boolean => state.phase === 'prompt'

const oneLine = (text: string): string => clean(text).replaceAll('\n', '\r')

/** A plain line is typed; one with line ends or tabs is pasted, so that they are not taken for Enter and completion. */
const keys = (text: string, canPaste: boolean): string =>
  canPaste && /[\n\t]/.test(clean(text)) ? `\x1b[200~${clean(text)}\x1b[201~` : oneLine(text)

/** Text without trailing space and without control characters that a line editor would obey. */
const clean = (text: string): string =>
  [...text.trimEnd().replace(/\r\n?/g, '\n')].filter(char => char === '\n' || char === '\t' || /\P{Cc}/u.test(char)).join('')
