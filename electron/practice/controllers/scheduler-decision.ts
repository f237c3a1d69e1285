// Which node a Pod goes to, or why to none and who would have to leave. Pure.

import type { PersistentVolumeObject as Volume } from '../resources/persistent-volume.ts'
import type { PodDisruptionBudgetObject } from '../resources/pod-disruption-budget.ts'
import type { Pod } from './kinds.ts'
import { usageOf } from './pod-requests.ts'
import { type NodeInfo, nodeFilter, type Obstacle } from './scheduler-node-fit.ts'
import { affinityFilter, isRuling, type Neighbours } from './scheduler-pod-affinity.ts'
import { decidePreemption } from './scheduler-preemption.ts'
import { scoresOf } from './scheduler-score.ts'
import { spreadFilter } from './scheduler-spread.ts'
import { type Demand, supplyFilter } from './scheduler-volumes.ts'

// Models kubernetes/pkg/scheduler/schedule_one.go and pkg/scheduler/framework/types.go FitError
export interface SchedulingView extends Neighbours {
  /** Of the claims that the Pod mounts. */
  volumes: readonly Volume[]
  /** Its claims that have none yet, and the volumes that there are. */
  demands?: readonly Demand[]
  supply?: readonly Volume[]
  budgets: readonly PodDisruptionBudgetObject[]
  /** Pods for which others were made to leave a node, and which wait for that. */
  nominated: readonly Pod[]
}

export type Placement = { node: string } | Refusal

export interface Refusal {
  message: string
  /** Pods that are to leave a node, so that this Pod fits there. */
  preempt?: { node: string; victims: readonly Pod[] }
  /** No node is kept for the Pod any more. */
  unnominate?: boolean
}

const NO_NODES: Refusal = { message: 'no nodes available to schedule pods' }

/** The best node, or the scheduler's message. `random` (0..1) breaks ties; `kept` is a node held for the Pod. */
export const decidePlacement = (pod: Pod, view: SchedulingView, random: () => number, kept?: string): Placement => {
  const { nodes } = view
  if (nodes.length === 0) return NO_NODES
  const obstacles = obstaclesFor(pod, view)
  const found = nodes.map(obstacles)
  const fitting = nodes.filter((_, index) => found[index]?.length === 0)
  if (kept && fitting.some(({ node }) => node.metadata.name === kept)) return { node: kept }
  if (fitting.length > 0) return { node: best(pod, view, fitting, random) }
  return refusal(pod, view, found)
}

const best = (pod: Pod, view: SchedulingView, fitting: readonly NodeInfo[], random: () => number): string => {
  const [first] = fitting
  if (fitting.length === 1 && first) return first.node.metadata.name
  const scores = scoresOf(pod, view, fitting)
  const highest = Math.max(...scores)
  const equals = fitting.filter((_, index) => scores[index] === highest)
  return equals[Math.floor(random() * equals.length)]?.node.metadata.name ?? ''
}

/** What stands against a node, one after another as upstream's plugins: the first that refuses speaks. */
const filtersFor = (pod: Pod, view: SchedulingView): ((info: NodeInfo) => Obstacle[]) => {
  const fits = nodeFilter(pod, view.volumes)
  const supplies = supplyFilter(view.demands ?? [], view.supply ?? [])
  const spreads = spreadFilter(pod, view.nodes)
  const suits = affinityFilter(pod, view)
  return info => {
    for (const filter of [fits, supplies, spreads, suits]) {
      const found = filter?.(info) ?? []
      if (found.length > 0) return found
    }
    return []
  }
}

/** As if those more important that are nominated were there already; and without them, for they may yet go elsewhere. */
const obstaclesFor = (pod: Pod, view: SchedulingView): ((info: NodeInfo) => Obstacle[]) => {
  const filters = filtersFor(pod, view)
  const others = view.nominated.filter(
    other => other.metadata.uid !== pod.metadata.uid && (other.spec.priority ?? 0) >= (pod.spec.priority ?? 0),
  )
  if (others.length === 0) return filters
  return info => {
    const { name } = info.node.metadata
    const coming = others.filter(({ status }) => status?.nominatedNodeName === name)
    if (coming.length === 0) return filters(info)
    const placed = coming.map(other => ({ ...other, spec: { ...other.spec, nodeName: name } }))
    const full = withPods(view, info, [...info.pods(), ...placed])
    const found = filtersFor(pod, full.view)(full.info)
    return found.length > 0 ? found : filters(info)
  }
}

/** The same cluster with other Pods on one node. */
const withPods = (view: SchedulingView, { node }: NodeInfo, pods: readonly Pod[]): { view: SchedulingView; info: NodeInfo } => {
  const info: NodeInfo = { node, usage: usageOf(pods), pods: () => pods }
  const elsewhere = view.ruling.filter(({ spec }) => spec.nodeName !== node.metadata.name)
  const nodes = view.nodes.map(each => (each.node === node ? info : each))
  return { view: { ...view, nodes, ruling: [...elsewhere, ...pods.filter(isRuling)] }, info }
}

const histogram = (reasons: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')
}

const refusal = (pod: Pod, view: SchedulingView, found: readonly Obstacle[][]): Refusal => {
  const head = `0/${found.length} nodes are available`
  const reasons = `${head}: ${histogram(found.flat().map(({ reason }) => reason))}.`
  const fits = (info: NodeInfo, pods: readonly Pod[]) => {
    const without = withPods(view, info, pods)
    return obstaclesFor(pod, without.view)(without.info)
  }
  const preemption = decidePreemption({ pod, nodes: view.nodes, found, budgets: view.budgets, fits })
  if ('victims' in preemption) return { message: reasons, preempt: preemption }
  const words = 'reasons' in preemption ? `${head}: ${histogram(preemption.reasons)}.` : preemption.message
  const message = `${reasons} no new claims to deallocate, preemption: ${words}`
  return { message, ...('reasons' in preemption && { unnominate: true }) }
}
