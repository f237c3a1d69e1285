// Rehearsals: followed while they last, and kept on this machine only.

import * as z from 'zod/mini'
import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import { elapsedMs, type Rehearsals, rehearsalRun } from '../contract/talk.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import type { JsonFile } from '../platform/json-file.ts'
import { beginRehearsal, endRehearsal, followRehearsal } from '../talk/index.ts'
import type { Place } from './talk-place.ts'

/** By deck, newest first. */
export const keptRuns = z.object({ decks: z.record(z.string(), z.array(rehearsalRun)) })
export type KeptRuns = z.infer<typeof keptRuns>

export const noRuns: KeptRuns = { decks: {} }

/** Older ones say nothing about the talk of today. */
const runsKept = 10

export interface RehearsalDeps {
  deckName: string
  keptRuns: JsonFile<KeptRuns>
  place: Place
  clock: Clock
  report(error: unknown): void
}

type RehearsalService = Pick<Services<AppContract>['talk'], 'rehearsals' | 'rehearse' | 'forgetRehearsals'>

export const createTalkRehearsal = ({ deckName, keptRuns: kept, place, clock, report }: RehearsalDeps): RehearsalService => {
  const state = createChanging<Rehearsals>({ now: null, runs: kept.value.decks[deckName] ?? [] })
  const set = (change: Partial<Rehearsals>): void => state.set({ ...state.get(), ...change })

  const keep = (runs: Rehearsals['runs']): void => {
    kept.set({ decks: { ...kept.value.decks, [deckName]: runs.slice(0, runsKept) } }).catch(report)
  }
  /** The run under way is kept with each turn: who is cut off loses its last slide, no more. */
  const withNow = (): Rehearsals['runs'] => {
    const { now, runs } = state.get()
    return now ? [endRehearsal(now, place.position.get(), clock.now()), ...runs] : [...runs]
  }

  const follow = (): void => {
    const { now } = state.get()
    if (!now) return
    const next = followRehearsal(now, place.position.get(), clock.now())
    if (next === now) return
    set({ now: next })
    keep(withNow())
  }
  place.position.listen(follow)

  return {
    rehearsals: (_, { signal }) => state.stream(signal),
    rehearse: ({ action }) => {
      if (action === 'start') {
        set({ now: null })
        place.go({ timer: { startedAt: clock.now(), before: 0 } })
        set({ now: beginRehearsal(place.position.get(), clock.now()) })
      } else if (state.get().now) {
        const runs = withNow().slice(0, runsKept)
        const { timer } = place.position.get()
        set({ now: null, runs })
        keep(runs)
        // The clock stands at what the rehearsal took.
        place.go({ timer: { startedAt: null, before: elapsedMs(timer, clock.now()) } })
      }
      return {}
    },
    forgetRehearsals: () => {
      set({ runs: [] })
      keep([])
      return {}
    },
  }
}
