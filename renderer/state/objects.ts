// What lives in the current cluster, reduced from the objects stream.

import type { Change, Kind, KubeObject, ObjectsEvent } from '../../electron/contract/cluster.ts'
import type { Api } from '../api/connect-to-host.ts'
import { type Follower, follow } from './follow.ts'

export const kinds: readonly Kind[] = [
  'Node',
  'Namespace',
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'HorizontalPodAutoscaler',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'Ingress',
  'ConfigMap',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'Event',
]

/** Objects by kind, then by uid. A kind that did not change keeps its map, so that screens can compare by identity. */
export interface Objects {
  cluster: string
  byKind: ReadonlyMap<string, ReadonlyMap<string, KubeObject>>
}

const collect = (objects: readonly KubeObject[]): Objects['byKind'] => {
  const byKind = new Map<string, Map<string, KubeObject>>()
  for (const object of objects) {
    const all = byKind.get(object.kind) ?? new Map<string, KubeObject>()
    byKind.set(object.kind, all.set(object.metadata.uid, object))
  }
  return byKind
}

const change = (byKind: Objects['byKind'], changes: readonly Change[]): Objects['byKind'] => {
  const touched = new Map<string, Map<string, KubeObject>>()
  for (const { type, object } of changes) {
    const all = touched.get(object.kind) ?? new Map(byKind.get(object.kind))
    touched.set(object.kind, all)
    if (type === 'put') all.set(object.metadata.uid, object)
    else all.delete(object.metadata.uid)
  }
  return new Map([...byKind, ...touched])
}

/** Changes before the first snapshot are not ours to understand and leave nothing. */
export const reduceObjects = (known: Objects | undefined, event: ObjectsEvent): Objects | undefined => {
  if (event.type === 'snapshot') return { cluster: event.cluster, byKind: collect(event.objects) }
  return known && { cluster: known.cluster, byKind: change(known.byKind, event.changes) }
}

export const objectsOf = (objects: Objects | undefined, kind: Kind): KubeObject[] => [
  ...(objects?.byKind.get(kind)?.values() ?? []),
]

export const followObjects = (api: Api): Follower<Objects> =>
  follow((onEvent, options) => api.cluster.objects({ kinds: [...kinds] }, onEvent, options), reduceObjects)

/** An object by its uid, whatever its kind. */
export const objectOf = (objects: Objects, uid: string | undefined): KubeObject | undefined => {
  if (uid === undefined) return undefined
  for (const all of objects.byKind.values()) {
    const found = all.get(uid)
    if (found) return found
  }
  return undefined
}
