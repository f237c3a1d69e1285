import { expect, test } from 'vitest'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import { serviceRows } from '../../renderer/screens/cluster/services.ts'
import { namespaceRows, nodeRows } from '../../renderer/screens/cluster/sheet.ts'
import { storageRows } from '../../renderer/screens/cluster/storage.ts'
import { workloadRows } from '../../renderer/screens/cluster/workloads.ts'
import { kube, objectsWith, ownedBy, readyPod, waitingPod } from './kube.ts'

const leaving = { deletionTimestamp: '2026-11-22T08:00:00Z' }

/** A Deployment with its ReplicaSet and one Pod a status. */
const family = (name: string, replicas: number, status: object, pods: { status: object; metadata?: object }[]): KubeObject[] => {
  const deployment = kube('Deployment', name, { spec: { replicas }, status })
  const set = kube('ReplicaSet', `${name}-6d4`, { metadata: ownedBy(deployment) })
  return [
    deployment,
    set,
    ...pods.map((pod, index) =>
      kube('Pod', `${name}-6d4-${index}`, { status: pod.status, metadata: { ...ownedBy(set), ...pod.metadata } }),
    ),
  ]
}
const ready = { status: readyPod }
const row = (...objects: KubeObject[]) => workloadRows(objectsWith(...objects))[0]

test('a Deployment gathers its Pods through its ReplicaSet, and its family holds all of them', () => {
  const found = row(...family('web', 2, { readyReplicas: 2, updatedReplicas: 2 }, [ready, ready]))
  expect(found).toMatchObject({ name: 'web', kind: 'Deployment', state: 'ready', ready: 2, wanted: 2 })
  expect(found?.note).toBeUndefined()
  expect([...(found?.family ?? [])].sort()).toEqual(['Deployment/web', 'Pod/web-6d4-0', 'Pod/web-6d4-1', 'ReplicaSet/web-6d4'])
})

test.each([
  [
    'still coming',
    3,
    { readyReplicas: 1, updatedReplicas: 3 },
    [ready, { status: waitingPod('ContainerCreating') }],
    'progressing',
    undefined,
  ],
  ['a Pod that cannot start', 2, { readyReplicas: 1 }, [ready, { status: waitingPod('ErrImagePull') }], 'failed', 'failing'],
  [
    'an update that stalls',
    1,
    { readyReplicas: 1, updatedReplicas: 1 },
    [ready, { status: waitingPod('ImagePullBackOff') }],
    'failed',
    'stuck',
  ],
  ['a rolling update', 2, { readyReplicas: 2, updatedReplicas: 1 }, [ready, ready], 'progressing', 'rolling'],
  ['scaled down', 1, { readyReplicas: 1, updatedReplicas: 1 }, [ready, { ...ready, metadata: leaving }], 'ready', 'leaving'],
  ['wants none', 0, {}, [], 'pending', 'idle'],
])('%s', (_, replicas, status, pods, state, note) => {
  expect(row(...family('web', replicas, status, pods))).toMatchObject({ state, ...(note && { note }) })
})

test('a StatefulSet gathers its Pods, and is there before any of them is', () => {
  const set = (readyReplicas: number) => kube('StatefulSet', 'redis', { spec: { replicas: 1 }, status: { readyReplicas } })
  const pod = kube('Pod', 'redis-0', { status: readyPod, metadata: ownedBy(set(1)) })
  expect(row(set(1), pod)).toMatchObject({ name: 'redis', kind: 'StatefulSet', state: 'ready', ready: 1, wanted: 1 })
  expect(row(set(0))).toMatchObject({ name: 'redis', state: 'progressing', ready: 0, wanted: 1 })
})

