// A custom kind's schema as a field table, so that ownership and server-side apply know its lists and maps.

import type { Field, Message } from '../api/schema/table.ts'
import type { Schema } from './schema.ts'

// Models apiextensions-apiserver/pkg/controller/openapi/builder: what its schema means to structured-merge-diff.

const letters: Record<string, string> = { string: 's', integer: 'l', number: 'f', boolean: 'b' }

const typeOf = (schema: Schema | undefined): string =>
  schema?.['x-kubernetes-int-or-string'] ? 'IntOrString' : (letters[schema?.type ?? ''] ?? 'Raw')

const plain = { number: 0, pointer: true, list: false, map: false, retainKeys: false, atomic: false }

const fieldOf = (name: string, schema: Schema, at: string): Field => {
  const { items, additionalProperties } = schema
  if (schema.type === 'array') {
    const kind = schema['x-kubernetes-list-type']
    const listKeys = kind === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : kind === 'set' ? [] : undefined
    const inner = items?.properties && messageOfSchema(items, at)
    return { ...plain, name, type: typeOf(items), list: true, ...(listKeys && { listKeys }), ...(inner && { inner }) }
  }
  const atomic = schema['x-kubernetes-map-type'] === 'atomic'
  if (typeof additionalProperties === 'object') {
    const inner = additionalProperties.properties && messageOfSchema(additionalProperties, at)
    return { ...plain, name, type: typeOf(additionalProperties), map: true, atomic, ...(inner && { inner }) }
  }
  const inner = schema.properties && messageOfSchema(schema, at)
  return { ...plain, name, type: typeOf(schema), atomic, ...(inner && { inner }) }
}

/** The fields of an object's schema. */
export const messageOfSchema = (schema: Schema, name: string): Message => ({
  name,
  fields: new Map(
    Object.entries(schema.properties ?? {}).map(([field, each]) => [field, fieldOf(field, each, `${name}.${field}`)]),
  ),
  numbers: new Map(),
})

const metadata: Field = { ...plain, name: 'metadata', type: 'meta.ObjectMeta' }

/** The fields of a custom kind, its metadata among them. */
export const messageOfKind = (schema: Schema, kind: string): Message => {
  const found = messageOfSchema(schema, kind)
  return { ...found, fields: new Map([...found.fields, ['metadata', metadata]]) }
}

/** What alone is checked as a Go type: everything else has a schema. */
export const metadataOnly: Message = { name: 'Object', fields: new Map([['metadata', metadata]]), numbers: new Map() }
