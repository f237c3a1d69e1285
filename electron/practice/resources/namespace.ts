// Namespaces.

import type { NamespaceSpec, NamespaceStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { labelFault } from './faults.ts'

export type NamespaceObject = KubeObject & { spec: NamespaceSpec; status?: NamespaceStatus }

export const namespace: Resource<NamespaceObject> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', description: 'Active or Terminating.', cell: ({ status }) => status?.phase ?? '' },
    ageColumn,
  ],
  defaults(object) {
    object.spec ??= {}
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name }
    return object
  },
  nameFault: labelFault,
  validate: () => [],
  fields: ({ status }) => ({ 'status.phase': status?.phase ?? '' }),
  // Models kubernetes/pkg/registry/core/namespace/strategy.go: the finalizer falls when the content is gone.
  beforeCreate(object) {
    object.spec = { finalizers: ['kubernetes'] }
    object.status = { phase: 'Active' }
    return object
  },
  beforeDelete(object) {
    object.status = { ...object.status, phase: 'Terminating' }
    return object
  },
  isHeld: ({ spec }) => (spec.finalizers?.length ?? 0) > 0,
}
