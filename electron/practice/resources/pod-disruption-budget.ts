// PodDisruptionBudgets: how many Pods a drain may take at once.

import type { PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { selectorFaults } from '../selectors.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { invalidValue, notNegative, oneOf } from './faults.ts'

export type PodDisruptionBudgetObject = KubeObject & {
  spec: PodDisruptionBudgetSpec & { unhealthyPodEvictionPolicy?: string }
  status?: PodDisruptionBudgetStatus
}

const countFaults = (field: string, value: number | string | undefined): FieldError[] => {
  if (value === undefined) return []
  if (typeof value === 'number') return notNegative(field, value)
  const percent = /^(\d+)%$/.exec(value)
  if (percent && Number(percent[1]) > 100) return [invalidValue(field, value, 'must not be greater than 100%')]
  if (percent) return []
  const why =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
  return [invalidValue(field, value, why)]
}

export const podDisruptionBudget: Resource<PodDisruptionBudgetObject> = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    {
      name: 'Min Available',
      type: 'string',
      description: 'Pods that must stay.',
      cell: ({ spec }) => String(spec.minAvailable ?? 'N/A'),
    },
    {
      name: 'Max Unavailable',
      type: 'string',
      description: 'Pods that may be missing.',
      cell: ({ spec }) => String(spec.maxUnavailable ?? 'N/A'),
    },
    {
      name: 'Allowed Disruptions',
      type: 'integer',
      description: 'Pods that may be evicted now.',
      cell: ({ status }) => status?.disruptionsAllowed ?? 0,
    },
    ageColumn,
  ],
  defaults(object) {
    object.spec ??= {}
    return object
  },
  // Models kubernetes/pkg/apis/policy/validation/validation.go.
  validate({ spec }) {
    const faults: FieldError[] = []
    if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
      faults.push(invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set'))
    }
    faults.push(...countFaults('spec.minAvailable', spec.minAvailable))
    faults.push(...countFaults('spec.maxUnavailable', spec.maxUnavailable))
    const policies = ['AlwaysAllow', 'IfHealthyBudget']
    faults.push(...oneOf('spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, policies))
    if (spec.selector) faults.push(...selectorFaults('spec.selector', spec.selector))
    return faults
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  beforeCreate(object) {
    object.status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }
    return object
  },
}
