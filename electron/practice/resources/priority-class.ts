// PriorityClasses, and the two that every cluster has.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { forbiddenValue, oneOf } from './faults.ts'

export type PriorityClassObject = KubeObject & {
  value: number
  globalDefault?: boolean
  description?: string
  preemptionPolicy?: string
}

/** Beyond it lie the system's own. */
const highest = 1_000_000_000

/** What a cluster brings. Models kubernetes/pkg/apis/scheduling/v1/helpers.go. */
export const systemClasses: readonly Pick<PriorityClassObject, 'value' | 'description' | 'metadata'>[] = [
  {
    metadata: { name: 'system-cluster-critical' } as KubeObject['metadata'],
    value: 2_000_000_000,
    description: 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
  {
    metadata: { name: 'system-node-critical' } as KubeObject['metadata'],
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
]

export const priorityClass: Resource<PriorityClassObject> = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', description: 'The priority.', cell: ({ value }) => value ?? 0 },
    {
      name: 'Global-Default',
      type: 'boolean',
      description: 'Whether Pods without a class get it.',
      cell: ({ globalDefault }) => globalDefault ?? false,
    },
    ageColumn,
    {
      name: 'PreemptionPolicy',
      type: 'string',
      description: 'Whether its Pods push others out.',
      cell: ({ preemptionPolicy }) => preemptionPolicy ?? '',
    },
  ],
  defaults(object) {
    object.value ??= 0
    object.preemptionPolicy ??= 'PreemptLowerPriority'
    return object
  },
  // Models kubernetes/pkg/apis/scheduling/validation.
  validate(object, old) {
    const faults = oneOf('preemptionPolicy', object.preemptionPolicy, ['Never', 'PreemptLowerPriority'])
    const { name } = object.metadata
    if (!old && object.value > highest && !systemClasses.some(each => each.metadata.name === name)) {
      faults.push(forbiddenValue('value', `maximum allowed value of a user defined priority is ${highest}`))
    }
    if (old && old.value !== object.value) faults.push(forbiddenValue('value', 'may not be changed in an update.'))
    return faults
  },
}
