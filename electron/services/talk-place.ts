// Where the talk stands, and how long it should take: shared by every window, and kept so that the next start finds the place again.

import * as z from 'zod/mini'
import { filters, type Plan, type Position, plan, position as positionSchema } from '../contract/talk.ts'
import { type Changing, createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import type { JsonFile } from '../platform/json-file.ts'

const place = z.object({
  slide: positionSchema.shape.slide,
  timer: positionSchema.shape.timer,
  plan,
  /** Milliseconds since the epoch. */
  at: z.number(),
})

/** By deck: our own, and those of the user by their folder. */
export const keptPlaces = z.object({ filter: z.enum(filters), decks: z.record(z.string(), place) })
export type KeptPlaces = z.infer<typeof keptPlaces>

export const noPlaces: KeptPlaces = { filter: 'none', decks: {} }

/** Enough for whoever writes decks. */
const decksKept = 20

/** A timer that ran when we ended goes on, for the talk did too; one from yesterday does not. */
const talkMs = 12 * 3_600_000

export interface PlaceDeps {
  /** Of the deck that is open: a folder, or nothing for our own. */
  deckName: string
  kept: JsonFile<KeptPlaces>
  clock: Clock
  report(error: unknown): void
}

export interface Place {
  position: Changing<Position>
  plan: Changing<Plan>
  /** Another slide begins as it says itself: nothing stays beside it, nothing stays armed, its diagram stands still, and all of it is seen. */
  go(change: Partial<Position>): void
  aim(change: Partial<Plan>): void
  /** Settles when the newest place is on disk. */
  close(): Promise<void>
}

export const createPlace = ({ deckName, kept, clock, report }: PlaceDeps): Place => {
  const was = kept.value.decks[deckName]
  const isRecent = was !== undefined && clock.now() - was.at < talkMs
  const position = createChanging<Position>({
    slide: was?.slide ?? 'cover',
    blank: null,
    zoom: null,
    filter: kept.value.filter,
    shape: 16 / 9,
    timer: isRecent ? was.timer : { startedAt: null, before: 0 },
    beside: null,
    isArmed: null,
    play: null,
    terminal: null,
    isResumed: was !== undefined && was.slide !== 'cover',
  })
  const plan = createChanging<Plan>(was?.plan ?? { minutes: null, shares: null })

  let isStale = false
  let writing: Promise<void> | undefined
  const write = async (): Promise<void> => {
    while (isStale) {
      isStale = false
      const { slide, timer, filter } = position.get()
      const others = Object.entries(kept.value.decks).filter(([name]) => name !== deckName)
      const newest = others.toSorted(([, a], [, b]) => b.at - a.at).slice(0, decksKept - 1)
      const here = { slide, timer, plan: plan.get(), at: clock.now() }
      await kept.set({ filter, decks: { ...Object.fromEntries(newest), [deckName]: here } }).catch(report)
    }
    writing = undefined
  }
  /** Keys held down turn faster than a disk writes: only the newest place is worth it. */
  const keep = (): void => {
    isStale = true
    writing ??= write()
  }

  return {
    position,
    plan,
    go: change => {
      const now = position.get()
      const isTurn = change.slide !== undefined
      const fresh = isTurn && change.slide !== now.slide ? { zoom: null, beside: null, isArmed: null, play: null } : {}
      // What was enlarged lies elsewhere once something stands beside the slide, or no longer does.
      const whole = change.beside !== undefined && change.beside !== now.beside ? { zoom: null } : {}
      position.set({ ...now, ...whole, ...fresh, isResumed: now.isResumed && !isTurn, ...change })
      if (isTurn || change.timer || change.filter) keep()
    },
    aim: change => {
      plan.set({ ...plan.get(), ...change })
      keep()
    },
    close: async () => writing,
  }
}
