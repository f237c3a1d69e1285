// The line discipline between a learner's keyboard and the programs of an `exec -it`: echo, erase, signals, end of input.
// Models linux/drivers/tty/n_tty.c

import type { Input, Output, Tty } from './program.ts'
import { createPipe, toBytes } from './streams.ts'
import { cellsOf } from './width.ts'

export interface TerminalOptions {
  columns: number
  rows: number
  onResize(listener: (columns: number, rows: number) => void): void
  output: Output
  /** `SIGINT` for ^C, `SIGQUIT` for ^\, `SIGWINCH` when the size changes. */
  onSignal(name: string): void
}

export interface Terminal {
  tty: Tty
  /** Standard input of the programs. */
  reader(signal?: AbortSignal): Input
  /** Standard output and error of the programs. */
  write: Output
  /** Bytes from the keyboard. */
  type(bytes: Uint8Array): void
  /** The keyboard is gone. */
  hangUp(): void
}

const controls: Record<string, 'SIGINT' | 'SIGQUIT'> = { '\x03': 'SIGINT', '\x1c': 'SIGQUIT' }

/** Newlines as a terminal needs them (ONLCR). */
const withReturns = (data: string | Uint8Array): string | Uint8Array => {
  if (typeof data === 'string') return data.replaceAll('\n', '\r\n')
  let count = 0
  for (const byte of data) if (byte === 10) count++
  if (count === 0) return data
  const out = new Uint8Array(data.length + count)
  let at = 0
  for (const byte of data) {
    if (byte === 10) out[at++] = 13
    out[at++] = byte
  }
  return out
}

export const createTerminal = (options: TerminalOptions): Terminal => {
  const pipe = createPipe()
  const decoder = new TextDecoder()
  const listeners = new Set<() => void>()
  let size = { columns: options.columns || 80, rows: options.rows || 24 }
  let raw = false
  /** What was typed of the line so far, character by character. */
  let line: string[] = []

  const echo = (text: string) => void options.output(text)
  const shown = (char: string) => (char < ' ' && char !== '\t' ? `^${String.fromCharCode(char.charCodeAt(0) + 64)}` : char)
  const erase = () => {
    const char = line.pop()
    if (char === undefined) return false
    const cells = cellsOf(shown(char))
    echo('\b'.repeat(cells) + ' '.repeat(cells) + '\b'.repeat(cells))
    return true
  }
  const submit = () => {
    void pipe.write(line.join(''))
    line = []
  }

  const cooked = (char: string) => {
    const signal = controls[char]
    if (signal) {
      echo(shown(char))
      line = []
      options.onSignal(signal)
    } else if (char === '\r' || char === '\n') {
      echo('\r\n')
      line.push('\n')
      submit()
    } else if (char === '\x04') {
      // End of input where the line is empty; else what is there goes to the reader.
      if (line.length > 0) submit()
      else pipe.endOnce()
    } else if (char === '\x7f' || char === '\b') erase()
    else if (char === '\x15') while (erase());
    else if (char === '\x17') {
      while (line.at(-1) === ' ' && erase());
      while (line.length > 0 && line.at(-1) !== ' ' && erase());
    } else {
      line.push(char)
      echo(shown(char))
    }
  }

  options.onResize((columns, rows) => {
    size = { columns, rows }
    for (const listener of listeners) listener()
    options.onSignal('SIGWINCH')
  })

  return {
    tty: {
      get columns() {
        return size.columns
      },
      get rows() {
        return size.rows
      },
      onResize(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      setRaw(value) {
        if (value && !raw && line.length > 0) submit()
        raw = value
      },
    },
    reader: signal => pipe.reader(signal),
    write: data => options.output(withReturns(data)),
    type(bytes) {
      if (raw) return void pipe.write(toBytes(bytes))
      // Mode can change between two characters: a line may start a program that wants raw keys.
      for (const char of decoder.decode(bytes, { stream: true })) cooked(char)
    },
    hangUp() {
      pipe.end()
    },
  }
}
