// A rehearsal's times: by the talk's own timer, so that a pause counts for no slide.

import { describe, expect, it } from 'vitest'
import type { Position } from '../../electron/contract/talk.ts'
import { beginRehearsal, endRehearsal, followRehearsal } from '../../electron/talk/rehearsal.ts'
import { suggested, tableOf } from '../../renderer/screens/talk/presenter/rehearsed.ts'

const at = (slide: string, startedAt: number | null, before = 0): Position => ({
  slide,
  blank: null,
  zoom: null,
  filter: 'none',
  shape: 16 / 9,
  timer: { startedAt, before },
  beside: null,
  isArmed: null,
  play: null,
  terminal: null,
  isResumed: false,
})

describe('a rehearsal', () => {
  it('counts each slide, also one that is come back to', () => {
    let now = beginRehearsal(at('cover', 1000), 1000)
    now = followRehearsal(now, at('pod', 1000), 11_000)
    now = followRehearsal(now, at('cover', 1000), 41_000)
    expect(endRehearsal(now, at('cover', 1000), 46_000)).toEqual({ at: 1000, took: { cover: 15_000, pod: 30_000 } })
  })

  it('changes nothing while the talk moves on its slide', () => {
    const now = beginRehearsal(at('cover', 1000), 1000)
    expect(followRehearsal(now, { ...at('cover', 1000), blank: 'black' }, 5000)).toBe(now)
  })

  it('does not count a pause', () => {
    let now = beginRehearsal(at('cover', 0), 0)
    // Held at 10 s, for a minute, then on for 5 s.
    now = followRehearsal(now, at('cover', null, 10_000), 10_000)
    now = followRehearsal(now, at('pod', 70_000, 10_000), 75_000)
    expect(now.took).toEqual({ cover: 15_000 })
  })

  it('never counts less than nothing when the timer is set back', () => {
    const now = followRehearsal(beginRehearsal(at('cover', 0), 60_000), at('pod', null, 0), 70_000)
    expect(now.took).toEqual({ cover: 0 })
  })
})

const slide = (id: string) => ({ id, title: id, layout: 'prose' as const, body: '', notes: '' })
const deck = { title: 'T', slides: ['a', 'b', 'c', 'd', 'e'].map(slide) }

describe('the table', () => {
  const plan = { minutes: 10, shares: { a: 1, b: 1, c: 1, d: 1, e: 1 } }
  const table = tableOf(deck, plan, { at: 0, took: { a: 10_000, b: 300_000, c: 60_000, d: 90_000 } })

  it('puts plan and rehearsal side by side, and sums both', () => {
    expect(table.rows.map(({ page, planned, actual }) => [page, planned, actual])).toEqual([
      [1, 120_000, 10_000],
      [2, 120_000, 300_000],
      [3, 120_000, 60_000],
      [4, 120_000, 90_000],
      [5, 120_000, undefined],
    ])
    expect([table.planned, table.actual]).toEqual([600_000, 460_000])
  })

  it('names the three that took longest', () => {
    expect([...table.slowest]).toEqual(['b', 'd', 'c'])
  })
})

it('suggests the average of the last three rehearsals that came to a slide', () => {
  const run = (took: Record<string, number>) => ({ at: 0, took })
  expect(suggested([run({ a: 10, b: 40 }), run({ a: 20 }), run({ a: 30 }), run({ a: 9999, c: 5 })])).toEqual({ a: 20, b: 40 })
  expect(suggested([])).toEqual({})
})
