// Ink: told as it grows, to quick readers and slow ones, and never more than its bound.

import { describe, expect, it } from 'vitest'
import type { InkEvent, Stroke } from '../../electron/contract/talk.ts'
import { createInk } from '../../electron/talk/ink.ts'
import { applyInk, type Lines } from '../../renderer/screens/talk/stage/ink.ts'

const line = (id: string, points: number[], slide = 'pod'): Stroke => ({ id, slide, isBeside: false, pen: 'pen', points })
/** A window that reads now and then: what it knows in the end. */
const reader = (read: () => InkEvent | undefined) => {
  let lines: Lines = new Map()
  return () => {
    const event = read()
    if (event) lines = applyInk(lines, event)
    return Object.fromEntries([...lines].map(([id, { points }]) => [id, points]))
  }
}

describe('ink', () => {
  it('begins with everything, also with nothing', () => {
    const ink = createInk()
    expect(ink.read()()).toEqual({ type: 'snapshot', strokes: [] })
    ink.draw(line('a', [1, 2, 3, 4]))
    expect(ink.read()()).toEqual({ type: 'snapshot', strokes: [{ ...line('a', [1, 2, 3, 4]), from: 0 }] })
  })

  it('tells a line as it grows, and only what is new of it', () => {
    const ink = createInk()
    const news = ink.read()
    news()
    ink.draw(line('a', [1, 2]))
    ink.draw(line('a', [3, 4]))
    expect(news()).toEqual({ type: 'changes', gone: [], strokes: [{ ...line('a', [1, 2, 3, 4]), from: 0 }] })
    ink.draw(line('a', [5, 6]))
    expect(news()).toEqual({ type: 'changes', gone: [], strokes: [{ ...line('a', [5, 6]), from: 4 }] })
    expect(news()).toBeUndefined()
  })

  it('leaves a line on its slide and with its pen', () => {
    const ink = createInk()
    ink.draw(line('a', [1, 2]))
    ink.draw({ ...line('a', [3, 4], 'service'), pen: 'marker' })
    expect(ink.read()()?.strokes).toEqual([{ ...line('a', [1, 2, 3, 4]), from: 0 }])
  })

  it('brings quick and slow readers to the same picture', () => {
    const ink = createInk()
    const [quick, slow] = [reader(ink.read()), reader(ink.read())]
    slow()
    const steps = [
      () => ink.draw(line('a', [1, 1])),
      () => ink.draw(line('b', [2, 2], 'service')),
      () => ink.draw(line('a', [3, 3])),
      () => ink.erase(['a', 'unknown']),
      // The same id again before the slow one has looked: another line.
      () => ink.draw(line('a', [9, 9])),
      () => ink.wipe('service'),
      () => ink.draw(line('c', [4, 4, 5, 5])),
    ]
    for (const step of steps) {
      step()
      quick()
    }
    expect(quick()).toEqual({ a: [9, 9], c: [4, 4, 5, 5] })
    expect(slow()).toEqual({ a: [9, 9], c: [4, 4, 5, 5] })
  })

  it('takes a reader who saw an erased line to one drawn with its id', () => {
    const ink = createInk()
    ink.draw(line('a', [1, 1, 2, 2, 3, 3]))
    const window = reader(ink.read())
    window()
    ink.erase(['a'])
    ink.draw(line('a', [7, 7]))
    expect(window()).toEqual({ a: [7, 7] })
  })

  it('is bounded: the oldest lines go, and a line that never ends stops growing', () => {
    const ink = createInk([], { strokes: 3, numbersInStroke: 6, numbers: 12 })
    const window = reader(ink.read())
    for (const id of ['a', 'b', 'c', 'd']) ink.draw(line(id, [1, 1]))
    expect(Object.keys(window())).toEqual(['b', 'c', 'd'])
    ink.draw(line('d', [2, 2, 3, 3, 4, 4, 5, 5]))
    expect(window().d).toEqual([1, 1, 2, 2, 3, 3])
    ink.draw(line('c', [2, 2, 3, 3]))
    // 6 + 6 numbers are all there may be: the oldest one makes room, never the one being drawn.
    expect(window()).toEqual({ c: [1, 1, 2, 2, 3, 3], d: [1, 1, 2, 2, 3, 3] })
    ink.draw(line('e', [1, 1]))
    expect(Object.keys(window())).toEqual(['d', 'e'])
  })

  it('never keeps half a point', () => {
    const ink = createInk()
    ink.draw(line('a', [1, 2, 3]))
    expect(ink.read()()?.strokes[0]?.points).toEqual([1, 2])
  })
})
