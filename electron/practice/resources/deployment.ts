// Deployments.

import type { DeploymentSpec, DeploymentStatus } from 'kubernetes-types/apps/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject, ObjectMeta } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, templateColumns } from './columns.ts'
import { forbiddenValue, invalidValue, notNegative, oneOf } from './faults.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { templateFaults } from './workload.ts'

export type DeploymentObject = KubeObject & { spec: DeploymentSpec; status?: DeploymentStatus }

const isZero = (value: unknown): boolean => value === 0 || value === '0%' || value === '0'

const percentFaults = (field: string, value: number | string | undefined): FieldError[] => {
  if (value === undefined) return []
  if (typeof value === 'number') return notNegative(field, value)
  if (/^\d+%$/.test(value)) return []
  const why =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
  return [invalidValue(field, value, why)]
}

// Models kubernetes/pkg/apis/apps/validation/validation.go, ValidateDeploymentStrategy.
const strategyFaults = ({ strategy }: DeploymentSpec): FieldError[] => {
  const faults = oneOf('spec.strategy.type', strategy?.type, ['Recreate', 'RollingUpdate'])
  const rolling = strategy?.rollingUpdate
  const field = 'spec.strategy.rollingUpdate'
  if (strategy?.type === 'Recreate' && rolling) {
    return [...faults, forbiddenValue(field, "may not be specified when strategy `type` is 'Recreate'")]
  }
  if (!rolling) return faults
  faults.push(...percentFaults(`${field}.maxUnavailable`, rolling.maxUnavailable))
  faults.push(...percentFaults(`${field}.maxSurge`, rolling.maxSurge))
  if (isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)) {
    faults.push(invalidValue(`${field}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  }
  return faults
}

/** Annotations, but the one that the controller writes. */
const withoutRevision = ({ annotations = {} }: ObjectMeta) => ({ ...annotations, 'deployment.kubernetes.io/revision': undefined })

export const deployment: Resource<DeploymentObject> = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
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
    {
      name: 'Up-to-date',
      type: 'string',
      description: 'Pods that run the newest template.',
      cell: ({ status }) => status?.updatedReplicas ?? 0,
    },
    {
      name: 'Available',
      type: 'string',
      description: 'Pods that have been ready for minReadySeconds.',
      cell: ({ status }) => status?.availableReplicas ?? 0,
    },
    ageColumn,
    ...templateColumns<DeploymentObject>(
      object => object.spec.template.spec?.containers ?? [],
      object => object.spec.selector,
    ),
  ],
  // Models kubernetes/pkg/apis/apps/v1/defaults.go.
  defaults(object) {
    object.spec ??= {} as DeploymentSpec
    const { spec } = object
    spec.replicas ??= 1
    spec.strategy ??= {}
    spec.strategy.type ||= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy.rollingUpdate }
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
    if (spec.template?.spec) defaultPodSpec(spec.template.spec)
    return object
  },
  validate(object, old) {
    const { spec } = object
    const faults = templateFaults('deployment', spec.selector, spec.template, spec.replicas)
    faults.push(...strategyFaults(spec))
    faults.push(...notNegative('spec.minReadySeconds', spec.minReadySeconds))
    faults.push(...notNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit))
    if ((spec.progressDeadlineSeconds ?? 600) <= (spec.minReadySeconds ?? 0)) {
      const why = 'must be greater than minReadySeconds'
      faults.push(invalidValue('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, why))
    }
    if (old && !isEqual(old.spec.selector, spec.selector))
      faults.push(invalidValue('spec.selector', spec.selector, 'field is immutable'))
    return faults
  },
  // Models kubernetes/pkg/registry/apps/deployment/strategy.go. The controller tells the revision with the status, which bumps nothing.
  isNewGeneration: (object, old) =>
    !isEqual(object.spec, old.spec) || !isEqual(withoutRevision(object.metadata), withoutRevision(old.metadata)),
  beforeCreate(object) {
    object.status = {}
    return object
  },
}
