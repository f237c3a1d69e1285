// The history of a StatefulSet: its templates as ControllerRevisions. Pure.

import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { clone, isEqual } from '../clone.ts'
import type { ObjectMeta } from '../object.ts'
import type { ControllerRevisionObject as Revision } from '../resources/controller-revision.ts'
import type { StatefulSetObject as StatefulSet } from '../resources/stateful-set.ts'
import { ownerReference, templateHash } from './pod-template.ts'

// Models kubernetes/pkg/controller/history/controller_history.go and pkg/controller/statefulset/stateful_set_utils.go
const HASH = 'controller.kubernetes.io/hash'

/** A template as a revision keeps it: a patch that puts it in another's place. */
const dataOf = (template: PodTemplateSpec): Record<string, unknown> => ({
  spec: { template: { ...clone(template), $patch: 'replace' } },
})

/** The template that a revision keeps. */
export const templateIn = (revision: Revision): PodTemplateSpec => {
  const { template } = (revision.data?.spec ?? {}) as { template?: PodTemplateSpec & { $patch?: string } }
  const { $patch: _, ...rest } = template ?? {}
  return clone(rest)
}

const newRevision = (set: StatefulSet, number: number): Partial<Revision> & { metadata: ObjectMeta; revision: number } => {
  const hash = templateHash(set.spec.template, set.status?.collisionCount)
  return {
    metadata: {
      name: `${set.metadata.name}-${hash}`,
      namespace: set.metadata.namespace ?? '',
      labels: { ...set.spec.template.metadata?.labels, [HASH]: hash },
      ...(set.metadata.annotations && { annotations: { ...set.metadata.annotations } }),
      ownerReferences: [ownerReference(set)],
    } as Partial<ObjectMeta> as ObjectMeta,
    data: dataOf(set.spec.template),
    revision: number,
  }
}

export interface History {
  /** The templates that Pods have and shall have. */
  current: Revision
  update: Revision
  /** To be stored as it is, or with its new number. */
  create?: Revision
  renumber?: Revision
}

/** Which revision is wanted, and which one the Pods come from. */
export const historyOf = (set: StatefulSet, revisions: readonly Revision[]): History => {
  const sorted = [...revisions].sort((a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1))
  const next = (sorted.at(-1)?.revision ?? 0) + 1
  const fresh = newRevision(set, next) as Revision
  const equal = sorted.filter(({ data }) => isEqual(data, fresh.data)).at(-1)
  const isNewest = equal !== undefined && equal === sorted.at(-1)
  const renumber = equal && !isNewest ? { ...equal, revision: next } : undefined
  const update = renumber ?? equal ?? fresh
  const current = sorted.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update
  return { current, update, ...(!equal && { create: fresh }), ...(renumber && { renumber }) }
}

/** The oldest revisions beyond the limit that nothing comes from any more. */
export const outdated = (set: StatefulSet, revisions: readonly Revision[], live: ReadonlySet<string>): Revision[] => {
  const history = revisions.filter(({ metadata }) => !live.has(metadata.name)).sort((a, b) => a.revision - b.revision)
  return history.slice(0, Math.max(0, history.length - (set.spec.revisionHistoryLimit ?? 10)))
}
