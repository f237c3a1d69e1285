// Starts one of our own Node entries as a process of its own, which says in one JSON line on stdout that it is ready.

import { spawn } from 'node:child_process'
import { AppError } from '../contract/errors.ts'

/** As much of a child process as we use: node:child_process' and Electron's utilityProcess both can be it. */
export interface Forked {
  stdout: NodeJS.ReadableStream
  stderr: NodeJS.ReadableStream
  /** The exit code, or the signal's name. */
  onExit(listener: (how: number | string) => void): void
  kill(): void
}

export type Fork = (file: string, args: readonly string[]) => Forked

/** Plain Node. The child's stdin is a pipe that closes with us, so that it can follow us into the grave. */
export const forkNode: Fork = (file, args) => {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {})
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    onExit: listener => {
      child.once('error', error => listener(error.message))
      child.once('exit', (code, signal) => listener(code ?? signal ?? 'unknown'))
    },
    kill: () => child.kill('SIGTERM'),
  }
}

export interface Launched {
  /** The ready line, parsed. */
  ready: unknown
  /** Settles when the process is gone: how, and the last line that it wrote to stderr. */
  exited: Promise<string>
  stop(): Promise<void>
}

export interface LaunchOptions {
  file: string
  args?: readonly string[]
  fork?: Fork
  signal?: AbortSignal
  /** Milliseconds until the ready line must have come. */
  patience?: number
  /** Each line that the process writes to stderr. */
  onError?(line: string): void
}

/** @throws AppError practice.failed when the process ends, or stays silent, before it is ready */
export const launch = async (options: LaunchOptions): Promise<Launched> => {
  const { file, args = [], fork = forkNode, signal, patience = 15_000, onError } = options
  signal?.throwIfAborted()
  const child = fork(file, args)
  let lastError = ''
  const exited = new Promise<string>(resolve => {
    child.onExit(how => resolve(lastError === '' ? `exit ${how}` : `exit ${how}: ${lastError}`))
  })
  eachLine(child.stderr, line => {
    if (line.trim() !== '') lastError = line.slice(0, 300)
    onError?.(line)
  })
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  const failed = (reason: string) => new AppError('practice.failed', { reason })
  try {
    const ready = await new Promise<unknown>((resolve, reject) => {
      eachLine(child.stdout, line => {
        if (!line.startsWith('{')) return
        try {
          resolve(JSON.parse(line))
        } catch {
          reject(failed(line.slice(0, 300)))
        }
      })
      // The streams may still hold the last words when the process is already gone.
      void exited.then(reason => setTimeout(() => reject(failed(lastError || reason)), 50))
      timer = setTimeout(() => reject(failed(`silent for ${patience} ms`)), patience)
      abort = () => reject(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
    })
    const stop = async () => {
      child.kill()
      await exited
    }
    return { ready, exited, stop }
  } catch (error) {
    child.kill()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

const eachLine = (stream: NodeJS.ReadableStream, onLine: (line: string) => void) => {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  stream.on('end', () => rest !== '' && onLine(rest))
}
