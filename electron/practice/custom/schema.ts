// The structural schema of a custom kind: what it prunes, which fields it does not know, and what it fills in.

import { clone } from '../clone.ts'
import { isRecord } from '../is-record.ts'

/** JSONSchemaProps, as far as a structural schema may use them. */
export interface Schema {
  type?: string
  format?: string
  description?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  required?: string[]
  enum?: unknown[]
  nullable?: boolean
  default?: unknown
  minimum?: number
  maximum?: number
  exclusiveMinimum?: boolean
  exclusiveMaximum?: boolean
  multipleOf?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minItems?: number
  maxItems?: number
  minProperties?: number
  maxProperties?: number
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  not?: Schema
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: string
  'x-kubernetes-validations'?: { rule: string }[]
}

// Models apiextensions-apiserver/pkg/apiserver/schema: pruning and defaulting.

const typeMeta = new Set(['apiVersion', 'kind', 'metadata'])

/** The schema of a field that the schema of its object names or allows. */
export const fieldSchema = (schema: Schema | undefined, name: string): Schema | undefined => {
  const named = schema?.properties
  if (named && Object.hasOwn(named, name)) return named[name]
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

const isKnown = (schema: Schema | undefined, name: string): boolean =>
  fieldSchema(schema, name) !== undefined || schema?.additionalProperties === true

/** Removes from a private copy what the schema does not know; the paths removed, as `spec.image[0].tag`. */
export const pruneUnknown = (value: unknown, schema: Schema | undefined, isObject = true, path = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item, at) => pruneInner(item, schema?.items, `${path}[${at}]`))
  if (!isRecord(value)) return []
  const removed: string[] = []
  for (const [name, item] of Object.entries(value)) {
    if (isObject && typeMeta.has(name)) continue
    const at = path ? `${path}.${name}` : name
    if (isKnown(schema, name)) removed.push(...pruneInner(item, fieldSchema(schema, name), at))
    else if (!schema?.['x-kubernetes-preserve-unknown-fields']) {
      delete value[name]
      removed.push(at)
    }
  }
  return removed
}

/** What has no schema of its own is kept as it is. */
const pruneInner = (value: unknown, schema: Schema | undefined, path: string): string[] =>
  schema ? pruneUnknown(value, schema, schema['x-kubernetes-embedded-resource'] ?? false, path) : []

/** Fills in defaults, in a private copy; a null that may not be goes first. */
export const fillDefaults = (value: unknown, schema: Schema | undefined): void => {
  if (!schema) return
  if (Array.isArray(value)) {
    for (const item of value) fillDefaults(item, schema.items)
    return
  }
  if (!isRecord(value)) return
  for (const [name, item] of Object.entries(value)) {
    if (item === null && fieldSchema(schema, name)?.nullable !== true && schema.properties?.[name]) delete value[name]
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (field.default !== undefined && value[name] === undefined) value[name] = clone(field.default)
  }
  for (const [name, item] of Object.entries(value)) fillDefaults(item, fieldSchema(schema, name))
}
