// Runs a program to its end: an argv list, never a shell string; cut short by a signal; output kept within a cap.

import { type ChildProcess, spawn } from 'node:child_process'

export interface RunOptions {
  signal?: AbortSignal
  env?: Readonly<Record<string, string | undefined>>
  cwd?: string
  input?: string | Uint8Array
  /** Bytes kept of each of stdout and stderr; the rest is read and dropped. */
  maxOutput?: number
  /** Milliseconds; then the program is killed. */
  timeout?: number
}

export interface RunResult {
  /** As a shell says it: 127 not found, 126 not executable, 128 plus the number for a signal. */
  code: number
  stdout: string
  stderr: string
  /** More was written than was kept. */
  cut: boolean
  timedOut: boolean
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 }

/** Never throws for what the program does or for a program that is not there; rejects only with the signal's reason. */
export const run = ([file, ...args]: readonly [string, ...string[]], options: RunOptions = {}): Promise<RunResult> => {
  const { signal, env, cwd, input, maxOutput = 4 * 1024 * 1024, timeout } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const child = spawn(file, args, { cwd, env: env as NodeJS.ProcessEnv, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    const out = collect(child.stdout, maxOutput)
    const err = collect(child.stderr, maxOutput)
    let timedOut = false
    const timer = timeout === undefined ? undefined : setTimeout(() => expire(), timeout)
    const expire = () => {
      timedOut = true
      killGroup(child)
    }
    const abort = () => killGroup(child)
    signal?.addEventListener('abort', abort, { once: true })
    const settle = (code: number, extra = '') => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      if (signal?.aborted) return reject(signal.reason)
      resolve({ code, stdout: out.text(), stderr: err.text() + extra, cut: out.cut || err.cut, timedOut })
    }
    child.on('error', error => {
      if (child.pid === undefined) settle('code' in error && error.code === 'EACCES' ? 126 : 127, error.message)
    })
    child.on('close', (code, killed) => {
      if (child.pid !== undefined) settle(code ?? 128 + (signalNumbers[killed ?? 'SIGKILL'] ?? 0))
    })
    // A program may end without reading its input.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

/** The program and what it started: it leads a process group of its own. */
const killGroup = (child: ChildProcess) => {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

const collect = (stream: NodeJS.ReadableStream | null, max: number) => {
  const chunks: Buffer[] = []
  let kept = 0
  let cut = false
  stream?.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, max - kept)
    if (part.length < chunk.length) cut = true
    kept += part.length
    if (part.length > 0) chunks.push(part)
  })
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    get cut() {
      return cut
    },
  }
}
