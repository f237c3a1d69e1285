// Who wrote what, from a change and the cluster before it, by tables.

import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../electron/cluster/index.ts'
import { journeyOf } from '../../electron/cluster/trace/index.ts'
import type { Kind, KubeObject } from '../../electron/contract/cluster.ts'
import { kube } from '../renderer/kube.ts'

type Fields = Parameters<typeof kube>[2]

const signed = (manager: string, subresource?: string) => ({
  manager,
  operation: 'Update',
  time: '2026-11-22T08:00:00Z',
  ...(subresource && { subresource }),
})
const owned = (kind: string, name: string) => ({
  ownerReferences: [{ kind, name, uid: `${kind}/${name}`, controller: true }],
})
const snapshot = (...objects: KubeObject[]): Snapshot => {
  const all = new Map<Kind, KubeObject[]>()
  for (const object of objects) all.set(object.kind as Kind, [...(all.get(object.kind as Kind) ?? []), object])
  return all
}
/** `deed by`, with the node and the client where they are told. */
const told = (before: KubeObject | undefined, after: KubeObject, type: 'put' | 'remove' = 'put', ...others: KubeObject[]) => {
  const journey = journeyOf({ type, object: after }, snapshot(...(before ? [before] : []), ...others), 7)
  if (!journey) return undefined
  const { deed, by, client } = journey
  return [deed, by.role, by.node, client].filter(Boolean).join(' ')
}

const ready = (is: boolean) => ({ conditions: [{ type: 'Ready', status: is ? 'True' : 'False' }] })
const running = { containerStatuses: [{ state: { running: {} } }] }
const set = kube('ReplicaSet', 'hello-1', { metadata: owned('Deployment', 'hello'), spec: { replicas: 1 } })
const pod = (fields: Fields = {}, metadata: object = {}) =>
  kube('Pod', 'hello-1-a', { ...fields, metadata: { ...owned('ReplicaSet', 'hello-1'), ...metadata } })
const onNode = { spec: { nodeName: 'node1' } }

describe('who wrote what', () => {
  test.each<[string, string | undefined, KubeObject | undefined, KubeObject]>([
    [
      'kubectl apply',
      'created kubectl kubectl-client-side-apply',
      undefined,
      kube('Deployment', 'hello', { metadata: { managedFields: [signed('kubectl-client-side-apply')] } }),
    ],
    ['the Deployment’s ReplicaSet', 'created deployment-controller', undefined, set],
    ['the ReplicaSet’s Pod', 'created replicaset-controller', undefined, pod()],
    [
      'a Pod of the node’s own folder',
      'created kubelet node1',
      undefined,
      kube('Pod', 'etcd', { ...onNode, metadata: owned('Node', 'node1') }),
    ],
    ['a CronJob’s Job', 'created cronjob-controller', undefined, kube('Job', 'j', { metadata: owned('CronJob', 'c') })],
    ['a StatefulSet’s claim', 'created statefulset-controller', undefined, kube('PersistentVolumeClaim', 'data-redis-0')],
    ['the list of addresses', 'created endpointslice-controller', undefined, kube('EndpointSlice', 'hello-x')],
    [
      'a new address in a list that the Service owns',
      'changed endpointslice-controller',
      kube('EndpointSlice', 'hello-x', { metadata: owned('Service', 'hello'), endpoints: [] }),
      kube('EndpointSlice', 'hello-x', { metadata: owned('Service', 'hello'), endpoints: [{ addresses: ['10.1.0.5'] }] }),
    ],
    ['the scheduler’s choice', 'scheduled kube-scheduler', pod(), pod(onNode)],
    ['a container that runs', 'started kubelet node1', pod(onNode), pod({ ...onNode, status: running })],
    [
      'a Pod that is ready',
      'ready kubelet node1',
      pod({ ...onNode, status: running }),
      pod({ ...onNode, status: { ...running, ...ready(true) } }),
    ],
    [
      'a Pod that is ready no more',
      'unready kubelet node1',
      pod({ ...onNode, status: ready(true) }),
      pod({ ...onNode, status: ready(false) }),
    ],
    [
      'a Pod that ended',
      'finished kubelet node1',
      pod({ ...onNode, status: { phase: 'Running' } }),
      pod({ ...onNode, status: { phase: 'Succeeded' } }),
    ],
    [
      'a Pod that no node takes',
      'told kube-scheduler',
      pod(),
      pod({ status: { conditions: [{ type: 'PodScheduled', status: 'False' }] } }),
    ],
    [
      'kubectl scale',
      'changed kubectl kubectl',
      kube('Deployment', 'hello', { spec: { replicas: 1 } }),
      kube('Deployment', 'hello', {
        spec: { replicas: 2 },
        metadata: { managedFields: [signed('kube-controller-manager', 'status'), signed('kubectl', 'scale')] },
      }),
    ],
    [
      'a new size of the Deployment’s ReplicaSet, where all components sign with one name',
      'changed deployment-controller',
      set,
      { ...set, spec: { replicas: 5 }, metadata: { ...set.metadata, managedFields: [signed('kubelite')] } } as KubeObject,
    ],
    [
      'a status, beside an old entry of a client',
      'ready deployment-controller',
      kube('Deployment', 'hello', { status: { readyReplicas: 1 }, metadata: { managedFields: [signed('kubectl')] } }),
      kube('Deployment', 'hello', { status: { readyReplicas: 2 }, metadata: { managedFields: [signed('kubectl')] } }),
    ],
    [
      'a node that fell silent',
      'unready node-controller',
      kube('Node', 'node1', { status: ready(true) }),
      kube('Node', 'node1', { status: ready(false) }),
    ],
    [
      'a heartbeat',
      undefined,
      kube('Node', 'node1', { status: { ...ready(true), beat: 1 } }),
      kube('Node', 'node1', { status: { ...ready(true), beat: 2 } }),
    ],
    [
      'an annotation',
      undefined,
      kube('Deployment', 'hello'),
      kube('Deployment', 'hello', { metadata: { annotations: { revision: '1' } } }),
    ],
    [
      'a claim that waits for its Pod’s node',
      'scheduled kube-scheduler',
      kube('PersistentVolumeClaim', 'd'),
      kube('PersistentVolumeClaim', 'd', { metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'node1' } } }),
    ],
    [
      'a claim that found its volume',
      'bound persistentvolume-controller',
      kube('PersistentVolumeClaim', 'd'),
      kube('PersistentVolumeClaim', 'd', { status: { phase: 'Bound' } }),
    ],
  ])('%s: %s', (_what, expected, before, after) => {
    expect(told(before, after)).toBe(expected)
  })
})

