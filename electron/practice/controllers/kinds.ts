// The kinds that controllers and kubelet read and write, as stored: kubernetes-types' specs on our KubeObject.

import type {
  DeploymentCondition,
  DeploymentSpec,
  DeploymentStatus,
  ReplicaSetSpec,
  ReplicaSetStatus,
} from 'kubernetes-types/apps/v1.js'
import type {
  ContainerStatus,
  EndpointSubset,
  NamespaceSpec,
  NamespaceStatus,
  NodeSpec,
  NodeStatus,
  PodCondition,
  PodSpec,
  PodStatus,
  ServiceSpec,
} from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../object.ts'

/** status.conditions of Pods carry the generation they were computed from since 1.34. */
export type ObservedPodCondition = Omit<PodCondition, 'lastProbeTime'> & {
  observedGeneration?: number
  lastProbeTime: string | null
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: Omit<PodStatus, 'conditions' | 'containerStatuses' | 'initContainerStatuses'> & {
    observedGeneration?: number
    conditions?: ObservedPodCondition[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
    resources?: Record<string, unknown>
  }
}

export interface ReplicaSet extends KubeObject {
  spec: ReplicaSetSpec
  status?: ReplicaSetStatus & { terminatingReplicas?: number }
}

export interface Deployment extends KubeObject {
  spec: DeploymentSpec
  status?: DeploymentStatus & { terminatingReplicas?: number; conditions?: DeploymentCondition[] }
}

export interface Namespace extends KubeObject {
  spec?: NamespaceSpec
  status?: NamespaceStatus
}

export interface NodeObject extends KubeObject {
  spec?: NodeSpec
  status?: NodeStatus
}

export interface V1Service extends KubeObject {
  spec: ServiceSpec
}

export interface Endpoints extends KubeObject {
  subsets?: EndpointSubset[]
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
  binaryData?: Record<string, string>
}

export interface Secret extends KubeObject {
  data?: Record<string, string>
}

/** An Event to record about the object decided on. */
export interface Note {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
}

/** Counts as Go's omitempty leaves them: no zeros. */
export const withoutZeros = <T extends Record<string, number | undefined>>(counts: T): Partial<T> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count)) as Partial<T>
