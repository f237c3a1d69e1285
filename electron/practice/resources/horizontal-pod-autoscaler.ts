// HorizontalPodAutoscalers: kept and shown. Nothing measures Pods yet, so their targets stay unknown, as on a cluster without metrics.

import type {
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
  MetricTarget,
  MetricValueStatus,
} from 'kubernetes-types/autoscaling/v2.js'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { FieldError, Resource } from '../resource.ts'
import { ageColumn, nameColumn, none } from './columns.ts'
import { invalidValue, required } from './faults.ts'

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

const metricText = (metric: MetricSpec, status: HorizontalPodAutoscalerStatus | undefined): string => {
  const { resource, containerResource, pods, object, external } = metric
  const ofResource = resource ?? containerResource
  if (ofResource) {
    const found = status?.currentMetrics?.find(each => (each.resource ?? each.containerResource)?.name === ofResource.name)
    return `${ofResource.name}: ${targetText(ofResource.target, (found?.resource ?? found?.containerResource)?.current)}`
  }
  return targetText((pods ?? object ?? external)?.target, undefined)
}

const targets = ({ spec, status }: HorizontalPodAutoscalerObject): string => {
  const texts = (spec.metrics ?? []).map(metric => metricText(metric, status))
  if (texts.length === 0) return none
  const more = texts.length - 2
  return more > 0 ? `${texts.slice(0, 2).join(', ')} + ${more} more...` : texts.join(', ')
}

// Models kubernetes/pkg/apis/autoscaling/validation/validation.go.
const specFaults = ({ minReplicas = 1, maxReplicas, scaleTargetRef }: HorizontalPodAutoscalerSpec): FieldError[] => {
  const faults: FieldError[] = []
  if (minReplicas < 1) faults.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
  if (!(maxReplicas >= 1)) faults.push(invalidValue('spec.maxReplicas', maxReplicas ?? 0, 'must be greater than 0'))
  if (maxReplicas < minReplicas) {
    faults.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'))
  }
  if (!scaleTargetRef?.kind) faults.push(required('spec.scaleTargetRef.kind'))
  if (!scaleTargetRef?.name) faults.push(required('spec.scaleTargetRef.name'))
  return faults
}

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
  // Models kubernetes/pkg/apis/autoscaling/v2/defaults.go.
  defaults(object) {
    object.spec ??= {} as HorizontalPodAutoscalerSpec
    object.spec.minReplicas ??= 1
    if (!object.spec.metrics?.length) {
      const target = { type: 'Utilization', averageUtilization: 80 }
      object.spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }]
    }
    return object
  },
  validate: ({ spec }) => specFaults(spec),
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  beforeCreate(object) {
    object.status = { currentMetrics: [], currentReplicas: 0, desiredReplicas: 0, conditions: [] }
    return object
  },
}
