// The stage's arithmetic: the lens, the rubber, the keys, the plan.

import { describe, expect, it, test } from 'vitest'
import { elapsedMs, type Slide, type Stroke } from '../../electron/contract/talk.ts'
import { actOf, bindings, chapters } from '../../renderer/screens/talk/keys.ts'
import { clockText } from '../../renderer/screens/talk/presenter/clock.ts'
import { guess, paceOf, planned } from '../../renderer/screens/talk/presenter/pace.ts'
import { applyInk, linesAt, linesOn, pathOf } from '../../renderer/screens/talk/stage/ink.ts'
import { lensStyle, panned, regionAround, regionOfDrag, scaled } from '../../renderer/screens/talk/stage/lens.ts'

const wide = 16 / 9

describe('the lens', () => {
  it('stays on the slide, whatever is asked for', () => {
    expect(regionAround(0, 0, 960, wide)).toEqual({ x: 0, y: 0, width: 960 })
    expect(regionAround(1920, 1080, 960, wide)).toEqual({ x: 960, y: 540, width: 960 })
    expect(regionAround(960, 540, 960, wide)).toEqual({ x: 480, y: 270, width: 960 })
  })

  it('comes no nearer than a quarter, and as wide as the slide it is none', () => {
    expect(regionAround(960, 540, 10, wide)?.width).toBe(480)
    expect(regionAround(960, 540, 1920, wide)).toBeNull()
    expect(scaled({ x: 0, y: 0, width: 1600 }, 0.5, wide)).toBeNull()
  })

  it('takes the smallest region of the slide’s shape around what was dragged over', () => {
    expect(regionOfDrag([100, 100], [900, 200], wide)).toEqual({ x: 100, y: 0, width: 800 })
    expect(regionOfDrag([800, 300], [900, 750], wide)).toEqual({ x: 450, y: 300, width: 800 })
    // A click is half of the slide around it.
    expect(regionOfDrag([960, 540], [962, 541], wide)?.width).toBe(960)
  })

  it('keeps its middle when it comes nearer, and moves by quarters', () => {
    expect(scaled(null, 2, wide)).toEqual({ x: 480, y: 270, width: 960 })
    expect(panned({ x: 480, y: 270, width: 960 }, 1, -1, wide)).toEqual({ x: 720, y: 30, width: 960 })
    expect(panned(null, 1, 0, wide)).toBeNull()
  })

  it('is laid around the middle of its region', () => {
    expect(lensStyle(null, wide)).toEqual({ '--times': 1, '--x': 0.5, '--y': 0.5 })
    expect(lensStyle({ x: 0, y: 0, width: 480 }, 4 / 3)).toEqual({ '--times': 4, '--x': 0.125, '--y': 0.125 })
  })
})

const line = (id: string, points: number[], slide = 'pod'): Stroke => ({ id, slide, isBeside: false, pen: 'pen', points })

describe('ink in a window', () => {
  const lines = new Map(
    [line('a', [0, 0, 100, 0]), line('dot', [500, 500]), line('other', [0, 0, 100, 0], 'service')].map(each => [each.id, each]),
  )

  test.each([
    [50, 20, ['a']],
    [50, 26, []],
    [120, 0, ['a']],
    [510, 490, ['dot']],
    [540, 500, []],
  ])('the rubber at %d, %d touches %j', (x, y, touched) => {
    expect(linesAt(lines, { slide: 'pod', isBeside: false }, x, y, 24)).toEqual(touched)
  })

  it('is seen only as it was drawn: on its slide, with or without something beside it', () => {
    const beside = { ...line('b', [0, 0, 100, 0]), isBeside: true }
    const all = new Map([...lines, ['b', beside]])
    expect(linesOn(all, { slide: 'pod', isBeside: false }).map(({ id }) => id)).toEqual(['a', 'dot'])
    expect(linesOn(all, { slide: 'pod', isBeside: true })).toEqual([beside])
    expect(linesAt(all, { slide: 'pod', isBeside: true }, 50, 0, 24)).toEqual(['b'])
  })

  it('is ahead of what is told of its own line, and does not step back', () => {
    const own = new Map([['a', line('a', [1, 1, 2, 2, 3, 3])]])
    const told = applyInk(own, { type: 'changes', gone: [], strokes: [{ ...line('a', [1, 1, 2, 2]), from: 0 }] })
    expect(told.get('a')?.points).toEqual([1, 1, 2, 2, 3, 3])
    const more = applyInk(told, { type: 'changes', gone: [], strokes: [{ ...line('a', [4, 4]), from: 6 }] })
    expect(more.get('a')?.points).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
  })

  it('begins anew with a snapshot, as after a lost link', () => {
    expect([...applyInk(lines, { type: 'snapshot', strokes: [{ ...line('n', [1, 1]), from: 0 }] }).keys()]).toEqual(['n'])
  })

  it('draws a dot as a line of no length', () => {
    expect(pathOf([5, 6])).toBe('M5 6l0 0')
    expect(pathOf([5, 6, 7, 8])).toBe('M5 6L7 8')
  })
})

