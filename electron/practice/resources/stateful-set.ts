// StatefulSets.

import type { StatefulSetSpec, StatefulSetStatus } from 'kubernetes-types/apps/v1.js'
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, templateColumns } from './columns.ts'
import { forbiddenValue, invalidValue, notNegative, oneOf, required } from './faults.ts'
import { claimSpecFaults, defaultClaim } from './persistent-volume-claim.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { templateFaults } from './workload.ts'

export type FullStatefulSetSpec = Omit<StatefulSetSpec, 'serviceName'> & {
  serviceName?: string
  minReadySeconds?: number
  ordinals?: { start?: number }
  persistentVolumeClaimRetentionPolicy?: { whenDeleted?: 'Retain' | 'Delete'; whenScaled?: 'Retain' | 'Delete' }
}
export type StatefulSetObject = KubeObject & {
  spec: FullStatefulSetSpec
  status?: StatefulSetStatus & { availableReplicas?: number }
}

/** What may change once a StatefulSet exists. */
const mutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const

// Models kubernetes/pkg/apis/apps/validation/validation.go, ValidateStatefulSetUpdate.
const updateFaults = ({ spec }: StatefulSetObject, old: StatefulSetObject): FieldError[] => {
  const fixed = (given: FullStatefulSetSpec) => ({ ...given, ...Object.fromEntries(mutable.map(field => [field, undefined])) })
  if (isEqual(fixed(spec), fixed(old.spec))) return []
  const names = mutable.map(field => `'${field}'`)
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return [forbiddenValue('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)]
}

/** The template as its Pods will have it: with a volume for each claim. */
const withClaims = ({ template, volumeClaimTemplates = [] }: FullStatefulSetSpec): PodTemplateSpec | undefined => {
  if (!template?.spec) return template
  const claims = volumeClaimTemplates.map(claim => ({
    name: claim.metadata?.name ?? '',
    persistentVolumeClaim: { claimName: claim.metadata?.name ?? '' },
  }))
  const others = (template.spec.volumes ?? []).filter(volume => !claims.some(({ name }) => name === volume.name))
  return { ...template, spec: { ...template.spec, volumes: [...others, ...claims] } }
}

const strategyFaults = ({ updateStrategy }: FullStatefulSetSpec): FieldError[] => {
  const faults = oneOf('spec.updateStrategy', updateStrategy?.type, ['OnDelete', 'RollingUpdate'])
  const rolling = updateStrategy?.rollingUpdate
  if (updateStrategy?.type === 'OnDelete' && rolling)
    faults.push(invalidValue('spec.updateStrategy.rollingUpdate', rolling, "only allowed for updateStrategy 'RollingUpdate'"))
  faults.push(...notNegative('spec.updateStrategy.rollingUpdate.partition', rolling?.partition))
  const most = rolling?.maxUnavailable
  const field = 'spec.updateStrategy.rollingUpdate.maxUnavailable'
  if (most === 0 || most === '0%') faults.push(invalidValue(field, most, 'cannot be 0'))
  if (typeof most === 'number') faults.push(...notNegative(field, most))
  return faults
}

export const statefulSet: Resource<StatefulSetObject> = {
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  columns: [
    nameColumn,
    {
      name: 'Ready',
      type: 'string',
      description: 'Ready Pods of those wanted.',
      cell: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    },
    ageColumn,
    ...templateColumns<StatefulSetObject>(
      object => object.spec.template.spec?.containers ?? [],
      object => object.spec.selector,
    ).slice(0, 2),
  ],
  // Models kubernetes/pkg/apis/apps/v1/defaults.go.
  defaults(object) {
    object.spec ??= {} as FullStatefulSetSpec
    const { spec } = object
    spec.podManagementPolicy ||= 'OrderedReady'
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ||= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {}
      spec.updateStrategy.rollingUpdate.partition ??= 0
    }
    spec.persistentVolumeClaimRetentionPolicy = {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
      ...spec.persistentVolumeClaimRetentionPolicy,
    }
    spec.replicas ??= 1
    spec.revisionHistoryLimit ??= 10
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.apiVersion ??= 'v1'
      claim.kind ??= 'PersistentVolumeClaim'
      defaultClaim(claim)
    }
    if (spec.template?.spec) defaultPodSpec(spec.template.spec)
    return object
  },
  validate(object, old) {
    const { spec } = object
    const faults = templateFaults('statefulset', spec.selector, withClaims(spec), spec.replicas)
    faults.push(...oneOf('spec.podManagementPolicy', spec.podManagementPolicy, ['OrderedReady', 'Parallel']))
    faults.push(...strategyFaults(spec))
    for (const when of ['whenDeleted', 'whenScaled'] as const) {
      const field = `spec.persistentVolumeClaimRetentionPolicy.${when}`
      faults.push(...oneOf(field, spec.persistentVolumeClaimRetentionPolicy?.[when], ['Delete', 'Retain']))
    }
    faults.push(...notNegative('spec.minReadySeconds', spec.minReadySeconds))
    faults.push(...notNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit))
    for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries()) {
      const field = `spec.volumeClaimTemplates[${index}]`
      if (!claim.metadata?.name) faults.push(required(`${field}.metadata.name`))
      faults.push(...claimSpecFaults(`${field}.spec`, claim.spec))
    }
    if (old) faults.push(...updateFaults(object, old))
    return faults
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  beforeCreate(object) {
    object.status = { replicas: 0, availableReplicas: 0 } as StatefulSetObject['status'] & object
    return object
  },
}
