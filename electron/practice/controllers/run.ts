// Runs controllers: queues, de-duplication, retry with back-off, timers and watches, written once for all of them.

import type { Clock } from '../../platform/clock.ts'
import type { Registry } from '../registry.ts'
import { StatusError } from '../status-error.ts'
import type { Change } from '../store.ts'
import type { Controller } from './controller.ts'
import { createReady, type Ready } from './ready-keys.ts'

/** Changes are gathered this long before their keys are reconciled, so that a burst costs one reconcile; well under what a person sees. */
const GATHER_MS = 4
/** Reconciles between two yields to the event loop: keeps requests answered in a storm. */
const BATCH = 64
/** A key rests so many times as long as its reconcile took, so that a crowd's changes are answered together: cost stays linear. */
const REST = 4
// Models client-go/util/workqueue/default_rate_limiters.go, with a ceiling that suits a lesson.
const RETRY_FIRST_MS = 5
const RETRY_LAST_MS = 16_000

export interface RunOptions {
  registry: Registry
  clock: Clock
  signal: AbortSignal
  /** Hears every error that is not an ordinary refusal (conflict, gone, forbidden); the key is retried in any case. */
  onError?(controller: string, key: string, error: unknown): void
}

export interface Running {
  /** Settles when no key is queued or being reconciled; keys that wait for a time do not count. */
  idle(): Promise<void>
}

interface Queue {
  controller: Controller
  ready: Ready
  busy: Set<string>
  /** Reconciled since the last gathering: not twice in one round, however many other keys touch it. */
  done: Set<string>
  resting: Set<string>
  again: Set<string>
  failures: Map<string, number>
  delayed: Map<string, { at: number; cancel: AbortController }>
}

const isExpected = (error: unknown): boolean => error instanceof StatusError && [403, 404, 409].includes(error.status.code)

/** Starts the controllers: each first hears of every stored object as ADDED, then of each change. */
export const runControllers = (controllers: readonly Controller[], options: RunOptions): Running => {
  const { registry, clock, signal } = options
  const queues: Queue[] = controllers.map(controller => ({
    controller,
    ready: createReady(controller),
    busy: new Set(),
    done: new Set(),
    resting: new Set(),
    again: new Set(),
    failures: new Map(),
    delayed: new Map(),
  }))
  const idlers: (() => void)[] = []
  let wake: (() => void) | undefined
  let draining = false

  const isIdle = () => !draining && queues.every(queue => queue.ready.size + queue.busy.size + queue.again.size === 0)
  const settle = () => {
    if (isIdle()) for (const resolve of idlers.splice(0)) resolve()
  }

  const add = (queue: Queue, key: string) => {
    if (queue.busy.has(key) || queue.done.has(key) || queue.resting.has(key)) queue.again.add(key)
    else queue.ready.add(key)
    wake?.()
  }

  /** The earlier of two times for one key wins. */
  const addAfter = (queue: Queue, key: string, ms: number) => {
    const at = clock.now() + ms
    const waiting = queue.delayed.get(key)
    if (waiting && waiting.at <= at) return
    waiting?.cancel.abort()
    const cancel = new AbortController()
    queue.delayed.set(key, { at, cancel })
    const ring = () => {
      queue.delayed.delete(key)
      add(queue, key)
    }
    // The sleep rejects only because an earlier time took its place or the runner stops.
    clock.sleep(ms, cancel.signal).then(ring, () => undefined)
  }

  const finish = (queue: Queue, key: string, result: undefined | { after: number }) => {
    queue.failures.delete(key)
    if (result) addAfter(queue, key, result.after)
    release(queue, key)
  }
  const fail = (queue: Queue, key: string, error: unknown) => {
    if (!isExpected(error)) options.onError?.(queue.controller.name, key, error)
    const failures = queue.failures.get(key) ?? 0
    queue.failures.set(key, failures + 1)
    addAfter(queue, key, Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_LAST_MS))
    release(queue, key)
  }
  const release = (queue: Queue, key: string) => {
    queue.busy.delete(key)
    if (queue.again.has(key)) requeue(queue, key)
    settle()
  }

  const reconcile = (queue: Queue, key: string) => {
    queue.ready.delete(key)
    queue.busy.add(key)
    queue.done.add(key)
    const startedAt = clock.now()
    try {
      const result = queue.controller.reconcile(key, signal)
      if (result instanceof Promise)
        result.then(
          value => finish(queue, key, value),
          error => fail(queue, key, error),
        )
      else finish(queue, key, result)
    } catch (error) {
      // Its back-off is rest enough.
      fail(queue, key, error)
      return
    }
    const took = clock.now() - startedAt
    if (took > 0) rest(queue, key, took * REST)
  }

  /** Keeps a dear key out of the rounds for a while; what wakes it meanwhile is answered after. */
  const rest = (queue: Queue, key: string, ms: number) => {
    queue.resting.add(key)
    const end = () => {
      queue.resting.delete(key)
      if (queue.again.has(key) && !queue.done.has(key) && !queue.busy.has(key)) requeue(queue, key)
    }
    // The sleep rejects only when the runner stops.
    clock.sleep(ms, signal).then(end, () => undefined)
  }
  const requeue = (queue: Queue, key: string) => {
    queue.again.delete(key)
    add(queue, key)
  }
  /** Ends a round: what was woken again may run in the next. */
  const endRound = () => {
    for (const queue of queues) {
      queue.done.clear()
      for (const key of [...queue.again]) if (!queue.busy.has(key) && !queue.resting.has(key)) requeue(queue, key)
    }
  }

  /** Takes one key of each queue in turn until all are empty. */
  const drain = async () => {
    let count = 0
    while (!signal.aborted) {
      const before = count
      for (const queue of queues) {
        const key = queue.ready.first()
        if (key === undefined) continue
        reconcile(queue, key)
        if (++count % BATCH === 0) await clock.sleep(0, signal)
        if (signal.aborted) return
      }
      if (count === before) return
    }
  }

  const loop = async () => {
    while (!signal.aborted) {
      draining = queues.some(queue => queue.ready.size > 0)
      if (!draining) {
        settle()
        await new Promise<void>(resolve => {
          wake = resolve
        })
        wake = undefined
        if (signal.aborted) return
        draining = true
      }
      await clock.sleep(GATHER_MS, signal)
      await drain()
      endRound()
    }
  }

  const stops: (() => void)[] = []
  for (const queue of queues) {
    for (const [resource, keys] of Object.entries(queue.controller.watches)) {
      const onChange = (change: Change) => {
        for (const key of keys(change)) add(queue, key)
      }
      stops.push(registry.store.watch(resource, undefined, onChange))
      for (const change of existing(registry, resource)) onChange(change)
    }
  }
  signal.addEventListener(
    'abort',
    () => {
      for (const stop of stops) stop()
      wake?.()
      for (const queue of queues) for (const { cancel } of queue.delayed.values()) cancel.abort()
      for (const resolve of idlers.splice(0)) resolve()
    },
    { once: true },
  )
  loop().catch(error => {
    if (!signal.aborted) throw error
  })

  return {
    idle: () =>
      new Promise(resolve => {
        idlers.push(resolve)
        if (signal.aborted || isIdle()) settle()
        if (signal.aborted) resolve()
      }),
  }
}

function* existing(registry: Registry, resource: string): Iterable<Change> {
  const { store } = registry
  const names =
    resource === '*' ? registry.resources.map(({ group, plural }) => (group ? `${plural}.${group}` : plural)) : [resource]
  for (const name of names)
    for (const object of store.list(name)) yield { type: 'ADDED', resource: name, object, revision: store.revision }
}
