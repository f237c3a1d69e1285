// GET of one object and of lists: as JSON and as Tables.

import type { KubeObject } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { badRequest, notFound } from '../status-error.ts'
import { type Exchange, type Form, formOf, jsonOf, sendText } from './exchange.ts'
import { withManagers } from './ownership.ts'
import { type Page, pageOf } from './pages.ts'
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
  } else sendText(exchange, code, form.as === 'object' ? jsonOf(withManagers(object)) : partialText(object, form.version))
}

/** Items of a list do not say what they are, for the list does; those of users' own kinds do. */
const itemText = (object: KubeObject, { custom }: Resource): string => {
  const text = jsonOf(withManagers(object))
  const head = `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`
  return custom || !text.startsWith(head) ? text : `{${text.slice(head.length)}`
}

const listText = (target: Target, { objects, metadata }: Page, form: Form): string => {
  const isPartial = form.as === 'PartialObjectMetadata'
  const items = objects.map(object => (isPartial ? partialText(object, form.version) : itemText(object, target.resource)))
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
  const selection = selectionOf(target, query)
  const narrow = selection.isNarrow ? (objects: readonly KubeObject[]) => objects.filter(selection.matches) : undefined
  const page = pageOf(backend.registry.store, target, exchange, narrow, object => shown(target.resource, object))
  if (form.as === 'Table') {
    const options = { version: form.version, include: includeOf(query), now: backend.clock.now(), headers: true }
    sendText(exchange, 200, tableText(target.resource, page.objects, { ...options, metadata: page.metadata }))
  } else sendText(exchange, 200, listText(target, page, form))
}
