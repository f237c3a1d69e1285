// What an autoscaler does at one look: how many Pods, what its status says, which Events. Pure.

import type {
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
  MetricStatus,
  MetricTarget,
} from 'kubernetes-types/autoscaling/v2.js'
import { timestamp } from '../object.ts'
import type { HorizontalPodAutoscalerObject } from '../resources/horizontal-pod-autoscaler.ts'
import { type AutoscalerInput, type AutoscalerMemory, milliOf } from './horizontal-pod-autoscaler-input.ts'
import { limitRate, rememberScale } from './horizontal-pod-autoscaler-rate.ts'
import { type PodMetric, proposeReplicas } from './horizontal-pod-autoscaler-replicas.ts'
import type { Note } from './kinds.ts'
import { quantity, quantityText } from './quantity.ts'

// Models kubernetes/pkg/controller/podautoscaler/horizontal.go
const TOLERANCE = 0.1

export type AutoscalerStatus = NonNullable<HorizontalPodAutoscalerObject['status']>

export interface AutoscalerDecision {
  /** The target's new size. */
  scaleTo?: number
  status: AutoscalerStatus
  notes: readonly Note[]
  memory: AutoscalerMemory
}

interface Proposed {
  replicas: number
  name: string
  status: MetricStatus
}
/** No number from a metric: the reason, and the words. */
interface Unknown {
  reason: string
  error: string
}

const usageOf = (usage: { cpu: number; memory: number }, resource: string): number =>
  milliOf(resource === 'cpu' ? usage.cpu : resource === 'memory' ? Math.round(usage.memory / 1024) * 1024 : 0)

/** Each Pod's metric, of all its containers or of one. */
const metricsOf = ({ samples, pods }: AutoscalerInput, resource: string, container?: string): Map<string, PodMetric> | string => {
  const metrics = new Map<string, PodMetric>()
  for (const { metadata } of pods) {
    const sample = samples[metadata.name]
    if (!sample) continue
    const counted = sample.containers.filter(({ name }) => !container || name === container)
    if (counted.length === 0) {
      const where = `pod ${metadata.namespace}/${metadata.name}`
      return `failed to get container metrics: container ${container} not present in metrics for ${where}`
    }
    const value = counted.reduce((sum, each) => sum + usageOf(each, resource), 0)
    metrics.set(metadata.name, { value, at: sample.at, windowMs: sample.windowMs })
  }
  return metrics.size > 0 ? metrics : 'no metrics returned from resource metrics API'
}

const ofResource = (
  input: AutoscalerInput,
  currentReplicas: number,
  resource: string,
  target: MetricTarget,
  container?: string,
): { replicas: number; name: string; current: { averageValue: string; averageUtilization?: number } } | string => {
  const { behavior } = input.autoscaler.spec
  const isAverage = target.averageValue !== undefined
  if (!isAverage && target.averageUtilization === undefined)
    return 'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set'
  const because = (why: string) => `failed to get ${resource} ${isAverage ? 'usage' : 'utilization'}: ${why}`
  const metrics = metricsOf(input, resource, container)
  if (typeof metrics === 'string') return because(`unable to get metrics for resource ${resource}: ${metrics}`)
  // Since 1.35 each direction may have a tolerance of its own.
  const tolerances = behavior as { scaleUp?: { tolerance?: string }; scaleDown?: { tolerance?: string } } | undefined
  const toleranceOf = (text: string | undefined) => (text === undefined ? TOLERANCE : quantity(text))
  const proposal = proposeReplicas({
    currentReplicas,
    pods: input.pods,
    metrics,
    resource,
    container,
    target: isAverage ? { average: milliOf(quantity(target.averageValue)) } : { utilization: target.averageUtilization ?? 0 },
    tolerance: { up: toleranceOf(tolerances?.scaleUp?.tolerance), down: toleranceOf(tolerances?.scaleDown?.tolerance) },
    now: input.now,
  })
  if (typeof proposal === 'string') return because(proposal)
  const { replicas, average, utilization } = proposal
  const kind = container ? 'container resource' : 'resource'
  return {
    replicas,
    name: isAverage ? `${resource} resource` : `${resource} ${kind} utilization (percentage of request)`,
    current: {
      averageValue: quantityText(average / 1000),
      ...(utilization !== undefined && { averageUtilization: utilization }),
    },
  }
}

// Nothing here serves metrics of an application's own.
const noCustom = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'

