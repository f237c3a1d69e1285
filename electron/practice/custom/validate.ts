// What a custom kind's schema says against an object, in the API server's words.

import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import { isRecord } from '../is-record.ts'
import { duplicate, invalidValue, required, unsupported } from '../resources/faults.ts'
import { fieldSchema, type Schema } from './schema.ts'

// Models kube-openapi/pkg/validation/validate and apiextensions-apiserver/pkg/apiserver/validation.

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const fits = (value: unknown, types: readonly string[]): boolean => {
  const type = typeOf(value)
  return types.includes(type) || (type === 'integer' && types.includes('number'))
}

const typeInvalid = (path: string, types: readonly string[], found: string): FieldError => ({
  ...invalidValue(path, found, `${path} in body must be of type ${types.join(',')}: ${JSON.stringify(found)}`),
  reason: 'FieldValueTypeInvalid',
})

const tooMany = (path: string, actual: number, most: number): FieldError => ({
  field: path,
  reason: 'FieldValueTooMany',
  message: `Too many: ${actual}: must have at most ${most} item${most === 1 ? '' : 's'}`,
})

/** A fault of the whole, which upstream tells without a field. */
const ofWhole = (text: string): FieldError => invalidValue('<nil>', '', text)

const typesOf = (schema: Schema): string[] => {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string']
  return schema.type ? [schema.type] : []
}

const formats = new Map<string, (text: string) => boolean>([
  [
    'date-time',
    text => /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  ],
  ['date', text => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))],
  ['email', text => /^[^\s@]+@[^\s@]+$/.test(text)],
  ['ipv4', text => /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every(part => Number(part) < 256)],
  ['uri', text => URL.canParse(text)],
  ['uuid', text => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text)],
  ['duration', text => /^[+-]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w)\s*)+$/.test(text)],
  ['byte', text => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0],
])

const expressions = new Map<string, RegExp | undefined>()

/** A pattern as Go's RE2 reads it; undefined where JavaScript has no such expression. */
const expressionOf = (pattern: string): RegExp | undefined => {
  if (!expressions.has(pattern)) {
    try {
      const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? []
      expressions.set(pattern, new RegExp(rest.replaceAll('\\A', '^').replaceAll('\\z', '$'), flags))
    } catch {
      expressions.set(pattern, undefined)
    }
  }
  return expressions.get(pattern)
}

/** Whether a pattern can be tried. */
export const isExpression = (pattern: string): boolean => expressionOf(pattern) !== undefined

const numberFaults = (value: number, schema: Schema, path: string): FieldError[] => {
  const { minimum, maximum, multipleOf } = schema
  const fault = (text: string) => invalidValue(path, value, `${path} in body should be ${text}`)
  const faults: FieldError[] = []
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum))
    faults.push(fault(`less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`))
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum))
    faults.push(fault(`greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`))
  if (multipleOf && !Number.isInteger(value / multipleOf)) faults.push(fault(`a multiple of ${multipleOf}`))
  return faults
}

