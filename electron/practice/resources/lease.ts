// Leases: who holds a role, until when.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'

export type LeaseObject = KubeObject & { spec?: { holderIdentity?: string; leaseDurationSeconds?: number; renewTime?: string } }

export const lease: Resource<LeaseObject> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    { name: 'Holder', type: 'string', description: 'Who holds it.', cell: ({ spec }) => spec?.holderIdentity ?? '' },
    ageColumn,
  ],
  defaults: object => object,
  validate: () => [],
}
