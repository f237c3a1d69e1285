// OpenAPI: enough for kubectl to know merge keys, field validation and `explain`, made from the field tables.

import { createHash } from 'node:crypto'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { type Exchange, sendObject, sendText } from './exchange.ts'
import { openapiProtobuf } from './openapi-protobuf.ts'
import { type Field, homeOf, message } from './schema/table.ts'

type Json = Record<string, unknown>

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
])

const schemaName = (type: string): string => {
  const [home = '', name = ''] = type.split('.')
  if (home === 'meta') return `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`
  return home === 'autoscaling2' ? `io.k8s.api.autoscaling.v2.${name}` : `io.k8s.api.${home}.v1.${name}`
}

const reference = (type: string): Json => ({ $ref: `#/components/schemas/${schemaName(type)}` })

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

const schemasOf = (roots: readonly string[]): Record<string, Json> => {
  const schemas: Record<string, Json> = {}
  const add = (type: string) => {
    const name = schemaName(type)
    const fields = message(type)?.fields
    if (!fields || schemas[name]) return
    const properties: Json = {}
    schemas[name] = { type: 'object', properties }
    for (const [field, shape] of fields) {
      properties[field] = fieldSchema(shape)
      add(shape.type)
    }
  }
  for (const root of roots) add(root)
  return schemas
}

const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })

// Models kube-openapi as far as kubectl reads it: query_param_verifier_v3.go, explain and patch-by-schema.
const documentOf = (groupVersion: string, resources: readonly Resource[]): Json => {
  const served = resources.filter(resource => apiVersionOf(resource) === groupVersion)
  const home = homeOf(groupVersion)
  const schemas = schemasOf(served.map(({ kind }) => `${home}.${kind}`))
  const paths: Json = {}
  const root = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`
  for (const { group, version, kind, plural, namespaced } of served) {
    const type = `${home}.${kind}`
    const names = { group, version, kind }
    const schema = schemas[schemaName(type)]
    if (schema) {
      schema['x-kubernetes-group-version-kind'] = [names]
      schema.properties = { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...(schema.properties as Json) }
    }
    const content = { 'application/json': { schema: reference(type) } }
    const operation = (action: string) => ({
      parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter),
      responses: { 200: { description: 'OK', content } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': names,
    })
    const bodies = Object.fromEntries(patchTypes.map(each => [each, { schema: { type: 'object' } }]))
    const at = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`
    paths[at] = { get: operation('list'), post: { ...operation('post'), requestBody: { content } } }
    paths[`${at}/{name}`] = {
      get: operation('get'),
      put: { ...operation('put'), requestBody: { content } },
      patch: { ...operation('patch'), requestBody: { content: bodies } },
    }
  }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.36.2' }, paths, components: { schemas } }
}

const documents = new WeakMap<readonly Resource[], Map<string, string>>()

const documentText = (groupVersion: string, resources: readonly Resource[]): string => {
  const made = documents.get(resources) ?? new Map<string, string>()
  documents.set(resources, made)
  const text = made.get(groupVersion) ?? JSON.stringify(documentOf(groupVersion, resources))
  made.set(groupVersion, text)
  return text
}

const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/** Answers /openapi/v2, /openapi/v3 and its documents; false where the path names none. */
export const openapi = (exchange: Exchange, resources: readonly Resource[]): boolean => {
  const [, version, ...rest] = exchange.path
  if (version === 'v2' && rest.length === 0) {
    const isProtobuf = /proto-openapi/.test(exchange.request.headers.accept ?? '')
    if (isProtobuf) sendText(exchange, 200, openapiProtobuf(resources), protobufType)
    else
      sendObject(exchange, 200, { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.2' }, paths: {}, definitions: {} })
    return true
  }
  if (version !== 'v3') return false
  const groupVersions = [...new Set(resources.map(apiVersionOf))]
  const pathOf = (groupVersion: string) => (groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`)
  if (rest.length === 0) {
    const entries = groupVersions.map(each => {
      // Names the product's document without making it: kubectl caches documents by this address.
      const hash = createHash('sha256').update(`${each} v1.36.2 ${resources.length}`).digest('hex').slice(0, 32).toUpperCase()
      return [pathOf(each), { serverRelativeURL: `/openapi/v3/${pathOf(each)}?hash=${hash}` }]
    })
    sendObject(exchange, 200, { paths: Object.fromEntries(entries) })
    return true
  }
  const groupVersion = groupVersions.find(each => pathOf(each) === rest.join('/'))
  if (groupVersion) sendText(exchange, 200, documentText(groupVersion, resources))
  return groupVersion !== undefined
}
