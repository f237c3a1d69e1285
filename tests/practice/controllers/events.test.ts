import { beforeEach, expect, test } from 'vitest'
import { createRecorder, microTime } from '../../../electron/practice/controllers/events.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { createRandom } from '../../../electron/practice/random.ts'
import { createRegistry, type Registry } from '../../../electron/practice/registry.ts'
import { resources } from '../../../electron/practice/resources/index.ts'
import { createStore } from '../../../electron/practice/store.ts'
import { NOW } from '../golden.ts'

let now: number
let registry: Registry
const clock = { now: () => now, sleep: async () => undefined }
const random = createRandom(1)
const recorder = () => createRecorder({ registry, clock, random })('tester', 'node1')
const events = () => registry.store.list('events') as (KubeObject & { message: string; count: number })[]
const about: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u1', resourceVersion: '7', creationTimestamp: '' },
}

beforeEach(() => {
  now = NOW
  registry = createRegistry({ store: createStore(), resources, clock, random })
  registry.create('namespaces', { metadata: { name: 'default' } as KubeObject['metadata'] })
})

test('an Event has the shape that kubectl reads, named by its time', () => {
  recorder()(about, 'Warning', 'Failed', 'no luck', 'spec.containers{a}')
  const [event] = events()
  expect(event?.metadata.name).toMatch(new RegExp(`^web\\.${(BigInt(NOW) * 1_000_000n).toString(16).slice(0, -3)}`))
  expect(event).toMatchObject({
    involvedObject: {
      kind: 'Pod',
      namespace: 'default',
      name: 'web',
      uid: 'u1',
      apiVersion: 'v1',
      fieldPath: 'spec.containers{a}',
    },
    reason: 'Failed',
    message: 'no luck',
    type: 'Warning',
    count: 1,
    firstTimestamp: '2026-11-22T14:18:00Z',
    lastTimestamp: '2026-11-22T14:18:00Z',
    eventTime: '2026-11-22T14:18:00.000000Z',
    source: { component: 'tester', host: 'node1' },
    reportingComponent: 'tester',
    reportingInstance: 'node1',
  })
})

test('the same again is counted on one Event', () => {
  const record = recorder()
  record(about, 'Normal', 'BackOff', 'again')
  now += 10_000
  record(about, 'Normal', 'BackOff', 'again')
  record(about, 'Normal', 'BackOff', 'something else')
  expect(
    events()
      .map(({ message, count }) => [message, count])
      .sort(),
  ).toEqual([
    ['again', 2],
    ['something else', 1],
  ])
  expect(events().find(({ count }) => count === 2)).toMatchObject({
    firstTimestamp: '2026-11-22T14:18:00Z',
    lastTimestamp: '2026-11-22T14:18:10Z',
  })
})

test('the tenth similar one within ten minutes begins to combine', () => {
  const record = recorder()
  for (let index = 1; index <= 12; index++) record(about, 'Normal', 'SuccessfulCreate', `Created pod: web-${index}`)
  expect(events()).toHaveLength(10)
  expect(events().find(({ count }) => count > 1)).toMatchObject({
    count: 3,
    message: '(combined from similar events): Created pod: web-12',
  })
  now += 600_001
  record(about, 'Normal', 'SuccessfulCreate', 'Created pod: web-13')
  expect(events()).toHaveLength(11)
})

test('a flood about one object is dropped after 25, and one more is let through each five minutes', () => {
  const record = recorder()
  for (let index = 0; index < 100; index++) record(about, 'Normal', 'Noise', 'loud')
  expect(events()[0]?.count).toBe(25)
  now += 300_000
  record(about, 'Normal', 'Noise', 'loud')
  expect(events()[0]?.count).toBeGreaterThan(25)
})

test('an Event deleted by hand is written anew', () => {
  const record = recorder()
  record(about, 'Normal', 'Noise', 'loud')
  registry.delete('events', 'default', events()[0]?.metadata.name ?? '')
  record(about, 'Normal', 'Noise', 'loud')
  expect(events()).toHaveLength(1)
})

test('a Namespace that is gone takes no Events, and nobody is hurt', () => {
  const lost = { ...about, metadata: { ...about.metadata, namespace: 'lost' } }
  expect(() => recorder()(lost, 'Normal', 'Noise', 'loud')).not.toThrow()
  expect(events()).toEqual([])
})

test('Events of one millisecond keep their order in their times', () => {
  const record = recorder()
  for (const message of ['one', 'two', 'three']) record(about, 'Normal', message, message)
  const byTime = [...events()].sort((a, b) => (String(a.eventTime) < String(b.eventTime) ? -1 : 1))
  expect(byTime.map(({ message }) => message)).toEqual(['one', 'two', 'three'])
  expect(microTime(NOW, 2)).toBe('2026-11-22T14:18:00.000002Z')
})

test('the scheduler tells in the newer way: what repeats is a series, written at its second time and when it is over', () => {
  const record = createRecorder({ registry, clock, random })('default-scheduler')
  const say = (note = 'no room') => record(about, 'Warning', 'FailedScheduling', note)
  say()
  const [first] = events()
  expect(first).toMatchObject({
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: '2026-11-22T14:18:00.000000Z',
    action: 'Scheduling',
    reportingComponent: 'default-scheduler',
    reportingInstance: 'default-scheduler-node1',
  })
  expect(first).not.toHaveProperty('count')
  expect(first).not.toHaveProperty('series')
  const series = () => events().map(event => event.series)
  now += 1000
  say()
  const second = { count: 2, lastObservedTime: '2026-11-22T14:18:01.000000Z' }
  expect(series()).toEqual([second])
  now += 1000
  say('other words, the same Event')
  expect(series()).toEqual([second])
  now += 6 * 60_000
  record({ ...about, metadata: { ...about.metadata, name: 'other', uid: 'u2' } }, 'Normal', 'Scheduled', 'done')
  expect(series()).toEqual([undefined, { count: 3, lastObservedTime: '2026-11-22T14:18:02.000000Z' }])
  say()
  expect(events()).toHaveLength(3)
})

test('another version of the Pod is another Event of the scheduler, and one that is gone is written anew', () => {
  const record = createRecorder({ registry, clock, random })('default-scheduler')
  record(about, 'Warning', 'FailedScheduling', 'a')
  record({ ...about, metadata: { ...about.metadata, resourceVersion: '8' } }, 'Warning', 'FailedScheduling', 'a')
  expect(events()).toHaveLength(2)
  for (const { metadata } of events()) registry.delete('events', 'default', metadata.name)
  record(about, 'Warning', 'FailedScheduling', 'a')
  expect(events().map(event => event.series)).toEqual([undefined])
})
