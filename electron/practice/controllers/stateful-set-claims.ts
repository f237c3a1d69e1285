// The claims of a StatefulSet's Pods: their names, and who takes them along when it goes. Pure.

import { clone } from '../clone.ts'
import type { KubeObject, ObjectMeta, OwnerReference } from '../object.ts'
import type { StatefulSetObject as StatefulSet } from '../resources/stateful-set.ts'
import type { Pod } from './kinds.ts'
import { ownerReference } from './pod-template.ts'

// Models kubernetes/pkg/controller/statefulset/stateful_set_utils.go

/** The claims of one number: names, and the volumes they stand for. */
export const claimsOf = (set: StatefulSet, ordinal: number) =>
  (set.spec.volumeClaimTemplates ?? []).map(template => ({
    volume: template.metadata?.name ?? '',
    name: `${template.metadata?.name}-${set.metadata.name}-${ordinal}`,
    object: {
      metadata: {
        name: `${template.metadata?.name}-${set.metadata.name}-${ordinal}`,
        namespace: set.metadata.namespace,
        labels: { ...template.metadata?.labels, ...set.spec.selector.matchLabels },
        ...(template.metadata?.annotations && { annotations: { ...template.metadata.annotations } }),
      } as Partial<ObjectMeta> as ObjectMeta,
      spec: clone(template.spec),
    } as Partial<KubeObject>,
  }))

/** The owners that the claims of a Pod should have: the set, the Pod that is being scaled away, and whoever else is there. */
export const claimOwners = (
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
  old: readonly OwnerReference[] = [],
): OwnerReference[] => {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  const start = set.spec.ordinals?.start ?? 0
  const isCondemned = ordinal < start || ordinal >= start + (set.spec.replicas ?? 1)
  const others = old.filter(({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid)
  if (isCondemned && whenScaled === 'Delete') return [...others, ownerReference({ ...pod, apiVersion: 'v1', kind: 'Pod' })]
  return whenDeleted === 'Delete' ? [...others, ownerReference(set)] : others
}
