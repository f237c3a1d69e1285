// The ink as a window knows it: lines by id, and which of them a rubber touches. Pure.

import type { InkEvent, Stroke } from '../../../../electron/contract/talk.ts'

/** In the order in which they were begun. */
export type Lines = ReadonlyMap<string, Stroke>

/** A slide as it is laid out now: with something beside it its words stand elsewhere, and have ink of their own. */
export type Sheet = Pick<Stroke, 'slide' | 'isBeside'>

export const linesOn = (lines: Lines, { slide, isBeside }: Sheet): Stroke[] =>
  [...lines.values()].filter(line => line.slide === slide && line.isBeside === isBeside)

/** What was known, and news of it. One's own line is ahead of what is told of it: that is no step back. */
export const applyInk = (known: Lines, event: InkEvent): Lines => {
  const next = new Map(event.type === 'snapshot' ? [] : known)
  if (event.type === 'changes') for (const id of event.gone) next.delete(id)
  for (const { from, points, ...rest } of event.strokes) {
    const before = next.get(rest.id)?.points ?? []
    if (before.length >= from + points.length) continue
    next.set(rest.id, { ...rest, points: [...before.slice(0, from), ...points] })
  }
  return next
}

/** How near a point is to the line between two others. */
const distance = (x: number, y: number, x1: number, y1: number, x2: number, y2: number): number => {
  const [dx, dy] = [x2 - x1, y2 - y1]
  const long = dx * dx + dy * dy
  const along = long === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / long))
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy)
}

/** Lines of a sheet that come this near to a point, in slide units. */
export const linesAt = (lines: Lines, sheet: Sheet, x: number, y: number, reach: number): string[] =>
  linesOn(lines, sheet)
    .filter(({ points }) =>
      points.some((x1, at) => {
        if (at % 2 === 1) return false
        const last = at + 2 >= points.length
        const [y1 = 0, x2 = x1, y2 = points[at + 1] ?? 0] = last ? [points[at + 1]] : points.slice(at + 1, at + 4)
        return distance(x, y, x1, y1, x2, y2) <= reach
      }),
    )
    .map(({ id }) => id)

/** The line as an SVG path; a dot is a line of no length with round ends. */
export const pathOf = (points: readonly number[]): string => {
  const pairs = points.flatMap((x, at) => (at % 2 === 0 ? [`${x} ${points[at + 1]}`] : []))
  return pairs.length === 1 ? `M${pairs[0]}l0 0` : `M${pairs.join('L')}`
}
