// Editing a line on a terminal: cursor keys, history, completion, wide characters. Keys come raw.

import type { ProcessIO } from '../program.ts'
import { cellsOf } from '../width.ts'

export interface LineEditor {
  /** A line without its newline; `interrupted` for ^C; undefined for the end of input. */
  read(prompt: string): Promise<{ line: string; interrupted: boolean } | undefined>
}

/** Candidates for the word before the cursor, and how much of it they replace. */
export type Complete = (before: string) => { typed: string; candidates: readonly string[] }

const escapeKey = '\x1b'
const keys = new RegExp(`${escapeKey}(?:\\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[bfd.])|[\\s\\S]`, 'gu')
const colours = new RegExp(`${escapeKey}\\[[0-9;]*m`, 'g')
const names: Readonly<Record<string, string>> = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x10': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x0e': 'down',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x06': 'right',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x02': 'left',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x01': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x05': 'end',
  '\x1b[3~': 'delete',
  '\x7f': 'erase',
  '\b': 'erase',
  '\x15': 'erase-before',
  '\x0b': 'erase-after',
  '\x17': 'erase-word',
  '\x0c': 'clear',
  '\t': 'complete',
  '\r': 'enter',
  '\n': 'enter',
  '\x03': 'interrupt',
  '\x04': 'end-of-input',
  '\x1b[1;5C': 'word-right',
  '\x1bf': 'word-right',
  '\x1b[1;5D': 'word-left',
  '\x1bb': 'word-left',
}

const longestPrefix = (words: readonly string[]): string => {
  let prefix = words[0] ?? ''
  for (const word of words) while (!word.startsWith(prefix)) prefix = prefix.slice(0, -1)
  return prefix
}

export const createLineEditor = (io: ProcessIO, complete: Complete, history: string[]): LineEditor => {
  const tty = io.tty!
  const decoder = new TextDecoder()
  let prompt = ''
  let chars: string[] = []
  let cursor = 0
  let row = 0
  let place = history.length
  let draft = ''

  const cells = (count: number) => cellsOf(prompt.replace(colours, '')) + cellsOf(chars.slice(0, count).join(''))
  const write = async (text: string) => void (await io.stdout(text))
  /** Draws prompt and line anew, from the row the cursor stands in. */
  const redraw = async () => {
    const columns = Math.max(tty.columns, 1)
    const whole = cells(chars.length)
    const target = cells(cursor)
    const up = row > 0 ? `\x1b[${row}A` : ''
    // A full last column leaves the cursor there: a newline brings it where counting says.
    const wrap = whole > 0 && whole % columns === 0 ? '\n' : ''
    const endRow = Math.floor(whole / columns)
    row = Math.floor(target / columns)
    const back = endRow > row ? `\x1b[${endRow - row}A` : ''
    await write(
      `${up}\r\x1b[J${prompt}${chars.join('')}${wrap}${back}\r${target % columns > 0 ? `\x1b[${target % columns}C` : ''}`,
    )
  }
  const insert = async (text: string) => {
    const added = [...text]
    const atEnd = cursor === chars.length
    chars.splice(cursor, 0, ...added)
    cursor += added.length
    if (atEnd && Math.floor(cells(cursor) / tty.columns) === row && cells(cursor) % tty.columns !== 0) await write(text)
    else await redraw()
  }
  const recall = (step: number) => {
    if (place === history.length) draft = chars.join('')
    place = Math.max(0, Math.min(history.length, place + step))
    chars = [...(history[place] ?? draft)]
    cursor = chars.length
  }
  const wordLeft = () => {
    let at = cursor
    while (at > 0 && chars[at - 1] === ' ') at--
    while (at > 0 && chars[at - 1] !== ' ') at--
    return at
  }
  const wordRight = () => {
    let at = cursor
    while (at < chars.length && chars[at] === ' ') at++
    while (at < chars.length && chars[at] !== ' ') at++
    return at
  }
  const finishWord = async (again: boolean) => {
    const { typed, candidates } = complete(chars.slice(0, cursor).join(''))
    const common = longestPrefix(candidates)
    if (candidates.length === 0) return write('\x07')
    if (candidates.length === 1) return insert(`${common.slice(typed.length)}${common.endsWith('/') ? '' : ' '}`)
    if (common.length > typed.length) return insert(common.slice(typed.length))
    if (!again) return write('\x07')
    await write(`\n${candidates.map(word => word.replace(/^.*\/(?=.)/, '')).join('  ')}\n`)
    row = 0
    await redraw()
  }

  /** Answers whether the line is ended. */
  const press = async (key: string, before: string): Promise<'enter' | 'interrupt' | 'end' | undefined> => {
    const name = names[key]
    switch (name) {
      case undefined:
        if (key >= ' ' && !key.startsWith('\x1b')) await insert(key)
        return undefined
      case 'enter':
      case 'interrupt':
        if (cursor < chars.length) {
          cursor = chars.length
          await redraw()
        }
        await write(name === 'interrupt' ? '^C\n' : '\n')
        return name
      case 'end-of-input':
        if (chars.length === 0) return 'end'
        chars.splice(cursor, 1)
        break
      case 'complete':
        await finishWord(before === '\t')
        return undefined
      case 'clear':
        await write('\x1b[H\x1b[2J')
        row = 0
        break
      case 'up':
      case 'down':
        recall(name === 'up' ? -1 : 1)
        break
      case 'left':
        cursor = Math.max(0, cursor - 1)
        break
      case 'right':
        cursor = Math.min(chars.length, cursor + 1)
        break
      case 'home':
        cursor = 0
        break
      case 'end':
        cursor = chars.length
        break
      case 'word-left':
        cursor = wordLeft()
        break
      case 'word-right':
        cursor = wordRight()
        break
      case 'erase':
        if (cursor > 0) chars.splice(--cursor, 1)
        break
      case 'delete':
        chars.splice(cursor, 1)
        break
      case 'erase-before':
        chars.splice(0, cursor)
        cursor = 0
        break
      case 'erase-after':
        chars.splice(cursor)
        break
      case 'erase-word': {
        const from = wordLeft()
        chars.splice(from, cursor - from)
        cursor = from
      }
    }
    await redraw()
    return undefined
  }

  return {
    async read(text) {
      prompt = text
      chars = []
      cursor = 0
      row = 0
      place = history.length
      draft = ''
      tty.setRaw(true)
      const stopResize = tty.onResize(() => void redraw())
      try {
        await write(prompt)
        let before = ''
        for (;;) {
          const bytes = await io.stdin.read()
          if (!bytes) return undefined
          const pressed = decoder.decode(bytes, { stream: true }).match(keys) ?? []
          for (const [index, key] of pressed.entries()) {
            const ended = await press(key, before)
            before = key
            if (!ended) continue
            if (ended === 'end') return undefined
            io.stdin.unread(new TextEncoder().encode(pressed.slice(index + 1).join('')))
            const line = chars.join('')
            if (ended === 'enter' && line.trim() !== '' && line !== history.at(-1)) history.push(line)
            return { line, interrupted: ended === 'interrupt' }
          }
        }
      } finally {
        stopResize()
        tty.setRaw(false)
      }
    },
  }
}
