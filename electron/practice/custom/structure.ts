// What makes a schema structural, told in the API server's words.

import type { FieldError } from '../field-error.ts'
import { forbiddenValue, invalidValue, required, unsupported } from '../resources/faults.ts'
import type { Schema } from './schema.ts'
import { isExpression } from './validate.ts'

// Models apiextensions-apiserver/pkg/apiserver/schema/validation.go and pkg/apis/apiextensions/validation.

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

const forbiddenFields = ['definitions', 'dependencies', 'patternProperties', 'additionalItems', '$ref', '$schema', 'id']

const childFaults = (schema: Schema, at: string): FieldError[] => {
  const faults: FieldError[] = []
  for (const [name, field] of Object.entries(schema.properties ?? {}))
    faults.push(...levelFaults(field, `${at}.properties[${name}]`, 'specified object fields'))
  if (typeof schema.additionalProperties === 'object')
    faults.push(...levelFaults(schema.additionalProperties, `${at}.additionalProperties`, 'specified object fields'))
  if (Array.isArray(schema.items)) faults.push(forbiddenValue(`${at}.items`, 'items must be a schema object and not an array'))
  else if (schema.items) faults.push(...levelFaults(schema.items, `${at}.items`, 'specified array items'))
  return faults
}

const levelFaults = (schema: Schema, at: string, level: string): FieldError[] => {
  const faults: FieldError[] = []
  const isFree = schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields']
  if (!schema.type && !isFree) faults.push(required(`${at}.type`, `must not be empty for ${level}`))
  if (schema.type && !types.includes(schema.type)) faults.push(unsupported(`${at}.type`, schema.type, types))
  if (schema.type === 'array' && !schema.items) faults.push(required(`${at}.items`, 'must be specified'))
  if (schema.properties && schema.additionalProperties)
    faults.push(forbiddenValue(`${at}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  if (schema.pattern && !isExpression(schema.pattern))
    faults.push(invalidValue(`${at}.pattern`, schema.pattern, 'must be a valid regular expression'))
  for (const name of forbiddenFields)
    if (Object.hasOwn(schema, name)) faults.push(forbiddenValue(`${at}.${name}`, `${name} is not supported`))
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys']
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType))
    faults.push(unsupported(`${at}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']))
  if (listType === 'map' && !keys?.length)
    faults.push(required(`${at}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'))
  return [...faults, ...childFaults(schema, at)]
}

/** Why a schema of a version cannot be served. */
export const structureFaults = (schema: Schema | undefined, at: string): FieldError[] => {
  if (!schema) return [required(at, 'schemas are required')]
  if (!schema.type) return [required(`${at}.type`, 'must not be empty at the root')]
  if (schema.type !== 'object') return [invalidValue(`${at}.type`, schema.type, 'must be object at the root')]
  return levelFaults(schema, at, 'specified object fields')
}

/** Where a schema has rules in CEL, which are kept and not tried. */
export const rulePaths = (schema: Schema | undefined, at: string): string[] => {
  if (!schema) return []
  const own = schema['x-kubernetes-validations']?.length ? [`${at}.x-kubernetes-validations`] : []
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => rulePaths(field, `${at}.properties[${name}]`))
  const { additionalProperties: more, items } = schema
  return [
    ...own,
    ...inner,
    ...(typeof more === 'object' ? rulePaths(more, `${at}.additionalProperties`) : []),
    ...rulePaths(items, `${at}.items`),
  ]
}
