import { describe, expect, test } from 'vitest'
import type { KubeObject, ObjectsEvent } from '../../electron/contract/cluster.ts'
import { emptyTimeline, reduceTimeline, type Timeline } from '../../renderer/state/timeline.ts'

const born = '2026-11-22T14:18:00Z'
const t0 = Date.parse(born)

const pod = (
  fields: { node?: string; ready?: boolean; started?: string; waiting?: string; deleted?: boolean } = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'openresty-6686c4dc6f-k24vh',
    namespace: 'default',
    uid: 'pod-1',
    resourceVersion: '1',
    creationTimestamp: born,
    ...(fields.deleted && { deletionTimestamp: born }),
    ownerReferences: [{ kind: 'ReplicaSet', name: 'openresty-6686c4dc6f', uid: 'rs-1', controller: true }],
  },
  spec: { ...(fields.node && { nodeName: fields.node }) },
  status: {
    conditions: [{ type: 'Ready', status: fields.ready ? 'True' : 'False', lastTransitionTime: born }],
    containerStatuses: [
      {
        state: fields.waiting
          ? { waiting: { reason: fields.waiting } }
          : fields.started
            ? { running: { startedAt: fields.started } }
            : {},
      },
    ],
  },
})

const event = (reason: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `e-${reason}`, namespace: 'default', uid: `e-${reason}`, resourceVersion: '1', creationTimestamp: born },
  involvedObject: { uid: 'pod-1' },
  reason,
  firstTimestamp: born,
})

const deployment = (wanted: number, ready: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'openresty', namespace: 'default', uid: 'd-1', resourceVersion: '1', creationTimestamp: born },
  spec: { replicas: wanted },
  status: { readyReplicas: ready, availableReplicas: ready },
})

const put = (...objects: KubeObject[]): ObjectsEvent => ({
  type: 'changes',
  changes: objects.map(object => ({ type: 'put', object })),
})
const remove = (object: KubeObject): ObjectsEvent => ({ type: 'changes', changes: [{ type: 'remove', object }] })
const snapshot = (...objects: KubeObject[]): ObjectsEvent => ({ type: 'snapshot', cluster: 'practice', objects })

const play = (...steps: [number, ObjectsEvent][]): Timeline =>
  steps.reduce(
    (timeline, [after, step]) => reduceTimeline(timeline, step, t0 + after),
    reduceTimeline(emptyTimeline, snapshot(), t0),
  )

describe("a Pod's life", () => {
  test('takes each phase at the moment it was seen, to the millisecond', () => {
    const { pods } = play(
      [100, put(pod())],
      [150, put(pod({ node: 'node1' }))],
      [300, put(event('Pulled'))],
      [420, put(event('Created'))],
      [560, put(pod({ node: 'node1', started: born }), event('Started'))],
      [700, put(pod({ node: 'node1', started: born, ready: true }))],
    )
    expect(pods.get('pod-1')).toMatchObject({
      created: t0 + 100,
      scheduled: t0 + 150,
      pulled: t0 + 300,
      made: t0 + 420,
      started: t0 + 560,
      ready: t0 + 700,
      isReady: true,
      owner: 'rs-1',
    })
  })

  test('an event that arrives together with its Pod is not lost', () => {
    expect(play([100, put(event('Scheduled'), pod())]).pods.get('pod-1')?.scheduled).toBe(t0 + 100)
  })

  test('a snapshot tells of the past by the objects’ own times', () => {
    const timeline = reduceTimeline(emptyTimeline, snapshot(pod({ node: 'node1', ready: true }), event('Pulled')), t0 + 60_000)
    expect(timeline.pods.get('pod-1')).toMatchObject({ created: t0, pulled: t0, ready: t0 })
  })

  test('of a past told in seconds and in finer times no phase comes before the one it follows', () => {
    const exact = (reason: string, ms: number) => ({ ...event(reason), eventTime: new Date(t0 + ms).toISOString() })
    const past = [exact('Scheduled', 100), exact('Pulled', 400), exact('Created', 600), exact('Started', 900)]
    const { pods } = reduceTimeline(emptyTimeline, snapshot(pod({ node: 'n', ready: true, started: born }), ...past), t0 + 5000)
    const { created, scheduled, pulled, made, started, ready } = pods.get('pod-1')!
    const moments = [created, scheduled, pulled, made, started, ready].map(at => at! - t0)
    expect(moments).toEqual([0, 100, 400, 600, 900, 900])
  })

  test('leaving, then gone; and what a snapshot no longer holds went away meanwhile', () => {
    const gone = play(
      [100, put(pod({ node: 'node1', ready: true }))],
      [200, put(pod({ node: 'node1', ready: true, deleted: true }))],
      [900, remove(pod())],
    )
    expect(gone.pods.get('pod-1')).toMatchObject({ leaving: t0 + 200, gone: t0 + 900, isReady: false })
    const missed = play([100, put(pod())], [500, snapshot()])
    expect(missed.pods.get('pod-1')).toMatchObject({ gone: t0 + 500 })
  })

  test('a Pod that is done lives no more, though it stays; its removal later changes nothing of that', () => {
    const done = pod({ node: 'node1' })
    const status = { phase: 'Succeeded', containerStatuses: [{ state: { terminated: { finishedAt: '2026-11-22T14:18:07Z' } } }] }
    const ended = { ...done, status }
    const seen = play([100, put(done)], [3_000, put(ended)], [9_000, put(ended)], [20_000, remove(ended)])
    expect(seen.pods.get('pod-1')).toMatchObject({ gone: t0 + 3_000, leaving: t0 + 3_000, end: 'succeeded' })
    const killed = { ...pod({ deleted: true }), status: { phase: 'Failed' } }
    expect(play([0, put(pod())], [100, put(killed)]).pods.get('pod-1')?.end).toBeUndefined()
    expect(play([60_000, snapshot(ended)]).pods.get('pod-1')).toMatchObject({ gone: t0 + 7_000 })
  })

  test('says why a container waits, but not that it is being created', () => {
    expect(play([1, put(pod({ waiting: 'ImagePullBackOff' }))]).pods.get('pod-1')?.waiting).toBe('ImagePullBackOff')
    expect(play([1, put(pod({ waiting: 'ContainerCreating' }))]).pods.get('pod-1')?.waiting).toBeUndefined()
  })
})

describe('replicas over time', () => {
  test('a sample for each change, none for none', () => {
    const { workloads } = play(
      [0, put(deployment(10, 0))],
      [100, put(deployment(10, 3))],
      [150, put(deployment(10, 3))],
      [300, put(deployment(5, 10))],
    )
    expect(workloads.get('d-1')?.samples.map(({ at, wanted, ready }) => [at - t0, wanted, ready])).toEqual([
      [0, 10, 0],
      [100, 10, 3],
      [300, 5, 10],
    ])
  })

  test('another cluster starts with a clean sheet', () => {
    const timeline = play([0, put(deployment(1, 1))])
    const other = reduceTimeline(timeline, { type: 'snapshot', cluster: 'context:office', objects: [] }, t0)
    expect([other.cluster, other.workloads.size, other.pods.size]).toEqual(['context:office', 0, 0])
  })

  test('does not change the timeline it was given', () => {
    const before = play([0, put(deployment(1, 0))])
    const copy = structuredClone(before)
    reduceTimeline(before, put(deployment(1, 1), pod()), t0 + 5)
    expect(before).toEqual(copy)
  })
})
