// How a custom kind's schema is told to clients: what `kubectl explain` prints.

import { type Json, nameKind, reference } from '../api/openapi-schemas.ts'
import type { Descriptions } from '../api/schema/descriptions.ts'
import { clone } from '../clone.ts'
import type { Resource } from '../resource.ts'

// Models apiextensions-apiserver/pkg/controller/openapi/builder/builder.go.

/** `com.example.stable.v1.CronTab`. */
export const customName = ({ group, version, kind }: Resource): string => [...group.split('.').reverse(), version, kind].join('.')

/** The published schema of a custom kind. */
export const customSchema = ({ custom, group, version, kind }: Resource, descriptions: Descriptions): Json => {
  const schema = { ...clone(custom?.schema) } as Json
  // Rules are for the server.
  delete schema['x-kubernetes-validations']
  const { metadata, ...properties } = (schema.properties ?? {}) as Json
  schema.properties = { metadata: { ...(metadata as Json), default: {}, allOf: [reference('meta.ObjectMeta')] }, ...properties }
  // Every object has these words; the first one described lends its own.
  nameKind(schema, 'core.Pod', { group, version, kind }, descriptions)
  return schema
}
