// The plan: how the target's time is shared out over the slides, and where the talk is against it. Pure.

import type { Plan, Slide } from '../../../../electron/contract/talk.ts'

/** Speaking rates of a calm talk: about 240 Chinese characters, or 140 words, a minute. */
const hanMs = 250
const wordMs = 430
/** Looking at a slide before the first word. */
const lookMs = 8_000
/** A command is typed, waited for and looked at. */
const commandMs = 45_000

/** How long a slide probably takes, from what its notes have to say. */
export const guess = ({ notes, command }: Pick<Slide, 'notes' | 'command'>): number => {
  const han = notes.match(/\p{Script=Han}/gu)?.length ?? 0
  const words = notes.match(/[\p{Script=Latin}\d][\p{Script=Latin}\d'’.-]*/gu)?.length ?? 0
  return lookMs + han * hanMs + words * wordMs + (command ? commandMs : 0)
}

export interface Planned {
  slide: string
  /** Milliseconds from the talk's beginning. */
  from: number
  to: number
}

/** Each slide's time in the plan: as rehearsed or guessed, stretched to the target where there is one. */
export const planned = (slides: readonly Slide[], { minutes, shares }: Plan): Planned[] => {
  // A slide that is newer than the rehearsal has no share yet.
  const wanted = slides.map(slide => shares?.[slide.id] ?? guess(slide))
  const sum = wanted.reduce((all, one) => all + one, 0)
  const times = minutes === null || sum === 0 ? 1 : (minutes * 60_000) / sum
  let at = 0
  return slides.map((slide, index) => {
    const from = at
    at += (wanted[index] ?? 0) * times
    return { slide: slide.id, from, to: at }
  })
}

export interface Pace {
  state: 'onTime' | 'early' | 'late' | 'over'
  /** By how much. */
  ms: number
}

/** Nobody needs to hurry for less. */
const graceMs = 15_000

/** On time while the clock stands within the slide's own time; over when the whole talk's time is spent. */
export const paceOf = (plan: readonly Planned[], index: number, elapsed: number): Pace => {
  const { from, to } = plan[index] ?? { from: 0, to: 0 }
  const end = plan.at(-1)?.to ?? 0
  if (elapsed > end) return { state: 'over', ms: elapsed - end }
  if (elapsed > to + graceMs) return { state: 'late', ms: elapsed - to }
  if (elapsed < from - graceMs) return { state: 'early', ms: from - elapsed }
  return { state: 'onTime', ms: 0 }
}
