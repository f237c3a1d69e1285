// LimitRanges: what containers of a namespace get by default, and the bounds of what they may ask for.

import type { LimitRangeItem, LimitRangeSpec } from 'kubernetes-types/core/v1.js'
import { quantity } from '../controllers/quantity.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { createdColumn, nameColumn } from './columns.ts'
import { duplicate, forbiddenValue, invalidValue } from './faults.ts'

export type LimitRangeObject = KubeObject & { spec: LimitRangeSpec }

/** A default must lie between the bounds. Models kubernetes/pkg/apis/core/validation, ValidateLimitRange. */
const itemFaults = (at: string, { type, min = {}, max = {}, default: limit = {}, defaultRequest = {} }: LimitRangeItem) => {
  const faults: FieldError[] = []
  if (type === 'Pod') {
    if (Object.keys(limit).length > 0) faults.push(forbiddenValue(`${at}.default`, "may not be specified when `type` is 'Pod'"))
    if (Object.keys(defaultRequest).length > 0)
      faults.push(forbiddenValue(`${at}.defaultRequest`, "may not be specified when `type` is 'Pod'"))
  }
  const order = [
    ['min', min, 'max', max],
    ['min', min, 'defaultRequest', defaultRequest],
    ['defaultRequest', defaultRequest, 'default', limit],
    ['default', limit, 'max', max],
    ['defaultRequest', defaultRequest, 'max', max],
    ['min', min, 'default', limit],
  ] as const
  for (const [lowName, low, highName, high] of order) {
    for (const [name, value] of Object.entries(low)) {
      const bound = high[name]
      if (bound === undefined || quantity(value) <= quantity(bound)) continue
      const words = (each: string) => ({ default: 'default', defaultRequest: 'default request', min: 'min', max: 'max' })[each]
      const why = `${words(lowName)} value ${value} is greater than ${words(highName)} value ${bound}`
      faults.push(invalidValue(`${at}.${lowName === 'min' ? 'min' : lowName}[${name}]`, value, why))
    }
  }
  return faults
}

export const limitRange: Resource<LimitRangeObject> = {
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [nameColumn, createdColumn],
  // Models kubernetes/pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem.
  defaults(object) {
    object.spec ??= { limits: [] }
    for (const item of object.spec.limits ?? []) {
      if (item.type !== 'Container') continue
      const limit = { ...item.max, ...item.default }
      const request = { ...limit, ...item.min, ...(item.default ?? {}), ...item.defaultRequest }
      for (const [name, value] of Object.entries(item.min ?? {})) {
        if (item.defaultRequest?.[name] === undefined && item.default?.[name] === undefined && limit[name] === undefined)
          request[name] = value
      }
      if (Object.keys(limit).length > 0) item.default = limit
      if (Object.keys(request).length > 0) item.defaultRequest = request
    }
    return object
  },
  validate({ spec }) {
    const seen = new Set<string>()
    return (spec.limits ?? []).flatMap((item, index) => {
      const at = `spec.limits[${index}]`
      const again = seen.has(item.type) ? [duplicate(`${at}.type`, item.type)] : []
      seen.add(item.type)
      return [...again, ...itemFaults(at, item)]
    })
  },
}
