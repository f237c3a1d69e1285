// DaemonSets.

import type { DaemonSetSpec, DaemonSetStatus } from 'kubernetes-types/apps/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, labelsText, nameColumn, templateColumns } from './columns.ts'
import { invalidValue, notNegative, oneOf } from './faults.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { templateFaults } from './workload.ts'

export type DaemonSetObject = KubeObject & { spec: DaemonSetSpec; status?: DaemonSetStatus }

/** Counts the templates of a DaemonSet; kept for clients older than ControllerRevisions. */
export const templateGeneration = 'deprecated.daemonset.template.generation'

const isZero = (value: unknown): boolean => value === undefined || value === 0 || value === '0%' || value === '0'

// Models kubernetes/pkg/apis/apps/validation/validation.go, ValidateDaemonSetUpdateStrategy.
const strategyFaults = ({ updateStrategy }: DaemonSetSpec): FieldError[] => {
  const field = 'spec.updateStrategy'
  const rolling = updateStrategy?.rollingUpdate
  const faults = oneOf(`${field}.type`, updateStrategy?.type, ['RollingUpdate', 'OnDelete'])
  if (updateStrategy?.type !== 'RollingUpdate' || !rolling) return faults
  if (isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)) {
    const why = 'cannot be 0 when maxSurge is 0'
    faults.push(invalidValue(`${field}.rollingUpdate.maxUnavailable`, rolling.maxUnavailable, why))
  }
  if (!isZero(rolling.maxUnavailable) && !isZero(rolling.maxSurge)) {
    faults.push(
      invalidValue(`${field}.rollingUpdate.maxSurge`, rolling.maxSurge, 'may not be set when maxUnavailable is non-zero'),
    )
  }
  return faults
}

export const daemonSet: Resource<DaemonSetObject> = {
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    {
      name: 'Desired',
      type: 'integer',
      description: 'Nodes that should run a Pod.',
      cell: ({ status }) => status?.desiredNumberScheduled ?? 0,
    },
    {
      name: 'Current',
      type: 'integer',
      description: 'Nodes that do.',
      cell: ({ status }) => status?.currentNumberScheduled ?? 0,
    },
    { name: 'Ready', type: 'integer', description: 'Nodes with a ready Pod.', cell: ({ status }) => status?.numberReady ?? 0 },
    {
      name: 'Up-to-date',
      type: 'integer',
      description: 'Nodes with a Pod of the newest template.',
      cell: ({ status }) => status?.updatedNumberScheduled ?? 0,
    },
    {
      name: 'Available',
      type: 'integer',
      description: 'Nodes whose Pod has been ready for minReadySeconds.',
      cell: ({ status }) => status?.numberAvailable ?? 0,
    },
    {
      name: 'Node Selector',
      type: 'string',
      description: 'Which nodes run a Pod.',
      cell: ({ spec }) => labelsText(spec.template.spec?.nodeSelector),
    },
    ageColumn,
    ...templateColumns<DaemonSetObject>(
      object => object.spec.template.spec?.containers ?? [],
      object => object.spec.selector,
    ),
  ],
  // Models kubernetes/pkg/apis/apps/v1/defaults.go, SetDefaults_DaemonSet.
  defaults(object) {
    object.spec ??= {} as DaemonSetSpec
    const { spec } = object
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ||= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate = { ...spec.updateStrategy.rollingUpdate }
      spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1
      spec.updateStrategy.rollingUpdate.maxSurge ??= 0
    }
    spec.revisionHistoryLimit ??= 10
    if (spec.template?.spec) defaultPodSpec(spec.template.spec)
    return object
  },
  validate(object, old) {
    const { spec } = object
    const faults = templateFaults('daemonset', spec.selector, spec.template, undefined)
    faults.push(...strategyFaults(spec))
    faults.push(...notNegative('spec.minReadySeconds', spec.minReadySeconds))
    faults.push(...notNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit))
    if (old && !isEqual(old.spec.selector, spec.selector))
      faults.push(invalidValue('spec.selector', spec.selector, 'field is immutable'))
    return faults
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  // Models kubernetes/pkg/registry/apps/daemonset/strategy.go.
  beforeCreate(object) {
    object.status = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 }
    object.metadata.annotations = { ...object.metadata.annotations, [templateGeneration]: '1' }
    return object
  },
  beforeUpdate(object, old) {
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 1)
    const generation = isEqual(object.spec.template, old.spec.template) ? before : before + 1
    object.metadata.annotations = { ...object.metadata.annotations, [templateGeneration]: String(generation) }
    return object
  },
}
