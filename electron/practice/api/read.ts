// GET of one object and of lists: as JSON, as Tables, in pages.

import type { KubeObject } from '../object.ts'
import { keyOf } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import { badRequest, expired, notFound, StatusError } from '../status-error.ts'
import { type Exchange, type Form, formOf, jsonOf, sendText } from './exchange.ts'
import { selectionOf } from './select.ts'
import { partialText, type TableOptions, tableText } from './table.ts'
import type { Backend, Target } from './target.ts'
import { shown } from './versions.ts'

/** What rows of a Table carry, as asked. @throws StatusError 400 */
export const includeOf = (query: URLSearchParams): TableOptions['include'] => {
  const asked = query.get('includeObject') || 'Metadata'
  if (asked === 'None' || asked === 'Metadata' || asked === 'Object') return asked
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(asked)}`)
}

/** The stored object that the path names. @throws StatusError 404 */
export const found = ({ registry }: Backend, { resource, key, namespace, name = '' }: Target): KubeObject => {
  const object = registry.store.get(key, namespace, name)
  if (!object) throw notFound(key, name)
  return shown(resource, object)
}

/** Answers with one object in the form asked for. */
export const sendFound = (backend: Backend, exchange: Exchange, target: Target, stored: KubeObject, code = 200): void => {
  const object = shown(target.resource, stored)
  const form = formOf(exchange)
  const { resourceVersion } = object.metadata
  if (form.as === 'Table') {
    const options = { version: form.version, include: includeOf(exchange.query), now: backend.clock.now(), headers: true }
    sendText(exchange, code, tableText(target.resource, [object], { ...options, metadata: { resourceVersion } }))
  } else sendText(exchange, code, form.as === 'object' ? jsonOf(object) : partialText(object, form.version))
}

interface Page {
  objects: readonly KubeObject[]
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
}

// Models apiserver/pkg/storage/continue.go. A page is read from today's state, with the first page's revision: a watch that
// starts there tells whatever changed in between.
const pageOf = (objects: readonly KubeObject[], { query }: Exchange, revision: number, isNarrow: boolean): Page => {
  const limit = Number(query.get('limit') ?? 0)
  const token = query.get('continue')
  let from = 0
  let resourceVersion = String(revision)
  if (token) {
    const mark = parseContinue(token)
    resourceVersion = mark.revision
    from = objects.findIndex(object => keyOf(object) > mark.after)
    if (from < 0) from = objects.length
  }
  if (!(limit > 0) || from + limit >= objects.length) return { objects: objects.slice(from), metadata: { resourceVersion } }
  const page = objects.slice(from, from + limit)
  const next = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: resourceVersion, start: keyOf(page.at(-1)!) })).toString(
    'base64url',
  )
  const remainingItemCount = objects.length - from - limit
  return { objects: page, metadata: { resourceVersion, continue: next, ...(!isNarrow && { remainingItemCount }) } }
}

const parseContinue = (token: string): { revision: string; after: string } => {
  try {
    const { rv, start }: { rv?: unknown; start?: unknown } = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (typeof rv === 'string' && typeof start === 'string') return { revision: rv, after: start }
  } catch {
    // Not ours: told below.
  }
  throw badRequest('continue key is not valid: not a token of this server')
}

// A client may ask for a state no older than it has seen; ours is always the newest.
const checkRevision = (query: URLSearchParams, revision: number): void => {
  const asked = query.get('resourceVersion')
  const match = query.get('resourceVersionMatch')
  if (match && !asked) throw badRequest('resourceVersionMatch is forbidden unless resourceVersion is provided')
  if (!asked || asked === '0') return
  if (!/^\d+$/.test(asked)) throw badRequest(`Invalid value: ${JSON.stringify(asked)}: must be a number`)
  if (Number(asked) > revision) {
    const cause = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
    const text = `Too large resource version: ${asked}, current: ${revision}`
    throw new StatusError(504, 'Timeout', text, { causes: cause, retryAfterSeconds: 1 })
  }
  if (match === 'Exact' && Number(asked) !== revision) throw expired(Number(asked), revision)
}

const listText = (target: Target, { objects, metadata }: Page, form: Form): string => {
  const isPartial = form.as === 'PartialObjectMetadata'
  const items = objects.map(object => (isPartial ? partialText(object, form.version) : jsonOf(object)))
  const kind = isPartial ? 'PartialObjectMetadataList' : (target.resource.listKind ?? `${target.resource.kind}List`)
  const apiVersion = isPartial ? `meta.k8s.io/${form.version}` : apiVersionOf(target.resource)
  return `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[${items.join(',')}]}\n`
}

/** The objects of a list request, before paging. */
export const selected = ({ registry }: Backend, target: Target, query: URLSearchParams): readonly KubeObject[] => {
  const selection = selectionOf(target, query)
  const stored = registry.store.list(target.key, target.namespace || undefined)
  const all = target.resource.storedAs ? stored.map(each => shown(target.resource, each)) : stored
  return selection.isNarrow ? all.filter(selection.matches) : all
}

/** Answers a list. */
export const list = (backend: Backend, exchange: Exchange, target: Target): void => {
  const { query } = exchange
  const form = formOf(exchange)
  const { revision } = backend.registry.store
  checkRevision(query, revision)
  const page = pageOf(selected(backend, target, query), exchange, revision, selectionOf(target, query).isNarrow)
  if (form.as === 'Table') {
    const options = { version: form.version, include: includeOf(query), now: backend.clock.now(), headers: true }
    sendText(exchange, 200, tableText(target.resource, page.objects, { ...options, metadata: page.metadata }))
  } else sendText(exchange, 200, listText(target, page, form))
}
