// The arithmetic of rollouts: surge and unavailability, and how many Pods each ReplicaSet may have.

import { MAX } from './deployment-revision.ts'
import type { Deployment, ReplicaSet } from './kinds.ts'

// Models kubernetes/pkg/controller/deployment/util/deployment_util.go
export const wantedOf = (object: { spec: { replicas?: number } }): number => object.spec.replicas ?? 1

export const totalOf = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + wantedOf(set), 0)

export const availableOf = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0)

const resolve = (value: number | string | undefined, total: number, round: (value: number) => number): number => {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  return value.endsWith('%') ? round((Number.parseInt(value, 10) * total) / 100) : Number.parseInt(value, 10)
}

/** Absolute maxSurge and maxUnavailable; never both zero, or nothing could move. */
export const fenceposts = (deployment: Deployment): { surge: number; unavailable: number } => {
  const { type, rollingUpdate } = deployment.spec.strategy ?? {}
  if (type === 'Recreate') return { surge: 0, unavailable: 0 }
  const wanted = wantedOf(deployment)
  const surge = resolve(rollingUpdate?.maxSurge ?? '25%', wanted, Math.ceil)
  const unavailable = resolve(rollingUpdate?.maxUnavailable ?? '25%', wanted, Math.floor)
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

export const maxUnavailable = (deployment: Deployment): number =>
  wantedOf(deployment) === 0 ? 0 : Math.min(fenceposts(deployment).unavailable, wantedOf(deployment))

/** How big the new ReplicaSet may be now. */
export const newSize = (deployment: Deployment, all: readonly ReplicaSet[], current: number): number => {
  const wanted = wantedOf(deployment)
  if (deployment.spec.strategy?.type === 'Recreate') return wanted
  const room = wanted + fenceposts(deployment).surge - totalOf(all)
  return room <= 0 ? current : current + Math.min(room, wanted - current)
}

/** This ReplicaSet's share when a Deployment is scaled in the middle of a rollout. */
const share = (set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number => {
  const size = wantedOf(set)
  if (size === 0 || toAdd === 0 || toAdd === added) return 0
  const allowed = toAdd - added
  const fraction = fractionOf(set, deployment)
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed)
}

const fractionOf = (set: ReplicaSet, deployment: Deployment): number => {
  const size = wantedOf(set)
  if (wantedOf(deployment) === 0) return -size
  const goal = wantedOf(deployment) + fenceposts(deployment).surge
  const before = Number(set.metadata.annotations?.[MAX] ?? deployment.status?.replicas ?? 0)
  return before === 0 ? 0 : Math.round((size * goal) / before) - size
}

/** New sizes of the active ReplicaSets, in proportion; the biggest takes what rounding leaves. */
export const proportionalSizes = (deployment: Deployment, active: readonly ReplicaSet[]): Map<ReplicaSet, number> => {
  const allowed = wantedOf(deployment) > 0 ? wantedOf(deployment) + fenceposts(deployment).surge : 0
  const toAdd = allowed - totalOf(active)
  const age = (a: ReplicaSet, b: ReplicaSet) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp)
  const ordered = [...active].sort((a, b) => wantedOf(b) - wantedOf(a) || (toAdd > 0 ? age(b, a) : age(a, b)))
  const sizes = new Map<ReplicaSet, number>()
  let added = 0
  for (const set of ordered) {
    const part = share(set, deployment, toAdd, added)
    sizes.set(set, wantedOf(set) + part)
    added += part
  }
  const [first] = ordered
  if (first && toAdd !== 0) sizes.set(first, Math.max(0, (sizes.get(first) ?? 0) + toAdd - added))
  return sizes
}
