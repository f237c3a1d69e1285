// What is wrong with an autoscaler's spec, in Kubernetes' words.

import type {
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
} from 'kubernetes-types/autoscaling/v2.js'
import { isQuantity, quantity } from '../controllers/quantity.ts'
import type { FieldError } from '../field-error.ts'
import { forbiddenValue, invalidValue, notNegative, oneOf, required, unsupported } from './faults.ts'

// Models kubernetes/pkg/apis/autoscaling/validation/validation.go
const sources = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const
const longestPeriod = 1800
const longestWindow = 3600

const positive = (field: string, value: string | undefined): FieldError[] =>
  value === undefined || (isQuantity(value) && quantity(value) > 0) ? [] : [invalidValue(field, value, 'must be positive')]

const targetFaults = (at: string, target: MetricTarget | undefined, allowed: readonly (keyof MetricTarget)[]): FieldError[] => {
  if (!target?.type) return [required(`${at}.type`, 'must specify a metric target type')]
  const faults = [
    ...oneOf(`${at}.type`, target.type, ['AverageValue', 'Utilization', 'Value']),
    ...positive(`${at}.value`, target.value),
    ...positive(`${at}.averageValue`, target.averageValue),
  ]
  const { averageUtilization } = target
  if (averageUtilization !== undefined && averageUtilization < 1)
    faults.push(invalidValue(`${at}.averageUtilization`, averageUtilization, 'must be greater than 0'))
  const set = allowed.filter(name => target[name] !== undefined)
  if (allowed.includes('averageUtilization')) {
    const both = 'may not set both a target raw value and a target utilization'
    if (set.length === 0)
      faults.push(required(`${at}.averageUtilization`, 'must set either a target raw value or a target utilization'))
    if (set.length > 1) faults.push(forbiddenValue(`${at}.averageValue`, both))
  } else if (set.length === 0) {
    const [first = 'averageValue'] = allowed
    const words =
      allowed.length > 1
        ? 'must set either a target value for metric or a per-pod target'
        : 'must specify a positive target averageValue'
    faults.push(required(`${at}.${first}`, words))
  }
  return faults
}

const identifierFaults = (at: string, metric: MetricIdentifier | undefined): FieldError[] =>
  metric?.name ? [] : [required(`${at}.metric.name`, 'must specify a metric name')]

const metricFaults = (at: string, metric: MetricSpec): FieldError[] => {
  const { type, resource, containerResource, pods, object, external } = metric
  const known = Object.keys(sources).sort()
  if (!type) return [required(`${at}.type`, 'must specify a metric source type')]
  const source = sources[type as keyof typeof sources]
  if (!source) return [unsupported(`${at}.type`, type, known)]
  const others = Object.values(sources).filter(name => name !== source && metric[name] !== undefined)
  const faults = others.map(name => forbiddenValue(`${at}.${name}`, 'must populate the given metric source only'))
  if (metric[source] === undefined)
    return [...faults, required(`${at}.${source}`, 'must populate information for the given metric source')]
  const inside = `${at}.${source}`
  const ofResource = resource ?? containerResource
  if (ofResource) {
    if (!ofResource.name) faults.push(required(`${inside}.name`, 'must specify a resource name'))
    if (containerResource && !containerResource.container)
      faults.push(required(`${inside}.container`, 'must specify a container'))
    return [...faults, ...targetFaults(`${inside}.target`, ofResource.target, ['averageUtilization', 'averageValue'])]
  }
  const measured = pods ?? object ?? external
  faults.push(...identifierFaults(inside, measured?.metric))
  if (object && !object.describedObject?.kind) faults.push(required(`${inside}.describedObject.kind`))
  if (object && !object.describedObject?.name) faults.push(required(`${inside}.describedObject.name`))
  return [...faults, ...targetFaults(`${inside}.target`, measured?.target, pods ? ['averageValue'] : ['averageValue', 'value'])]
}

const rulesFaults = (at: string, rules: HPAScalingRules | undefined): FieldError[] => {
  if (!rules) return []
  const { stabilizationWindowSeconds: window, selectPolicy, policies } = rules
  const faults: FieldError[] = []
  if (window !== undefined && window < 0)
    faults.push(invalidValue(`${at}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'))
  if (window !== undefined && window > longestWindow)
    faults.push(invalidValue(`${at}.stabilizationWindowSeconds`, window, `must be less than or equal to ${longestWindow}`))
  faults.push(...oneOf(`${at}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']))
  if (policies?.length === 0) faults.push(required(`${at}.policies`, 'must specify at least one Policy'))
  for (const [index, { type, value, periodSeconds }] of (policies ?? []).entries()) {
    const one = `${at}.policies[${index}]`
    faults.push(...oneOf(`${one}.type`, type ?? '', ['Percent', 'Pods']))
    if (!(value > 0)) faults.push(invalidValue(`${one}.value`, value ?? 0, 'must be greater than zero'))
    if (!(periodSeconds > 0)) faults.push(invalidValue(`${one}.periodSeconds`, periodSeconds ?? 0, 'must be greater than zero'))
    if (periodSeconds > longestPeriod)
      faults.push(invalidValue(`${one}.periodSeconds`, periodSeconds, `must be less than or equal to ${longestPeriod}`))
  }
  const { tolerance } = rules as { tolerance?: string }
  if (tolerance !== undefined) {
    if (!isQuantity(tolerance)) faults.push(invalidValue(`${at}.tolerance`, tolerance, 'must be a quantity'))
    else faults.push(...notNegative(`${at}.tolerance`, quantity(tolerance)))
  }
  return faults
}

/** Faults of `spec`. */
export const autoscalerFaults = (spec: HorizontalPodAutoscalerSpec): FieldError[] => {
  const { minReplicas = 1, maxReplicas, scaleTargetRef, metrics = [], behavior } = spec
  const faults: FieldError[] = []
  if (minReplicas < 1) faults.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
  if (!(maxReplicas >= 1)) faults.push(invalidValue('spec.maxReplicas', maxReplicas ?? 0, 'must be greater than 0'))
  if (maxReplicas < minReplicas)
    faults.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'))
  if (!scaleTargetRef?.kind) faults.push(required('spec.scaleTargetRef.kind'))
  if (!scaleTargetRef?.name) faults.push(required('spec.scaleTargetRef.name'))
  faults.push(...metrics.flatMap((metric, index) => metricFaults(`spec.metrics[${index}]`, metric)))
  faults.push(...rulesFaults('spec.behavior.scaleUp', behavior?.scaleUp))
  faults.push(...rulesFaults('spec.behavior.scaleDown', behavior?.scaleDown))
  return faults
}
