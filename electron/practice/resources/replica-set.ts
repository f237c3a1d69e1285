// ReplicaSets.

import type { ReplicaSetSpec, ReplicaSetStatus } from 'kubernetes-types/apps/v1.js'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, templateColumns } from './columns.ts'
import { invalidValue } from './faults.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { templateFaults } from './workload.ts'

export type ReplicaSetObject = KubeObject & { spec: ReplicaSetSpec; status?: ReplicaSetStatus }

export const replicaSet: Resource<ReplicaSetObject> = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', description: 'Pods wanted.', cell: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', description: 'Pods that exist.', cell: ({ status }) => status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', description: 'Pods that are ready.', cell: ({ status }) => status?.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns<ReplicaSetObject>(
      object => object.spec.template?.spec?.containers ?? [],
      object => object.spec.selector,
    ),
  ],
  defaults(object) {
    object.spec ??= {} as ReplicaSetSpec
    object.spec.replicas ??= 1
    if (object.spec.template?.spec) defaultPodSpec(object.spec.template.spec)
    return object
  },
  validate(object, old) {
    const { spec } = object
    const faults = templateFaults('replicaset', spec.selector, spec.template, spec.replicas)
    if (old && !isEqual(old.spec.selector, spec.selector))
      faults.push(invalidValue('spec.selector', spec.selector, 'field is immutable'))
    return faults
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  fields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
  beforeCreate(object) {
    object.status = { replicas: 0 }
    return object
  },
}