const proposeFor = (spec: MetricSpec, input: AutoscalerInput, current: number): Proposed | Unknown => {
  const { resource, containerResource, pods, object, external } = spec
  if (resource) {
    const found = ofResource(input, current, resource.name, resource.target)
    if (typeof found === 'string') return { reason: 'FailedGetResourceMetric', error: found }
    const status = { type: 'Resource', resource: { name: resource.name, current: found.current } }
    return { replicas: found.replicas, name: found.name, status }
  }
  if (containerResource) {
    const { name, container, target } = containerResource
    const found = ofResource(input, current, name, target, container)
    if (typeof found === 'string') return { reason: 'FailedGetContainerResourceMetric', error: found }
    const status = { type: 'ContainerResource', containerResource: { name, container, current: found.current } }
    return { replicas: found.replicas, name: found.name, status }
  }
  if (pods) return { reason: 'FailedGetPodsMetric', error: `unable to get metric ${pods.metric.name}: ${noCustom}` }
  if (object) {
    const { kind, name } = object.describedObject
    const where = `${kind} on ${input.autoscaler.metadata.namespace} ${name}`
    return { reason: 'FailedGetObjectMetric', error: `unable to get metric ${object.metric.name}: ${where}/${noCustom}` }
  }
  const name = external?.metric.name ?? ''
  const where = `${input.autoscaler.metadata.namespace}/${name}/${external?.metric.selector ? JSON.stringify(external.metric.selector) : 'nil'}`
  const missing = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`
  const why = `unable to get external metric ${where}: unable to fetch metrics from external metrics API: ${missing}`
  return { reason: 'FailedGetExternalMetric', error: `failed to get ${name} external metric: ${why}` }
}

/** The conditions with one set: its time changes with its status only. */
const withCondition = (
  conditions: readonly HorizontalPodAutoscalerCondition[],
  now: number,
  type: string,
  status: 'True' | 'False',
  { reason, message }: { reason: string; message: string },
): HorizontalPodAutoscalerCondition[] => {
  const old = conditions.find(each => each.type === type)
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(now)
  const next = { type, status, ...(lastTransitionTime && { lastTransitionTime }), reason, message }
  return old ? conditions.map(each => (each === old ? next : each)) : [...conditions, next]
}

/** One look of an autoscaler. */
export const decideAutoscaler = (input: AutoscalerInput): AutoscalerDecision => {
  const { autoscaler, scale, now } = input
  const { spec, status: old } = autoscaler
  const notes: Note[] = []
  let { memory } = input
  let conditions: HorizontalPodAutoscalerCondition[] = [...(old?.conditions ?? [])]
  const set = (type: string, status: 'True' | 'False', reason: string, message: string) => {
    conditions = withCondition(conditions, now, type, status, { reason, message })
  }
  const warn = (reason: string, message: string) => notes.push({ type: 'Warning', reason, message })
  const statusOf = (
    currentReplicas: number,
    desiredReplicas: number,
    currentMetrics: readonly MetricStatus[] | null,
    isScaled = false,
  ): AutoscalerStatus => ({
    ...(isScaled ? { lastScaleTime: timestamp(now) } : old?.lastScaleTime && { lastScaleTime: old.lastScaleTime }),
    ...(currentReplicas > 0 && { currentReplicas }),
    desiredReplicas,
    // As Go writes an empty list.
    currentMetrics: currentMetrics as HorizontalPodAutoscalerStatus['currentMetrics'] & MetricStatus[],
    conditions,
  })
  const unable = 'the HPA controller was unable to'

  if ('error' in scale) {
    warn('FailedGetScale', scale.error)
    set('AbleToScale', 'False', 'FailedGetScale', `${unable} get the target's current scale: ${scale.error}`)
    return { status: { ...(old ?? statusOf(0, 0, null)), conditions }, notes, memory }
  }
  set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale")
  const current = scale.replicas
  if (memory.recommendations.length === 0) memory = { ...memory, recommendations: [{ replicas: current, at: now }] }
  const { minReplicas = 1, maxReplicas } = spec

  let metrics: MetricStatus[] | null = null
  let wanted = current
  let reason = ''
  if (current === 0 && minReplicas !== 0) {
    const why = 'scaling is disabled since the replica count of the target is zero'
    set('ScalingActive', 'False', 'ScalingDisabled', why)
    wanted = 0
  } else if (current > maxReplicas) {
    reason = 'Current number of replicas above Spec.MaxReplicas'
    wanted = maxReplicas
  } else if (current < minReplicas) {
    reason = 'Current number of replicas below Spec.MinReplicas'
    wanted = minReplicas
  } else {
    const proposals = scale.hasSelector ? (spec.metrics ?? []).map(metric => proposeFor(metric, input, current)) : []
    metrics = proposals.map(each => ('status' in each ? each.status : { type: '' }))
    const failed = proposals.flatMap(each => ('error' in each ? [each] : []))
    for (const { reason: word, error } of failed) warn(word, error)
    const best = proposals
      .flatMap(each => ('status' in each ? [each] : []))
      .reduce<Proposed | undefined>((most, each) => (!most || each.replicas > most.replicas ? each : most), undefined)
    const first = failed[0]
    if (!scale.hasSelector || !best || (first && best.replicas < current)) {
      const selector = 'selector is required'
      const why = first
        ? `invalid metrics (${failed.length} invalid out of ${proposals.length}), first error is: ${first.error}`
        : selector
      if (!scale.hasSelector) {
        warn('SelectorRequired', selector)
        set('ScalingActive', 'False', 'InvalidSelector', "the HPA target's scale is missing a selector")
      } else if (first) {
        set('ScalingActive', 'False', first.reason, `the HPA was unable to compute the replica count: ${first.error}`)
      }
      warn('FailedComputeMetricsReplicas', why)
      return { status: statusOf(current, old?.desiredReplicas ?? 0, metrics), notes, memory }
    }
    const from = `the HPA was able to successfully calculate a replica count from ${best.name}`
    set('ScalingActive', 'True', 'ValidMetricFound', from)
    if (best.replicas > current) reason = `${best.name} above target`
    if (best.replicas < current) reason = 'All metrics below target'
    const rate = limitRate({ spec, current, wanted: best.replicas, memory, now })
    set('AbleToScale', 'True', rate.ableToScale.reason, rate.ableToScale.message)
    set('ScalingLimited', rate.limited.is ? 'True' : 'False', rate.limited.reason, rate.limited.message)
    memory = { ...memory, recommendations: rate.recommendations }
    wanted = rate.replicas
  }
  if (wanted === current) return { status: statusOf(current, current, metrics), notes, memory }
  set('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${wanted}`)
  notes.push({ type: 'Normal', reason: 'SuccessfulRescale', message: `New size: ${wanted}; reason: ${reason}` })
  memory = rememberScale(memory, spec, current, wanted, now)
  return { scaleTo: wanted, status: statusOf(current, wanted, metrics, true), notes, memory }
}
