// autoscaling/v1: the same autoscalers in the older words, which know CPU only; the rest is kept in annotations.

import type {
  HorizontalPodAutoscalerSpec as SpecV1,
  HorizontalPodAutoscalerStatus as StatusV1,
} from 'kubernetes-types/autoscaling/v1.js'
import type {
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
  MetricStatus,
} from 'kubernetes-types/autoscaling/v2.js'
import { clone } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { badRequest } from '../status-error.ts'
import { type HorizontalPodAutoscalerObject, horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts'

// Models kubernetes/pkg/apis/autoscaling/v1/conversion.go
const annotation = (name: string) => `autoscaling.alpha.kubernetes.io/${name}`
const METRICS = annotation('metrics')
const BEHAVIOR = annotation('behavior')
const CURRENT = annotation('current-metrics')
const CONDITIONS = annotation('conditions')

const isCpu = ({ resource }: MetricSpec): boolean => resource?.name === 'cpu' && resource.target.averageUtilization !== undefined

const has = (list: readonly unknown[] | null | undefined): boolean => (list?.length ?? 0) > 0

/** From what is stored. */
const read = (stored: KubeObject): KubeObject => {
  const { spec, status } = stored as HorizontalPodAutoscalerObject
  const { metrics = [], behavior, ...rest } = clone(spec)
  const { currentMetrics, conditions, ...told } = clone(status ?? ({} as HorizontalPodAutoscalerStatus))
  const others = metrics.filter(metric => !isCpu(metric))
  const kept = {
    ...(has(others) && { [METRICS]: JSON.stringify(others) }),
    ...(has(currentMetrics) && { [CURRENT]: JSON.stringify(currentMetrics) }),
    ...(has(conditions) && { [CONDITIONS]: JSON.stringify(conditions) }),
    ...(behavior && { [BEHAVIOR]: JSON.stringify(behavior) }),
  }
  const utilization = metrics.find(isCpu)?.resource?.target.averageUtilization
  const current = currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization
  const annotations = { ...stored.metadata.annotations, ...kept }
  return {
    apiVersion: 'autoscaling/v1',
    kind: stored.kind,
    metadata: { ...stored.metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { ...rest, ...(utilization !== undefined && { targetCPUUtilizationPercentage: utilization }) } satisfies SpecV1,
    status: {
      ...told,
      currentReplicas: told.currentReplicas ?? 0,
      ...(current !== undefined && { currentCPUUtilizationPercentage: current }),
    } satisfies StatusV1,
  }
}

const parsed = <T>(text: string | undefined, otherwise: T): T => {
  if (text === undefined) return otherwise
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw badRequest(`json: ${error instanceof Error ? error.message : error}`)
  }
}

/** To what is stored; parts that a patch or an apply leaves out stay out. @throws StatusError 400 */
const write = (object: KubeObject): KubeObject => {
  const { metadata, ...rest } = clone(object)
  const {
    [METRICS]: others,
    [CURRENT]: current,
    [CONDITIONS]: conditions,
    [BEHAVIOR]: behavior,
    ...annotations
  } = metadata?.annotations ?? {}
  const { targetCPUUtilizationPercentage: utilization, ...spec } = (rest.spec ?? {}) as SpecV1
  const { currentCPUUtilizationPercentage: _, ...status } = (rest.status ?? {}) as StatusV1
  const target = { type: 'Utilization', averageUtilization: utilization ?? 0 }
  const cpu: MetricSpec[] = utilization === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }]
  const metrics = [...cpu, ...parsed<MetricSpec[]>(others, [])]
  const plain = { ...metadata }
  if (Object.keys(annotations).length > 0) plain.annotations = annotations
  else delete plain.annotations
  return {
    ...rest,
    apiVersion: 'autoscaling/v2',
    metadata: plain,
    ...(rest.spec !== undefined && {
      spec: {
        ...spec,
        ...(metrics.length > 0 && { metrics }),
        ...(behavior !== undefined && { behavior: parsed<HorizontalPodAutoscalerSpec['behavior']>(behavior, undefined) }),
      },
    }),
    ...(rest.status !== undefined && {
      status: {
        ...status,
        currentMetrics: parsed<MetricStatus[] | null>(current, null),
        ...(conditions !== undefined && { conditions: parsed(conditions, []) }),
      },
    }),
  } as KubeObject
}

/** The same kind in autoscaling/v1. */
export const horizontalPodAutoscalerV1: Resource = {
  ...(horizontalPodAutoscaler as unknown as Resource),
  version: 'v1',
  storedAs: { key: 'horizontalpodautoscalers.autoscaling', read, write },
  columns: horizontalPodAutoscaler.columns.map(column => ({
    ...column,
    cell: (object, now) => column.cell(write(object) as HorizontalPodAutoscalerObject, now),
  })),
  // The stored version fills what is missing.
  defaults: object => object,
}
