// The annotations that make a history of ReplicaSets: revisions, sizes wanted, what is copied from the Deployment.

import type { Deployment, ReplicaSet } from './kinds.ts'
import { isSameTemplate } from './pod-template.ts'

// Models kubernetes/pkg/controller/deployment/util/deployment_util.go
export const REVISION = 'deployment.kubernetes.io/revision'
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history'
export const DESIRED = 'deployment.kubernetes.io/desired-replicas'
export const MAX = 'deployment.kubernetes.io/max-replicas'
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
])

export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) || a.metadata.name.localeCompare(b.metadata.name)

export const revisionOf = (set: ReplicaSet): number => Number(set.metadata.annotations?.[REVISION] ?? 0)

/** The oldest ReplicaSet whose template is the Deployment's. */
export const findNewReplicaSet = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  [...sets].sort(byCreation).find(set => isSameTemplate(set.spec.template ?? {}, deployment.spec.template))

/** Notes on a ReplicaSet how many Pods its Deployment wants; true where that changed it. */
export const annotateSizes = (set: ReplicaSet, desired: number, max: number): boolean => {
  const wanted = { [DESIRED]: String(desired), [MAX]: String(max) }
  const old = set.metadata.annotations ?? {}
  const changes = old[DESIRED] !== wanted[DESIRED] || old[MAX] !== wanted[MAX]
  if (changes) set.metadata.annotations = { ...old, ...wanted }
  return changes
}

/** Copies the Deployment's annotations and raises the revision; true where that changed the ReplicaSet. */
export const annotateNew = (deployment: Deployment, set: ReplicaSet, revision: number): boolean => {
  const old = set.metadata.annotations ?? {}
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key))
  const annotations = { ...old, ...Object.fromEntries(copied) }
  const before = Number(old[REVISION] ?? 0)
  if (before < revision) {
    annotations[REVISION] = String(revision)
    if (before > 0) annotations[REVISION_HISTORY] = [...(old[REVISION_HISTORY]?.split(',') ?? []), before].join()
  }
  const changes = before < revision || copied.some(([key, value]) => old[key] !== value)
  if (changes) set.metadata.annotations = annotations
  return changes
}
