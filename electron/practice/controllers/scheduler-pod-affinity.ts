// Affinity and anti-affinity between Pods: which nodes it rules out, and which it likes. Pure.

import type { PodAffinityTerm } from 'kubernetes-types/core/v1.js'
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { Pod } from './kinds.ts'
import type { NodeInfo, Obstacle } from './scheduler-node-fit.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/scheduler/framework/plugins/interpodaffinity
type Labels = Readonly<Record<string, string>>

export interface Neighbours {
  nodes: readonly NodeInfo[]
  /** Placed Pods that have such rules themselves. */
  ruling: readonly Pod[]
  /** Labels of a Namespace. */
  labelsOf(namespace: string): Labels
}

/** Of a Pod that is where another's rule wants it: what one such rule weighs when it is required. */
const REQUIRED_WEIGHT = 1

interface Term extends PodAffinityTerm {
  matchLabelKeys?: string[]
  mismatchLabelKeys?: string[]
}

/** A selector narrowed to Pods with, or without, the same values of some labels as this Pod has. */
export const narrowed = (
  selector: LabelSelector | undefined,
  { metadata: { labels = {} } }: Pod,
  same: readonly string[] = [],
  other: readonly string[] = [],
): LabelSelector | undefined => {
  if (!selector || same.length + other.length === 0) return selector
  const more = (keys: readonly string[], operator: string) =>
    keys.flatMap(key => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]))
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...more(same, 'In'), ...more(other, 'NotIn')] }
}

interface Rule {
  key: string
  weight: number
  meets(pod: Pod, around: Neighbours): boolean
}

const ruleOf = (owner: Pod, term: Term, weight: number): Rule => {
  const selector = narrowed(term.labelSelector, owner, term.matchLabelKeys, term.mismatchLabelKeys)
  const { namespaces = [], namespaceSelector, topologyKey: key } = term
  const isOwn = namespaces.length === 0 && !namespaceSelector
  const isIn = (namespace: string, { labelsOf }: Neighbours) =>
    isOwn
      ? namespace === owner.metadata.namespace
      : namespaces.includes(namespace) || (namespaceSelector !== undefined && selects(namespaceSelector, labelsOf(namespace)))
  const meets: Rule['meets'] = ({ metadata }, around) =>
    isIn(metadata.namespace ?? '', around) && selects(selector, metadata.labels)
  return { key, weight, meets }
}

interface Rules {
  wanted: readonly Rule[]
  unwanted: readonly Rule[]
  preferred: readonly Rule[]
}

// Stored objects never change: what was read from one stays true.
const known = new WeakMap<Pod, Rules>()

const rulesOf = (pod: Pod): Rules => {
  const { podAffinity: near = {}, podAntiAffinity: far = {} } = pod.spec.affinity ?? {}
  const required = (terms: readonly Term[] = []) => terms.map(term => ruleOf(pod, term, REQUIRED_WEIGHT))
  const rules = known.get(pod) ?? {
    wanted: required(near.requiredDuringSchedulingIgnoredDuringExecution),
    unwanted: required(far.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: [
      ...(near.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(each => ruleOf(pod, each.podAffinityTerm, each.weight)),
      ...(far.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(each => ruleOf(pod, each.podAffinityTerm, -each.weight)),
    ],
  }
  known.set(pod, rules)
  return rules
}

/** Whether a Pod has rules about other Pods. */
export const isRuling = ({ spec }: Pod): boolean => Boolean(spec.affinity?.podAffinity ?? spec.affinity?.podAntiAffinity)

/** Counts by label and value, as `zone=a`. */
class Places {
  readonly #counts = new Map<string, number>()

  add(key: string, labels: Labels = {}, by = 1): void {
    const value = labels[key]
    if (value !== undefined) this.#counts.set(`${key}=${value}`, (this.#counts.get(`${key}=${value}`) ?? 0) + by)
  }
  at(key: string, labels: Labels = {}): number {
    return labels[key] === undefined ? 0 : (this.#counts.get(`${key}=${labels[key]}`) ?? 0)
  }
  get isEmpty(): boolean {
    return this.#counts.size === 0
  }
}

const labelsByNode = ({ nodes }: Neighbours): ReadonlyMap<string, Labels | undefined> =>
  new Map(nodes.map(({ node }) => [node.metadata.name, node.metadata.labels]))

/** Where placed Pods do not want this one near them. */
const refusals = (pod: Pod, around: Neighbours): Places => {
  const places = new Places()
  if (around.ruling.length === 0) return places
  const byNode = labelsByNode(around)
  for (const other of around.ruling)
    for (const rule of rulesOf(other).unwanted)
      if (rule.meets(pod, around)) places.add(rule.key, byNode.get(other.spec.nodeName ?? ''))
  return places
}

/** Tells why a node will not do; undefined where no Pod has a say in it. */
export const affinityFilter = (pod: Pod, around: Neighbours): ((info: NodeInfo) => Obstacle[]) | undefined => {
  const { wanted, unwanted } = rulesOf(pod)
  const refused = refusals(pod, around)
  if (wanted.length + unwanted.length === 0 && refused.isEmpty) return undefined
  const [friends, foes] = [new Places(), new Places()]
  if (wanted.length + unwanted.length > 0) {
    for (const { node, pods } of around.nodes) {
      const { labels } = node.metadata
      for (const other of pods()) {
        if (wanted.length > 0 && wanted.every(rule => rule.meets(other, around)))
          for (const { key } of wanted) friends.add(key, labels)
        for (const rule of unwanted) if (rule.meets(other, around)) foes.add(rule.key, labels)
      }
    }
  }
  // The first of a group that wants to be together may begin anywhere.
  const isFirst = friends.isEmpty && wanted.every(rule => rule.meets(pod, around))
  return ({ node }) => {
    const { labels = {} } = node.metadata
    const isNear = wanted.every(({ key }) => labels[key] !== undefined && (isFirst || friends.at(key, labels) > 0))
    if (!isNear) return [{ reason: "node(s) didn't match pod affinity rules", final: true }]
    if (unwanted.some(({ key }) => foes.at(key, labels) > 0))
      return [{ reason: "node(s) didn't match pod anti-affinity rules", final: false }]
    return Object.keys(labels).some(key => refused.at(key, labels) > 0)
      ? [{ reason: "node(s) didn't satisfy existing pods anti-affinity rules", final: false }]
      : []
  }
}

/** How much a node is liked, in no fixed range; undefined where no Pod has a wish. */
export const affinityScore = (pod: Pod, around: Neighbours): ((info: NodeInfo) => number) | undefined => {
  const { preferred } = rulesOf(pod)
  if (preferred.length + around.ruling.length === 0) return undefined
  const places = new Places()
  const keys = new Set<string>()
  const add = (rule: Rule, labels: Labels | undefined) => {
    keys.add(rule.key)
    places.add(rule.key, labels, rule.weight)
  }
  const byNode = labelsByNode(around)
  for (const other of around.ruling) {
    const rules = rulesOf(other)
    for (const rule of [...rules.wanted, ...rules.preferred])
      if (rule.meets(pod, around)) add(rule, byNode.get(other.spec.nodeName ?? ''))
  }
  if (preferred.length > 0)
    for (const { node, pods } of around.nodes)
      for (const other of pods()) for (const rule of preferred) if (rule.meets(other, around)) add(rule, node.metadata.labels)
  if (keys.size === 0) return undefined
  return ({ node }) => [...keys].reduce((sum, key) => sum + places.at(key, node.metadata.labels), 0)
}
