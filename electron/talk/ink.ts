// The ink on the slides: lines that grow while they are drawn, never more than a bounded amount. No I/O.

import type { InkEvent, Stroke } from '../contract/talk.ts'

/** A long talk full of drawings fits; a page that never stops drawing does not. In numbers, two a point. */
const inkLimits = { strokes: 2000, numbersInStroke: 8000, numbers: 400_000 }

export interface Ink {
  /** All lines, in the order in which they were begun. */
  strokes(): Stroke[]
  draw(stroke: Stroke): void
  erase(strokes: readonly string[]): void
  wipe(slide: string): void
  /** A reader's memory of what it was told: each call gives the news since the one before, the first one everything; undefined: none. */
  read(): () => InkEvent | undefined
}

/** @param kept lines from an earlier run, the oldest first */
export const createInk = (kept: readonly Stroke[] = [], limits = inkLimits): Ink => {
  /** In the order in which they were begun. */
  const strokes = new Map<string, Stroke>()
  let numbers = 0

  const drop = (id: string): void => {
    numbers -= strokes.get(id)?.points.length ?? 0
    strokes.delete(id)
  }

  const draw: Ink['draw'] = ({ points, ...rest }) => {
    const known = strokes.get(rest.id)
    // A line stays on the slide and with the pen that it was begun with; half a point is none.
    const room = limits.numbersInStroke - (known?.points.length ?? 0)
    const more = points.slice(0, Math.max(0, Math.min(points.length, room) & ~1))
    if (more.length === 0) return
    numbers += more.length
    if (known) known.points.push(...more)
    else strokes.set(rest.id, { ...rest, points: more })
    for (const id of strokes.keys()) {
      if (strokes.size <= limits.strokes && numbers <= limits.numbers) break
      if (id !== rest.id) drop(id)
    }
  }
  for (const stroke of kept) draw(stroke)

  return {
    strokes: () => [...strokes.values()],
    draw,
    erase: ids => {
      for (const id of ids) drop(id)
    },
    wipe: slide => {
      for (const stroke of [...strokes.values()]) if (stroke.slide === slide) drop(stroke.id)
    },
    read: () => {
      /** How many numbers of each line. By the line and not its id, which may come back after it was erased. */
      const told = new Map<Stroke, number>()
      let isFirst = true
      return () => {
        const lost = [...told.keys()].filter(stroke => strokes.get(stroke.id) !== stroke)
        for (const stroke of lost) told.delete(stroke)
        const gone = lost.map(({ id }) => id)
        const news = [...strokes.values()].flatMap(stroke => {
          const from = told.get(stroke) ?? 0
          if (from === stroke.points.length) return []
          told.set(stroke, stroke.points.length)
          return [{ ...stroke, from, points: stroke.points.slice(from) }]
        })
        if (isFirst) {
          isFirst = false
          return { type: 'snapshot', strokes: news }
        }
        return gone.length + news.length > 0 ? { type: 'changes', gone, strokes: news } : undefined
      }
    },
  }
}
