// The cluster's time: runs at any speed, stands still, and goes on by single steps, so that what is too fast can be taught.

import { type Clock, realClock } from '../platform/clock.ts'

export interface ClockState {
  /** Milliseconds since the epoch, on the cluster's clock. */
  now: number
  isPaused: boolean
  /** Cluster seconds in one real second, while it runs. */
  speed: number
}

/** A Clock that can be held. Sleeps of no time pass even then: they only let others have a turn. */
export interface PausableClock extends Clock {
  state(): ClockState
  pause(): void
  resume(): void
  /** @throws RangeError where the speed is not from 0.01 to 10,000 */
  setSpeed(speed: number): void
  /** Holds the clock and jumps to the moment at which the next sleeper wakes; false where nobody sleeps. */
  step(): boolean
  /** Goes to another moment, forwards or back; sleepers sleep as much longer as they had left. */
  jump(to: number): void
  /** Hears of each pause, resumption, change of speed, step and jump. */
  onState(listener: (state: ClockState) => void): () => void
}

interface Sleeper {
  at: number
  /** Those of one moment wake in the order in which they lay down. */
  order: number
  /** Where it is in the queue; -1 when it has left. */
  place: number
  wake(): void
}

const speeds = { least: 0.01, most: 10_000 }
/** Timers of Node count 31 bits of milliseconds; a longer sleep is slept in parts. */
const longestMs = 2 ** 31 - 1

/** Why a timer ends early: a reason at hand is far cheaper than the DOMException made without one. */
const disarmed = new Error('another timer takes its place')

const isSooner = (a: Sleeper, b: Sleeper): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Sleepers by the time at which they wake: a binary heap whose members know their place. */
const createQueue = () => {
  const heap: Sleeper[] = []
  const put = (sleeper: Sleeper, place: number) => {
    heap[place] = sleeper
    sleeper.place = place
  }
  const sift = (sleeper: Sleeper, from: number) => {
    let place = from
    for (let parent = (place - 1) >> 1; place > 0 && isSooner(sleeper, heap[parent]!); parent = (place - 1) >> 1) {
      put(heap[parent]!, place)
      place = parent
    }
    for (;;) {
      const left = 2 * place + 1
      const child = left + 1 < heap.length && isSooner(heap[left + 1]!, heap[left]!) ? left + 1 : left
      if (child >= heap.length || !isSooner(heap[child]!, sleeper)) break
      put(heap[child]!, place)
      place = child
    }
    put(sleeper, place)
  }
  return {
    first: (): Sleeper | undefined => heap[0],
    add(sleeper: Sleeper) {
      heap.push(sleeper)
      sift(sleeper, heap.length - 1)
    },
    /** Moves all by as much; their order stays. */
    shift(ms: number) {
      for (const sleeper of heap) sleeper.at += ms
    },
    remove(sleeper: Sleeper) {
      const { place } = sleeper
      if (place < 0) return
      sleeper.place = -1
      const last = heap.pop()!
      if (last !== sleeper) sift(last, place)
    },
  }
}

/** Starts at the base's time, or no earlier than `from`, and runs, `speed` times as fast as the base. */
export const createClock = ({
  base = realClock,
  speed = 1,
  from = 0,
}: {
  base?: Clock
  speed?: number
  from?: number
} = {}): PausableClock => {
  const queue = createQueue()
  const listeners = new Set<(state: ClockState) => void>()
  // The moment from which time is counted on: on the base's clock, and on ours.
  let origin = { base: base.now(), own: Math.max(base.now(), from) }
  let isPaused = false
  let pace = checked(speed)
  let order = 0
  let armed: { at: number; cancel: AbortController } | undefined

  const exact = () => (isPaused ? origin.own : origin.own + (base.now() - origin.base) * pace)
  const state = (): ClockState => ({ now: Math.floor(exact()), isPaused, speed: pace })

  const wakeDue = () => {
    const now = exact()
    for (let next = queue.first(); next && next.at <= now; next = queue.first()) {
      queue.remove(next)
      next.wake()
    }
  }
  const disarm = () => {
    armed?.cancel.abort(disarmed)
    armed = undefined
  }
  /** Sets one timer for the sleeper that wakes first. */
  const arm = () => {
    const next = queue.first()
    if (isPaused || !next || (armed && armed.at <= next.at)) return
    disarm()
    const mine = { at: next.at, cancel: new AbortController() }
    armed = mine
    const ring = () => {
      if (armed !== mine) return
      armed = undefined
      wakeDue()
      arm()
    }
    // It rejects only when another timer takes its place.
    base
      .sleep(Math.min(Math.max(1, Math.ceil((next.at - exact()) / pace)), longestMs), mine.cancel.signal)
      .then(ring, () => undefined)
  }
  const change = (apply: () => void) => {
    origin = { base: base.now(), own: exact() }
    disarm()
    apply()
    arm()
    const now = state()
    for (const listener of [...listeners]) listener(now)
  }

  return {
    now: () => Math.floor(exact()),
    sleep(ms, signal) {
      if (!(ms > 0)) return base.sleep(0, signal)
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const cancel = () => {
          queue.remove(sleeper)
          // A timer for nobody would keep the process alive.
          if (!queue.first()) disarm()
          reject(signal?.reason)
        }
        const wake = () => {
          signal?.removeEventListener('abort', cancel)
          resolve()
        }
        const sleeper: Sleeper = { at: exact() + ms, order: order++, place: -1, wake }
        queue.add(sleeper)
        signal?.addEventListener('abort', cancel, { once: true })
        arm()
      })
    },
    state,
    pause() {
      if (isPaused) return
      change(() => {
        isPaused = true
      })
    },
    resume() {
      if (!isPaused) return
      change(() => {
        isPaused = false
      })
    },
    setSpeed(wanted) {
      checked(wanted)
      if (wanted === pace) return
      change(() => {
        pace = wanted
      })
    },
    step() {
      const next = queue.first()
      change(() => {
        isPaused = true
        if (next) origin.own = Math.max(origin.own, next.at)
      })
      wakeDue()
      return next !== undefined
    },
    jump(to) {
      change(() => {
        queue.shift(to - origin.own)
        origin.own = to
      })
    },
    onState(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const checked = (speed: number): number => {
  if (speed >= speeds.least && speed <= speeds.most) return speed
  throw new RangeError(`speed must be from ${speeds.least} to ${speeds.most}: ${speed}`)
}
