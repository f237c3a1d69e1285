// A person at a terminal: reads what a program asks and types the answers.

import { openPty } from '../../electron/platform/pty.ts'

export interface Typed {
  code: number
  /** All that was on the terminal, with its control sequences. */
  text: string
}

export interface TypedOptions {
  /** What to type when the text since the last answer matches; each as often as it is asked. `^C` and `^D` are the keys. */
  answers: readonly (readonly [question: RegExp, answer: string])[]
  /** Milliseconds; then the terminal is closed. */
  timeout?: number
  /** Hears what comes, with a way to type and to hang up. */
  onText?(all: string, hand: { write(keys: string): void; close(): void }): void
}

const keys: Readonly<Record<string, string>> = { '^C': '\x03', '^D': '\x04' }

export const typeTo = (argv: readonly [string, ...string[]], options: TypedOptions): Promise<Typed> =>
  new Promise(done => {
    const decoder = new TextDecoder()
    let text = ''
    let seen = 0
    const pty = openPty({
      argv,
      env: { ...(process.env as Record<string, string>), TERM: 'xterm-256color' },
      cwd: '/',
      cols: 120,
      rows: 40,
      onData: bytes => {
        text += decoder.decode(bytes, { stream: true })
        for (const [question, answer] of options.answers) {
          if (!question.test(text.slice(seen))) continue
          seen = text.length
          pty.write(keys[answer] ?? `${answer}\r`)
        }
        options.onText?.(text, pty)
      },
      onExit: code => {
        clearTimeout(timer)
        done({ code, text })
      },
    })
    const timer = setTimeout(() => pty.close(), options.timeout ?? 300_000)
  })
