// Where each prompt stands in the scrollback, from the shell's marks; so that a scrolled terminal can name its command.

import type { IMarker, Terminal } from '@xterm/xterm'

export interface Prompts {
  /** The number of the command whose output is at the top of what is seen, its own line being out of sight. */
  atTop(): number | undefined
  /** Brings a prompt's line to the top. */
  show(number: number): void
}

/** No shell has more; any program may print our marks, so their number is bounded. */
const most = 20_000

/** The host numbers prompts in OSC 133;A and, after a replay, names them all in OSC 633;K as `number,rows from the cursor`. */
export const followPrompts = (terminal: Terminal): Prompts => {
  const markers = new Map<number, IMarker>()
  const place = (number: number, rows: number) => {
    const isSane = Number.isSafeInteger(number) && number > 0 && Number.isSafeInteger(rows) && rows <= 0 && rows >= -most
    if (!isSane || markers.size >= most) return
    const marker = terminal.registerMarker(rows)
    if (!marker) return
    markers.get(number)?.dispose()
    markers.set(number, marker)
    marker.onDispose(() => {
      if (markers.get(number) === marker) markers.delete(number)
    })
  }
  terminal.parser.registerOscHandler(133, payload => {
    const number = /^A;(?:.*;)?k=(\d+)/.exec(payload)?.[1]
    if (number) place(Number(number), 0)
    return true
  })
  terminal.parser.registerOscHandler(633, payload => {
    const [kind, ...places] = payload.split(';')
    if (kind !== 'K') return true
    for (const each of places) {
      const [number = Number.NaN, rows = 0] = each.split(',').map(Number)
      place(number, rows)
    }
    return true
  })
  return {
    atTop: () => {
      const { active } = terminal.buffer
      if (active.type === 'alternate') return undefined
      const above = [...markers].filter(([, marker]) => marker.line >= 0 && marker.line <= active.viewportY)
      const nearest = above.reduce<[number, IMarker] | undefined>(
        (best, each) => (best && best[1].line >= each[1].line ? best : each),
        undefined,
      )
      return nearest && nearest[1].line < active.viewportY ? nearest[0] : undefined
    },
    show: number => {
      const marker = markers.get(number)
      if (marker) terminal.scrollToLine(marker.line)
    },
  }
}
