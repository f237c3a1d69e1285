// A Pod among its like: what its owner has and wants.

import type { Pod as AnyPod } from 'kubernetes-types/core/v1.js'
import type { Kind, KubeObject } from '../../contract/cluster.ts'
import type { Snapshot } from '../snapshot.ts'

export type Pod = AnyPod & KubeObject

/** The owner that looks after an object, as it names it; undefined where nobody does. */
export const ownerOf = ({ metadata }: KubeObject) =>
  metadata.ownerReferences?.find(({ controller }) => controller === true) ?? metadata.ownerReferences?.[0]

/** The same, as it is in a snapshot; undefined where it is gone. */
export const ownerIn = (snapshot: Snapshot, object: KubeObject): KubeObject | undefined => {
  const owner = ownerOf(object)
  return owner && snapshot.get(owner.kind as Kind)?.find(({ metadata }) => metadata.uid === owner.uid)
}

interface Owner {
  spec?: { replicas?: number; parallelism?: number; suspend?: boolean }
  status?: { updateRevision?: string; currentRevision?: string }
}

/** Has its owner a reason to be rid of a Pod: too many of them, or one of an old revision? */
export const isUnwanted = (pod: Pod, owner: KubeObject, snapshot: Snapshot): boolean => {
  const { spec, status } = owner as Owner
  const wanted = spec?.suspend ? 0 : (spec?.replicas ?? spec?.parallelism)
  const siblings = (snapshot.get('Pod') ?? []).filter(
    other => ownerOf(other)?.uid === owner.metadata.uid && !other.metadata.deletionTimestamp,
  )
  if (wanted !== undefined && siblings.length > wanted) return true
  const revision = pod.metadata.labels?.['controller-revision-hash']
  return status?.updateRevision !== undefined && revision !== undefined && revision !== status.updateRevision
}
