import { expect, test } from 'vitest'
import { createMeter, WINDOW_MS } from '../../../electron/practice/kubelet/load.ts'

const at = (windows: number, ms = 0) => windows * WINDOW_MS + ms

test('work is counted in the window in which it is done, and remembered for two more', () => {
  let now = at(10, 4000)
  const meter = createMeter({ now: () => now })
  meter.work(300)
  now = at(10, 14_999)
  meter.work(200)
  now = at(11)
  expect(meter.worked(at(11))).toBe(500)
  meter.work(7)
  expect([meter.worked(at(11)), meter.worked(at(12))]).toEqual([500, 7])
  now = at(12)
  meter.work(1)
  expect([meter.worked(at(11)), meter.worked(at(12)), meter.worked(at(13))]).toEqual([500, 7, 1])
  now = at(13)
  meter.work(2)
  expect([meter.worked(at(11)), meter.worked(at(12)), meter.worked(at(13)), meter.worked(at(14))]).toEqual([0, 7, 1, 2])
})

test('a window in which nothing was done counts nothing', () => {
  let now = at(10)
  const meter = createMeter({ now: () => now })
  meter.work(300)
  now = at(15)
  expect([meter.worked(at(11)), meter.worked(at(14)), meter.worked(at(15))]).toEqual([300, 0, 0])
})

test('work of a while is counted in the windows in which it was done', () => {
  let now = at(10, 6000)
  const meter = createMeter({ now: () => now })
  meter.work(100, at(9, 14_000))
  expect([meter.worked(at(10)), meter.worked(at(11))].map(Math.round)).toEqual([14, 86])
  // A whole window passed without a word: its share is there all the same, and what is older is gone.
  now = at(12, 5000)
  meter.work(250, at(10, 10_000))
  expect([meter.worked(at(12)), meter.worked(at(13))].map(Math.round)).toEqual([150, 50])
})

test('who computes without a pause has a whole core, also while nobody has heard of it for long', () => {
  let now = at(10, 5000)
  const meter = createMeter({ now: () => now })
  const stop = meter.computes(now)
  now = at(12, 1000)
  expect([meter.worked(at(11)), meter.worked(at(12)), meter.worked(at(13))]).toEqual([10_000, WINDOW_MS, 1000])
  stop()
  expect([meter.worked(at(12)), meter.worked(at(13))].map(Math.round)).toEqual([WINDOW_MS, 1000])
  stop()
  now = at(12, 9000)
  expect(meter.worked(at(13))).toBeCloseTo(1000, 6)
})

test('memory is what the image, the processes and the program hold, asked only when somebody looks', () => {
  let asked = 0
  const meter = createMeter({ now: () => 0, idle: { milliCpu: 1, memoryBytes: 1000 }, processes: () => 0 })
  const release = meter.holds(() => {
    asked++
    return 500
  })
  expect(asked).toBe(0)
  expect(meter.memory()).toBe(1500)
  release()
  expect(meter.memory()).toBe(1000)
  expect(asked).toBe(1)
})
