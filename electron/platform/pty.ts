// A program in a pseudo terminal: bytes out, bytes in, and not one of them lost when it ends.

import { randomBytes } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { userInfo } from 'node:os'
import { spawn } from 'node-pty'
import { AppError } from '../contract/errors.ts'

export type Bytes = Uint8Array<ArrayBuffer>

export interface PtyOptions {
  argv: readonly [string, ...string[]]
  env: Readonly<Record<string, string>>
  cwd: string
  cols: number
  rows: number
  onData(bytes: Bytes): void
  /** Called once, after the last byte; a program ended by a signal counts as 128 plus its number, as in a shell. */
  onExit(code: number): void
}

export interface Pty {
  write(data: string): void
  resize(cols: number, rows: number): void
  /** While paused nothing is read: the program stops at its next write once the kernel's buffer is full. */
  pause(): void
  resume(): void
  /** Hangs up, as closing a terminal window does. */
  close(): void
}

/**
 * node-pty drops what is unread 200 ms after its child has ended, and always when it is paused then. So the child is a small
 * shell that runs the program, prints an end mark with the exit code and sleeps; we end it once we have read the mark.
 * INT and QUIT are caught, not ignored, so that the program itself gets them; the mark must not be stopped by TTOU.
 */
const keepAlive = `trap : INT QUIT
nonce=$1; shift
"$@"
code=$?
trap '' TTOU INT QUIT
printf '\\033]6973;%s;%s\\007' "$nonce" "$code"
exec sleep 2147483647`

/** Starts a program in a new pseudo terminal; throws `terminal.failed` when it cannot. */
export const openPty = ({ argv, env, cwd, cols, rows, onData, onExit }: PtyOptions): Pty => {
  const nonce = randomBytes(12).toString('hex')
  const find = findMark(Buffer.from(`\x1b]6973;${nonce};`))
  const child = start(['-c', keepAlive, 'sh', nonce, ...argv], { name: 'xterm-256color', cols, rows, cwd, env, encoding: null })
  let ended = false

  const end = (code: number) => {
    if (ended) return
    ended = true
    onExit(code)
  }
  // With `encoding: null` node-pty gives Buffers, though its types say strings.
  child.onData(chunk => {
    if (ended) return
    const { bytes, code } = find(chunk as unknown as Buffer<ArrayBuffer>)
    if (bytes.length > 0) onData(bytes)
    if (code === undefined) return
    end(code)
    child.kill('SIGKILL')
  })
  child.onExit(({ exitCode, signal }) => end(signal ? 128 + signal : exitCode))

  return {
    write: data => {
      if (!ended) child.write(data)
    },
    resize: (nextCols, nextRows) => {
      if (!ended) child.resize(nextCols, nextRows)
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    close: () => {
      if (ended) return
      child.kill('SIGHUP')
      child.resume()
    },
  }
}

const start = (args: string[], options: Parameters<typeof spawn>[2]) => {
  try {
    accessSync(options.cwd ?? '/', constants.X_OK)
    return spawn('/bin/sh', args, options)
  } catch (error) {
    throw new AppError('terminal.failed', { message: (error as Error).message }, { cause: error })
  }
}

/** Looks for the end mark in chunks as they come; a beginning of it at a chunk's end is held back until the next. */
const findMark = (mark: Buffer) => {
  let held = Buffer.alloc(0)
  return (chunk: Buffer<ArrayBuffer>): { bytes: Bytes; code?: number } => {
    const all = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    held = Buffer.alloc(0)
    const at = all.indexOf(mark)
    const end = at < 0 ? -1 : all.indexOf(7, at)
    if (end >= 0) return { bytes: all.subarray(0, at), code: Number(all.toString('latin1', at + mark.length, end)) }
    const from = at >= 0 ? at : beginning(all, mark)
    held = Buffer.from(all.subarray(from))
    return { bytes: all.subarray(0, from) }
  }
}

/** Where a proper beginning of the mark starts at the end of the bytes; their length where there is none. */
const beginning = (bytes: Buffer, mark: Buffer): number => {
  for (let from = Math.max(0, bytes.length - mark.length + 1); from < bytes.length; from += 1)
    if (bytes.subarray(from).equals(mark.subarray(0, bytes.length - from))) return from
  return bytes.length
}

/** The user's own login shell where the terminal knows it (bash, zsh or a plain sh), else bash, else sh. */
export const loginShell = (env: NodeJS.ProcessEnv = process.env): string => {
  const known = /\/(bash|zsh|sh|dash|ash|ksh|mksh)$/
  const wanted = [env.SHELL, userInfo().shell].filter(shell => shell && known.test(shell))
  return [...wanted, '/bin/bash', '/usr/bin/bash'].find((shell): shell is string => !!shell && isProgram(shell)) ?? '/bin/sh'
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Set by AppImage, Electron, npm or another terminal for themselves: a shell that we start must not inherit them. */
const foreign =
  /^(APPIMAGE.*|APPDIR|ARGV0|OWD|GSETTINGS_SCHEMA_DIR|ELECTRON_.*|CHROME_DESKTOP|npm_.*|INIT_CWD|NODE|NODE_OPTIONS|TMUX.*|STY|COLUMNS|LINES|VTE_VERSION|WINDOWID|NO_COLOR|FORCE_COLOR|VITEST.*)$/
const lists = new Set(['PATH', 'LD_LIBRARY_PATH', 'XDG_DATA_DIRS', 'PYTHONPATH', 'PERLLIB', 'QT_PLUGIN_PATH'])

/** The environment of a program that the user runs: ours, without what our own packaging and start scripts put there. */
export const userEnvironment = (env: NodeJS.ProcessEnv = process.env): Record<string, string> => {
  const clean: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || foreign.test(name)) continue
    const kept = lists.has(name)
      ? value
          .split(':')
          .filter(entry => !isOurs(entry, env.APPDIR))
          .join(':')
      : value
    if (kept !== '' || value === '') clean[name] = kept
  }
  return { ...clean, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: clean.LANG ?? 'C.UTF-8' }
}

const isOurs = (entry: string, appDir: string | undefined): boolean =>
  /\/node_modules\/(.*\/)?\.bin$|\/node-gyp-bin$/.test(entry) ||
  (!!appDir && (entry === appDir || entry.startsWith(`${appDir}/`)))
