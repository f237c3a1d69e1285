// When a node counts as lost, by its Lease, and what its conditions say then. Pure.

import type { NodeCondition } from 'kubernetes-types/core/v1.js'
import { timestamp } from '../object.ts'
import type { LeaseObject } from '../resources/lease.ts'
import type { NodeObject } from './kinds.ts'

// Models kubernetes/pkg/controller/nodelifecycle/node_lifecycle_controller.go, --node-monitor-grace-period
export const LEASES = 'leases.coordination.k8s.io'
/** The Namespace of the nodes' Leases. */
export const NODE_LEASES = 'kube-node-lease'
/** How long a node may be silent before it counts as lost. */
const GRACE_MS = 50_000

/** Milliseconds until a node counts as lost, 0 where it does; undefined where it is lost already, or has never been heard. */
export const decideLost = ({ status }: NodeObject, lease: LeaseObject | undefined, now: number): number | undefined => {
  const renewed = Date.parse(lease?.spec?.renewTime ?? '')
  if (Number.isNaN(renewed)) return undefined
  const left = renewed + GRACE_MS - now
  const isKnown = status?.conditions?.some(({ status: state }) => state !== 'Unknown')
  return left > 0 ? left : isKnown ? 0 : undefined
}

/** Conditions of a node of which nothing is heard. */
export const lostConditions = (conditions: readonly NodeCondition[], now: number): NodeCondition[] =>
  conditions.map(condition =>
    condition.status === 'Unknown'
      ? condition
      : {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: timestamp(now),
        },
  )
