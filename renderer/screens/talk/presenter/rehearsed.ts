// What a rehearsal says: planned and actual beside each other, what took longest, and what to plan next time. Pure.

import type { Deck, Plan, RehearsalRun } from '../../../../electron/contract/talk.ts'
import { planned } from './pace.ts'

export interface Row {
  slide: string
  /** Counted from 1. */
  page: number
  title: string
  planned: number
  /** Undefined where the rehearsal did not come. */
  actual: number | undefined
}

export interface Table {
  rows: Row[]
  planned: number
  actual: number
  /** The three that took longest. */
  slowest: ReadonlySet<string>
}

export const tableOf = ({ slides }: Deck, plan: Plan, { took }: RehearsalRun): Table => {
  const rows = planned(slides, plan).map(({ slide, from, to }, index) => ({
    slide,
    page: index + 1,
    title: slides[index]?.title ?? '',
    planned: to - from,
    actual: took[slide],
  }))
  const visited = rows.filter(({ actual }) => actual !== undefined)
  const slowest = visited.toSorted((a, b) => (b.actual ?? 0) - (a.actual ?? 0)).slice(0, 3)
  const sum = (values: number[]) => values.reduce((all, one) => all + one, 0)
  return {
    rows,
    planned: sum(rows.map(row => row.planned)),
    actual: sum(visited.map(({ actual = 0 }) => actual)),
    slowest: new Set(slowest.map(({ slide }) => slide)),
  }
}

/** The newest few count: what was said years ago has changed. */
const runsCounted = 3

/** Each slide's share as the last rehearsals had it, on average of those that came to it. */
export const suggested = (runs: readonly RehearsalRun[]): Record<string, number> => {
  const newest = runs.slice(0, runsCounted)
  const slides = new Set(newest.flatMap(({ took }) => Object.keys(took)))
  return Object.fromEntries(
    [...slides].map(slide => {
      const times = newest.flatMap(({ took }) => took[slide] ?? [])
      return [slide, Math.round(times.reduce((all, one) => all + one, 0) / times.length)]
    }),
  )
}
