// How many Pods a measured resource asks for: the arithmetic of autoscaling. Pure.

import { milliOf } from './horizontal-pod-autoscaler-input.ts'
import type { Pod } from './kinds.ts'
import { podCondition } from './pod.ts'
import { quantity } from './quantity.ts'

// Models kubernetes/pkg/controller/podautoscaler/replica_calculator.go
/** So long after its start a Pod's CPU is told by its start: compilers warm up, caches fill. */
const INITIALIZATION_MS = 300_000
/** A Pod that first became unready this soon has never been ready. */
const READINESS_DELAY_MS = 30_000

/** Of one Pod, in thousandths. */
export interface PodMetric {
  value: number
  at: number
  windowMs: number
}

export interface Calculation {
  currentReplicas: number
  pods: readonly Pod[]
  /** By the Pod's name. */
  metrics: ReadonlyMap<string, PodMetric>
  resource: string
  /** Of one container only. */
  container?: string | undefined
  /** A percentage of what is requested, or thousandths for each Pod. */
  target: { utilization: number } | { average: number }
  /** How far above and below the target is near enough, as a share of it. */
  tolerance: { up: number; down: number }
  now: number
}

export interface Proposal {
  replicas: number
  /** Thousandths for each Pod. */
  average: number
  utilization?: number
}

const isSidecar = ({ restartPolicy }: { restartPolicy?: string }) => restartPolicy === 'Always'

/** What each Pod requests, in thousandths; a text where one does not say. */
const requestsOf = ({ pods, container, resource }: Calculation): Map<string, number> | string => {
  const requests = new Map<string, number>()
  for (const { metadata, spec } of pods) {
    let total = 0
    for (const each of [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)]) {
      if (container && each.name !== container) continue
      const request = each.resources?.requests?.[resource]
      if (request === undefined) return `missing request for ${resource} in container ${each.name} of Pod ${metadata.name}`
      total += milliOf(quantity(request))
    }
    requests.set(metadata.name, total)
  }
  return requests
}

/** Is this Pod's CPU of no meaning yet? */
const isWarmingUp = (pod: Pod, metric: PodMetric, now: number): boolean => {
  const condition = podCondition(pod, 'Ready')
  if (!condition || !pod.status?.startTime) return true
  const started = Date.parse(String(pod.status.startTime))
  const changed = Date.parse(condition.lastTransitionTime ?? '')
  const isUnready = condition.status === 'False'
  if (started + INITIALIZATION_MS > now) return isUnready || metric.at < changed + metric.windowMs
  return isUnready && started + READINESS_DELAY_MS > changed
}

interface Groups {
  ready: number
  unready: Set<string>
  missing: Set<string>
  ignored: Set<string>
}

const groupPods = ({ pods, metrics, resource, now }: Calculation): Groups => {
  const groups: Groups = { ready: 0, unready: new Set(), missing: new Set(), ignored: new Set() }
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    const metric = metrics.get(name)
    if (deletionTimestamp || pod.status?.phase === 'Failed') groups.ignored.add(name)
    else if (pod.status?.phase === 'Pending') groups.unready.add(name)
    else if (!metric) groups.missing.add(name)
    else if (resource === 'cpu' && isWarmingUp(pod, metric, now)) groups.unready.add(name)
    else groups.ready++
  }
  return groups
}

interface Ratio {
  ratio: number
  average: number
  utilization?: number
}

const ratioOf = (
  values: ReadonlyMap<string, number>,
  target: Calculation['target'],
  requests: ReadonlyMap<string, number>,
): Ratio | string => {
  const known = 'average' in target ? [...values] : [...values].filter(([name]) => requests.has(name))
  const total = known.reduce((sum, [, value]) => sum + value, 0)
  const average = Math.trunc(total / known.length)
  if ('average' in target) return { ratio: average / target.average, average }
  const requested = known.reduce((sum, [name]) => sum + requests.get(name)!, 0)
  if (requested === 0) return 'no metrics returned matched known pods'
  const utilization = Math.trunc((total * 100) / requested)
  return { ratio: utilization / target.utilization, average, utilization }
}

/** The number of Pods, or in words why there is none. */
export const proposeReplicas = (calculation: Calculation): Proposal | string => {
  const { pods, metrics, target, tolerance, currentReplicas } = calculation
  if (pods.length === 0) return 'no pods returned by selector while calculating replica count'
  const { ready, unready, missing, ignored } = groupPods(calculation)
  const values = new Map([...metrics].map(([name, { value }]) => [name, value]))
  for (const name of [...ignored, ...unready]) values.delete(name)
  const requests = 'utilization' in target ? requestsOf(calculation) : new Map<string, number>()
  if (typeof requests === 'string') return requests
  if (values.size === 0) return 'did not receive metrics for targeted pods (pods might be unready)'
  const first = ratioOf(values, target, requests)
  if (typeof first === 'string') return first

  const { ratio, ...measured } = first
  const isNear = (each: number) => 1 - tolerance.down <= each && each <= 1 + tolerance.up
  const stay: Proposal = { replicas: currentReplicas, ...measured }
  const countsUnready = unready.size > 0 && ratio > 1
  if (!countsUnready && missing.size === 0) {
    return isNear(ratio) ? stay : { replicas: Math.ceil(ratio * ready), ...measured }
  }
  // Those of whom nothing is known take all they may when fewer are wanted, and nothing when more are.
  for (const name of missing) {
    if (ratio > 1) values.set(name, 0)
    else if ('average' in target) values.set(name, target.average)
    else if (ratio < 1) values.set(name, Math.trunc((requests.get(name)! * Math.max(100, target.utilization)) / 100))
  }
  if (countsUnready) for (const name of unready) values.set(name, 0)
  const second = ratioOf(values, target, requests)
  if (typeof second === 'string') return second
  const turns = (ratio < 1 && second.ratio > 1) || (ratio > 1 && second.ratio < 1)
  if (isNear(second.ratio) || turns) return stay
  const replicas = Math.ceil(second.ratio * values.size)
  const isBackwards = (second.ratio < 1 && replicas > currentReplicas) || (second.ratio > 1 && replicas < currentReplicas)
  return isBackwards ? stay : { replicas, ...measured }
}
