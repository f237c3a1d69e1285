// A child process that talks in lines: asked on its stdin, answering on its stdout; its stderr is the user's terminal.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface LineChild {
  send(line: string): void
  /** Closes its stdin: a well-behaved child then ends. */
  end(): void
  /** Settles once when it is gone, after its last line: its exit code as a shell says it, or why it never started. */
  exited: Promise<{ code: number; problem?: string }>
  /** Waits for it no longer: it may outlive us. */
  leave(): void
}

export interface LineChildOptions {
  argv: readonly [string, ...string[]]
  env: Readonly<Record<string, string>>
  onLine(line: string): void
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 }

/** Stays in our session, so that it can ask for a password on our terminal. */
export const openLineChild = ({ argv: [file, ...args], env, onLine }: LineChildOptions): LineChild => {
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' })
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })
  lines.on('line', onLine)
  const drained = new Promise<void>(resolve => lines.once('close', resolve))
  const gone = new Promise<{ code: number; problem?: string }>(resolve => {
    child.once('error', error => {
      if (child.pid === undefined) resolve({ code: 127, problem: error.message })
    })
    child.once('exit', (code, signal) => resolve({ code: code ?? 128 + (signalNumbers[signal ?? 'SIGKILL'] ?? 0) }))
  })
  return {
    send: line => {
      child.stdin.write(`${line}\n`)
    },
    end: () => {
      child.stdin.end()
    },
    leave: () => {
      lines.close()
      child.stdin.destroy()
      child.stdout.destroy()
      child.unref()
    },
    exited: gone.then(async how => {
      // A grandchild may hold stdout open: it must not keep us.
      if (how.problem === undefined) await Promise.race([drained, new Promise(done => setTimeout(done, 500))])
      return how
    }),
  }
}