const stringFaults = (value: string, schema: Schema, path: string): FieldError[] => {
  const { minLength, maxLength, pattern, format } = schema
  const length = [...value].length
  const fault = (text: string) => invalidValue(path, value, `${path} in body ${text}`)
  const faults: FieldError[] = []
  if (maxLength !== undefined && length > maxLength)
    faults.push({ field: path, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${maxLength} bytes` })
  if (minLength !== undefined && length < minLength) faults.push(fault(`should be at least ${minLength} chars long`))
  if (pattern && expressionOf(pattern)?.test(value) === false) faults.push(fault(`should match '${pattern}'`))
  if (format && formats.get(format)?.(value) === false)
    faults.push({ ...fault(`must be of type ${format}: ${JSON.stringify(value)}`), reason: 'FieldValueTypeInvalid' })
  return faults
}

const listFaults = (value: readonly unknown[], schema: Schema, path: string): FieldError[] => {
  const { minItems, maxItems, items } = schema
  const faults: FieldError[] = []
  if (minItems !== undefined && value.length < minItems)
    faults.push(invalidValue(path, value, `${path} in body should have at least ${minItems} items`))
  if (maxItems !== undefined && value.length > maxItems) faults.push(tooMany(path, value.length, maxItems))
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const isSet = schema['x-kubernetes-list-type'] === 'set'
  const keyOf = (item: unknown): unknown =>
    isSet || !isRecord(item)
      ? item
      : Object.fromEntries(keys.filter(key => Object.hasOwn(item, key)).map(key => [key, item[key]]))
  const seen: unknown[] = []
  for (const [index, item] of value.entries()) {
    const at = `${path}[${index}]`
    faults.push(...schemaFaults(item, items ?? {}, at))
    if (!isSet && keys.length === 0) continue
    const key = keyOf(item)
    if (seen.some(each => isEqual(each, key))) faults.push(duplicate(at, key))
    seen.push(key)
  }
  return faults
}

const objectFaults = (value: Record<string, unknown>, schema: Schema, path: string): FieldError[] => {
  const { minProperties, maxProperties } = schema
  const at = (name: string) => (path ? `${path}.${name}` : name)
  const count = Object.keys(value).length
  const faults = (schema.required ?? []).filter(name => value[name] === undefined).map(name => required(at(name)))
  if (minProperties !== undefined && count < minProperties)
    faults.push(invalidValue(path, value, `${path} in body should have at least ${minProperties} properties`))
  if (maxProperties !== undefined && count > maxProperties) faults.push(tooMany(path, count, maxProperties))
  if (schema['x-kubernetes-embedded-resource'])
    for (const name of ['apiVersion', 'kind']) if (!value[name]) faults.push(required(at(name), 'must not be empty'))
  for (const [name, item] of Object.entries(value)) {
    const field = path === '' && name === 'metadata' ? undefined : fieldSchema(schema, name)
    if (field && item !== undefined) faults.push(...schemaFaults(item, field, at(name)))
  }
  return faults
}

const alternativeFaults = (value: unknown, { allOf = [], anyOf = [], oneOf = [], not }: Schema, path: string): FieldError[] => {
  const faults: FieldError[] = []
  const name = JSON.stringify(path)
  const any = anyOf.map(each => schemaFaults(value, each, path))
  if (any.length > 0 && any.every(each => each.length > 0))
    faults.push(...any[0]!, ofWhole(`${name} must validate at least one schema (anyOf)`))
  const one = oneOf.map(each => schemaFaults(value, each, path))
  const valid = one.filter(each => each.length === 0).length
  if (one.length > 0 && valid === 0)
    faults.push(...one[0]!, ofWhole(`${name} must validate one and only one schema (oneOf). Found none valid`))
  if (valid > 1) faults.push(ofWhole(`${name} must validate one and only one schema (oneOf). Found ${valid} valid alternatives`))
  const all = allOf.flatMap(each => schemaFaults(value, each, path))
  if (all.length > 0) faults.push(...all, ofWhole(`${name} must validate all the schemas (allOf)`))
  if (not && schemaFaults(value, not, path).length === 0) faults.push(ofWhole(`${name} must not validate the schema (not)`))
  return faults
}

/** All that a schema has against a value. */
export const schemaFaults = (value: unknown, schema: Schema, path = ''): FieldError[] => {
  const types = typesOf(schema)
  if (value === null) return schema.nullable || types.length === 0 ? [] : [typeInvalid(path, types, 'null')]
  if (types.length > 0 && !fits(value, types)) return [typeInvalid(path, types, typeOf(value))]
  const faults: FieldError[] = []
  if (schema.enum && !schema.enum.some(each => isEqual(each, value))) {
    const words = schema.enum.map(each => (typeof each === 'string' ? each : JSON.stringify(each)))
    faults.push(unsupported(path, value, words))
  }
  if (typeof value === 'number') faults.push(...numberFaults(value, schema, path))
  else if (typeof value === 'string') faults.push(...stringFaults(value, schema, path))
  else if (Array.isArray(value)) faults.push(...listFaults(value, schema, path))
  else if (isRecord(value)) faults.push(...objectFaults(value, schema, path))
  return [...faults, ...alternativeFaults(value, schema, path)]
}
