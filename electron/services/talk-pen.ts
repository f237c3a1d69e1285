// What is drawn and pointed at, told to every window as it happens.

import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import type { Spot } from '../contract/talk.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import { createInk } from '../talk/index.ts'

/** A laser whose window has gone away points no longer than this. */
const pointsMs = 3_000

type PenService = Pick<Services<AppContract>['talk'], 'ink' | 'draw' | 'erase' | 'wipe' | 'pointer' | 'point'>

export const createPen = (clock: Clock): PenService => {
  const ink = createInk()
  const drawn = createChanging(0)
  const pointer = createChanging<Spot>(null)
  let fading = new AbortController()

  const changed = () => {
    drawn.set(drawn.get() + 1)
    return {}
  }

  return {
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
      return changed()
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
}
