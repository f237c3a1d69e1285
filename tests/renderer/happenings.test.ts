import { expect, test } from 'vitest'
import { happenings } from '../../renderer/screens/cluster/happenings.ts'
import { event, kube, objectsWith, ownedBy } from './kube.ts'

const deployment = kube('Deployment', 'web')
const set = kube('ReplicaSet', 'web-6bd46b7888', { metadata: ownedBy(deployment) })
const pod = (name: string) => kube('Pod', `web-6bd46b7888-${name}`, { metadata: ownedBy(set) })
const pods = [pod('aaaaa'), pod('bbbbb'), pod('ccccc')]
const tell = (...events: ReturnType<typeof event>[]) =>
  happenings(objectsWith(deployment, set, ...pods, ...events)).map(({ who, word, facts, count }) => ({ who, word, facts, count }))

test('the same thing, happening to Pods of one Deployment, is told once and counted', () => {
  expect(tell(...pods.map((one, index) => event(index, one, 'Started')))).toEqual([
    { who: 'web', word: 'started', facts: {}, count: 3 },
  ])
})

test('a Pod alone goes by its own name, with a sentence of its own', () => {
  const scheduled = event(0, pods[0]!, 'Scheduled', 'Successfully assigned default/web-6bd46b7888-aaaaa to node2')
  expect(tell(scheduled)).toEqual([{ who: 'web-6bd46b7888-aaaaa', word: 'scheduledOne', facts: { node: 'node2' }, count: 1 }])
})

test('what lies far apart stays apart, newest first', () => {
  const told = tell(event(0, pods[0]!, 'Started'), event(60, pods[1]!, 'Started'))
  expect(told.map(({ who }) => who)).toEqual(['web-6bd46b7888-bbbbb', 'web-6bd46b7888-aaaaa'])
})

test.each([
  ['Scaled up replica set web-6bd46b7888 from 1 to 10', 'scaledUp', { set: '6bd46b7888', from: '1', to: '10' }],
  ['Scaled down replica set web-6bd46b7888 from 10 to 5', 'scaledDown', { set: '6bd46b7888', from: '10', to: '5' }],
  ['Scaled up replica set web-6bd46b7888 to 3', 'scaledUpTo', { set: '6bd46b7888', to: '3' }],
  ['something new', undefined, {}],
])('%s', (message, word, facts) => {
  expect(tell(event(0, deployment, 'ScalingReplicaSet', message))).toEqual([{ who: 'web', word, facts, count: 1 }])
})

test('a failed pull names the image; a failure without one keeps its own words', () => {
  const told = tell(
    event(5, pods[0]!, 'Failed', 'Failed to pull image "openresty/openresty:nosuch": not found'),
    event(0, pods[0]!, 'Failed', 'Error: boom'),
  )
  expect(told[0]).toMatchObject({ word: 'imageFailed', facts: { image: 'openresty/openresty:nosuch' } })
})

test('a Pod that is gone still counts to its Deployment', () => {
  const gone = ['ddddd', 'eeeee'].map((name, index) => event(index, kube('Pod', `web-6bd46b7888-${name}`), 'Killing'))
  expect(tell(...gone)).toEqual([{ who: 'web', word: 'killing', facts: {}, count: 2 }])
})

test('the small steps of a start are told only of a chosen workload', () => {
  const pulled = event(0, pods[0]!, 'Pulled')
  expect(tell(pulled)).toEqual([])
  expect(happenings(objectsWith(deployment, set, ...pods, pulled), new Set([pods[0]!.metadata.uid]))).toHaveLength(1)
})
