// How fast an autoscaler may go: stabilization over time, and policies of how many Pods in how many seconds. Pure.

import type { HPAScalingRules } from 'kubernetes-types/autoscaling/v2.js'
import type { HorizontalPodAutoscalerObject } from '../resources/horizontal-pod-autoscaler.ts'
import type { AutoscalerMemory, Recommendation, ScaleEvent } from './horizontal-pod-autoscaler-input.ts'

// Models kubernetes/pkg/controller/podautoscaler/horizontal.go
/** The kube-controller-manager's own, where the autoscaler does not say. */
const STABILIZATION_S = 300

export interface Rate {
  replicas: number
  recommendations: readonly Recommendation[]
  ableToScale: { reason: string; message: string }
  limited: { is: boolean; reason: string; message: string }
}

export interface RateInput {
  spec: HorizontalPodAutoscalerObject['spec']
  current: number
  wanted: number
  memory: AutoscalerMemory
  now: number
}

const within = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' }
const tooFew = { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' }
const tooMany = { reason: 'TooManyReplicas', message: 'the desired replica count is more than the maximum replica count' }
const upLimit = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
}
const downLimit = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
}
const matches = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
const held = (word: 'Up' | 'Down') => {
  const [worse, extreme] = word === 'Up' ? ['lower', 'lowest'] : ['higher', 'highest']
  const message = `recent recommendations were ${worse} than current one, applying the ${extreme} recent recommendation`
  return { reason: `Scale${word}Stabilized`, message }
}

const windowOf = (rules: HPAScalingRules | undefined, otherwise: number): number => rules?.stabilizationWindowSeconds ?? otherwise

/** What the policies allow: the number of Pods after the greatest change, or after the least. */
const limitOf = (rules: HPAScalingRules, current: number, events: readonly ScaleEvent[], sign: 1 | -1, now: number): number => {
  if (rules.selectPolicy === 'Disabled') return current
  const limits = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const recent = events.filter(({ at }) => at > now - periodSeconds * 1000)
    const before = current - sign * recent.reduce((sum, { change }) => sum + change, 0)
    if (type === 'Pods') return before + sign * value
    const share = before * (1 + (sign * value) / 100)
    // Rounded so that a small number still moves.
    return sign > 0 ? Math.ceil(share) : Math.trunc(share)
  })
  const isGreatest = (rules.selectPolicy !== 'Min') === sign > 0
  return isGreatest ? Math.max(0, ...limits) : Math.min(...limits)
}

/** The number of Pods that the rules allow now, and what there is to say about it. */
export const limitRate = ({ spec, current, wanted, memory, now }: RateInput): Rate => {
  const { minReplicas = 1, maxReplicas, behavior } = spec
  const up = windowOf(behavior?.scaleUp, 0)
  const down = windowOf(behavior?.scaleDown, STABILIZATION_S)
  const isUp = behavior ? wanted >= current : false
  const since = now - (isUp ? up : down) * 1000
  const recent = memory.recommendations.filter(({ at }) => at > since || (!behavior && at === since)).map(each => each.replicas)
  const stable = isUp ? Math.min(wanted, ...recent) : Math.max(wanted, ...recent)
  const oldest = now - Math.max(up, down) * 1000
  const recommendations = [...memory.recommendations.filter(({ at }) => at >= oldest), { replicas: wanted, at: now }]
  const ableToScale = stable === wanted ? matches : held(isUp ? 'Up' : 'Down')

  let replicas = stable
  let why = within
  if (stable > current || !behavior) {
    // Without a behavior: twice as many, and four in any case.
    const limit = behavior?.scaleUp
      ? Math.max(current, limitOf(behavior.scaleUp, current, memory.up, 1, now))
      : Math.max(2 * current, 4)
    const most = Math.min(maxReplicas, limit)
    if (stable > most) {
      replicas = most
      why = maxReplicas > limit ? upLimit : tooMany
    }
  }
  if (stable < current || !behavior) {
    const limit = behavior?.scaleDown ? Math.min(current, limitOf(behavior.scaleDown, current, memory.down, -1, now)) : 0
    const least = Math.max(minReplicas, limit)
    if (stable < least) {
      replicas = least
      why = minReplicas < limit ? downLimit : tooFew
    }
  }
  return { replicas, recommendations, ableToScale, limited: { is: replicas !== stable, ...why } }
}

const longest = (rules: HPAScalingRules | undefined): number =>
  Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds))

/** The memory after a change of size: policies count what has been done. */
export const rememberScale = (
  memory: AutoscalerMemory,
  { behavior }: HorizontalPodAutoscalerObject['spec'],
  from: number,
  to: number,
  now: number,
): AutoscalerMemory => {
  if (!behavior || from === to) return memory
  const list = to > from ? 'up' : 'down'
  const period = longest(to > from ? behavior.scaleUp : behavior.scaleDown) * 1000
  const kept = memory[list].filter(({ at }) => at >= now - period)
  return { ...memory, [list]: [...kept, { change: Math.abs(to - from), at: now }] }
}
