// Why one node will not do for a Pod, whatever runs on the others: taints, affinity, ports, room, volumes. Pure.

import type { NodeSelector, NodeSelectorTerm, Taint, Toleration } from 'kubernetes-types/core/v1.js'
import type { PersistentVolumeObject as Volume } from '../resources/persistent-volume.ts'
import type { NodeObject, Pod } from './kinds.ts'
import { requestsOf, roomOf, type Usage } from './pod-requests.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/scheduler/framework/plugins: nodeunschedulable, nodename, tainttoleration, nodeaffinity, nodeports, noderesources, volumebinding
export interface NodeInfo {
  node: NodeObject
  usage: Usage
  /** Those that have not ended. */
  pods(): readonly Pod[]
}

/** Why a node will not do; `final` when no eviction could change that. */
export interface Obstacle {
  reason: string
  final: boolean
}

const CORDON: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
/** Of a node that tells no limit. */
const MOST_PODS = 110

export const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  return toleration.operator === 'Exists' || (toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? ''))
}

/** Those of a node's taints with these effects that a Pod does not tolerate. */
export const untolerated = (pod: Pod, node: NodeObject, effects: readonly string[]): Taint[] =>
  (node.spec?.taints ?? []).filter(
    taint => effects.includes(taint.effect) && !pod.spec.tolerations?.some(toleration => tolerates(toleration, taint)),
  )

export const matchesTerm = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: NodeObject): boolean =>
  matchExpressions.length + matchFields.length > 0 &&
  selects({ matchExpressions }, metadata.labels) &&
  selects({ matchExpressions: matchFields }, { 'metadata.name': metadata.name })

/** Whether a node is one of those that a selector names; without one, any is. */
export const matchesAny = (selector: NodeSelector | undefined, node: NodeObject): boolean =>
  !selector || selector.nodeSelectorTerms.some(term => matchesTerm(term, node))

/** Whether a node is one of those that the Pod's required affinity names. */
export const matchesAffinity = (pod: Pod, node: NodeObject): boolean =>
  matchesAny(pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution, node)

/** Whether a node has the labels that the Pod asks for, by selector and by affinity. */
export const matchesNode = (pod: Pod, node: NodeObject): boolean =>
  (!pod.spec.nodeSelector || selects({ matchLabels: pod.spec.nodeSelector }, node.metadata.labels)) && matchesAffinity(pod, node)

/** The only nodes to look at, where every term names some, as those of a DaemonSet do. */
const namedNodes = (pod: Pod): ReadonlySet<string> | undefined => {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (!required) return undefined
  const names = new Set<string>()
  for (const { matchFields = [] } of required.nodeSelectorTerms) {
    const lists = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
    if (lists.length === 0) return undefined
    const [first = [], ...rest] = lists.map(({ values = [] }) => values)
    for (const name of first) if (rest.every(values => values.includes(name))) names.add(name)
  }
  return names
}

const takesPort = (wanted: string, { hostPorts }: Usage): boolean => {
  if (hostPorts.has(wanted)) return true
  const [port, address] = wanted.split('@')
  return address ? hostPorts.has(port ?? '') : [...hostPorts.keys()].some(taken => taken.startsWith(`${port}@`))
}

const shortages = (pod: Pod, { node, usage }: NodeInfo): Obstacle[] => {
  const requests = requestsOf(pod)
  const room = roomOf(node)
  const found: Obstacle[] = []
  if (usage.pods + 1 > (room.pods ?? MOST_PODS)) found.push({ reason: 'Too many pods', final: false })
  const compare = (name: string, wanted: number, taken: number) => {
    const total = room[name] ?? 0
    // Sums of fractions of cores are not exact.
    if (wanted > 0 && wanted > total - taken + 1e-9) found.push({ reason: `Insufficient ${name}`, final: wanted > total })
  }
  compare('cpu', requests.cpu, usage.cpu)
  compare('memory', requests.memory, usage.memory)
  for (const name in requests.others) compare(name, requests.others[name] ?? 0, usage.others.get(name) ?? 0)
  return found
}

const final = (reason: string): Obstacle[] => [{ reason, final: true }]

/** The first plugin that refuses speaks for the node; that of resources names each shortage. `volumes` are those of the Pod's claims. */
export const nodeFilter = (pod: Pod, volumes: readonly Volume[]): ((info: NodeInfo) => Obstacle[]) => {
  const named = namedNodes(pod)
  const { hostPorts } = requestsOf(pod)
  return info => {
    const { node, usage } = info
    if (named && !named.has(node.metadata.name)) return final("node(s) didn't satisfy plugin(s) [NodeAffinity]")
    if (node.spec?.unschedulable && !pod.spec.tolerations?.some(each => tolerates(each, CORDON)))
      return final('node(s) were unschedulable')
    if (pod.spec.nodeName && pod.spec.nodeName !== node.metadata.name)
      return final("node(s) didn't match the requested node name")
    if (node.spec?.taints && untolerated(pod, node, ['NoSchedule', 'NoExecute']).length > 0)
      return final('node(s) had untolerated taint(s)')
    if (!matchesNode(pod, node)) return final("node(s) didn't match Pod's node affinity/selector")
    if (hostPorts.some(port => takesPort(port, usage)))
      return [{ reason: "node(s) didn't have free ports for the requested pod ports", final: false }]
    const lacking = shortages(pod, info)
    if (lacking.length > 0) return lacking
    return volumes.every(({ spec }) => matchesAny(spec.nodeAffinity?.required, node))
      ? []
      : final("node(s) didn't match PersistentVolume's node affinity")
  }
}
