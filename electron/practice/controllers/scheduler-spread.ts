// Spread over nodes and zones: topologySpreadConstraints, and the even spread that Pods of one owner get by themselves. Pure.

import type { TopologySpreadConstraint } from 'kubernetes-types/core/v1.js'
import { controllerOf } from '../object.ts'
import type { NodeObject, Pod } from './kinds.ts'
import { matchesNode, type NodeInfo, type Obstacle, untolerated } from './scheduler-node-fit.ts'
import { narrowed } from './scheduler-pod-affinity.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/scheduler/framework/plugins/podtopologyspread
type Constraint = TopologySpreadConstraint & {
  minDomains?: number
  nodeAffinityPolicy?: string
  nodeTaintsPolicy?: string
  matchLabelKeys?: string[]
}

const HOST = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'

const constraintsOf = (pod: Pod, when: string): Constraint[] =>
  ((pod.spec.topologySpreadConstraints ?? []) as Constraint[]).filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when)

/** Whether a Pod says how it is to be spread. */
export const isSpread = ({ spec }: Pod): boolean => (spec.topologySpreadConstraints?.length ?? 0) > 0

const counter = (pod: Pod, { labelSelector, matchLabelKeys }: Constraint) => {
  const selector = narrowed(labelSelector, pod, matchLabelKeys)
  const counts = ({ metadata }: Pod) =>
    metadata.namespace === pod.metadata.namespace && !metadata.deletionTimestamp && selects(selector, metadata.labels)
  return { counts, self: selects(selector, pod.metadata.labels) ? 1 : 0 }
}

const isCounted = (pod: Pod, node: NodeObject, { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' }: Constraint) =>
  (nodeAffinityPolicy !== 'Honor' || matchesNode(pod, node)) &&
  (nodeTaintsPolicy !== 'Honor' || untolerated(pod, node, ['NoSchedule', 'NoExecute']).length === 0)

const hasKeys = (node: NodeObject, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined)

/** Pods of the constraint by the value of its topology key; every value that a counted node has is there. */
const domainsOf = (pod: Pod, constraint: Constraint, nodes: readonly NodeInfo[]): Map<string, number> => {
  const { counts } = counter(pod, constraint)
  const domains = new Map<string, number>()
  for (const { node, pods } of nodes) {
    const value = node.metadata.labels?.[constraint.topologyKey]
    if (value === undefined || !isCounted(pod, node, constraint)) continue
    domains.set(value, (domains.get(value) ?? 0) + pods().filter(counts).length)
  }
  return domains
}

const WORDS = "node(s) didn't match pod topology spread constraints"

/** Tells why a node will not do; undefined where the Pod demands no spread. */
export const spreadFilter = (pod: Pod, nodes: readonly NodeInfo[]): ((info: NodeInfo) => Obstacle[]) | undefined => {
  const constraints = constraintsOf(pod, 'DoNotSchedule')
  if (constraints.length === 0) return undefined
  const complete = nodes.filter(({ node }) => hasKeys(node, constraints))
  const limits = constraints.map(constraint => {
    const domains = domainsOf(pod, constraint, complete)
    const least = domains.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...domains.values())
    return { key: constraint.topologyKey, domains, most: constraint.maxSkew + least - counter(pod, constraint).self }
  })
  return ({ node }) => {
    for (const { key, domains, most } of limits) {
      const value = node.metadata.labels?.[key]
      if (value === undefined) return [{ reason: `${WORDS} (missing required label)`, final: true }]
      if ((domains.get(value) ?? 0) > most) return [{ reason: WORDS, final: false }]
    }
    return []
  }
}

const byDefault: readonly { key: string; maxSkew: number }[] = [
  { key: HOST, maxSkew: 3 },
  { key: ZONE, maxSkew: 5 },
]

interface Wish {
  key: string
  maxSkew: number
  /** How many Pods a node's place holds already. */
  at(info: NodeInfo): number
}

/** Without wishes of its own, a Pod keeps away from those of the same controller. */
const defaultWishes = (pod: Pod, nodes: readonly NodeInfo[]): Wish[] => {
  const owner = controllerOf(pod)?.uid
  if (!owner) return []
  const own = ({ usage }: NodeInfo) => usage.byOwner.get(owner) ?? 0
  return byDefault.flatMap(({ key, maxSkew }) => {
    if (key === HOST) return [{ key, maxSkew, at: own }]
    const zones = new Map<string, number>()
    for (const info of nodes) {
      const zone = info.node.metadata.labels?.[key]
      if (zone !== undefined) zones.set(zone, (zones.get(zone) ?? 0) + own(info))
    }
    return zones.size > 0 ? [{ key, maxSkew, at: ({ node }) => zones.get(node.metadata.labels?.[key] ?? '') ?? 0 }] : []
  })
}

const ownWishes = (pod: Pod, nodes: readonly NodeInfo[], constraints: readonly Constraint[]): Wish[] => {
  const complete = nodes.filter(({ node }) => hasKeys(node, constraints))
  return constraints.map(constraint => {
    const { topologyKey: key, maxSkew } = constraint
    const domains = domainsOf(pod, constraint, complete)
    return { key, maxSkew, at: ({ node }) => domains.get(node.metadata.labels?.[key] ?? '') ?? 0 }
  })
}

/** How good fitting nodes are for the spread, from 0 to 100 each; undefined where it does not matter. */
export const spreadScores = (
  pod: Pod,
  nodes: readonly NodeInfo[],
  fitting: readonly NodeInfo[],
): readonly number[] | undefined => {
  const constraints = isSpread(pod) ? constraintsOf(pod, 'ScheduleAnyway') : []
  const wishes = isSpread(pod) ? ownWishes(pod, nodes, constraints) : defaultWishes(pod, nodes)
  if (wishes.length === 0) return undefined
  const isUsable = ({ node }: NodeInfo) => hasKeys(node, constraints)
  const usable = fitting.filter(isUsable)
  // More places: each Pod in one of them weighs more.
  const weights = wishes.map(({ key }) => {
    const places = key === HOST ? usable.length : new Set(usable.map(({ node }) => node.metadata.labels?.[key])).size
    return Math.log(places + 2)
  })
  const crowd = (info: NodeInfo) =>
    Math.round(wishes.reduce((sum, { at, maxSkew }, index) => sum + at(info) * (weights[index] ?? 1) + maxSkew - 1, 0))
  const crowds = usable.map(crowd)
  const [most, least] = [Math.max(...crowds), Math.min(...crowds)]
  return fitting.map(info => {
    if (!isUsable(info)) return 0
    return most === 0 ? 100 : Math.floor((100 * (most + least - crowd(info))) / most)
  })
}
