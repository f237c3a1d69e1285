// The talk's pen and laser: what every window is told, and the ink that the next start finds again.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { InkEvent, Spot } from '../../electron/contract/talk.ts'
import { type Clock, realClock } from '../../electron/platform/clock.ts'
import { openInk, strokesOf } from '../../electron/services/talk-ink.ts'
import { createPen } from '../../electron/services/talk-pen.ts'
import { until } from '../rpc/suite.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-pen-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = () => join(folder, 'ink', 'talk.json')
const open = async (deckName = '', clock: Clock = realClock) => {
  const keptInk = await openInk(join(folder, 'ink'), deckName, clock)
  const faults: unknown[] = []
  const pen = createPen({ keptInk, clock, report: fault => faults.push(fault) })
  return { ...pen, keptInk, problem: keptInk.problem, faults }
}
type Pen = Awaited<ReturnType<typeof open>>
const draw = ({ service }: Pen, id: string, points: number[]) =>
  service.draw({ id, slide: 'pod', isBeside: false, pen: 'pen', points }, { signal: new AbortController().signal })
const onDisk = () => (existsSync(file()) ? readFileSync(file(), 'utf8') : '')
const shown = ({ keptInk }: Pen) => Object.fromEntries(strokesOf(keptInk).map(({ id, points }) => [id, points]))
/** A rest that only its signal ends. */
const never: Clock['sleep'] = (_ms, signal) =>
  new Promise((_done, fail) => signal?.addEventListener('abort', () => fail(signal.reason)))

