// What is drawn and pointed at, told to every window as it happens; ink is kept for the next start.

import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import type { Spot } from '../contract/talk.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import type { JsonFile } from '../platform/json-file.ts'
import { createInk } from '../talk/index.ts'
import { createInkKeeper, type KeptInk, strokesOf } from './talk-ink.ts'

/** A laser whose window has gone away points no longer than this. */
const pointsMs = 3_000

type PenService = Pick<Services<AppContract>['talk'], 'ink' | 'draw' | 'erase' | 'wipe' | 'pointer' | 'point'>

export interface PenDeps {
  keptInk: JsonFile<KeptInk>
  clock: Clock
  report(error: unknown): void
}

export const createPen = ({ keptInk, clock, report }: PenDeps): { service: PenService; close(): Promise<void> } => {
  const ink = createInk(strokesOf(keptInk))
  const keeper = createInkKeeper(keptInk, ink, clock, report)
  const drawn = createChanging(0)
  const pointer = createChanging<Spot>(null)
  let fading = new AbortController()

  const changed = (wish?: 'atOnce') => {
    drawn.set(drawn.get() + 1)
    keeper.keep(wish)
    return {}
  }

  const service: PenService = {
    ink: async function* (_, { signal }) {
      const read = ink.read()
      for await (const _change of drawn.stream(signal)) {
        const news = read()
        if (news) yield news
      }
    },
    draw: stroke => {
      ink.draw(stroke)
      return changed()
    },
    erase: ({ strokes }) => {
      ink.erase(strokes)
      return changed()
    },
    wipe: ({ slide }) => {
      ink.wipe(slide)
      // What was wiped must not come back, however soon we end.
      return changed('atOnce')
    },
    pointer: (_, { signal }) => pointer.stream(signal),
    point: ({ spot }) => {
      fading.abort()
      pointer.set(spot)
      if (spot === null) return {}
      fading = new AbortController()
      void clock.sleep(pointsMs, fading.signal).then(
        () => pointer.set(null),
        () => undefined, // pointed at something else meanwhile
      )
      return {}
    },
  }
  return { service, close: keeper.close }
}