test('a Pod alone stands for itself; Pods of an owner that we do not watch stand under its name', () => {
  const redis = { ownerReferences: [{ kind: 'StatefulSet', name: 'redis', uid: 's' }] }
  const rows = workloadRows(
    objectsWith(
      kube('Pod', 'redis-0', { status: readyPod, metadata: redis }),
      kube('Pod', 'busybox', { status: waitingPod('ContainerCreating') }),
    ),
  )
  expect(rows.map(({ name, kind, state, ready: count, wanted }) => [name, kind, state, count, wanted])).toEqual([
    ['busybox', 'Pod', 'progressing', 0, 1],
    ['redis', 'StatefulSet', 'ready', 1, 1],
  ])
})

test("the cluster's own workloads come last", () => {
  const rows = workloadRows(
    objectsWith(kube('Deployment', 'coredns', { metadata: { namespace: 'kube-system' } }), kube('Deployment', 'web')),
  )
  expect(rows.map(({ name }) => name)).toEqual(['web', 'coredns'])
})

test('a node counts the Pods that it runs and says whether it is well', () => {
  const on = (node: string) => ({ spec: { nodeName: node }, status: readyPod })
  const node = (name: string, status: string, more = {}) =>
    kube('Node', name, { status: { conditions: [{ type: 'Ready', status }] }, ...more })
  const rows = nodeRows(
    objectsWith(
      node('node10', 'False'),
      node('node2', 'True', { spec: { unschedulable: true } }),
      node('node3', 'Unknown'),
      kube('Pod', 'a', on('node2')),
    ),
  )
  expect(rows.map(({ name, state, word, isCordoned, pods }) => [name, state, word, isCordoned, pods.length])).toEqual([
    ['node2', 'ready', 'ready', true, 1],
    ['node3', 'attention', 'unknown', false, 0],
    ['node10', 'failed', 'notReady', false, 0],
  ])
})

test('a Service tells its address, its ports and how many Pods it reaches', () => {
  const service = (name: string, spec: object, status = {}) =>
    kube('Service', name, { spec: { ports: [{ port: 80 }], selector: { app: 'x' }, ...spec }, status })
  const endpoints = (name: string, count: number) =>
    kube('Endpoints', name, { subsets: [{ addresses: Array.from({ length: count }, () => ({ ip: '10.42.0.2' })) }] })
  const rows = serviceRows(
    objectsWith(
      service('a', {
        clusterIP: '10.43.0.9',
        type: 'NodePort',
        ports: [
          { port: 80, nodePort: 30080 },
          { port: 53, protocol: 'UDP' },
        ],
      }),
      endpoints('a', 3),
      service('b', { clusterIP: 'None' }),
      service('c', { clusterIP: '10.43.0.10', type: 'LoadBalancer' }),
      endpoints('c', 1),
      service('d', { clusterIP: '10.43.0.11', type: 'LoadBalancer', externalIPs: ['10.210.0.2'] }),
      endpoints('d', 1),
    ),
  )
  expect(rows.map(({ address, ports, endpoints: count, isWaiting, state }) => [address, ports, count, isWaiting, state])).toEqual(
    [
      ['10.43.0.9', '80:30080/TCP, 53/UDP', 3, false, 'ready'],
      ['', '80/TCP', 0, false, 'pending'],
      ['10.43.0.10', '80/TCP', 1, true, 'progressing'],
      ['10.43.0.11, 10.210.0.2', '80/TCP', 1, false, 'ready'],
    ],
  )
})

