// The ControllerRevisions of a StatefulSet or DaemonSet: its own, and those that another one of the same selector left behind.

import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import { controllerOf, type KubeObject } from '../object.ts'
import type { Registry } from '../registry.ts'
import type { ControllerRevisionObject as Revision } from '../resources/controller-revision.ts'
import type { Index } from './index-of.ts'
import { ownerReference } from './pod-template.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/history/controller_history.go AdoptControllerRevision
/** Takes in revisions that match and have no controller, as those of a set that was deleted without its Pods; then tells all. */
export const claimRevisions = (
  registry: Registry,
  byOwner: Index<Revision>,
  owner: KubeObject & { spec: { selector: LabelSelector } },
): readonly Revision[] => {
  const { namespace = '', uid, deletionTimestamp } = owner.metadata
  const lost = deletionTimestamp ? [] : byOwner.get(`orphan/${namespace}`)
  for (const { metadata } of lost.filter(each => selects(owner.spec.selector, each.metadata.labels))) {
    registry.modify('controllerrevisions.apps', namespace, metadata.name, copy => {
      if (controllerOf(copy)) return undefined
      copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReference(owner)]
      return copy
    })
  }
  return byOwner.get(uid)
}
