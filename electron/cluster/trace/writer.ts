// Who wrote: a client by its name in managedFields, a component by what only it writes, a deletion by who had reason to. Pure.

import { isDeepStrictEqual } from 'node:util'
import type { ManagedFieldsEntry } from 'kubernetes-types/meta/v1.js'
import type { KubeObject } from '../../contract/cluster.ts'
import type { Actor, Deed, Role } from '../../contract/trace.ts'
import type { Snapshot } from '../snapshot.ts'
import { isUnwanted, ownerIn, ownerOf, type Pod } from './pods.ts'

/** Who keeps each kind's status, and makes what it owns. */
const keepers: Readonly<Record<string, Role>> = {
  Deployment: 'deployment-controller',
  ReplicaSet: 'replicaset-controller',
  ReplicationController: 'replicationcontroller-controller',
  StatefulSet: 'statefulset-controller',
  DaemonSet: 'daemonset-controller',
  Job: 'job-controller',
  CronJob: 'cronjob-controller',
  HorizontalPodAutoscaler: 'horizontal-pod-autoscaler',
  Endpoints: 'endpoints-controller',
  EndpointSlice: 'endpointslice-controller',
  PersistentVolume: 'persistentvolume-controller',
  PersistentVolumeClaim: 'persistentvolume-controller',
  Namespace: 'namespace-controller',
  Service: 'service-controller',
  Ingress: 'ingress-controller',
}

/** Kubernetes' own writers; MicroK8s runs them all in one process, which signs for each. */
const components = /^(kube-(apiserver|controller-manager|scheduler)|cloud-controller-manager|kubelet|kubelite)$/

const entriesOf = ({ metadata }: KubeObject): ManagedFieldsEntry[] =>
  (metadata as { managedFields?: ManagedFieldsEntry[] }).managedFields ?? []

/** The client whose entry is new or another now; the status is no client's affair. */
const clientOf = (before: KubeObject | undefined, object: KubeObject): string | undefined => {
  const known = before ? entriesOf(before) : []
  return entriesOf(object).find(
    entry =>
      !components.test(entry.manager ?? '') &&
      entry.subresource !== 'status' &&
      !known.some(old => isDeepStrictEqual(old, entry)),
  )?.manager
}

const nodeOf = (object: KubeObject): string | undefined =>
  object.kind === 'Node' ? object.metadata.name : (object as Pod).spec?.nodeName

const kubeletOf = (object: KubeObject): Actor => {
  const node = nodeOf(object)
  return node === undefined ? { role: 'kubelet' } : { role: 'kubelet', node }
}

const statusWriter = (object: KubeObject, deed: Deed): Actor => {
  if (object.kind === 'Pod') return nodeOf(object) === undefined ? { role: 'kube-scheduler' } : kubeletOf(object)
  // A node that fell silent cannot say so itself.
  if (object.kind === 'Node') return deed === 'unready' ? { role: 'node-controller' } : kubeletOf(object)
  return { role: keepers[object.kind] ?? 'kubectl' }
}

const lists = new Set(['Endpoints', 'EndpointSlice'])

const creator = (object: KubeObject): Actor => {
  const owner = ownerOf(object)
  if (lists.has(object.kind) || object.kind === 'PersistentVolume') return { role: keepers[object.kind] as Role }
  if (object.kind === 'Node') return kubeletOf(object)
  if (object.kind === 'PersistentVolumeClaim') return { role: 'statefulset-controller' }
  // A node's kubelet shows the Pods of its own folder as owned by the node.
  if (owner?.kind === 'Node') return kubeletOf(object)
  return { role: (owner && keepers[owner.kind]) ?? 'kubectl' }
}

/** Writes a wish that no client signed for. */
const changer = (object: KubeObject, snapshot: Snapshot): Actor => {
  if (lists.has(object.kind)) return { role: keepers[object.kind] as Role }
  const owner = ownerOf(object)
  if (owner && keepers[owner.kind]) return { role: keepers[owner.kind] as Role }
  const isScaled = (snapshot.get('HorizontalPodAutoscaler') ?? []).some(({ metadata, spec }) => {
    const { scaleTargetRef: target } = spec as { scaleTargetRef?: { kind: string; name: string } }
    return (
      metadata.namespace === object.metadata.namespace && target?.kind === object.kind && target.name === object.metadata.name
    )
  })
  if (isScaled) return { role: 'horizontal-pod-autoscaler' }
  if (object.kind === 'Node') return { role: 'node-controller' }
  if (object.kind === 'PersistentVolume' || object.kind === 'PersistentVolumeClaim') return { role: keepers[object.kind] as Role }
  return { role: 'kubectl' }
}

const isCutOff = (pod: Pod, snapshot: Snapshot): boolean => {
  const node = snapshot.get('Node')?.find(({ metadata }) => metadata.name === pod.spec?.nodeName)
  const { taints = [] } = (node?.spec ?? {}) as { taints?: { key: string; effect: string }[] }
  return taints.some(({ key, effect }) => effect === 'NoExecute' && key.startsWith('node.kubernetes.io/'))
}

/** Nothing records who deletes: whoever had reason to did, and where no component had, a client. */
const deleter = (object: KubeObject, deed: Deed, snapshot: Snapshot): Actor => {
  // What was already leaving is taken off the list by the kubelet that ended it.
  if (object.kind === 'Pod' && deed === 'gone' && object.metadata.deletionTimestamp && nodeOf(object)) return kubeletOf(object)
  const owner = ownerOf(object)
  if (owner === undefined) return { role: 'kubectl' }
  const now = ownerIn(snapshot, object)
  if (now === undefined || now.metadata.deletionTimestamp) return { role: 'garbage-collector' }
  if (object.kind === 'ReplicaSet' || object.kind === 'Job') return { role: keepers[owner.kind] ?? 'kubectl' }
  if (object.kind !== 'Pod') return { role: 'kubectl' }
  if (isUnwanted(object as Pod, now, snapshot)) return { role: keepers[owner.kind] ?? 'kubectl' }
  return { role: isCutOff(object as Pod, snapshot) ? 'node-controller' : 'kubectl' }
}

/** @param snapshot the cluster just before the write */
export const writerOf = (
  before: KubeObject | undefined,
  object: KubeObject,
  deed: Deed,
  snapshot: Snapshot,
): { by: Actor; client?: string } => {
  if (deed === 'leaving' || deed === 'gone') return { by: deleter(object, deed, snapshot) }
  if (deed === 'created' || deed === 'changed') {
    const client = clientOf(before, object)
    if (client !== undefined) return { by: { role: 'kubectl' }, client }
    return { by: deed === 'created' ? creator(object) : changer(object, snapshot) }
  }
  if (deed === 'scheduled') return { by: { role: 'kube-scheduler' } }
  return { by: statusWriter(object, deed) }
}
