// OpenAPI v2 for older kubectl, which reads it as protobuf only: which kinds take dryRun and fieldValidation, and the types
// of all kinds, for `explain`, for its own validation and for patches.

import { customName, customSchema } from '../custom/openapi.ts'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { type Json, nameKind, schemaName, schemasOf } from './openapi-schemas.ts'
import type { Descriptions } from './schema/descriptions.ts'
import { homeOf } from './schema/table.ts'

// Field numbers of github.com/google/gnostic-models/openapiv2.

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])

const field = (number: number, ...parts: (Uint8Array | string)[]): Buffer => {
  const content = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(content.length)]), content])
}

/** Operation.parameters > Parameter > NonBodyParameter > QueryParameterSubSchema, of which in and name are set. */
const queryParameter = (name: string): Buffer => field(8, field(1, field(2, field(3, field(2, 'query'), field(4, name)))))

const pathItem = (resource: Resource): Buffer => {
  const { group, version, kind, plural, namespaced } = resource
  const root = group ? `/apis/${apiVersionOf(resource)}` : `/api/${version}`
  const path = namespaced ? `${root}/namespaces/{namespace}/${plural}/{name}` : `${root}/${plural}/{name}`
  const names = `group: "${group}"\nkind: ${kind}\nversion: ${version}\n`
  // NamedAny > Any > google.protobuf.Any, whose value is YAML.
  const extension = field(13, field(1, 'x-kubernetes-group-version-kind'), field(2, field(1, field(2, names)), field(2, names)))
  const operation = field(8, queryParameter('dryRun'), queryParameter('fieldValidation'), extension)
  return field(2, field(1, path), field(2, operation))
}

/** NamedAny, whose value is YAML; JSON is YAML too. */
const extensions = (schema: Json): Buffer[] =>
  Object.entries(schema)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, value]) => field(31, field(1, name), field(2, field(2, JSON.stringify(value)))))

const refOf = (schema: Json): string | undefined => {
  const [first] = (schema.allOf ?? []) as { $ref: string }[]
  return first?.$ref.replace('#/components/schemas/', '#/definitions/')
}

/** A Schema's content, made from its OpenAPI v3 form. */
const schemaContent = (schema: Json): Buffer => {
  const ref = refOf(schema)
  const text = (number: number, value: unknown) => (typeof value === 'string' ? [field(number, value)] : [])
  const { additionalProperties, items, properties } = schema as { [name: string]: Json | undefined }
  return Buffer.concat([
    ...text(1, ref),
    ...text(2, schema.format),
    ...text(4, schema.description),
    ...(additionalProperties ? [field(21, field(1, schemaContent(additionalProperties)))] : []),
    ...(typeof schema.type === 'string' && !ref ? [field(22, field(1, schema.type))] : []),
    ...(items ? [field(23, field(1, schemaContent(items)))] : []),
    ...(properties ? [field(25, ...named(properties as Record<string, Json>))] : []),
    ...extensions(schema),
  ])
}

/** NamedSchema of each. */
const named = (schemas: Readonly<Record<string, Json>>): Buffer[] =>
  Object.entries(schemas).map(([name, schema]) => field(1, field(1, name), field(2, schemaContent(schema))))

const definitions = (resources: readonly Resource[], descriptions: Descriptions): Buffer => {
  const typeOf = (resource: Resource) => `${homeOf(apiVersionOf(resource))}.${resource.kind}`
  const schemas = schemasOf(resources.filter(each => !each.custom).map(typeOf), descriptions)
  for (const resource of resources) {
    const { group, version, kind } = resource
    const schema = schemas[schemaName(typeOf(resource))]
    if (schema) nameKind(schema, typeOf(resource), { group, version, kind }, descriptions)
    if (resource.custom) schemas[customName(resource)] = customSchema(resource, descriptions)
  }
  return field(9, ...named(schemas))
}

/** The document. */
export const openapiProtobuf = (resources: readonly Resource[], descriptions: Descriptions): Buffer =>
  Buffer.concat([
    field(1, '2.0'),
    field(2, field(1, 'Kubernetes'), field(2, 'v1.36.2')),
    field(8, ...resources.map(pathItem)),
    definitions(resources, descriptions),
  ])
