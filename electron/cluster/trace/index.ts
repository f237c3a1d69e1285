// From a watch's change to a journey: which write it was, what it did, who wrote it. Pure.

import type { Change, Kind, KubeObject } from '../../contract/cluster.ts'
import type { Journey } from '../../contract/trace.ts'
import { keyOf, type Snapshot } from '../snapshot.ts'
import { deedOf } from './deed.ts'
import { ownerOf } from './pods.ts'
import { writerOf } from './writer.ts'

/** The kinds whose writes are told: all that somebody acts on. */
export const traceKinds: readonly Kind[] = [
  'Node',
  'Namespace',
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'ReplicationController',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'PersistentVolumeClaim',
  'PersistentVolume',
]

const nodeOf = ({ kind, spec }: KubeObject): string | undefined =>
  kind === 'Pod' ? (spec as { nodeName?: string } | undefined)?.nodeName : undefined

const wantedOf = ({ kind, spec }: KubeObject): number | undefined =>
  kind === 'HorizontalPodAutoscaler' ? undefined : (spec as { replicas?: number } | undefined)?.replicas

/** @param snapshot the cluster just before the change. Undefined for a write that nobody acts on. */
export const journeyOf = ({ type, object }: Change, snapshot: Snapshot, at: number): Journey | undefined => {
  const { kind, metadata } = object
  const before = snapshot.get(kind as Kind)?.find(each => keyOf(each) === keyOf(object))
  const deed = deedOf(before, object, type === 'remove')
  if (deed === undefined) return undefined
  const node = nodeOf(object)
  const owner = ownerOf(object)
  const wanted = wantedOf(object)
  return {
    id: `${metadata.resourceVersion} ${metadata.uid}`,
    // Opaque by the book, and a number in every server there is; from Kubernetes 1.35 on by the book as well.
    revision: Number(metadata.resourceVersion) || 0,
    at,
    verb: type === 'remove' ? 'DELETED' : before ? 'MODIFIED' : 'ADDED',
    deed,
    kind,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    name: metadata.name,
    uid: metadata.uid,
    ...(owner !== undefined && { owner: { kind: owner.kind, uid: owner.uid } }),
    ...(node !== undefined && { node }),
    ...(wanted !== undefined && { wanted }),
    ...writerOf(before, object, deed, snapshot),
  }
}
