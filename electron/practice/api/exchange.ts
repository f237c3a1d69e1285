// One request and its answer: negotiation, JSON, Status and warnings.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { User } from '../auth/user.ts'
import type { KubeObject, ObjectMeta } from '../object.ts'
import { type Status, StatusError } from '../status-error.ts'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  method: string
  /** Decoded, without empty parts. */
  path: readonly string[]
  query: URLSearchParams
  /** Who asks, once that is known. */
  user?: User
}

const texts = new WeakMap<object, string>()

// Models apimachinery/pkg/apis/meta/v1/types.go, ObjectMeta: fields are written in the order of their declaration.
const first = { name: '', generateName: '', namespace: '', uid: '', resourceVersion: '', generation: 0, creationTimestamp: '' }
const second = { deletionTimestamp: '', deletionGracePeriodSeconds: 0, labels: {}, annotations: {}, ownerReferences: [] }
const fields = Object.keys({ ...first, ...second, finalizers: [], managedFields: [] }) as (keyof ObjectMeta)[]

/** Maps are written in the order of their keys. */
const sorted = (map: Record<string, string>) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))

/** An object with its fields in the order in which an API server writes them. */
const inOrder = ({ kind, apiVersion, metadata, spec, status, ...rest }: KubeObject): object => {
  const meta: Partial<Record<keyof ObjectMeta, unknown>> = {}
  for (const field of fields) if (metadata[field] !== undefined) meta[field] = metadata[field]
  for (const map of ['labels', 'annotations'] as const) if (metadata[map]) meta[map] = sorted(metadata[map])
  return { kind, apiVersion, metadata: meta, ...rest, spec, status }
}

/** The JSON of a stored object, made once for each version however many readers it has. */
export const jsonOf = (object: KubeObject): string => {
  let text = texts.get(object)
  if (text === undefined) {
    text = JSON.stringify(inOrder(object))
    texts.set(object, text)
  }
  return text
}

/** What is superseded is hardly ever told again: its text would be kept as long as the history that holds it. */
export const forgetText = (object: object): void => void texts.delete(object)

/** Before any answer: its id for audits, and no word of the connection, which HTTP/1.1 keeps anyway. */
export const begin = (response: ServerResponse): void => {
  response.setHeader('Audit-Id', randomUUID())
  response.removeHeader('Connection')
}

/** Answers with text, or bytes, of a media type. */
export const sendText = ({ response }: Exchange, code: number, text: string | Buffer, type = 'application/json'): void => {
  if (response.headersSent || response.destroyed) return
  response.statusCode = code
  response.setHeader('Content-Type', type)
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-cache, private')
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(response.req.method === 'HEAD' ? '' : text)
}

/** Answers with an object. */
export const sendObject = (exchange: Exchange, code: number, object: unknown): void =>
  sendText(exchange, code, JSON.stringify(object))

/** Answers with a Status, as every error is told. */
export const sendStatus = (exchange: Exchange, status: Status): void => {
  if (status.details?.retryAfterSeconds) exchange.response.setHeader('Retry-After', status.details.retryAfterSeconds)
  sendObject(exchange, status.code, status)
}

/** Adds a warning that kubectl prints in yellow. */
export const warn = ({ response }: Exchange, text: string): void => {
  if (response.headersSent) return
  const header = `299 - "${text.replace(/[\\"]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?')}"`
  response.appendHeader('Warning', header)
}

export interface Form {
  as: 'object' | 'Table' | 'PartialObjectMetadata'
  /** Of meta.k8s.io, for Table and PartialObjectMetadata. */
  version: 'v1' | 'v1beta1'
}

/** What the client would read: the first of its Accept list that we can write. @throws StatusError 406 */
export const formOf = ({ request }: Exchange): Form => {
  const plain: Form = { as: 'object', version: 'v1' }
  const accept = request.headers.accept
  if (!accept) return plain
  for (const choice of accept.split(',')) {
    const [type = '', ...rest] = choice.split(';').map(part => part.trim())
    const parameters = new Map(rest.map(part => part.split('=', 2) as [string, string]))
    if (!['application/json', 'application/*', '*/*'].includes(type)) continue
    const as = parameters.get('as')
    const version = parameters.get('v') === 'v1beta1' ? 'v1beta1' : 'v1'
    if (as === 'Table') return { as, version }
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as: 'PartialObjectMetadata', version }
    if (!as) return plain
  }
  const known = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
  throw new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${known}`)
}

/** The Status of whatever was thrown. */
export const statusOf = (error: unknown): Status => {
  if (error instanceof StatusError) return error.status
  const text = error instanceof Error ? error.message : String(error)
  return new StatusError(500, 'InternalError', `Internal error occurred: ${text}`, { causes: [{ message: text }] }).status
}
