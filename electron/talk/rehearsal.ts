// A rehearsal: how long each slide was on the screen, by the talk's own timer. Pure.

import { elapsedMs, type Position, type Rehearsal, type RehearsalRun } from '../contract/talk.ts'

/** A rehearsal that begins now, on the slide at hand. */
export const beginRehearsal = ({ slide, timer }: Position, now: number): Rehearsal => ({
  at: now,
  took: {},
  slide,
  since: elapsedMs(timer, now),
})

/** The rehearsal with the time of its slide so far. A timer that was set back meanwhile counts nothing: no slide takes less than none. */
const counted = ({ at, took, slide, since }: Rehearsal, timer: Position['timer'], now: number): RehearsalRun => ({
  at,
  took: { ...took, [slide]: (took[slide] ?? 0) + Math.max(0, elapsedMs(timer, now) - since) },
})

/** The rehearsal after the talk moved; the same one where it did not turn. */
export const followRehearsal = (rehearsal: Rehearsal, { slide, timer }: Position, now: number): Rehearsal =>
  slide === rehearsal.slide ? rehearsal : { ...counted(rehearsal, timer, now), slide, since: elapsedMs(timer, now) }

/** What is kept of it when it ends. */
export const endRehearsal = (rehearsal: Rehearsal, { timer }: Position, now: number): RehearsalRun =>
  counted(rehearsal, timer, now)
