// What a StatefulSet does next: which Pods to make and delete, in order, and what to report. Pure.

import type { ControllerRevisionObject as Revision } from '../resources/controller-revision.ts'
import type { StatefulSetObject as StatefulSet } from '../resources/stateful-set.ts'
import { type Pod, withoutZeros } from './kinds.ts'
import { isAvailable, isReady, isTerminal } from './pod.ts'
import { type History, historyOf, outdated } from './stateful-set-revision.ts'

// Models kubernetes/pkg/controller/statefulset/stateful_set_control.go
export const REVISION_HASH = 'controller-revision-hash'

export interface StatefulSetInput {
  statefulSet: StatefulSet
  /** Every Pod that it owns. */
  pods: readonly Pod[]
  /** Every revision that it owns. */
  revisions: readonly Revision[]
  now: number
}

export interface StatefulSetDecision {
  history: History
  /** Pods to make: by number, from the current or the newest template. */
  create: readonly { ordinal: number; revision: 'current' | 'update' }[]
  /** Pods to delete: no longer wanted or of an old template; or ended, and to be made anew. */
  remove: readonly { pod: Pod; because: 'scale' | 'update' | 'failed' | 'succeeded' }[]
  forget: readonly Revision[]
  status: NonNullable<StatefulSet['status']>
  /** Look again in so many milliseconds: a Pod becomes available then. */
  after?: number
}

/** The number at the end of a Pod's name; -1 where it has none. */
export const ordinalOf = ({ metadata }: Pod): number => Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? -1)

const isCreated = (pod: Pod): boolean => Boolean(pod.status?.phase)
const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod)
const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined
const revisionOf = (pod: Pod): string | undefined => pod.metadata.labels?.[REVISION_HASH]

/** What to do next for a StatefulSet, and what to report. */
export const decideStatefulSet = (input: StatefulSetInput): StatefulSetDecision => {
  const { statefulSet, pods, revisions, now } = input
  const history = historyOf(statefulSet, revisions)
  const steps = statefulSet.metadata.deletionTimestamp ? { create: [], remove: [] } : nextSteps(input)
  const live = new Set([history.current, history.update].map(({ metadata }) => metadata.name))
  for (const pod of pods) live.add(revisionOf(pod) ?? '')
  return {
    history,
    ...steps,
    forget: outdated(statefulSet, revisions, live),
    status: statusOf(input, history),
    ...nextLook(statefulSet, pods, now),
  }
}

const nextSteps = ({ statefulSet, pods, revisions, now }: StatefulSetInput): Pick<StatefulSetDecision, 'create' | 'remove'> => {
  const { spec } = statefulSet
  const { update } = historyOf(statefulSet, revisions)
  const start = spec.ordinals?.start ?? 0
  const end = start + (spec.replicas ?? 1)
  const isOrdered = spec.podManagementPolicy !== 'Parallel'
  const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0
  const isRolling = spec.updateStrategy?.type !== 'OnDelete'
  const isHealthy = (pod: Pod) =>
    isRunningAndReady(pod) && isAvailable(pod, spec.minReadySeconds ?? 0, now) && !isTerminating(pod)
  const byOrdinal = new Map(pods.map(pod => [ordinalOf(pod), pod]))
  const condemned = pods
    .filter(pod => ordinalOf(pod) >= 0 && (ordinalOf(pod) < start || ordinalOf(pod) >= end))
    .sort((a, b) => ordinalOf(b) - ordinalOf(a))
  const create: StatefulSetDecision['create'][number][] = []
  const remove: StatefulSetDecision['remove'][number][] = []
  const done = () => ({ create, remove })

  for (let ordinal = start; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal)
    if (!pod) create.push({ ordinal, revision: isRolling && ordinal < start + partition ? 'current' : 'update' })
    else if (isTerminal(pod) && !isTerminating(pod))
      remove.push({ pod, because: pod.status?.phase === 'Failed' ? 'failed' : 'succeeded' })
    else if (isHealthy(pod) || !isOrdered) continue
    if (isOrdered) return done()
  }
  const replicas = Array.from({ length: Math.max(0, end - start) }, (_, index) => byOrdinal.get(start + index))
  const unhealthy = [...replicas, ...[...condemned].reverse()].find(pod => !pod || !isHealthy(pod))
  for (const pod of condemned) {
    if (isTerminating(pod)) {
      if (isOrdered) return done()
      continue
    }
    if (isOrdered && !isHealthy(pod) && pod !== unhealthy) return done()
    remove.push({ pod, because: 'scale' })
    if (isOrdered) return done()
  }
  if (!isRolling || create.length > 0) return done()
  const most = spec.updateStrategy?.rollingUpdate?.maxUnavailable
  if (most !== undefined) {
    // From the last to the partition, as many at once as may be missing.
    let room = mayBeMissing(most, end - start) - replicas.filter(pod => !pod || !isHealthy(pod)).length
    for (const pod of replicas.slice(partition).reverse()) {
      if (room <= 0 || !pod || revisionOf(pod) === update.metadata.name || isTerminating(pod)) continue
      remove.push({ pod, because: 'update' })
      room--
    }
    return done()
  }
  // From the last to the partition, one after another, each once the one before it is healthy.
  for (const pod of replicas.slice(partition).reverse()) {
    if (!pod) return done()
    if (revisionOf(pod) !== update.metadata.name && !isTerminating(pod)) {
      remove.push({ pod, because: 'update' })
      return done()
    }
    if (!isHealthy(pod)) return done()
  }
  return done()
}

const mayBeMissing = (value: number | string, replicas: number): number =>
  Math.max(1, typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * replicas) / 100))

const statusOf = (
  { statefulSet, pods, now }: StatefulSetInput,
  { current, update }: History,
): NonNullable<StatefulSet['status']> => {
  const { spec, metadata, status: old } = statefulSet
  const created = pods.filter(isCreated)
  const ready = created.filter(isRunningAndReady)
  const of = (revision: Revision) =>
    created.filter(pod => !isTerminating(pod) && revisionOf(pod) === revision.metadata.name).length
  const counts = { replicas: created.length, ready: ready.length, current: of(current), updated: of(update) }
  const isRolledOut =
    spec.updateStrategy?.type !== 'OnDelete' &&
    counts.updated === counts.replicas &&
    counts.ready === counts.replicas &&
    counts.replicas === (spec.replicas ?? 1)
  return {
    ...withoutZeros({
      observedGeneration: metadata.generation ?? 0,
      readyReplicas: counts.ready,
      currentReplicas: isRolledOut ? counts.updated : counts.current,
      updatedReplicas: counts.updated,
    }),
    replicas: counts.replicas,
    availableReplicas: ready.filter(pod => isAvailable(pod, spec.minReadySeconds ?? 0, now)).length,
    currentRevision: (isRolledOut ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: old?.collisionCount ?? 0,
  }
}

const nextLook = ({ spec }: StatefulSet, pods: readonly Pod[], now: number): { after?: number } => {
  const minReadyMs = (spec.minReadySeconds ?? 0) * 1000
  const waits = pods
    .filter(pod => isReady(pod) && !isAvailable(pod, minReadyMs / 1000, now))
    .map(
      pod =>
        Date.parse(pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '') + minReadyMs - now,
    )
  return waits.length > 0 ? { after: Math.max(1, Math.min(...waits)) } : {}
}
