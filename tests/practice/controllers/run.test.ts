import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clock, realClock } from '../../../electron/platform/clock.ts'
import type { Controller } from '../../../electron/practice/controllers/controller.ts'
import { type Running, runControllers } from '../../../electron/practice/controllers/run.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { createRandom } from '../../../electron/practice/random.ts'
import { createRegistry, type Registry } from '../../../electron/practice/registry.ts'
import { resources } from '../../../electron/practice/resources/index.ts'
import { conflict } from '../../../electron/practice/status-error.ts'
import { createStore } from '../../../electron/practice/store.ts'

let registry: Registry
let stopping: AbortController
let errors: string[]
const slept: number[] = []
/** The real clock a hundred times as fast, which remembers what was asked of it. */
const clock: Clock = {
  now: () => Date.now() * 100,
  sleep: (ms, signal) => {
    slept.push(ms)
    return realClock.sleep(ms / 100, signal)
  },
}

beforeEach(() => {
  registry = createRegistry({ store: createStore(), resources, clock: realClock, random: createRandom(1) })
  stopping = new AbortController()
  errors = []
  slept.length = 0
})
afterEach(() => stopping.abort())

const make = (name: string) => registry.create('namespaces', { metadata: { name } as KubeObject['metadata'] })
const run = (...controllers: Controller[]): Running =>
  runControllers(controllers, {
    registry,
    clock,
    signal: stopping.signal,
    onError: (name, key, error) => errors.push(`${name} ${key} ${error}`),
  })
const watching = (reconcile: Controller['reconcile'], name = 'test'): Controller => ({
  name,
  watches: { namespaces: ({ object }) => [object.metadata.name] },
  reconcile,
})

test('hears of what exists and of what comes, and many changes of one key cost one reconcile', async () => {
  make('before')
  const seen: string[] = []
  const running = run(watching(key => void seen.push(key)))
  make('after')
  for (let index = 0; index < 50; index++)
    registry.modify('namespaces', '', 'after', copy => ({ ...copy, status: { phase: `${index}` } }), { subresource: 'status' })
  await running.idle()
  expect(seen).toEqual(['before', 'after'])
})

test('never reconciles one key twice at once, and looks again at what changed meanwhile', async () => {
  let active = 0
  let most = 0
  let count = 0
  const running = run(
    watching(async () => {
      most = Math.max(most, ++active)
      if (count++ === 0)
        registry.modify('namespaces', '', 'a', copy => ({ ...copy, status: { phase: 'x' } }), { subresource: 'status' })
      await realClock.sleep(10)
      active--
      return undefined
    }),
  )
  make('a')
  await running.idle()
  expect([most, count]).toEqual([1, 2])
})

test('a failing key is retried after 5, 10, 20 ... 16000 ms, reported, and the others go on', async () => {
  let failures = 0
  const seen: string[] = []
  run(
    watching(key => {
      if (key === 'bad' && failures < 14) {
        failures++
        throw new Error('not yet')
      }
      seen.push(key)
      return undefined
    }),
  )
  make('bad')
  make('good')
  while (!seen.includes('bad')) await realClock.sleep(5)
  expect(seen).toEqual(['good', 'bad'])
  expect(slept.filter(ms => ms >= 5)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 16_000, 16_000])
  expect(errors).toHaveLength(14)
  expect(errors[0]).toBe('test bad Error: not yet')
})

test('a conflict is retried without a word', async () => {
  let count = 0
  run(
    watching(() => {
      if (count++ === 0) throw conflict('namespaces', 'a', 'it changed')
      return undefined
    }),
  )
  make('a')
  while (count < 2) await realClock.sleep(2)
  expect(errors).toEqual([])
})

test('`after` asks for another look, the earliest one counts, and idle does not wait for it', async () => {
  const at: number[] = []
  const running = run(
    watching(() => {
      at.push(clock.now())
      return at.length < 3 ? { after: at.length === 1 ? 60_000 : 500 } : undefined
    }),
  )
  make('a')
  await running.idle()
  expect(at).toHaveLength(1)
  registry.modify('namespaces', '', 'a', copy => ({ ...copy, status: { phase: 'x' } }), { subresource: 'status' })
  while (at.length < 3) await realClock.sleep(2)
  expect(clock.now() - (at[0] ?? 0)).toBeLessThan(30_000)
})

test('controllers take turns: a long queue of one does not hold up another', async () => {
  const order: string[] = []
  const first = watching(() => void order.push('first'), 'first')
  const second = watching(key => void (key === 'n0' && order.push('second')), 'second')
  for (let index = 0; index < 200; index++) make(`n${index}`)
  await run(first, second).idle()
  expect(order.indexOf('second')).toBeLessThan(5)
})

test('after the signal nothing is reconciled any more, and idle settles', async () => {
  const seen: string[] = []
  const running = run(watching(key => void seen.push(key)))
  make('a')
  await running.idle()
  stopping.abort()
  make('b')
  await running.idle()
  await realClock.sleep(20)
  expect(seen).toEqual(['a'])
})
