// The schemas of OpenAPI, made from the field tables and, where the build knows them, the words of `kubectl explain`.

import type { Descriptions } from './schema/descriptions.ts'
import { type Field, message } from './schema/table.ts'

export type Json = Record<string, unknown>

const scalars = new Map<string, Json>([
  ['s', { type: 'string' }],
  ['i', { type: 'integer', format: 'int32' }],
  ['l', { type: 'integer', format: 'int64' }],
  ['f', { type: 'number', format: 'double' }],
  ['b', { type: 'boolean' }],
  ['y', { type: 'string', format: 'byte' }],
  ['Time', { type: 'string', format: 'date-time' }],
  ['MicroTime', { type: 'string', format: 'date-time' }],
  ['Duration', { type: 'string' }],
  ['Quantity', { type: 'string' }],
  ['IntOrString', { type: 'string', format: 'int-or-string' }],
  ['Raw', { type: 'object' }],
  // Any JSON value.
  ['Any', {}],
  ['SchemaOrArray', {}],
  ['SchemaOrBool', {}],
])

export const schemaName = (type: string): string => {
  const [home = '', name = ''] = type.split('.')
  if (home === 'meta') return `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`
  if (home === 'apiextensions') return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.${name}`
  return home === 'autoscaling2' ? `io.k8s.api.autoscaling.v2.${name}` : `io.k8s.api.${home}.v1.${name}`
}

export const reference = (type: string): Json => ({ $ref: `#/components/schemas/${schemaName(type)}` })

const itemSchema = (type: string): Json => scalars.get(type) ?? { default: {}, allOf: [reference(type)] }

const fieldSchema = (field: Field): Json => {
  const marks: Json = {
    ...(field.listKeys && { 'x-kubernetes-list-type': field.listKeys.length > 0 ? 'map' : 'set' }),
    ...(field.listKeys?.length && { 'x-kubernetes-list-map-keys': field.listKeys }),
    ...(field.list && !field.listKeys && { 'x-kubernetes-list-type': 'atomic' }),
    ...(field.mergeKey && { 'x-kubernetes-patch-merge-key': field.mergeKey }),
    ...(strategyOf(field) && { 'x-kubernetes-patch-strategy': strategyOf(field) }),
    ...(field.atomic && { 'x-kubernetes-map-type': 'atomic' }),
  }
  if (field.list) return { type: 'array', items: itemSchema(field.type), ...marks }
  if (field.map) return { type: 'object', additionalProperties: itemSchema(field.type), ...marks }
  return { ...itemSchema(field.type), ...marks }
}

const strategyOf = ({ mergeKey, retainKeys }: Field): string =>
  [...(mergeKey === undefined ? [] : ['merge']), ...(retainKeys ? ['retainKeys'] : [])].join(',')

const described = (words: string | undefined): Json => (words ? { description: words } : {})

/** The schemas of these types and of all that they refer to, by their names in the API. */
export const schemasOf = (roots: readonly string[], descriptions: Descriptions): Record<string, Json> => {
  const schemas: Record<string, Json> = {}
  const add = (type: string) => {
    const name = schemaName(type)
    const fields = message(type)?.fields
    if (!fields || schemas[name]) return
    const properties: Json = {}
    const words = descriptions[type]
    schemas[name] = { ...described(words?.['']), type: 'object', properties }
    for (const [field, shape] of fields) {
      properties[field] = { ...described(words?.[field]), ...fieldSchema(shape) }
      add(shape.type)
    }
  }
  for (const root of roots) add(root)
  return schemas
}

/** Makes a type's schema that of a kind. */
export const nameKind = (schema: Json, type: string, names: Json, descriptions: Descriptions): void => {
  const text = (field: string): Json => ({ ...described(descriptions[type]?.[field]), type: 'string' })
  schema['x-kubernetes-group-version-kind'] = [names]
  schema.properties = { apiVersion: text('apiVersion'), kind: text('kind'), ...(schema.properties as Json) }
}
