// Which node a Pod goes to, or why to none. Pure.

import type { NodeSelectorTerm, Taint, Toleration } from 'kubernetes-types/core/v1.js'
import { controllerOf } from '../object.ts'
import type { NodeObject, Pod } from './kinds.ts'
import { requestsOf, type Usage } from './pod-requests.ts'
import { quantity } from './quantity.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/scheduler/framework/plugins and pkg/scheduler/framework/types.go FitError
export interface NodeInfo {
  node: NodeObject
  usage: Usage
}

export type Placement = { node: string } | { message: string }

/** Why a node will not do; `final` when no eviction could change that. */
interface Obstacle {
  reason: string
  final: boolean
}

/** What the scoring assumes of a Pod that names no requests. */
const ASSUMED_CPU = 0.1
const ASSUMED_MEMORY = 200 * 2 ** 20

/** The best node by free room and spread, or the scheduler's message. `random` (0..1) breaks ties. */
export const decidePlacement = (pod: Pod, nodes: readonly NodeInfo[], random: () => number): Placement => {
  if (nodes.length === 0) return { message: 'no nodes available to schedule pods' }
  const obstacles = nodes.map(info => ({ info, found: obstaclesOf(pod, info) }))
  const fitting = obstacles.filter(({ found }) => found.length === 0).map(({ info }) => info)
  if (fitting.length === 0) return { message: refusal(obstacles.map(({ found }) => found)) }
  const scored = fitting.map(info => ({ info, score: scoreOf(pod, info) }))
  const best = Math.max(...scored.map(({ score }) => score))
  const equals = scored.filter(({ score }) => score === best)
  const chosen = equals[Math.floor(random() * equals.length)] ?? equals[0]
  return chosen ? { node: chosen.info.node.metadata.name } : { message: 'no nodes available to schedule pods' }
}

/** The first plugin that refuses speaks for the node; the resources plugin names each shortage. */
const obstaclesOf = (pod: Pod, { node, usage }: NodeInfo): Obstacle[] => {
  const labels = node.metadata.labels ?? {}
  const tolerations = pod.spec.tolerations ?? []
  if (pod.spec.nodeName && pod.spec.nodeName !== node.metadata.name)
    return [{ reason: "node(s) didn't match the requested node name", final: true }]
  const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  if (node.spec?.unschedulable && !tolerations.some(toleration => tolerates(toleration, cordon)))
    return [{ reason: 'node(s) were unschedulable', final: true }]
  const taints = (node.spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule')
  if (taints.some(taint => !tolerations.some(toleration => tolerates(toleration, taint))))
    return [{ reason: 'node(s) had untolerated taint(s)', final: true }]
  if (!selects({ matchLabels: pod.spec.nodeSelector }, labels) || !matchesAffinity(pod, node))
    return [{ reason: "node(s) didn't match Pod's node affinity/selector", final: true }]
  const requests = requestsOf(pod)
  if (requests.hostPorts.some(port => usage.hostPorts.has(port)))
    return [{ reason: "node(s) didn't have free ports for the requested pod ports", final: false }]
  const room = node.status?.allocatable ?? {}
  const shortages: Obstacle[] = []
  if (usage.pods + 1 > quantity(room.pods ?? '110')) shortages.push({ reason: 'Too many pods', final: false })
  for (const name of ['cpu', 'memory'] as const) {
    const total = quantity(room[name])
    if (requests[name] > 0 && requests[name] > total - usage[name])
      shortages.push({ reason: `Insufficient ${name}`, final: requests[name] > total })
  }
  return shortages
}

export const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  return toleration.operator === 'Exists' || (toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? ''))
}

export const matchesAffinity = (pod: Pod, node: NodeObject): boolean => {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return !terms || terms.some(term => matchesTerm(term, node))
}

const matchesTerm = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: NodeObject): boolean =>
  matchExpressions.length + matchFields.length > 0 &&
  selects({ matchExpressions }, metadata.labels) &&
  selects({ matchExpressions: matchFields }, { 'metadata.name': metadata.name })

/** LeastAllocated, and twice as heavy the spread of Pods of one owner. */
const scoreOf = (pod: Pod, { node, usage }: NodeInfo): number => {
  const requests = requestsOf(pod)
  const free = (taken: number, wanted: number, total: number) => (total > 0 ? Math.max(0, (total - taken - wanted) / total) : 0)
  const room = node.status?.allocatable ?? {}
  const cpu = free(usage.cpu, requests.cpu || ASSUMED_CPU, quantity(room.cpu))
  const memory = free(usage.memory, requests.memory || ASSUMED_MEMORY, quantity(room.memory))
  const owner = controllerOf(pod)?.uid
  const siblings = owner ? (usage.byOwner.get(owner) ?? 0) : usage.pods
  return (cpu + memory) / 2 + 2 / (1 + siblings)
}

const histogram = (reasons: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')
}

const refusal = (obstacles: readonly Obstacle[][]): string => {
  const head = `0/${obstacles.length} nodes are available`
  const preemption = obstacles.map(found =>
    found.some(({ final }) => final)
      ? 'Preemption is not helpful for scheduling'
      : 'No preemption victims found for incoming pod',
  )
  const reasons = histogram(obstacles.flat().map(({ reason }) => reason))
  return `${head}: ${reasons}. no new claims to deallocate, preemption: ${head}: ${histogram(preemption)}.`
}
