// What the keys of a talk do in both windows: turning, blanking, the hand, the lens and the filters.

import { elapsedMs, type Filter, filters, type Timer } from '../../../electron/contract/talk.ts'
import type { Acts } from './keys.ts'
import { panned, scaled } from './stage/lens.ts'
import type { Hand } from './stage/use-hand.ts'
import type { InkView } from './stage/use-ink.ts'
import type { Talk } from './use-talk.ts'

/** One press of plus or minus. */
const nearerBy = 1.25

const nextFilter = (filter: Filter): Filter => filters[(filters.indexOf(filter) + 1) % filters.length] ?? 'none'

/** A timer started, or held where it is. */
const toggled = (timer: Timer, now: number): Timer =>
  timer.startedAt === null ? { ...timer, startedAt: now } : { startedAt: null, before: elapsedMs(timer, now) }

/** Before the talk has been told the keys do nothing. */
export const stageActs = (talk: Talk, ink: InkView, hand: Hand): Acts => {
  const { slide, sheet, position, go, turn, goTo, blank } = talk
  if (!slide || !sheet || !position) return {}
  const { zoom, shape, filter, timer } = position
  const pan = (right: number, down: number) => () => go({ zoom: panned(zoom, right, down, shape) })
  return {
    next: () => turn(1),
    previous: () => turn(-1),
    first: () => goTo(0),
    last: () => goTo(Number.POSITIVE_INFINITY),
    laser: () => hand.take('laser'),
    pen: () => hand.take('pen'),
    marker: () => hand.take('marker'),
    eraser: () => hand.take('eraser'),
    undo: () => ink.undo(sheet),
    wipe: () => ink.wipe(slide.id),
    zoom: () => (zoom ? go({ zoom: null }) : hand.take('zoom')),
    nearer: () => go({ zoom: scaled(zoom, nearerBy, shape) }),
    farther: () => go({ zoom: scaled(zoom, 1 / nearerBy, shape) }),
    panLeft: pan(-1, 0),
    panRight: pan(1, 0),
    panUp: pan(0, -1),
    panDown: pan(0, 1),
    black: () => blank('black'),
    white: () => blank('white'),
    filter: () => go({ filter: nextFilter(filter) }),
    timer: () => go({ timer: toggled(timer, Date.now()) }),
  }
}
