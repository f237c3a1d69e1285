// PersistentVolumeClaims: what a Pod asks of storage, and the volume it got.

import type { PersistentVolumeClaimSpec, PersistentVolumeClaimStatus } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { forbiddenValue, oneOf, required } from './faults.ts'
import { isDefaultClass } from './storage-class.ts'

export type ClaimSpec = PersistentVolumeClaimSpec & { volumeAttributesClassName?: string }
export type PersistentVolumeClaimObject = KubeObject & { spec: ClaimSpec; status?: PersistentVolumeClaimStatus }

/** Holds a claim while a Pod uses it. */
export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection'

const modes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod']
const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** `RWO,ROX`. */
export const accessModesText = (given: readonly string[] | undefined): string =>
  modes
    .filter(mode => given?.includes(mode))
    .map(mode => shortModes[mode])
    .join(',')

/** Faults of access modes, for claims and volumes alike. */
export const accessModesFaults = (field: string, given: readonly string[] | undefined): FieldError[] => {
  if (!given?.length) return [required(field, 'at least 1 access mode is required')]
  return given.flatMap((mode, index) => oneOf(`${field}[${index}]`, mode, modes))
}

/** Fills a claim as the API server would, in a template too. Models kubernetes/pkg/apis/core/v1/defaults.go. */
export const defaultClaim = <T extends { spec?: ClaimSpec; status?: PersistentVolumeClaimStatus }>(claim: T): T => {
  claim.spec ??= {}
  claim.spec.volumeMode ??= 'Filesystem'
  claim.status ??= {}
  claim.status.phase ??= 'Pending'
  return claim
}

/** Faults of a claim's spec. Models kubernetes/pkg/apis/core/validation/validation.go, ValidatePersistentVolumeClaimSpec. */
export const claimSpecFaults = (field: string, spec: ClaimSpec | undefined): FieldError[] => [
  ...accessModesFaults(`${field}.accessModes`, spec?.accessModes),
  ...(spec?.resources?.requests?.storage === undefined ? [required(`${field}.resources[storage]`)] : []),
  ...oneOf(`${field}.volumeMode`, spec?.volumeMode, ['Block', 'Filesystem']),
]

const updateFaults = (claim: PersistentVolumeClaimObject, old: PersistentVolumeClaimObject): FieldError[] => {
  // A binding: the controller gives a claim its volume, and a late default class, once.
  const bare = (spec: ClaimSpec) => ({
    ...spec,
    resources: old.spec.volumeName ? undefined : spec.resources,
    volumeAttributesClassName: undefined,
    volumeName: old.spec.volumeName ? spec.volumeName : undefined,
    storageClassName: old.spec.storageClassName === undefined ? undefined : spec.storageClassName,
  })
  if (isEqual(bare(claim.spec), bare(old.spec))) return []
  const why = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  return [forbiddenValue('spec', why)]
}

export const persistentVolumeClaim: Resource<PersistentVolumeClaimObject> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    {
      name: 'Status',
      type: 'string',
      description: 'Whether it has a volume.',
      cell: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')),
    },
    { name: 'Volume', type: 'string', description: 'The volume it has.', cell: ({ spec }) => spec.volumeName ?? '' },
    {
      name: 'Capacity',
      type: 'string',
      description: "The volume's size.",
      cell: ({ spec, status }) => (spec.volumeName ? (status?.capacity?.storage ?? '') : ''),
    },
    {
      name: 'Access Modes',
      type: 'string',
      description: 'How it may be mounted.',
      cell: ({ spec, status }) => (spec.volumeName ? accessModesText(status?.accessModes) : ''),
    },
    { name: 'StorageClass', type: 'string', description: 'Its class.', cell: ({ spec }) => spec.storageClassName ?? '' },
    {
      name: 'VolumeAttributesClass',
      type: 'string',
      description: 'The class of its attributes.',
      cell: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>',
    },
    ageColumn,
    {
      name: 'VolumeMode',
      type: 'string',
      description: 'A file system or a block device.',
      wide: true,
      cell: ({ spec }) => spec.volumeMode ?? '<unset>',
    },
  ],
  defaults: defaultClaim,
  validate: (object, old) => [...claimSpecFaults('spec', object.spec), ...(old ? updateFaults(object, old) : [])],
  // Models plugin/pkg/admission/storage/storageclass/setdefault and storageobjectinuseprotection.
  beforeCreate(object, { store }) {
    object.status = { phase: 'Pending' }
    const isNamed =
      object.spec.storageClassName !== undefined || object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class']
    const byDefault = isNamed ? undefined : store.list('storageclasses.storage.k8s.io').find(isDefaultClass)
    if (byDefault) object.spec.storageClassName = byDefault.metadata.name
    const finalizers = object.metadata.finalizers ?? []
    if (!finalizers.includes(CLAIM_PROTECTION)) object.metadata.finalizers = [...finalizers, CLAIM_PROTECTION]
    return object
  },
}
