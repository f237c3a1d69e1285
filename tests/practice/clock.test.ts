import { describe, expect, test } from 'vitest'
import { type Clock, realClock } from '../../electron/platform/clock.ts'
import { createClock } from '../../electron/practice/clock.ts'

/** A base whose time the test moves by hand; `timers` are the sleeps it holds. */
const handMade = () => {
  let now = 1_000_000
  const timers: { at: number; ring(): void }[] = []
  const base: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = { at: now + ms, ring: resolve }
        timers.push(timer)
        signal?.addEventListener('abort', () => {
          timers.splice(timers.indexOf(timer), 1)
          reject(signal.reason)
        })
      }),
  }
  const turn = () => new Promise(resolve => setImmediate(resolve))
  const pass = async (ms: number) => {
    const end = now + ms
    for (;;) {
      await turn()
      timers.sort((a, b) => a.at - b.at)
      const [next] = timers
      if (!next || next.at > end) break
      timers.shift()
      now = next.at
      next.ring()
    }
    now = end
    await turn()
  }
  return { base, pass, timers }
}

const sleepers = (clock: Clock, ...times: number[]) => {
  const awake: number[] = []
  for (const ms of times) void clock.sleep(ms).then(() => awake.push(ms))
  return awake
}

describe('the clock', () => {
  test('runs as the base does, and wakes sleepers in their order', async () => {
    const { base, pass, timers } = handMade()
    const clock = createClock({ base })
    const awake = sleepers(clock, 30, 10, 20, 10)
    expect(timers.length).toBe(1)
    await pass(15)
    expect(awake).toEqual([10, 10])
    expect(clock.now()).toBe(1_000_015)
    await pass(15)
    expect(awake).toEqual([10, 10, 20, 30])
    expect(timers.length).toBe(0)
  })

  test('runs faster and slower, from the moment on at which it is told', async () => {
    const { base, pass } = handMade()
    const clock = createClock({ base, speed: 10 })
    const awake = sleepers(clock, 1000)
    await pass(50)
    expect([clock.now(), awake]).toEqual([1_000_500, []])
    clock.setSpeed(0.25)
    await pass(400)
    expect(clock.now()).toBe(1_000_600)
    clock.setSpeed(1000)
    await pass(1)
    expect([clock.now(), awake]).toEqual([1_001_600, [1000]])
    for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 10_001])
      expect(() => clock.setSpeed(wrong)).toThrow(RangeError)
  })

  test('stands still: nobody wakes but who only gives way', async () => {
    const { base, pass } = handMade()
    const clock = createClock({ base })
    const awake = sleepers(clock, 10)
    await pass(4)
    clock.pause()
    awake.push(...sleepers(clock, 0))
    let gaveWay = false
    void clock.sleep(0).then(() => {
      gaveWay = true
    })
    await pass(100_000)
    expect([clock.now(), awake, gaveWay]).toEqual([1_000_004, [], true])
    clock.resume()
    await pass(5)
    expect(awake).toEqual([])
    await pass(1)
    expect(awake).toEqual([10])
  })

  test('steps from one awakening to the next', async () => {
    const { base, pass } = handMade()
    const clock = createClock({ base })
    const awake = sleepers(clock, 86_400_000, 5, 5, 7)
    expect(clock.step()).toBe(true)
    await pass(0)
    expect([clock.now(), awake, clock.state().isPaused]).toEqual([1_000_005, [5, 5], true])
    expect(clock.step()).toBe(true)
    expect(clock.step()).toBe(true)
    expect(clock.step()).toBe(false)
    await pass(0)
    expect([clock.now(), awake]).toEqual([87_400_000, [5, 5, 7, 86_400_000]])
  })

  test('lets a sleep be cut short, and forgets it', async () => {
    const { base, pass, timers } = handMade()
    const clock = createClock({ base })
    const cut = new AbortController()
    const early = clock.sleep(5, cut.signal)
    const awake = sleepers(clock, 9)
    cut.abort(new Error('enough'))
    await expect(early).rejects.toThrow('enough')
    await expect(clock.sleep(5, cut.signal)).rejects.toThrow('enough')
    await pass(9)
    expect([awake, clock.step()]).toEqual([[9], false])
    clock.resume()
    const last = new AbortController()
    const never = clock.sleep(1000, last.signal)
    expect(timers.length).toBe(1)
    last.abort(new Error('the end'))
    await expect(never).rejects.toThrow('the end')
    expect(timers.length).toBe(0)
  })

  test('tells each change of its state, and nothing else', async () => {
    const { base, pass } = handMade()
    const clock = createClock({ base })
    const told: string[] = []
    const stop = clock.onState(({ now, isPaused, speed }) => void told.push(`${now - 1_000_000} ${isPaused} ${speed}`))
    clock.resume()
    clock.setSpeed(1)
    await pass(10)
    clock.pause()
    clock.pause()
    clock.setSpeed(4)
    clock.resume()
    await pass(10)
    clock.step()
    stop()
    clock.resume()
    expect(told).toEqual(['10 true 1', '10 true 4', '10 false 4', '50 true 4'])
  })

  test('keeps thousands of sleepers in order, cut at random', async () => {
    const { base, pass } = handMade()
    const clock = createClock({ base })
    const woken: number[] = []
    let expected = 0
    let seed = 1
    const next = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed
    }
    for (let count = 0; count < 5000; count++) {
      const ms = (next() % 1000) + 1
      const cut = new AbortController()
      clock.sleep(ms, cut.signal).then(
        () => woken.push(ms),
        () => undefined,
      )
      if (next() % 3 === 0) cut.abort()
      else expected++
    }
    await pass(1001)
    expect(woken.length).toBe(expected)
    expect(woken).toEqual([...woken].sort((a, b) => a - b))
  })

  test('sleeps longer than the timers of Node can', async () => {
    const clock = createClock({ base: realClock, speed: 0.01 })
    const awake = sleepers(clock, 86_400_000)
    await realClock.sleep(30)
    expect(awake).toEqual([])
    clock.step()
    await realClock.sleep(0)
    expect(awake).toEqual([86_400_000])
  })
})
