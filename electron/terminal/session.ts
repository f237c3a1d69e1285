// One terminal: a shell in a pty, its screen, its viewers and its commands.

import { randomBytes } from 'node:crypto'
import type { OutputEvent, Session } from '../contract/terminal.ts'
import { type Changing, createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import { type Bytes, openPty } from '../platform/pty.ts'
import { createFeed, type Feed, high, low, patienceMs } from './feed.ts'
import { followExit, followMark, type ShellState, silentShell } from './marks.ts'
import { createScreen } from './screen.ts'
import type { Launch } from './shell.ts'

export interface SessionOptions {
  id: string
  title: string
  cluster: string | null
  cwd: string
  cols: number
  rows: number
  clock: Clock
  /** The shell to run; it is told the nonce for its marks. */
  launch(nonce: string): Launch
  /** Words to show above the first prompt. */
  notice?: string
  program?: Session['program']
}

export interface TerminalSession {
  info: Changing<Session>
  shell: Changing<ShellState>
  hasMarks: boolean
  input(data: string): void
  resize(cols: number, rows: number): void
  /** Replay, then data, then the exit; again a replay when the reader fell too far behind. Ends when the signal fires. */
  output(signal: AbortSignal): AsyncGenerator<OutputEvent>
  /** What the user has typed at the prompt so far, and whether the shell takes bracketed paste. */
  typed(): string
  hasBracketedPaste(): boolean
  close(): void
}

/** Opens a terminal; throws `terminal.failed` when its shell does not start. */
export const openSession = ({
  id,
  title,
  cluster,
  cwd,
  clock,
  launch,
  notice,
  program: kind,
  ...first
}: SessionOptions): TerminalSession => {
  const nonce = randomBytes(12).toString('hex')
  const size = { cols: first.cols, rows: first.rows }
  const shell = createChanging<ShellState>(silentShell)
  const info = createChanging<Session>({ id, title, cluster, cwd, running: true, ...(kind && { program: kind }) })
  const feeds = new Set<Feed>()
  let unparsed = 0
  let paused = false

  const screen = createScreen({
    ...size,
    nonce,
    onMark: mark => shell.set(followMark(shell.get(), mark, clock.now(), screen.typed())),
    onReply: data => {
      if (feeds.size === 0) pty.write(data)
    },
  })

  const show = (bytes: Bytes) => {
    unparsed += bytes.length
    for (const feed of feeds) feed.push(bytes)
    screen.write(bytes, () => {
      unparsed -= bytes.length
      regulate()
    })
  }

  /** Pauses the program while a viewer or our own screen is behind; with no viewer it runs on into the scrollback. */
  const regulate = () => {
    const isFull = unparsed > high || [...feeds].some(feed => feed.isFull())
    const isLow = unparsed < low && [...feeds].every(feed => feed.isLow())
    if (!paused && isFull) {
      paused = true
      pty.pause()
      void watchStuck()
    } else if (paused && isLow) {
      paused = false
      pty.resume()
    }
  }
  const watchStuck = async () => {
    while (paused) {
      await clock.sleep(patienceMs)
      for (const feed of feeds) feed.dropIfStuck()
      regulate()
    }
  }

  if (notice) screen.write(`${notice.trimEnd().replace(/\r?\n/g, '\r\n')}\r\n`)
  const { hasMarks, ...program } = launch(nonce)
  const pty = openPty({
    ...program,
    cwd,
    ...size,
    onData: bytes => {
      show(bytes)
      regulate()
    },
    onExit: code => {
      for (const feed of feeds) feed.end()
      screen.write('', () => {
        shell.set(followExit(shell.get(), code, clock.now()))
        info.set({ ...info.get(), running: false, exitCode: code })
      })
      exitCode = code
    },
  })
  let exitCode: number | undefined

  /** The screen as it is once everything received so far is on it; what comes later goes to the feed. */
  const join = (feed: Feed) =>
    new Promise<OutputEvent>(resolve => {
      feeds.add(feed)
      if (exitCode !== undefined) feed.end()
      screen.write('', () => resolve({ type: 'replay', bytes: Buffer.from(screen.replay()), ...size }))
    })

  const output = async function* (signal: AbortSignal): AsyncGenerator<OutputEvent> {
    const feed = createFeed(clock, signal, regulate)
    try {
      yield await join(feed)
      for (;;) {
        const next = await feed.next()
        if (next === 'left') return
        if (next === 'lost') yield await join(feed)
        else if (next === 'end') return yield { type: 'exit', code: exitCode ?? 0 }
        else yield { type: 'data', bytes: next }
      }
    } finally {
      feeds.delete(feed)
      regulate()
    }
  }

  return {
    info,
    shell,
    hasMarks,
    input: data => pty.write(data),
    resize: (cols, rows) => {
      if (cols === size.cols && rows === size.rows) return
      Object.assign(size, { cols, rows })
      screen.resize(cols, rows)
      pty.resize(cols, rows)
    },
    output,
    typed: () => screen.typed(),
    hasBracketedPaste: () => screen.hasBracketedPaste(),
    close: () => pty.close(),
  }
}
