// How good each fitting node is for a Pod: the sum of what the scoring plugins say, by their weights. Pure.

import type { Pod } from './kinds.ts'
import { requestsOf, roomOf } from './pod-requests.ts'
import { matchesTerm, type NodeInfo, untolerated } from './scheduler-node-fit.ts'
import { affinityScore, type Neighbours } from './scheduler-pod-affinity.ts'
import { spreadScores } from './scheduler-spread.ts'

// Models kubernetes/pkg/scheduler/apis/config/v1/default_plugins.go and framework/plugins: noderesources, tainttoleration, nodeaffinity
const WEIGHTS = { taints: 3, nodeAffinity: 2, spread: 2, podAffinity: 2, room: 1, balance: 1 }
const BEST = 100

/** From 0 to 100: the share of cores and memory that stays free. */
const roomScore = (pod: Pod, { node, usage }: NodeInfo): number => {
  const { assumed } = requestsOf(pod)
  const { cpu = 0, memory = 0 } = roomOf(node)
  const free = (total: number, taken: number) => (taken > total || total === 0 ? 0 : Math.floor(((total - taken) * BEST) / total))
  return Math.floor((free(cpu, usage.assumedCpu + assumed.cpu) + free(memory, usage.assumedMemory + assumed.memory)) / 2)
}

/** From 0 to 100: how evenly cores and memory fill up. */
const balanceScore = (pod: Pod, { node, usage }: NodeInfo): number => {
  const wanted = requestsOf(pod)
  const { cpu = 0, memory = 0 } = roomOf(node)
  const share = (taken: number, total: number) => (total === 0 ? 1 : Math.min(1, taken / total))
  const apart = Math.abs(share(usage.cpu + wanted.cpu, cpu) - share(usage.memory + wanted.memory, memory)) / 2
  return Math.floor((1 - apart) * BEST)
}

/** Stretched so that the largest is 100; reversed, so that the largest is 0. */
const stretched = (numbers: readonly number[], isReversed = false): number[] => {
  const most = Math.max(...numbers)
  const part = (number: number) => (most === 0 ? 0 : Math.floor((number * BEST) / most))
  return numbers.map(number => (isReversed ? BEST - part(number) : part(number)))
}

const between = (numbers: readonly number[]): number[] => {
  const [most, least] = [Math.max(...numbers), Math.min(...numbers)]
  return numbers.map(number => (most === least ? 0 : Math.floor((BEST * (number - least)) / (most - least))))
}

const taintScores = (pod: Pod, nodes: readonly NodeInfo[]): number[] | undefined => {
  if (!nodes.some(({ node }) => node.spec?.taints?.some(({ effect }) => effect === 'PreferNoSchedule'))) return undefined
  return stretched(
    nodes.map(({ node }) => untolerated(pod, node, ['PreferNoSchedule']).length),
    true,
  )
}

const nodeAffinityScores = (pod: Pod, nodes: readonly NodeInfo[]): number[] | undefined => {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
  if (!terms?.length) return undefined
  const liking = ({ node }: NodeInfo) =>
    terms.reduce((sum, { preference, weight }) => sum + (matchesTerm(preference, node) ? weight : 0), 0)
  return stretched(nodes.map(liking))
}

const podAffinityScores = (pod: Pod, around: Neighbours, nodes: readonly NodeInfo[]): number[] | undefined => {
  const score = affinityScore(pod, around)
  return score && between(nodes.map(score))
}

/** One number for each fitting node; the largest is the best. */
export const scoresOf = (pod: Pod, around: Neighbours, fitting: readonly NodeInfo[]): number[] => {
  const { cpu, memory } = requestsOf(pod)
  const isPlain = cpu === 0 && memory === 0
  const parts = [
    [taintScores(pod, fitting), WEIGHTS.taints],
    [nodeAffinityScores(pod, fitting), WEIGHTS.nodeAffinity],
    [spreadScores(pod, around.nodes, fitting), WEIGHTS.spread],
    [podAffinityScores(pod, around, fitting), WEIGHTS.podAffinity],
    [fitting.map(info => roomScore(pod, info)), WEIGHTS.room],
    // A Pod that asks for nothing does not tip the balance.
    [isPlain ? undefined : fitting.map(info => balanceScore(pod, info)), WEIGHTS.balance],
  ] as const
  return fitting.map((_, index) => parts.reduce((sum, [scores, weight]) => sum + (scores?.[index] ?? 0) * weight, 0))
}
