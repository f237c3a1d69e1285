// HorizontalPodAutoscalers: what they aim at and what was measured, as autoscaling/v2 has it.

import type {
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from 'kubernetes-types/autoscaling/v2.js'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, none } from './columns.ts'
import { autoscalerFaults } from './horizontal-pod-autoscaler-faults.ts'

export type HorizontalPodAutoscalerObject = KubeObject & {
  spec: HorizontalPodAutoscalerSpec
  status?: HorizontalPodAutoscalerStatus
}

// Models kubernetes/pkg/printers/internalversion/printers.go, formatHPAMetrics.
const targetText = (target: MetricTarget | undefined, current: MetricValueStatus | undefined): string => {
  const unknown = '<unknown>'
  if (target?.averageUtilization === undefined) {
    return `${current?.averageValue ?? current?.value ?? unknown}/${target?.averageValue ?? target?.value ?? '<auto>'}`
  }
  const now = current?.averageUtilization
  return `${now === undefined ? unknown : `${now}%`}/${target.averageUtilization}%`
}

const metricText = (metric: MetricSpec, status: MetricStatus | undefined): string => {
  const { resource, containerResource, pods, object, external } = metric
  const target = (resource ?? containerResource ?? pods ?? object ?? external)?.target
  const measured = status?.resource ?? status?.containerResource ?? status?.pods ?? status?.object ?? status?.external
  const text = targetText(target, measured?.current)
  const name = (resource ?? containerResource)?.name
  if (name !== undefined) return `${name}: ${text}`
  return (object ?? external) && target?.averageValue !== undefined ? `${text} (avg)` : text
}

const targets = ({ spec, status }: HorizontalPodAutoscalerObject): string => {
  const texts = (spec.metrics ?? []).map((metric, index) => metricText(metric, status?.currentMetrics?.[index]))
  if (texts.length === 0) return none
  const more = texts.length - 2
  return more > 0 ? `${texts.slice(0, 2).join(', ')} + ${more} more...` : texts.join(', ')
}

// Models kubernetes/pkg/apis/autoscaling/v2/defaults.go.
const quickly: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}
const slowly: HPAScalingRules = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

export const horizontalPodAutoscaler: Resource<HorizontalPodAutoscalerObject> = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    {
      name: 'Reference',
      type: 'string',
      description: 'What it scales.',
      cell: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    },
    { name: 'Targets', type: 'string', description: 'Measured, and what is aimed at.', cell: targets },
    { name: 'MinPods', type: 'string', description: 'Never fewer.', cell: ({ spec }) => String(spec.minReplicas ?? '<unset>') },
    { name: 'MaxPods', type: 'integer', description: 'Never more.', cell: ({ spec }) => spec.maxReplicas ?? 0 },
    { name: 'Replicas', type: 'integer', description: 'Pods now.', cell: ({ status }) => status?.currentReplicas ?? 0 },
    ageColumn,
  ],
  defaults(object) {
    object.spec ??= {} as HorizontalPodAutoscalerSpec
    object.spec.minReplicas ??= 1
    if (!object.spec.metrics?.length) {
      const target = { type: 'Utilization', averageUtilization: 80 }
      object.spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }]
    }
    const { behavior } = object.spec
    if (behavior) {
      behavior.scaleUp = { ...structuredClone(quickly), ...behavior.scaleUp }
      behavior.scaleDown = { ...structuredClone(slowly), ...behavior.scaleDown }
    }
    return object
  },
  validate: ({ spec }) => autoscalerFaults(spec),
  beforeCreate(object) {
    // As Go writes what is empty.
    object.status = { desiredReplicas: 0, currentMetrics: null } as unknown as HorizontalPodAutoscalerStatus
    return object
  },
}
