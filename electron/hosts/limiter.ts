// How often somebody may do something: so many times in a span, counted for each asker.

import type { Clock } from '../platform/clock.ts'

export interface Limiter {
  /** Counts once; false where that was too much. */
  allows(asker: string): boolean
  /** Whether the next time would be too much; counts nothing. */
  isSpent(asker: string): boolean
}

/** Askers remembered at once; the oldest is forgotten first. */
const askersKept = 256

export const createLimiter = (most: number, spanMs: number, clock: Pick<Clock, 'now'>): Limiter => {
  const spans = new Map<string, { since: number; count: number }>()
  const spanOf = (asker: string) => {
    const known = spans.get(asker)
    return known && clock.now() - known.since < spanMs ? known : { since: clock.now(), count: 0 }
  }
  return {
    isSpent: asker => spanOf(asker).count >= most,
    allows: asker => {
      const span = spanOf(asker)
      span.count += 1
      spans.delete(asker)
      spans.set(asker, span)
      const [oldest] = spans.keys()
      if (spans.size > askersKept && oldest !== undefined) spans.delete(oldest)
      return span.count <= most
    },
  }
}