test('a DaemonSet, a Job, a CronJob with its Job, a ReplicationController and an autoscaler are workloads with figures of their own', () => {
  const daemons = kube('DaemonSet', 'agent', { status: { desiredNumberScheduled: 2, numberReady: 1 } })
  expect(row(daemons)).toMatchObject({ kind: 'DaemonSet', ready: 1, wanted: 2, state: 'progressing' })
  const job = (type: string) =>
    kube('Job', 'once', { spec: { completions: 3 }, status: { succeeded: 1, conditions: [{ type, status: 'True' }] } })
  expect(row(job('Suspended'))).toMatchObject({ ready: 1, wanted: 3, state: 'progressing' })
  expect(row(job('Failed'))).toMatchObject({ state: 'failed', note: 'failing' })
  expect(row(job('Complete'))).toMatchObject({ state: 'ready', note: 'done' })
  const cron = kube('CronJob', 'nightly', { spec: { schedule: '0 3 * * *' } })
  const run = kube('Job', 'nightly-1', { metadata: ownedBy(cron) })
  const pod = kube('Pod', 'nightly-1-x', { metadata: ownedBy(run), status: readyPod })
  const nightly = workloadRows(objectsWith(cron, run, pod))
  expect(nightly).toHaveLength(1)
  expect(nightly[0]).toMatchObject({ kind: 'CronJob', figure: '0 3 * * *', pods: [{ name: 'nightly-1-x' }] })
  const controller = kube('ReplicationController', 'old', { spec: { replicas: 2 }, status: { readyReplicas: 2 } })
  expect(row(controller)).toMatchObject({ ready: 2, wanted: 2, state: 'ready' })
  const scaler = (status: string) =>
    kube('HorizontalPodAutoscaler', 'web', {
      spec: { minReplicas: 2, maxReplicas: 5 },
      status: { currentReplicas: 2, desiredReplicas: 4, conditions: [{ type: 'ScalingActive', status }] },
    })
  expect(row(scaler('True'))).toMatchObject({ figure: '2 → 4 (2–5)', state: 'ready' })
  expect(row(scaler('False'))?.state).toBe('attention')
})

test('a Pod that its node runs by itself stands alone; one whose owner has gone keeps its owner’s name', () => {
  const node = kube('Node', 'node1')
  expect(row(kube('Pod', 'static', { metadata: ownedBy(node), status: readyPod }), node)).toMatchObject({
    kind: 'Pod',
    name: 'static',
  })
  const gone = kube('ReplicaSet', 'web-1')
  expect(row(kube('Pod', 'web-1-x', { metadata: ownedBy(gone), status: readyPod }))).toMatchObject({
    kind: 'ReplicaSet',
    name: 'web-1',
  })
})

test('one Namespace at a time: the others’ workloads, Services and claims are left out', () => {
  const far = { metadata: { namespace: 'shop' } }
  const objects = objectsWith(
    kube('Deployment', 'web', { spec: { replicas: 0 } }),
    kube('Deployment', 'till', { ...far, spec: { replicas: 0 } }),
    kube('Service', 'till', far),
    kube('PersistentVolumeClaim', 'data', { ...far, status: { phase: 'Bound' }, spec: { volumeName: 'pv-1' } }),
    kube('Namespace', 'shop'),
    kube('Namespace', 'kube-system'),
  )
  expect(workloadRows(objects).map(({ name }) => name)).toEqual(['till', 'web'])
  expect(workloadRows(objects, 'shop').map(({ name }) => name)).toEqual(['till'])
  expect(serviceRows(objects, 'default')).toEqual([])
  expect(storageRows(objects, 'default')).toEqual([])
  expect(storageRows(objects, 'shop')).toMatchObject([{ name: 'data', state: 'ready', of: 'pv-1' }])
  expect(namespaceRows(objects).map(({ name }) => name)).toEqual(['shop'])
})

test('storage: a claim that waits, a volume that is free, and the classes only where there is something to explain', () => {
  const standard = kube('StorageClass', 'standard', {
    provisioner: 'example.com/disk',
    metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  })
  expect(storageRows(objectsWith(standard))).toEqual([])
  const claim = kube('PersistentVolumeClaim', 'data', { spec: { storageClassName: 'standard' }, status: { phase: 'Pending' } })
  const volume = kube('PersistentVolume', 'disk', { spec: { capacity: { storage: '1Gi' } }, status: { phase: 'Available' } })
  expect(storageRows(objectsWith(standard, claim, volume))).toMatchObject([
    { name: 'data', state: 'progressing', of: 'standard' },
    { name: 'disk', state: 'pending', size: '1Gi' },
    { name: 'standard', phase: 'example.com/disk', isDefault: true },
  ])
})
