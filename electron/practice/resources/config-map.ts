// ConfigMaps.

import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { forbiddenValue, invalidValue } from './faults.ts'

export type ConfigMapObject = KubeObject & {
  data?: Record<string, string>
  binaryData?: Record<string, string>
  immutable?: boolean
}

// Models kubernetes/pkg/apis/core/validation: the data of one object may have 1 MiB.
const sizeLimit = 1024 * 1024

const keyFault =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

/** Faults of the keys and the size of a ConfigMap's or a Secret's data. */
export const dataFaults = (field: string, data: Readonly<Record<string, string>>): FieldError[] => {
  let size = 0
  const faults = Object.entries(data).flatMap(([key, value]) => {
    size += value.length
    return /^[-._a-zA-Z0-9]{1,253}$/.test(key) ? [] : [invalidValue(`${field}[${key}]`, key, keyFault)]
  })
  if (size <= sizeLimit) return faults
  return [...faults, { field: '', reason: 'FieldValueTooLong', message: `Too long: may not be more than ${sizeLimit} bytes` }]
}

/** Faults of a change of what was marked immutable. */
export const immutableFaults = (object: ConfigMapObject, old: ConfigMapObject | undefined): FieldError[] => {
  if (!old?.immutable) return []
  const faults: FieldError[] = []
  const why = 'field is immutable when `immutable` is set'
  if (!object.immutable) faults.push(forbiddenValue('immutable', why))
  for (const field of ['data', 'binaryData'] as const) {
    if (!isEqual(object[field] ?? {}, old[field] ?? {})) faults.push(forbiddenValue(field, why))
  }
  return faults
}

export const configMap: Resource<ConfigMapObject> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    {
      name: 'Data',
      type: 'integer',
      description: 'Number of its entries.',
      cell: ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length,
    },
    ageColumn,
  ],
  defaults: object => object,
  validate: (object, old) => [
    ...dataFaults('data', object.data ?? {}),
    ...dataFaults('binaryData', object.binaryData ?? {}),
    ...Object.keys(object.data ?? {})
      .filter(key => Object.hasOwn(object.binaryData ?? {}, key))
      .map(key => invalidValue(`data[${key}]`, key, `duplicate of key present in binaryData`)),
    ...immutableFaults(object, old),
  ],
}
