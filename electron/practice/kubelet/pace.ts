// How long the steps of a Pod's start and end take on a simulated node, in milliseconds of cluster time.

import type { Clock } from '../../platform/clock.ts'

// Measured on a real node: a bare Pod is Ready 0.5 to 0.6 s after its creation, ten together after 2 to 3 s, and gone 0.7 to 1.1 s after
// a delete. Ours share the shape (a busy node is slower) at about half the wait for crowds.
const SANDBOX = 270
const CREATE = 110
const START = 70
const TEARDOWN = 420
/** Each further Pod that starts on the node at the same time costs the others so much. */
const CROWD = 90
const CROWD_MOST = 900
/** Longest and shortest of the same step differ by this share. */
const JITTER = 0.3

export interface Pace {
  /** Around the start of one Pod; the returned function tells that it is over. */
  enter(node: string): () => void
  sandbox(node: string, signal: AbortSignal): Promise<void>
  create(signal: AbortSignal): Promise<void>
  start(signal: AbortSignal): Promise<void>
  teardown(signal: AbortSignal): Promise<void>
}

export const createPace = (clock: Clock, random: () => number): Pace => {
  const starting = new Map<string, number>()
  const sleep = (ms: number, signal: AbortSignal) => clock.sleep(ms * (1 - JITTER / 2 + JITTER * random()), signal)
  return {
    enter(node) {
      starting.set(node, (starting.get(node) ?? 0) + 1)
      let isOver = false
      return () => {
        if (!isOver) starting.set(node, (starting.get(node) ?? 1) - 1)
        isOver = true
      }
    },
    sandbox: (node, signal) => sleep(SANDBOX + Math.min(CROWD_MOST, CROWD * ((starting.get(node) ?? 1) - 1)), signal),
    create: signal => sleep(CREATE, signal),
    start: signal => sleep(START, signal),
    teardown: signal => sleep(TEARDOWN, signal),
  }
}
