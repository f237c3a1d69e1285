// ServiceAccounts.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'

export type ServiceAccountObject = KubeObject & { secrets?: { name: string }[]; automountServiceAccountToken?: boolean }

export const serviceAccount: Resource<ServiceAccountObject> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    {
      name: 'Secrets',
      type: 'string',
      description: 'Number of Secrets that its Pods may use.',
      cell: ({ secrets }) => String(secrets?.length ?? 0),
    },
    ageColumn,
  ],
  defaults: object => object,
  validate: () => [],
}
