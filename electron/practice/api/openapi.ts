// OpenAPI: enough for kubectl to know merge keys, field validation and `explain`, made from the field tables.

import { createHash } from 'node:crypto'
import { realClock } from '../../platform/clock.ts'
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

interface Document {
  content: string | Buffer
  /** Of the content: clients keep a document by its address, which holds this, for good. */
  hash: string
}

const documents = new WeakMap<readonly Resource[], Map<string, Promise<Document>>>()

// Loaded with the first document: the boot does not pay for words.
const loadDescriptions = async (): Promise<Descriptions> => (await import('./schema/descriptions.ts')).descriptions

const madeOf = (content: string | Buffer): Document => ({
  content,
  hash: createHash('sha512').update(content).digest('hex').toUpperCase(),
})

/** A document, made once for each list of kinds. */
const document = (
  resources: readonly Resource[],
  name: string,
  make: (descriptions: Descriptions) => string | Buffer,
): Promise<Document> => {
  const made = documents.get(resources) ?? new Map<string, Promise<Document>>()
  documents.set(resources, made)
  const found = made.get(name) ?? loadDescriptions().then(words => madeOf(make(words)))
  made.set(name, found)
  found.catch(() => made.delete(name))
  return found
}
const versionDocument = (resources: readonly Resource[], groupVersion: string): Promise<Document> =>
  document(resources, groupVersion, words => JSON.stringify(documentOf(groupVersion, resources, words)))

const answer = (exchange: Exchange, work: () => Promise<void>): void => {
  work().catch((error: unknown) => sendStatus(exchange, statusOf(error)))
}

/** Programs on this machine keep documents by its own time. */
const httpDate = (ms: number) => new Date(ms).toUTCString()
const began = httpDate(realClock.now())
const yearMs = 365 * 86_400_000
const pathOf = (groupVersion: string) => (groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`)
const addressOf = (groupVersion: string, hash: string) => `/openapi/v3/${pathOf(groupVersion)}?hash=${hash}`

// Models kube-openapi/pkg/handler3/handler.go.

const sendIndex = async (exchange: Exchange, resources: readonly Resource[], groupVersions: readonly string[]): Promise<void> => {
  const entries: [string, { serverRelativeURL: string }][] = []
  for (const each of groupVersions)
    entries.push([pathOf(each), { serverRelativeURL: addressOf(each, (await versionDocument(resources, each)).hash) }])
  exchange.response.setHeader('Accept-Ranges', 'bytes')
  exchange.response.setHeader('Last-Modified', began)
  sendText(exchange, 200, JSON.stringify({ paths: Object.fromEntries(entries) }), 'text/plain; charset=utf-8')
}

const sendVersion = async (exchange: Exchange, resources: readonly Resource[], groupVersion: string): Promise<void> => {
  const { request, response, query } = exchange
  const { content, hash } = await versionDocument(resources, groupVersion)
  const asked = query.get('hash')
  if (asked !== null && asked !== hash) {
    response.writeHead(301, { Location: addressOf(groupVersion, hash), 'Content-Length': 0 }).end()
    return
  }
  const etag = `"${hash}"`
  const kept = { 'Cache-Control': 'public, immutable', Expires: httpDate(realClock.now() + yearMs) }
  const headers = { Etag: etag, 'Last-Modified': began, Vary: 'Accept', 'Accept-Ranges': 'bytes', ...(asked && kept) }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
  else sendText(exchange, 200, content)
}

const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/** Answers /openapi/v2, /openapi/v3 and its documents; false where the path names none. */
export const openapi = (exchange: Exchange, resources: readonly Resource[]): boolean => {
  const [, version, ...rest] = exchange.path
  if (version === 'v2' && rest.length === 0) {
    const isProtobuf = /proto-openapi/.test(exchange.request.headers.accept ?? '')
    if (isProtobuf)
      answer(exchange, async () =>
        sendText(
          exchange,
          200,
          (await document(resources, 'v2', words => openapiProtobuf(resources, words))).content,
          protobufType,
        ),
      )
    else
      sendObject(exchange, 200, { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.2' }, paths: {}, definitions: {} })
    return true
  }
  if (version !== 'v3') return false
  const groupVersions = [...new Set(resources.map(apiVersionOf))]
  if (rest.length === 0) {
    answer(exchange, () => sendIndex(exchange, resources, groupVersions))
    return true
  }
  const groupVersion = groupVersions.find(each => pathOf(each) === rest.join('/'))
  if (groupVersion) answer(exchange, () => sendVersion(exchange, resources, groupVersion))
  return groupVersion !== undefined
}
