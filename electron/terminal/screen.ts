// The host's own copy of a terminal's screen and scrollback, so that any page can be shown it exactly.

import serializeAddon from '@xterm/addon-serialize'
import xterm from '@xterm/headless'
import { type Mark, readMark } from './marks.ts'

export const scrollback = 10_000

export interface Screen {
  /** Feeds output; `done` is called once it is on the screen and its marks were told. */
  write(bytes: Uint8Array | string, done?: () => void): void
  resize(cols: number, rows: number): void
  /**
   * Escape sequences that rebuild screen, scrollback, cursor, modes and prompt marks in a fresh terminal of the same size.
   * Costs about 0.2 s for 10,000 full lines; call it from a `done`, so that nothing is half written.
   */
  replay(): string
  /** What stands on the screen between where typing began and the cursor. */
  typed(): string
  hasBracketedPaste(): boolean
}

export interface ScreenOptions {
  cols: number
  rows: number
  nonce: string
  onMark(mark: Mark): void
  /** Answers to questions that programs ask of their terminal. */
  onReply(data: string): void
}

/** A raw-bytes ring would be cheaper, but replays wrongly after a resize and after a full-screen program; so we parse (25 MB/s). */
export const createScreen = ({ cols, rows, nonce, onMark, onReply }: ScreenOptions): Screen => {
  const terminal = new xterm.Terminal({ cols, rows, scrollback, allowProposedApi: true })
  const serializer = new serializeAddon.SerializeAddon()
  // The addon is typed for the browser's Terminal; it uses only what the headless one has too.
  terminal.loadAddon(serializer as unknown as xterm.ITerminalAddon)
  const prompts = new Map<number, xterm.IMarker>()
  const modes = new Map<number, boolean>()
  let typing: { marker: xterm.IMarker | undefined; x: number } | undefined

  const tell = (osc: 133 | 633) => (payload: string) => {
    const mark = readMark(osc, payload, nonce)
    if (mark?.type === 'prompt') placePrompt(mark.number)
    if (mark?.type === 'typing') typing = { marker: terminal.registerMarker(0), x: terminal.buffer.active.cursorX }
    if (mark) onMark(mark)
    return false
  }
  const placePrompt = (number: number) => {
    prompts.get(number)?.dispose()
    const marker = terminal.registerMarker(0)
    if (!marker) return
    prompts.set(number, marker)
    marker.onDispose(() => {
      if (prompts.get(number) === marker) prompts.delete(number)
    })
  }
  const note = (on: boolean) => (params: (number | number[])[]) => {
    for (const mode of params) if (typeof mode === 'number' && unkept.has(mode)) modes.set(mode, on)
    return false
  }
  terminal.parser.registerOscHandler(133, tell(133))
  terminal.parser.registerOscHandler(633, tell(633))
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, note(true))
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, note(false))
  terminal.onData(onReply)

  /** Prompt numbers with their rows above the cursor, as one sequence of ours that the page turns into markers again. */
  const places = () => {
    const { baseY, cursorY } = terminal.buffer.normal
    const rows = [...prompts].map(([number, marker]) => `${number},${marker.line - baseY - cursorY}`)
    return rows.length > 0 ? `\x1b]633;K;${rows.join(';')}\x07` : ''
  }

  return {
    write: (bytes, done) => terminal.write(bytes, done),
    resize: (nextCols, nextRows) => terminal.resize(nextCols, nextRows),
    replay: () => {
      const text = serializer.serialize()
      const alternate = text.indexOf('\x1b[?1049h')
      const end = alternate < 0 ? text.length : alternate
      const set = [...modes].filter(([mode, on]) => on !== unkept.get(mode))
      const extra = set.map(([mode, on]) => `\x1b[?${mode}${on ? 'h' : 'l'}`).join('')
      return text.slice(0, end) + places() + text.slice(end) + extra
    },
    typed: () => {
      const start = typing?.marker
      if (!typing || !start || start.isDisposed) return ''
      const buffer = terminal.buffer.active
      const lines: string[] = []
      for (let y = start.line; y <= buffer.baseY + buffer.cursorY; y += 1) {
        const line = buffer.getLine(y)
        const text = line?.translateToString(true, y === start.line ? typing.x : 0) ?? ''
        if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text
        else lines.push(text)
      }
      return lines.join('\n').trim()
    },
    hasBracketedPaste: () => terminal.modes.bracketedPasteMode,
  }
}

/** Modes that the serializer leaves out, with what they are in a fresh terminal: cursor shown, SGR mouse reports. */
const unkept = new Map([
  [25, true],
  [1006, false],
])
