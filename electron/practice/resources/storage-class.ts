// StorageClasses: how volumes are made for claims.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { oneOf, required } from './faults.ts'

export type StorageClassObject = KubeObject & {
  provisioner: string
  parameters?: Record<string, string>
  reclaimPolicy?: 'Delete' | 'Retain'
  mountOptions?: string[]
  allowVolumeExpansion?: boolean
  volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer'
}

/** Marks the class of claims that name none. */
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class'

export const isDefaultClass = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.[DEFAULT_CLASS] === 'true' ||
  metadata.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true'

export const storageClass: Resource<StorageClassObject> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [
    { ...nameColumn, cell: object => `${object.metadata.name}${isDefaultClass(object) ? ' (default)' : ''}` },
    { name: 'Provisioner', type: 'string', description: 'Who makes the volumes.', cell: object => object.provisioner },
    {
      name: 'ReclaimPolicy',
      type: 'string',
      description: 'What becomes of a volume without its claim.',
      cell: object => object.reclaimPolicy ?? 'Delete',
    },
    {
      name: 'VolumeBindingMode',
      type: 'string',
      description: 'When claims are bound.',
      cell: object => object.volumeBindingMode ?? 'Immediate',
    },
    {
      name: 'AllowVolumeExpansion',
      type: 'string',
      description: 'Whether claims may grow.',
      cell: object => object.allowVolumeExpansion === true,
    },
    ageColumn,
  ],
  // Models kubernetes/pkg/apis/storage/v1/defaults.go.
  defaults(object) {
    object.reclaimPolicy ??= 'Delete'
    object.volumeBindingMode ??= 'Immediate'
    return object
  },
  validate: object => [
    ...(object.provisioner ? [] : [required('provisioner')]),
    ...oneOf('reclaimPolicy', object.reclaimPolicy, ['Delete', 'Retain']),
    ...oneOf('volumeBindingMode', object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
  ],
}
