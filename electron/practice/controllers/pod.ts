// What controllers read off a Pod: active, ready, available, restarts. All pure.

import type { ObservedPodCondition, Pod } from './kinds.ts'

// Models kubernetes/pkg/api/v1/pod/util.go and pkg/controller/controller_utils.go

export const podCondition = (pod: Pod, type: string): ObservedPodCondition | undefined =>
  pod.status?.conditions?.find(condition => condition.type === type)

/** The Pod has ended for good: Succeeded or Failed. */
export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

/** Counts towards a replica count: neither ended nor being deleted. */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && !pod.metadata.deletionTimestamp

/** Being deleted and not yet ended. */
export const isTerminating = (pod: Pod): boolean => !isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined

export const isReady = (pod: Pod): boolean => podCondition(pod, 'Ready')?.status === 'True'

/** When the Pod became Ready, in milliseconds since the epoch; undefined where it is not. */
export const readySince = (pod: Pod): number | undefined => {
  const condition = podCondition(pod, 'Ready')
  return condition?.status === 'True' ? Date.parse(condition.lastTransitionTime ?? '') : undefined
}

/** Ready for at least `minReadySeconds` at `now`. */
export const isAvailable = (pod: Pod, minReadySeconds: number, now: number): boolean => {
  if (minReadySeconds === 0) return isReady(pod)
  const since = readySince(pod)
  return since !== undefined && since + minReadySeconds * 1000 <= now
}

/** Of the container that restarted most. */
export const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map(container => container.restartCount))
