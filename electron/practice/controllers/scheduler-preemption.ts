// Who would have to leave a node for a more important Pod. Pure.

import type { PodDisruptionBudgetObject } from '../resources/pod-disruption-budget.ts'
import type { Pod } from './kinds.ts'
import { podCondition } from './pod.ts'
import type { NodeInfo, Obstacle } from './scheduler-node-fit.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/scheduler/framework/preemption/preemption.go and plugins/defaultpreemption
export interface PreemptionInput {
  pod: Pod
  nodes: readonly NodeInfo[]
  /** What stands against each of the nodes. */
  found: readonly (readonly Obstacle[])[]
  budgets: readonly PodDisruptionBudgetObject[]
  /** What would stand against a node that held just these Pods. */
  fits(info: NodeInfo, pods: readonly Pod[]): readonly Obstacle[]
}

/** `reasons`, one or more for each node, where nobody can help. */
export type Preemption = { node: string; victims: readonly Pod[] } | { message: string } | { reasons: readonly string[] }

/** Why a Pod is made to leave, as its condition DisruptionTarget tells. */
export const PREEMPTED = 'PreemptionByScheduler'

interface Candidate {
  node: string
  /** The most important first. */
  victims: readonly Pod[]
  /** How many of them a budget wants to keep. */
  violations: number
}

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0
const startOf = ({ status }: Pod): number => (status?.startTime ? Date.parse(String(status.startTime)) : Number.POSITIVE_INFINITY)
/** Higher priority first, then who has run longer. */
const byImportance = (a: Pod, b: Pod): number => {
  if (priorityOf(a) !== priorityOf(b)) return priorityOf(b) - priorityOf(a)
  return startOf(a) === startOf(b) ? 0 : startOf(a) - startOf(b)
}

const isLeaving = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp !== undefined && podCondition(pod, 'DisruptionTarget')?.reason === PREEMPTED

/** The node whose victims matter least, or why there is none. */
export const decidePreemption = (input: PreemptionInput): Preemption => {
  const { pod, nodes, found } = input
  if (pod.spec.preemptionPolicy === 'Never') return { message: 'not eligible due to preemptionPolicy=Never.' }
  const mine = nodes.findIndex(({ node }) => node.metadata.name === pod.status?.nominatedNodeName)
  const isHopeless = found[mine]?.some(({ final }) => final)
  if (nodes[mine] && !isHopeless && nodes[mine].pods().some(each => priorityOf(each) < priorityOf(pod) && isLeaving(each)))
    return { message: 'not eligible due to a terminating pod on the nominated node.' }
  const candidates: Candidate[] = []
  const reasons: string[] = []
  for (const [index, info] of nodes.entries()) {
    if (found[index]?.some(({ final }) => final)) {
      reasons.push('Preemption is not helpful for scheduling')
      continue
    }
    const outcome = victimsOn(info, input)
    if ('victims' in outcome) candidates.push(outcome)
    else reasons.push(...outcome.reasons)
  }
  const chosen = pick(candidates)
  return chosen ? { node: chosen.node, victims: chosen.victims } : { reasons }
}

/** All that are less important leave; then, the most important first, those come back that the Pod leaves room for. */
const victimsOn = (info: NodeInfo, { pod, budgets, fits }: PreemptionInput): Candidate | { reasons: readonly string[] } => {
  const limit = priorityOf(pod)
  const hasLesser = [...info.usage.byPriority.keys()].some(priority => priority < limit)
  const lesser = hasLesser
    ? info
        .pods()
        .filter(each => priorityOf(each) < limit)
        .sort(byImportance)
    : []
  if (lesser.length === 0) return { reasons: ['No preemption victims found for incoming pod'] }
  const staying = info.pods().filter(each => priorityOf(each) >= limit)
  const obstacles = fits(info, staying)
  if (obstacles.length > 0) return { reasons: obstacles.map(({ reason }) => reason) }
  const { violating, others } = byBudget(lesser, budgets)
  const victims: Pod[] = []
  let violations = 0
  for (const each of [...violating, ...others]) {
    if (fits(info, [...staying, each]).length === 0) staying.push(each)
    else {
      victims.push(each)
      if (violating.includes(each)) violations++
    }
  }
  return { node: info.node.metadata.name, victims: victims.sort(byImportance), violations }
}

/** Which of these Pods their budgets could not spare, were all to leave in this order. */
const byBudget = (pods: readonly Pod[], budgets: readonly PodDisruptionBudgetObject[]): { violating: Pod[]; others: Pod[] } => {
  const left = new Map(budgets.map(budget => [budget, budget.status?.disruptionsAllowed ?? 0]))
  const isViolating = (pod: Pod): boolean => {
    let violates = false
    for (const budget of budgets) {
      const { selector = {} } = budget.spec
      const isEmpty = !selector.matchLabels && !selector.matchExpressions?.length
      if (isEmpty || !pod.metadata.labels || budget.metadata.namespace !== pod.metadata.namespace) continue
      if (!selects(selector, pod.metadata.labels) || budget.status?.disruptedPods?.[pod.metadata.name]) continue
      const rest = (left.get(budget) ?? 0) - 1
      left.set(budget, rest)
      if (rest < 0) violates = true
    }
    return violates
  }
  const violating = pods.filter(isViolating)
  return { violating, others: pods.filter(pod => !violating.includes(pod)) }
}

const earliest = ({ victims }: Candidate): number => {
  const highest = priorityOf(victims[0]!)
  return Math.min(...victims.filter(pod => priorityOf(pod) === highest).map(startOf))
}

/** Each looked at only where those before leave a tie; the smaller, the better. */
const criteria: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => priorityOf(victims[0]!),
  // Shifted, so that every victim counts, those of a negative priority too.
  ({ victims }) => victims.reduce((sum, pod) => sum + priorityOf(pod) + 2 ** 31, 0),
  ({ victims }) => victims.length,
  candidate => -earliest(candidate),
]

const pick = (candidates: readonly Candidate[]): Candidate | undefined => {
  let left = candidates.filter(({ victims }) => victims.length > 0)
  for (const criterion of criteria) {
    const least = Math.min(...left.map(criterion))
    left = left.filter(candidate => criterion(candidate) === least)
  }
  return left[0]
}
