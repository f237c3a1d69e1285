// PersistentVolumes: storage that outlives Pods.

import type { PersistentVolumeSpec, PersistentVolumeStatus } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { forbiddenValue, oneOf, required } from './faults.ts'
import { accessModesFaults, accessModesText } from './persistent-volume-claim.ts'

export type VolumeSpec = PersistentVolumeSpec & { volumeAttributesClassName?: string }
export type PersistentVolumeObject = KubeObject & {
  spec: VolumeSpec
  status?: PersistentVolumeStatus & { lastPhaseTransitionTime?: string }
}

/** Holds a volume while a claim has it. */
export const VOLUME_PROTECTION = 'kubernetes.io/pv-protection'

/** Fields of the spec that are not the volume's source. */
const notSources = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
])

const sourcesOf = (spec: VolumeSpec): [string, unknown][] => Object.entries(spec).filter(([field]) => !notSources.has(field))

// Models kubernetes/pkg/apis/core/validation/validation.go, ValidatePersistentVolumeSpec.
const specFaults = (spec: VolumeSpec): FieldError[] => {
  const faults = accessModesFaults('spec.accessModes', spec.accessModes)
  if (!spec.capacity || Object.keys(spec.capacity).length === 0) faults.push(required('spec.capacity'))
  const sources = sourcesOf(spec)
  if (sources.length === 0) faults.push(required('spec', 'must specify a volume type'))
  for (const [extra] of sources.slice(1)) faults.push(forbiddenValue(`spec.${extra}`, 'may not specify more than 1 volume type'))
  faults.push(...oneOf('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']))
  if (spec.local && !spec.nodeAffinity) faults.push(required('spec.nodeAffinity', 'Local volume requires node affinity'))
  return faults
}

export const persistentVolume: Resource<PersistentVolumeObject> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Capacity', type: 'string', description: 'Its size.', cell: ({ spec }) => spec.capacity?.storage ?? '' },
    {
      name: 'Access Modes',
      type: 'string',
      description: 'How it may be mounted.',
      cell: ({ spec }) => accessModesText(spec.accessModes),
    },
    {
      name: 'Reclaim Policy',
      type: 'string',
      description: 'What becomes of it without its claim.',
      cell: ({ spec }) => spec.persistentVolumeReclaimPolicy ?? '',
    },
    {
      name: 'Status',
      type: 'string',
      description: 'Whether a claim has it.',
      cell: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')),
    },
    {
      name: 'Claim',
      type: 'string',
      description: 'The claim that has it.',
      cell: ({ spec }) => (spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : ''),
    },
    { name: 'StorageClass', type: 'string', description: 'Its class.', cell: ({ spec }) => spec.storageClassName ?? '' },
    {
      name: 'VolumeAttributesClass',
      type: 'string',
      description: 'The class of its attributes.',
      cell: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>',
    },
    { name: 'Reason', type: 'string', description: 'Why it is in this state.', cell: ({ status }) => status?.reason ?? '' },
    ageColumn,
    {
      name: 'VolumeMode',
      type: 'string',
      description: 'A file system or a block device.',
      wide: true,
      cell: ({ spec }) => spec.volumeMode ?? '<unset>',
    },
  ],
  // Models kubernetes/pkg/apis/core/v1/defaults.go.
  defaults(object) {
    object.spec ??= {}
    object.spec.persistentVolumeReclaimPolicy ??= 'Retain'
    object.spec.volumeMode ??= 'Filesystem'
    if (object.spec.hostPath) object.spec.hostPath.type ??= ''
    object.status ??= {}
    object.status.phase ??= 'Pending'
    return object
  },
  validate(object, old) {
    const faults = specFaults(object.spec)
    if (old && !isEqual(sourcesOf(object.spec), sourcesOf(old.spec)))
      faults.push(forbiddenValue('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'))
    return faults
  },
  beforeCreate(object, { timestamp }) {
    object.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp() }
    const finalizers = object.metadata.finalizers ?? []
    if (!finalizers.includes(VOLUME_PROTECTION)) object.metadata.finalizers = [...finalizers, VOLUME_PROTECTION]
    return object
  },
}
