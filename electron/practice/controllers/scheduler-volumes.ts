// Volumes for claims that wait for their first consumer: which ones a node could give them. Pure.

import type { PersistentVolumeObject as Volume } from '../resources/persistent-volume.ts'
import type { PersistentVolumeClaimObject as Claim } from '../resources/persistent-volume-claim.ts'
import type { NodeObject } from './kinds.ts'
import { findVolume } from './persistent-volume-decision.ts'
import { matchesAny, type NodeInfo, type Obstacle } from './scheduler-node-fit.ts'

// Models kubernetes/pkg/scheduler/framework/plugins/volumebinding/binder.go FindPodVolumes
/** A claim that has no volume before its Pod has a node. */
export interface Demand {
  claim: Claim
  /** Its class makes one wherever the Pod goes. */
  isMade: boolean
}

/** The volumes that claims would get on a node, but for those still to be made; undefined where one would get none. */
export const supplyOn = (
  node: NodeObject,
  demands: readonly Demand[],
  volumes: readonly Volume[],
): ReadonlyMap<Claim, Volume> | undefined => {
  const supply = new Map<Claim, Volume>()
  const here = volumes.filter(({ spec }) => matchesAny(spec.nodeAffinity?.required, node))
  for (const { claim, isMade } of demands) {
    const taken = new Set(supply.values())
    const volume = findVolume(
      claim,
      here.filter(each => !taken.has(each)),
    )
    if (volume) supply.set(claim, volume)
    else if (!isMade) return undefined
  }
  return supply
}

/** What stands against a node that has no volume for one of the claims; undefined where none waits. */
export const supplyFilter = (
  demands: readonly Demand[],
  volumes: readonly Volume[],
): ((info: NodeInfo) => Obstacle[]) | undefined => {
  if (demands.length === 0) return undefined
  return ({ node }) =>
    supplyOn(node, demands, volumes) ? [] : [{ reason: "node(s) didn't find available persistent volumes to bind", final: true }]
}