describe('the keys', () => {
  const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }

  it('mean one thing each', () => {
    const keys = Object.values(bindings).flatMap(({ keys }) => [...keys])
    expect(new Set(keys).size).toBe(keys.length)
    // Digits are for going to a slide.
    expect(keys.filter(key => /^\d$/.test(key))).toEqual([])
  })

  test.each([
    [{ key: 'PageDown' }, 'next'],
    [{ key: 'B', shiftKey: true }, 'black'],
    [{ key: '?', shiftKey: true }, 'help'],
    [{ key: 'ArrowLeft', shiftKey: true }, 'panLeft'],
    [{ key: 'ArrowLeft' }, 'previous'],
    [{ key: 'r', ctrlKey: true }, undefined],
    [{ key: 'q' }, undefined],
  ])('%j means %s', (press, act) => {
    expect(actOf({ ...plain, ...press })).toBe(act)
  })

  it('are explained where they are listened to, and only there', () => {
    const explained = chapters({ next: () => {}, pen: () => {} })
    expect(explained).toEqual([
      { group: 'turn', acts: ['next'] },
      { group: 'hand', acts: ['pen'] },
    ])
  })
})

const slide = (id: string, notes: string, command?: string): Slide => ({
  id,
  title: id,
  layout: 'prose',
  body: '',
  notes,
  ...(command && { command }),
})

describe('the plan', () => {
  it('guesses by what there is to say and to show', () => {
    const [none, chinese, english] = [
      guess(slide('a', '')),
      guess(slide('a', '字'.repeat(240))),
      guess(slide('a', 'word '.repeat(140))),
    ]
    // A minute of talk each, in either language, beside the looking.
    expect((chinese - none) / 60_000).toBeCloseTo(1, 1)
    expect((english - none) / 60_000).toBeCloseTo(1, 1)
    expect(guess(slide('a', '', 'kubectl get pod'))).toBeGreaterThan(none + 30_000)
  })

  const slides = [slide('a', '一二三'), slide('b', ''), slide('c', '')]

  it('shares the target out, and leaves no gap', () => {
    const plan = planned(slides, { minutes: 10, shares: { a: 1000, b: 3000, c: 4000 } })
    expect(plan).toEqual([
      { slide: 'a', from: 0, to: 75_000 },
      { slide: 'b', from: 75_000, to: 300_000 },
      { slide: 'c', from: 300_000, to: 600_000 },
    ])
  })

  it('guesses for a slide that was not rehearsed', () => {
    const plan = planned(slides, { minutes: null, shares: { a: 1000 } })
    expect(plan[1]?.to).toBe(1000 + guess(slides[1] as Slide))
  })

  const plan = planned(slides, { minutes: 10, shares: { a: 1000, b: 3000, c: 4000 } })
  test.each([
    [0, 0, { state: 'onTime', ms: 0 }],
    [1, 200_000, { state: 'onTime', ms: 0 }],
    [0, 85_000, { state: 'onTime', ms: 0 }],
    [0, 135_000, { state: 'late', ms: 60_000 }],
    [2, 120_000, { state: 'early', ms: 180_000 }],
    [2, 660_000, { state: 'over', ms: 60_000 }],
  ] as const)('on slide %d after %d ms it says %j', (index, elapsed, pace) => {
    expect(paceOf(plan, index, elapsed)).toEqual(pace)
  })
})

test('a timer counts on after a pause', () => {
  expect(elapsedMs({ startedAt: null, before: 5000 }, 99_000)).toBe(5000)
  expect(elapsedMs({ startedAt: 10_000, before: 5000 }, 70_000)).toBe(65_000)
  expect(clockText(65_000)).toBe('1:05')
  expect(clockText(3_690_000)).toBe('61:30')
})
