// Why no node takes a Pod, read from the scheduler's own sentence. Models kubernetes/pkg/scheduler/framework/types.go

import type { Node, Pod } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import type { Cause } from '../contract/diagnosis.ts'
import { all, describe, type Facts, type Finding, inNamespace, kubectl, type Next, type Rule } from './look.ts'

interface Reason {
  count: number
  cause: Cause
  facts: Facts
}

const patterns: readonly [RegExp, Cause, (match: RegExpMatchArray) => Facts][] = [
  [/Insufficient (\S+?)[,.]?$/, 'scheduling.resources', match => ({ resource: match[1] ?? '' })],
  [/untolerated taint\(?s?\)? ?\{(node\.kubernetes\.io\/(?:unreachable|not-ready))/, 'scheduling.nodesNotReady', () => ({})],
  [/untolerated taint\(?s?\)? ?\{([^}]*)\}/, 'scheduling.taint', match => ({ taint: (match[1] ?? '').replace(/: $/, '') })],
  [/untolerated taint/, 'scheduling.taint', () => ({ taint: '' })],
  [/didn't match Pod's node affinity\/selector|didn't satisfy plugin\(s\) \[NodeAffinity\]/, 'scheduling.selector', () => ({})],
  [/pod anti-affinity|pod affinity/, 'scheduling.affinity', () => ({})],
  [/topology spread/, 'scheduling.spread', () => ({})],
  [/were unschedulable/, 'scheduling.cordoned', () => ({})],
  [/free ports/, 'scheduling.ports', () => ({})],
  [/Too many pods/, 'scheduling.resources', () => ({ resource: 'pods' })],
]

/** The sentence's fragments, each with the number of nodes it speaks of; the one of most nodes counts. */
export const readReasons = (message: string): Reason[] => {
  const sentence = message.split(/\. (?:preemption|no new claims)/)[0] ?? ''
  const list = sentence.replace(/^\d+\/\d+ nodes are available: /, '')
  // A taint's braces may hold a comma.
  const fragments = list.match(/\d+ (?:\{[^}]*\}|[^,{])+/g) ?? [list]
  return fragments
    .map(fragment => fragment.trim().replace(/\.$/, ''))
    .flatMap(fragment => {
      const found = patterns.find(([pattern]) => pattern.test(fragment))
      const match = found && fragment.match(found[0])
      return found && match ? [{ count: Number.parseInt(fragment, 10) || 1, cause: found[1], facts: found[2](match) }] : []
    })
    .sort((a, b) => b.count - a.count)
}

const conditionOf = (pod: Pod) => pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')

export const scheduling: Rule<Pod & KubeObject> = (pod, snapshot): Finding | undefined => {
  const condition = conditionOf(pod)
  if (pod.spec?.nodeName || condition?.status !== 'False') return undefined
  const message = condition.message ?? ''
  const evidence = [{ text: message, from: `status PodScheduled ${condition.reason ?? ''}`.trim() }]
  if (condition.reason === 'SchedulingGated')
    return {
      cause: 'scheduling.gated',
      facts: { gates: (pod.spec?.schedulingGates ?? []).map(({ name }) => name).join(', ') },
      evidence,
      next: [describe(pod)],
    }
  // What a volume lacks is told by the rules for volumes, which know more.
  if (/persistentvolumeclaim|PersistentVolumeClaims/.test(message)) return undefined
  const nodes = all<Node>(snapshot, 'Node')
  if (/no nodes available/.test(message) || nodes.length === 0)
    return { cause: 'scheduling.noNodes', facts: {}, evidence, next: [nodeList] }
  const [main] = readReasons(message)
  const facts = { nodes: nodes.length, ...factsOf(pod), ...main?.facts }
  return { cause: main?.cause ?? 'scheduling.other', facts, evidence, next: nextFor(main?.cause, pod) }
}

const nodeList: Next = { command: 'kubectl get nodes', say: 'nodes' }

const factsOf = ({ spec }: Pod): Facts => {
  const requests = (spec?.containers ?? []).flatMap(({ resources }) => Object.entries(resources?.requests ?? {}))
  const selector = Object.entries(spec?.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`)
  return { requests: requests.map(([name, quantity]) => `${name}: ${quantity}`).join(', '), selector: selector.join(',') }
}

const nextFor = (cause: Cause | undefined, pod: KubeObject): Next[] => {
  const see = describe(pod)
  if (cause === 'scheduling.resources') return [{ command: 'kubectl describe nodes', say: 'allocated' }, see]
  if (cause === 'scheduling.taint') return [{ command: 'kubectl describe nodes', say: 'taints' }, see]
  if (cause === 'scheduling.selector') return [{ command: 'kubectl get nodes --show-labels', say: 'nodeLabels' }, see]
  if (cause === 'scheduling.affinity' || cause === 'scheduling.spread')
    return [{ command: `kubectl get pods${inNamespace(pod.metadata.namespace)} -o wide --show-labels`, say: 'podLabels' }, see]
  if (cause === 'scheduling.cordoned') return [nodeList, { command: 'kubectl uncordon NODE', say: 'uncordon' }]
  if (cause === 'scheduling.nodesNotReady') return [nodeList, { command: 'kubectl describe nodes', say: 'describe' }]
  return [see, { command: kubectl('get', pod, ' -o yaml'), say: 'yaml' }]
}