describe('who deleted what nobody signed for', () => {
  const leaving = { deletionTimestamp: '2026-11-22T08:00:01Z' }
  const twin = kube('Pod', 'hello-1-b', { metadata: owned('ReplicaSet', 'hello-1') })
  test.each<[string, string, KubeObject, KubeObject, 'put' | 'remove', KubeObject[]]>([
    ['one Pod too many: its ReplicaSet', 'leaving replicaset-controller', pod(onNode), pod(onNode, leaving), 'put', [set, twin]],
    ['no reason in the cluster: a client', 'leaving kubectl', pod(onNode), pod(onNode, leaving), 'put', [set]],
    ['its owner is gone: the garbage collector', 'leaving garbage-collector', pod(onNode), pod(onNode, leaving), 'put', []],
    [
      'its node is cut off: the node controller',
      'leaving node-controller',
      pod(onNode),
      pod(onNode, leaving),
      'put',
      [set, kube('Node', 'node1', { spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] } })],
    ],
    ['it was leaving: its kubelet', 'gone kubelet node1', pod(onNode, leaving), pod(onNode, leaving), 'remove', [set]],
    ['a Deployment: a client', 'gone kubectl', kube('Deployment', 'hello'), kube('Deployment', 'hello'), 'remove', []],
    [
      'an old ReplicaSet of a Deployment that stays',
      'gone deployment-controller',
      set,
      set,
      'remove',
      [kube('Deployment', 'hello')],
    ],
  ])('%s', (_why, expected, before, after, type, others) => {
    expect(told(before, after, type, ...others)).toBe(expected)
  })
})

test('a journey names its object, its owner, its node, its size, and when it was heard', () => {
  expect(journeyOf({ type: 'put', object: pod(onNode) }, snapshot(pod()), 7)).toEqual({
    id: '1 Pod/hello-1-a',
    revision: 1,
    at: 7,
    verb: 'MODIFIED',
    deed: 'scheduled',
    kind: 'Pod',
    namespace: 'default',
    name: 'hello-1-a',
    uid: 'Pod/hello-1-a',
    owner: { kind: 'ReplicaSet', uid: 'ReplicaSet/hello-1' },
    node: 'node1',
    by: { role: 'kube-scheduler' },
  })
  expect(journeyOf({ type: 'put', object: set }, snapshot(), 7)).toMatchObject({ verb: 'ADDED', wanted: 1 })
})
