// ResourceQuotas: how much a namespace may hold. controllers/quota-usage.ts counts, admission.ts refuses.

import type { ResourceQuotaSpec, ResourceQuotaStatus } from 'kubernetes-types/core/v1.js'
import { isQuantity, quantityFault } from '../controllers/quantity.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { invalidValue } from './faults.ts'

export type ResourceQuotaObject = KubeObject & { spec: ResourceQuotaSpec; status?: ResourceQuotaStatus }

// Models kubernetes/pkg/printers/internalversion/printers.go, printResourceQuota.
const used = ({ status }: ResourceQuotaObject, limits: boolean): string =>
  Object.entries(status?.hard ?? {})
    .filter(([name]) => name.startsWith('limits.') === limits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${name}: ${status?.used?.[name] ?? '0'}/${hard}`)
    .join(', ')

export const resourceQuota: Resource<ResourceQuotaObject> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Request', type: 'string', description: 'Used of what may be asked for.', cell: object => used(object, false) },
    { name: 'Limit', type: 'string', description: 'Used of what limits may come to.', cell: object => used(object, true) },
    ageColumn,
  ],
  defaults(object) {
    object.spec ??= {}
    return object
  },
  validate: ({ spec }) =>
    Object.entries(spec.hard ?? {}).flatMap(([name, value]) =>
      isQuantity(value) ? [] : [invalidValue(`spec.hard[${name}]`, value, quantityFault)],
    ),
  beforeCreate(object) {
    object.status = {}
    return object
  },
}
