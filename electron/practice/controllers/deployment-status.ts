// A Deployment's status: counts, and the conditions Available and Progressing in Kubernetes' words.

import type { DeploymentCondition } from 'kubernetes-types/apps/v1.js'
import { timestamp } from '../object.ts'
import { availableOf, maxUnavailable, totalOf, wantedOf } from './deployment-size.ts'
import { type Deployment, type ReplicaSet, withoutZeros } from './kinds.ts'

// Models kubernetes/pkg/controller/deployment/sync.go calculateStatus and progress.go
export type Status = NonNullable<Deployment['status']>

/** Upstream's spelling of "no deadline". */
const NO_DEADLINE = 2 ** 31 - 1

export const conditionOf = (conditions: readonly DeploymentCondition[], type: string) =>
  conditions.find(condition => condition.type === type)

/** Puts a condition in; the old one stays where status and reason are the same, its transition time where the status is. */
export const withCondition = (
  conditions: readonly DeploymentCondition[],
  wanted: { type: string; status: 'True' | 'False' | 'Unknown'; reason: string; message: string },
  now: number,
): DeploymentCondition[] => {
  const old = conditionOf(conditions, wanted.type)
  if (old?.status === wanted.status && old.reason === wanted.reason) return [...conditions]
  const lastTransitionTime = old?.status === wanted.status ? old.lastTransitionTime : timestamp(now)
  const { type, status, reason, message } = wanted
  const fresh = { type, status, lastUpdateTime: timestamp(now), lastTransitionTime, reason, message } as DeploymentCondition
  return [...conditions.filter(condition => condition.type !== type), fresh]
}

export const hasDeadline = (deployment: Deployment): boolean =>
  deployment.spec.progressDeadlineSeconds !== undefined && deployment.spec.progressDeadlineSeconds !== NO_DEADLINE

const sum = (sets: readonly ReplicaSet[], field: 'replicas' | 'readyReplicas' | 'terminatingReplicas'): number =>
  sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0)

/** Counts over the ReplicaSets, and whether enough Pods are available. */
export const countStatus = (
  deployment: Deployment,
  all: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  conditions: readonly DeploymentCondition[],
  now: number,
): Status => {
  const available = availableOf(all)
  const isEnough = available >= wantedOf(deployment) - maxUnavailable(deployment)
  const condition = isEnough
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' }
  return {
    ...withoutZeros({
      observedGeneration: deployment.metadata.generation,
      replicas: sum(all, 'replicas'),
      updatedReplicas: fresh ? sum([fresh], 'replicas') : 0,
      readyReplicas: sum(all, 'readyReplicas'),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, totalOf(all) - available),
      collisionCount: deployment.status?.collisionCount,
    }),
    terminatingReplicas: sum(all, 'terminatingReplicas'),
    conditions: withCondition(conditions, { type: 'Available', ...condition } as Parameters<typeof withCondition>[1], now),
  }
}

/** All wanted Pods are new and available, and no old one is left. */
export const isComplete = (deployment: Deployment, status: Status): boolean =>
  (status.updatedReplicas ?? 0) === wantedOf(deployment) &&
  (status.replicas ?? 0) === wantedOf(deployment) &&
  (status.availableReplicas ?? 0) === wantedOf(deployment) &&
  (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)

const hasMoved = (old: Status, status: Status): boolean =>
  (status.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
  (status.replicas ?? 0) - (status.updatedReplicas ?? 0) < (old.replicas ?? 0) - (old.updatedReplicas ?? 0) ||
  (status.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
  (status.availableReplicas ?? 0) > (old.availableReplicas ?? 0)

/** Milliseconds until the deadline passes without progress; undefined where none runs. */
export const untilDeadline = (deployment: Deployment, status: Status, now: number): number | undefined => {
  const progressing = conditionOf(status.conditions ?? [], 'Progressing')
  if (!hasDeadline(deployment) || !progressing || progressing.status === 'False') return undefined
  if (progressing.reason === 'NewReplicaSetAvailable' || isComplete(deployment, status)) return undefined
  return Date.parse(progressing.lastUpdateTime ?? '') + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 - now
}

/** Adds what the rollout's progress says: complete, moving or out of time. */
export const withProgress = (deployment: Deployment, status: Status, fresh: ReplicaSet | undefined, now: number): Status => {
  const conditions = status.conditions ?? []
  const name = fresh ? `ReplicaSet "${fresh.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const old = conditionOf(conditions, 'Progressing')
  if (!hasDeadline(deployment)) return { ...status, conditions: conditions.filter(({ type }) => type !== 'Progressing') }
  const isSettled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && old?.reason === 'NewReplicaSetAvailable'
  if (isSettled) return status
  const set = (state: 'True' | 'False', reason: string, message: string, from = conditions): Status => ({
    ...status,
    conditions: withCondition(from, { type: 'Progressing', status: state, reason, message }, now),
  })
  if (isComplete(deployment, status)) return set('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`)
  if (hasMoved(deployment.status ?? {}, status)) {
    // Renewed even with the same reason: the deadline counts from the last move.
    const moved = set(
      'True',
      'ReplicaSetUpdated',
      `${name} is progressing.`,
      conditions.filter(({ type }) => type !== 'Progressing'),
    )
    const condition = conditionOf(moved.conditions ?? [], 'Progressing')
    if (condition && old?.status === 'True') condition.lastTransitionTime = old.lastTransitionTime
    return moved
  }
  const left = untilDeadline(deployment, status, now)
  return left !== undefined && left < 0 ? set('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`) : status
}
