// OpenAPI: enough for kubectl to know merge keys, field validation and `explain`, made from the field tables.

import { createHash } from 'node:crypto'
import { customName, customSchema } from '../custom/openapi.ts'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { type Exchange, sendObject, sendStatus, sendText, statusOf } from './exchange.ts'
import { openapiProtobuf } from './openapi-protobuf.ts'
import { type Json, nameKind, reference, schemaName, schemasOf } from './openapi-schemas.ts'
import type { Descriptions } from './schema/descriptions.ts'
import { homeOf } from './schema/table.ts'

const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })

// Models kube-openapi as far as kubectl reads it: query_param_verifier_v3.go, explain and patch-by-schema.
const documentOf = (groupVersion: string, resources: readonly Resource[], descriptions: Descriptions): Json => {
  const served = resources.filter(resource => apiVersionOf(resource) === groupVersion)
  const custom = served.filter(resource => resource.custom)
  const home = homeOf(groupVersion)
  const schemas = schemasOf(custom.length > 0 ? ['meta.ObjectMeta'] : served.map(({ kind }) => `${home}.${kind}`), descriptions)
  const paths: Json = {}
  const root = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`
  for (const resource of served) {
    const { group, version, kind, plural, namespaced } = resource
    const type = `${home}.${kind}`
    const names = { group, version, kind }
    const schema = schemas[schemaName(type)]
    if (schema) nameKind(schema, type, names, descriptions)
    if (resource.custom) schemas[customName(resource)] = customSchema(resource, descriptions)
    const $ref = resource.custom ? { $ref: `#/components/schemas/${customName(resource)}` } : reference(type)
    const content = { 'application/json': { schema: $ref } }
    const operation = (action: string) => ({
      parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter),
      responses: { 200: { description: 'OK', content } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': names,
    })
    const types = resource.custom ? patchTypes.filter(each => !each.includes('strategic')) : patchTypes
    const bodies = Object.fromEntries(types.map(each => [each, { schema: { type: 'object' } }]))
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

const documents = new WeakMap<readonly Resource[], Map<string, Promise<string | Buffer>>>()

// Loaded with the first document: the boot does not pay for words.
const loadDescriptions = async (): Promise<Descriptions> => (await import('./schema/descriptions.ts')).descriptions

/** Makes a document once for each list of kinds, and answers with it. */
const sendDocument = (
  exchange: Exchange,
  resources: readonly Resource[],
  name: string,
  make: (descriptions: Descriptions) => string | Buffer,
  type?: string,
): void => {
  const made = documents.get(resources) ?? new Map<string, Promise<string | Buffer>>()
  documents.set(resources, made)
  const document = made.get(name) ?? loadDescriptions().then(make)
  made.set(name, document)
  document
    .then(content => sendText(exchange, 200, content, type))
    .catch((error: unknown) => {
      made.delete(name)
      sendStatus(exchange, statusOf(error))
    })
}

/** What changes with a group version's kinds. */
const contentOf = (resources: readonly Resource[], groupVersion: string): string =>
  resources
    .filter(each => apiVersionOf(each) === groupVersion)
    .map(({ kind, custom }) => `${kind} ${custom?.revision ?? ''}`)
    .join()

const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/** Answers /openapi/v2, /openapi/v3 and its documents; false where the path names none. */
export const openapi = (exchange: Exchange, resources: readonly Resource[]): boolean => {
  const [, version, ...rest] = exchange.path
  if (version === 'v2' && rest.length === 0) {
    const isProtobuf = /proto-openapi/.test(exchange.request.headers.accept ?? '')
    if (isProtobuf) sendDocument(exchange, resources, 'v2', words => openapiProtobuf(resources, words), protobufType)
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
      const hash = createHash('sha256')
        .update(`${each} v1.36.2 explained ${contentOf(resources, each)}`)
        .digest('hex')
        .slice(0, 32)
        .toUpperCase()
      return [pathOf(each), { serverRelativeURL: `/openapi/v3/${pathOf(each)}?hash=${hash}` }]
    })
    sendObject(exchange, 200, { paths: Object.fromEntries(entries) })
    return true
  }
  const groupVersion = groupVersions.find(each => pathOf(each) === rest.join('/'))
  if (groupVersion)
    sendDocument(exchange, resources, groupVersion, words => JSON.stringify(documentOf(groupVersion, resources, words)))
  return groupVersion !== undefined
}
