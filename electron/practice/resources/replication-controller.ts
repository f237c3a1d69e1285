// ReplicationControllers: what ReplicaSets came from.

import type { ReplicationControllerSpec, ReplicationControllerStatus } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, templateColumns } from './columns.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { templateFaults } from './workload.ts'

export type ReplicationControllerObject = KubeObject & {
  spec: ReplicationControllerSpec
  status?: ReplicationControllerStatus
}

export const replicationController: Resource<ReplicationControllerObject> = {
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', description: 'Pods wanted.', cell: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', description: 'Pods that exist.', cell: ({ status }) => status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', description: 'Pods that are ready.', cell: ({ status }) => status?.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns<ReplicationControllerObject>(
      object => object.spec.template?.spec?.containers ?? [],
      object => ({ matchLabels: object.spec.selector ?? {} }),
    ),
  ],
  // Models kubernetes/pkg/apis/core/v1/defaults.go, SetDefaults_ReplicationController.
  defaults(object) {
    object.spec ??= {}
    const { spec, metadata } = object
    spec.replicas ??= 1
    const labels = spec.template?.metadata?.labels
    if (labels && !spec.selector) spec.selector = { ...labels }
    if (labels && metadata && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels }
    if (spec.template?.spec) defaultPodSpec(spec.template.spec)
    return object
  },
  validate({ spec }) {
    const selector = spec.selector && { matchLabels: spec.selector }
    return templateFaults('replicationcontroller', selector, spec.template, spec.replicas)
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  fields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
  beforeCreate(object) {
    object.status = { replicas: 0 }
    return object
  },
}