describe('the pen', () => {
  const input = {}

  it('shows a window that comes late all ink, then each piece', async () => {
    const { service: pen } = await open()
    const stop = new AbortController()
    await pen.draw({ id: 'a', slide: 'pod', isBeside: false, pen: 'pen', points: [1, 2] }, stop)
    const events: InkEvent[] = []
    const reading = (async () => {
      for await (const event of pen.ink(input, stop)) events.push(event)
    })()
    await until(() => events.length === 1, 'the snapshot came')
    await pen.draw({ id: 'a', slide: 'pod', isBeside: false, pen: 'pen', points: [3, 4] }, stop)
    await until(() => events.length === 2, 'the rest came')
    await pen.wipe({ slide: 'pod' }, stop)
    await until(() => events.length === 3, 'the wiping came')
    stop.abort()
    await reading
    expect(events).toEqual([
      { type: 'snapshot', strokes: [{ id: 'a', slide: 'pod', isBeside: false, pen: 'pen', points: [1, 2], from: 0 }] },
      { type: 'changes', gone: [], strokes: [{ id: 'a', slide: 'pod', isBeside: false, pen: 'pen', points: [3, 4], from: 2 }] },
      { type: 'changes', gone: ['a'], strokes: [] },
    ])
  })

  it('forgets a laser that says no more', async () => {
    const sleeps: { ms: number; wake(): void; signal: AbortSignal }[] = []
    const { service: pen } = await open('', {
      now: () => 0,
      sleep: (ms, signal) =>
        new Promise((wake, fail) => {
          sleeps.push({ ms, wake, signal: signal as AbortSignal })
          signal?.addEventListener('abort', () => fail(signal.reason))
        }),
    })
    const stop = new AbortController()
    const seen: Spot[] = []
    const reading = (async () => {
      for await (const spot of pen.pointer(input, stop)) seen.push(spot)
    })()
    await until(() => seen.length === 1, 'nothing is pointed at')
    await pen.point({ spot: { x: 1, y: 2 } }, stop)
    await until(() => seen.length === 2, 'the spot was told')
    await pen.point({ spot: { x: 3, y: 4 } }, stop)
    await until(() => seen.length === 3, 'it moved')
    expect(sleeps.map(({ ms, signal }) => [ms, signal.aborted])).toEqual([
      [3000, true],
      [3000, false],
    ])
    sleeps[1]?.wake()
    await until(() => seen.length === 4, 'it went out')
    stop.abort()
    await reading
    expect(seen).toEqual([null, { x: 1, y: 2 }, { x: 3, y: 4 }, null])
  })

  it('keeps ink for the next start, as it was drawn, and each deck’s apart', async () => {
    const first = await open()
    await draw(first, 'a', [1, 2.5, 3, 4])
    await draw(first, 'a', [5, 6])
    await draw(first, 'b', [7, 8])
    const own = await open('/home/me/deck')
    await draw(own, 'c', [9, 9])
    await first.close()
    await own.close()
    expect(shown(await open())).toEqual({ a: [1, 2.5, 3, 4, 5, 6], b: [7, 8] })
    expect(shown(await open('/home/me/deck'))).toEqual({ c: [9, 9] })
    expect(shown(await open('/home/me/other'))).toEqual({})
  })

  it('wipes for good: at once on disk, though the disk was to rest', async () => {
    const pen = await open('', { now: () => 0, sleep: never })
    await draw(pen, 'a', [1, 2])
    await until(() => onDisk().includes('"a"'), 'the line is on disk')
    await draw(pen, 'b', [3, 4])
    await pen.service.wipe({ slide: 'pod' }, { signal: new AbortController().signal })
    // It was not closed: as if it were killed here.
    await until(() => !onDisk().includes('"slide"'), 'no line is on disk')
    expect(shown(await open())).toEqual({})
  })

  it('lets the disk rest between two pieces', async () => {
    let rests = 0
    const pen = await open('', {
      now: () => 0,
      sleep: (_ms, signal) => {
        rests++
        return never(_ms, signal)
      },
    })
    for (let n = 0; n < 500; n++) await draw(pen, 'a', [n, n])
    await pen.close()
    expect(rests).toBeLessThan(3)
    expect(shown(await open()).a).toHaveLength(1000)
  })

  it.each([
    ['cut off', '{"deck": "", "strokes": [{"id": "a", "sli'],
    [
      'off the slide',
      `{"deck": "", "strokes": [{"id": "a", "slide": "pod", "isBeside": true, "pen": "pen", "points": "1 2 3 99999"}]}`,
    ],
    ['no numbers', `{"deck": "", "strokes": [{"id": "a", "slide": "pod", "isBeside": true, "pen": "pen", "points": "one two"}]}`],
  ])('sets a broken file aside, tells, and draws on: %s', async (_what, text) => {
    mkdirSync(join(folder, 'ink'), { recursive: true })
    writeFileSync(file(), text)
    const pen = await open()
    expect(pen.problem).toMatchObject({ code: 'ink.broken', details: { path: file() } })
    const kept = readdirSync(join(folder, 'ink')).filter(name => name.includes('.broken-'))
    expect(kept.map(name => readFileSync(join(folder, 'ink', name), 'utf8'))).toEqual([text])
    expect(shown(pen)).toEqual({})
    await draw(pen, 'b', [3, 4])
    await pen.close()
    const next = await open()
    expect([next.problem, shown(next)]).toEqual([undefined, { b: [3, 4] }])
  })

  it('keeps the newest twenty decks and what was set aside', async () => {
    mkdirSync(join(folder, 'ink'), { recursive: true })
    writeFileSync(`${file()}.broken-1`, 'kept')
    for (let n = 0; n < 25; n++) {
      const path = join(folder, 'ink', `deck${n}.json`)
      writeFileSync(path, '{}')
      utimesSync(path, n + 1, n + 1)
    }
    const pen = await open()
    await draw(pen, 'a', [1, 2])
    await pen.close()
    const names = readdirSync(join(folder, 'ink'))
    expect(names.filter(name => name.endsWith('.json'))).toHaveLength(20)
    expect(names).toEqual(expect.arrayContaining(['talk.json', 'talk.json.broken-1', 'deck24.json', 'deck6.json']))
    expect(names).not.toContain('deck5.json')
  })

  it('goes on where the disk takes nothing, and says why', async () => {
    writeFileSync(join(folder, 'ink'), 'a file where the folder should be')
    const pen = await open()
    await draw(pen, 'a', [1, 2])
    await pen.close()
    expect(shown(pen)).toEqual({ a: [1, 2] })
    expect(pen.faults).toMatchObject([{ code: 'storage.unwritable' }])
  })
})
