// Which Pods of a ReplicaSet go first when there are too many.

import type { Pod } from './kinds.ts'
import { isActive, isReady, readySince, restarts } from './pod.ts'

// Models kubernetes/pkg/controller/controller_utils.go ActivePodsWithRanks, with LogarithmicScaleDown
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const PHASES: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/** Times that lie near each other, seen from now, count as equal: the uid then decides, which is as good as chance. */
const logAge = (since: number, now: number): number => {
  const age = (now - since) * 1e6
  return age > 0 ? Math.floor(Math.log2(age)) : 0
}

/** `related` are the active Pods whose crowding on a node counts. Does not change its input. */
export const inDeletionOrder = (pods: readonly Pod[], related: readonly Pod[], now: number): Pod[] => {
  const crowd = new Map<string, number>()
  for (const { spec } of related.filter(isActive)) crowd.set(spec.nodeName ?? '', (crowd.get(spec.nodeName ?? '') ?? 0) + 1)
  const cost = (pod: Pod) => Number(pod.metadata.annotations?.[DELETION_COST] ?? 0)
  const rank = (pod: Pod) => crowd.get(pod.spec.nodeName ?? '') ?? 0
  const phase = (pod: Pod) => PHASES[pod.status?.phase ?? 'Pending'] ?? 0

  const compare = (a: Pod, b: Pod): number =>
    Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
    phase(a) - phase(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    cost(a) - cost(b) ||
    rank(b) - rank(a) ||
    logAge(readySince(a) ?? now, now) - logAge(readySince(b) ?? now, now) ||
    restarts(b) - restarts(a) ||
    logAge(Date.parse(a.metadata.creationTimestamp), now) - logAge(Date.parse(b.metadata.creationTimestamp), now) ||
    (a.metadata.uid < b.metadata.uid ? -1 : 1)
  return [...pods].sort(compare)
}
