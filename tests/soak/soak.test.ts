import { expect, test } from 'vitest'
import { faultsAtRest, faultsNow, type Look, type Thing } from './invariants.ts'
import { soak } from './soak.ts'

test('some seconds of churn leave the cluster as asked', async () => {
  const { actions, looks, faults, weights } = await soak(4, 3)
  expect(faults).toEqual([])
  expect(actions).toBeGreaterThan(10)
  expect(looks).toBeGreaterThan(3)
  expect(weights.map(({ heap }) => heap > 2 ** 20)).toEqual([true, true])
}, 240_000)

const pod = (name: string, revision = '3', more: Partial<Thing> = {}): Thing => ({
  spec: {},
  status: { phase: 'Running', podIP: `10.42.0.${name.length + 1}` },
  ...more,
  metadata: { name, uid: name, resourceVersion: revision, namespace: 'default', ...more.metadata },
})
const owned = (name: string, owner: string, more: Partial<Thing> = {}): Thing => ({
  ...pod(name, '3', more),
  metadata: { ...pod(name, '3', more).metadata, ownerReferences: [{ kind: 'X', uid: owner, controller: true }] },
})
const look = (revision: number, pods: Thing[], more: Partial<Look> = {}): Look => ({ revision, pods, ...more })
const isDone = { conditions: [{ type: 'Complete', status: 'True' }] }

test('faults of a moment are seen', () => {
  expect(faultsNow(look(9, [pod('a'), pod('b', '4')]), undefined)).toEqual(['two running Pods have 10.42.0.2'])
  expect(faultsNow(look(9, [pod('a')]), look(10, [pod('a', '4')]))).toEqual(['revision fell from 10 to 9', 'Pod a went back'])
  const ending = pod('a', '3', { metadata: { name: 'a', uid: 'a', resourceVersion: '3', deletionTimestamp: 'now' } })
  expect(faultsNow(look(9, [pod('a')]), look(9, [ending]))).toEqual(['Pod a is no longer being deleted'])
  expect(faultsNow(look(9, [pod('a')], { isRewound: true }), look(9, [ending]))).toEqual([])
  const tight = Array.from({ length: 6 }, (_, index) =>
    pod('x'.repeat(index + 1), '3', { metadata: { name: '', uid: String(index), resourceVersion: '3', namespace: 'tight' } }),
  )
  expect(faultsNow(look(9, tight), undefined)).toEqual(['6 Pods where the quota allows 5'])
})

test.each<[string, Look, ReadonlyMap<string, number>, string[]]>([
  ['an orphan', look(9, [pod('a')]), new Map(), ['a is an orphan']],
  [
    'a Deployment with too few, and one that nobody asked for',
    look(9, [], { deployments: [pod('web', '3', { status: { replicas: 2, readyReplicas: 1, updatedReplicas: 2 } })] }),
    new Map([
      ['web', 2],
      ['other', 1],
    ]),
    ['Deployments web where web,other were asked', 'web: 2 asked, 2 there, 2 new, 1 Ready'],
  ],
  [
    'more than an autoscaler may give',
    look(9, [], {
      deployments: [pod('web', '3', { spec: { replicas: 9 }, status: { replicas: 9, readyReplicas: 9, updatedReplicas: 9 } })],
      autoscalers: [pod('web', '3', { spec: { minReplicas: 1, maxReplicas: 4 } })],
    }),
    new Map([['web', 2]]),
    ['web has 9, not 1 to 4'],
  ],
  [
    'a node without its daemon',
    look(9, [owned('p', 'd')], {
      nodes: [pod('n1'), pod('n2')],
      daemonSets: [pod('d', '3', { status: { desiredNumberScheduled: 2, currentNumberScheduled: 1, numberReady: 1 } })],
    }),
    new Map(),
    ['DaemonSet d: 2, 1, 1 of 2'],
  ],
  [
    'a StatefulSet with a wrong name',
    look(9, [owned('s-0', 's'), owned('s-2', 's')], {
      statefulSets: [pod('s', '3', { spec: { replicas: 2 }, status: { readyReplicas: 2 } })],
    }),
    new Map(),
    ['StatefulSet s: s-0,s-2 where 2 were asked'],
  ],
  [
    'a Job that is done but works on',
    look(9, [owned('p', 'j')], { jobs: [pod('j', '3', { status: isDone })] }),
    new Map(),
    ['Job j is done and has 1 Pods, 0 active'],
  ],
  [
    'a CronJob that keeps too many',
    look(9, [], { cronJobs: [pod('c')], jobs: [1, 2, 3, 4].map(number => owned(`j${number}`, 'c', { status: isDone })) }),
    new Map(),
    ['CronJob c keeps 4 good Jobs of 4, and 0 active'],
  ],
  [
    'a budget that counts wrongly',
    look(9, [], { budgets: [pod('a', '3', { status: { currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1 } })] }),
    new Map(),
    ['budget a: 2 healthy of 0, 1 allowed, 1 desired'],
  ],
  [
    'a quota that counts wrongly',
    look(9, [], { quotas: [pod('q', '3', { status: { used: { pods: '4' } } })] }),
    new Map(),
    ['quota: 4 used, 0 Pods, 5 allowed'],
  ],
  [
    'a ReplicaSet with too many',
    look(9, [owned('p', 'r'), owned('p2', 'r')], {
      replicaSets: [owned('r', 'web', { spec: { replicas: 1 } })],
      cronJobs: [pod('web')],
    }),
    new Map(),
    ['ReplicaSet r: 2 Pods where 1 were asked'],
  ],
])('at rest is seen: %s', (_, seen, asked, faults) => expect(faultsAtRest(seen, asked)).toEqual(faults))
