// What an applied object may not hold: fields that its type does not declare, and numbers that are none.
// Models sigs.k8s.io/structured-merge-diff/typed/validate.go

import { isRecord } from '../is-record.ts'
import { StatusError } from '../status-error.ts'
import { itemElement, pathText } from './field-set.ts'
import { innerOf, type Message } from './schema/table.ts'
import { isTypeMeta, isWhole } from './strict.ts'

const goTypeOf = (value: unknown): string => {
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'object' ? 'map[string]interface {}' : 'string'
}

const faultsIn = (object: Record<string, unknown>, type: Message, path: string, isRoot: boolean): string[] =>
  Object.entries(object).flatMap(([name, value]) => {
    const at = `${path}.${name}`
    const field = type.fields.get(name)
    if (!field) return isTypeMeta(name) && (isRoot || isWhole(type)) ? [] : [`${at}: field not declared in schema`]
    if (value === null || value === undefined) return []
    const inner = innerOf(field)
    const isNumber = /^[ilf]$/.test(field.type) && !field.list && !field.map
    if (isNumber && typeof value !== 'number') return [`${at}: expected numeric (int or float), got ${goTypeOf(value)}`]
    if (!inner || field.type === 'Any') return []
    if (field.list) {
      if (!Array.isArray(value)) return [`${at}: expected list, got ${JSON.stringify(value)}`]
      return value.flatMap((item, index) => {
        if (!isRecord(item)) return []
        const keys = field.atomic ? [] : (field.listKeys ?? [])
        return faultsIn(item, inner, `${at}${keys.length > 0 ? pathText([itemElement(item, keys)]) : `[${index}]`}`, false)
      })
    }
    if (!isRecord(value)) return [`${at}: expected map, got ${JSON.stringify(value)}`]
    if (!field.map) return faultsIn(value, inner, at, false)
    return Object.entries(value).flatMap(([key, each]) => (isRecord(each) ? faultsIn(each, inner, `${at}.${key}`, false) : []))
  })

/** Refuses what cannot be applied, told as the merging library tells it. @throws StatusError 500 */
export const checkDeclared = (
  object: Record<string, unknown>,
  type: Message,
  of: { namespace: string; name: string; group: string; version: string; kind: string },
): void => {
  const faults = faultsIn(object, type, '', true)
  if (faults.length === 0) return
  const who = `${of.namespace}/${of.name}; ${of.group}/${of.version}, Kind=${of.kind}`
  const why = faults.length === 1 ? faults[0] : `errors:\n${faults.map(fault => `  ${fault}`).join('\n')}`
  throw new StatusError(500, '', `failed to create typed patch object (${who}): ${why}`)
}
