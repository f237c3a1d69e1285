// What the scheduler looks at, kept by watches: nodes and what they hold, rules between Pods, nominations, budgets.

import type { PersistentVolumeObject as Volume } from '../resources/persistent-volume.ts'
import type { PersistentVolumeClaimObject as Claim } from '../resources/persistent-volume-claim.ts'
import type { PodDisruptionBudgetObject } from '../resources/pod-disruption-budget.ts'
import type { Store } from '../store.ts'
import { type Index, indexOf } from './index-of.ts'
import type { NodeObject, Pod } from './kinds.ts'
import { isTerminal, podCondition } from './pod.ts'
import { trackUsage, type Usage } from './pod-requests.ts'
import type { SchedulingView } from './scheduler-decision.ts'
import { isRuling } from './scheduler-pod-affinity.ts'
import { isSpread } from './scheduler-spread.ts'
import type { Demand } from './scheduler-volumes.ts'

// Models kubernetes/pkg/scheduler/backend/cache/snapshot.go
export interface SchedulerView {
  /** All that a decision needs; `claims` are those of the Pod, `demands` those that have no volume yet. */
  of(claims: readonly Claim[], demands: readonly Demand[]): SchedulingView
  /** Refused before, and hanging on where other Pods are. */
  picky(): readonly Pod[]
  nominated(): readonly Pod[]
  stop(): void
}

/** Not placed yet, and not to be given up. */
const isWaiting = (pod: Pod): boolean => !pod.spec.nodeName && !isTerminal(pod) && !pod.metadata.deletionTimestamp

const ALL = ''
const only = (isIn: boolean): readonly string[] => (isIn ? [ALL] : [])

export const createSchedulerView = (store: Store, podsByNode: Index<Pod>): SchedulerView => {
  const usage = trackUsage(store)
  const ruling = indexOf<Pod>(store, 'pods', pod => only(isRuling(pod) && Boolean(pod.spec.nodeName) && !isTerminal(pod)))
  const nominated = indexOf<Pod>(store, 'pods', pod => only(Boolean(pod.status?.nominatedNodeName) && isWaiting(pod)))
  const picky = indexOf<Pod>(store, 'pods', pod =>
    only((isRuling(pod) || isSpread(pod)) && isWaiting(pod) && podCondition(pod, 'PodScheduled')?.status === 'False'),
  )
  const labelsOf = (namespace: string) => store.get('namespaces', '', namespace)?.metadata.labels ?? {}
  const volumesOf = (claims: readonly Claim[]): Volume[] =>
    claims.flatMap(({ spec }) => (store.get('persistentvolumes', '', spec.volumeName ?? '') as Volume | undefined) ?? [])
  const infoOf = (node: NodeObject): { node: NodeObject; usage: Usage; pods(): readonly Pod[] } => {
    const { name } = node.metadata
    return { node, usage: usage.of(name), pods: () => podsByNode.get(name).filter(pod => !isTerminal(pod)) }
  }
  return {
    of: (claims, demands) => ({
      nodes: (store.list('nodes') as readonly NodeObject[]).map(infoOf),
      ruling: ruling.get(ALL),
      nominated: nominated.get(ALL),
      budgets: store.list('poddisruptionbudgets.policy') as readonly PodDisruptionBudgetObject[],
      volumes: volumesOf(claims),
      demands,
      supply: demands.length > 0 ? (store.list('persistentvolumes') as readonly Volume[]) : [],
      labelsOf,
    }),
    picky: () => picky.get(ALL),
    nominated: () => nominated.get(ALL),
    stop() {
      for (const { stop } of [usage, ruling, nominated, picky]) stop()
    },
  }
}
