// A small log: lines in a file that is turned over when it is full, for finding out what went wrong.

import { appendFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from './clock.ts'
import { makeFolders } from './files.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'
const order: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** An Error is written with its stack and causes: the log never leaves this machine. */
export interface Log {
  debug(words: string, detail?: unknown): void
  info(words: string, detail?: unknown): void
  warn(words: string, detail?: unknown): void
  error(words: string, detail?: unknown): void
}

export interface LogOptions {
  path: string
  clock: Clock
  level?: Level
  /** Bytes; then the file becomes `<path>.1` and a new one begins. */
  maxSize?: number
  /** Told once where the log cannot be written. */
  onUnwritable?(error: unknown): void
}

/** Writes synchronously, so that the last line before a crash is there. */
export const createLog = ({ path, clock, level = 'info', maxSize = 1024 * 1024, onUnwritable }: LogOptions): Log => {
  let size: number | undefined
  let told = false

  const write = (of: Level, words: string, detail?: unknown) => {
    if (order.indexOf(of) < order.indexOf(level)) return
    const line = `${new Date(clock.now()).toISOString()} ${of} ${words}${describe(detail)}\n`
    try {
      if (size === undefined) {
        makeFolders(dirname(path))
        size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      }
      if (size + line.length > maxSize && size > 0) {
        renameSync(path, `${path}.1`)
        size = 0
      }
      appendFileSync(path, line, { mode: 0o600 })
      size += line.length
    } catch (error) {
      if (!told) onUnwritable?.(error)
      told = true
    }
  }
  return {
    debug: (words, detail) => write('debug', words, detail),
    info: (words, detail) => write('info', words, detail),
    warn: (words, detail) => write('warn', words, detail),
    error: (words, detail) => write('error', words, detail),
  }
}

const describe = (detail: unknown): string => {
  if (detail === undefined) return ''
  if (!(detail instanceof Error)) return ` ${JSON.stringify(detail)}`
  const cause = detail.cause === undefined ? '' : `\n  because:${describe(detail.cause)}`
  return ` ${detail.stack ?? detail.message}${cause}`.replaceAll('\n', '\n  ')
}
