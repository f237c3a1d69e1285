// Watches: a stream of changes, filtered as its reader asked, from any revision still remembered.

import type { KubeObject } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import { badRequest, invalid, type Status, StatusError } from '../status-error.ts'
import type { Change } from '../store.ts'
import { type Exchange, formOf, jsonOf, statusOf } from './exchange.ts'
import { withManagers } from './ownership.ts'
import { includeOf } from './read.ts'
import { selectionOf } from './select.ts'
import { partialText, tableText } from './table.ts'
import type { Backend, Target } from './target.ts'
import { shown } from './versions.ts'

/** A reader this far behind is cut off; it lists again, as every client of Kubernetes can. */
const backlogLimit = 16 * 1024 * 1024
// As upstream's minRequestTimeout: a watch without a timeout ends after 30 to 60 minutes.
const shortestSeconds = 1800
const bookmarkEveryMs = 60_000
const initialEventsEnd = 'k8s.io/initial-events-end'

interface Wanted {
  since: number | undefined
  /** Existing objects first, as ADDED. */
  initial: boolean
  /** Then the mark that all of them were told. */
  mark: boolean
  bookmarks: boolean
  timeoutMs: number
}

// Models apimachinery/pkg/apis/meta/internalversion/validation, ValidateListOptions.
const wantedOf = (query: URLSearchParams, random: () => number): Wanted => {
  const version = query.get('resourceVersion') ?? ''
  const bookmarks = isTrue(query.get('allowWatchBookmarks'))
  const match = query.get('resourceVersionMatch')
  const sendInitial = query.get('sendInitialEvents')
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  if (version && !/^\d+$/.test(version)) throw badRequest(`Invalid value: ${JSON.stringify(version)}: invalid syntax`)
  const forbid = (field: string, why: string) =>
    invalid('ListOptions.meta.k8s.io', '', [{ field, reason: 'FieldValueForbidden', message: `Forbidden: ${why}` }])
  if (sendInitial !== null && match !== 'NotOlderThan') {
    throw forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')
  }
  if (match && sendInitial === null) {
    throw forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')
  }
  const mark = isTrue(sendInitial)
  const initial = sendInitial === null ? version === '' || version === '0' : mark
  const timeoutMs = (seconds > 0 ? seconds : shortestSeconds * (1 + random())) * 1000
  return {
    since: initial || version === '' || version === '0' ? undefined : Number(version),
    initial,
    mark,
    bookmarks,
    timeoutMs,
  }
}

/** What has left a selection, as it was there, with the version of the change. */
const lastSeen = (previous: KubeObject, { metadata: { resourceVersion } }: KubeObject): KubeObject => {
  const whole = withManagers(previous)
  return { ...whole, metadata: { ...whole.metadata, resourceVersion } }
}

const isTrue = (text: string | null): boolean => text === 'true' || text === '1' || text === 'True'

const bookmarkOf = ({ resource }: Target, resourceVersion: string, mark: boolean): KubeObject => {
  // Only what a bookmark means is set; upstream leaves the rest null as well.
  const annotations = mark ? { annotations: { [initialEventsEnd]: 'true' } } : {}
  const metadata = { resourceVersion, creationTimestamp: null, ...annotations } as unknown as KubeObject['metadata']
  return { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata }
}

/** Answers a watch until the client leaves, it times out or the server stops. */
export const watch = (backend: Backend, exchange: Exchange, target: Target, stopping: AbortSignal): void => {
  const { registry, clock, random } = backend
  const { store } = registry
  const { response, query } = exchange
  const wanted = wantedOf(query, random)
  const selection = selectionOf(target, query)
  const form = formOf(exchange)
  const include = includeOf(query)
  let headers = true

  const textOf = (object: KubeObject): string => {
    if (form.as === 'object') return jsonOf(withManagers(object))
    if (form.as === 'PartialObjectMetadata') return partialText(object, form.version)
    const metadata = { resourceVersion: object.metadata.resourceVersion }
    const options = { version: form.version, include, now: clock.now(), headers, metadata }
    headers = false
    return tableText(target.resource, [object], options)
  }
  const send = (type: string, text: string) => {
    response.write(`{"type":"${type}","object":${text.trimEnd()}}\n`)
    if (response.writableLength > backlogLimit) response.destroy()
  }
  const bookmark = (mark: boolean) => {
    const object = bookmarkOf(target, String(store.revision), mark)
    const isTable = form.as === 'Table'
    // A Table's columns cannot be told of an empty object, so its bookmark has the version and no row.
    const options = {
      version: form.version,
      include,
      now: clock.now(),
      headers: false,
      metadata: { resourceVersion: object.metadata.resourceVersion },
    }
    send('BOOKMARK', isTable ? tableText(target.resource, [], options) : JSON.stringify(object))
  }
  const tell = ({ type, object: stored, previous: before }: Change) => {
    if (target.namespace && stored.metadata.namespace !== target.namespace) return
    const object = shown(target.resource, stored)
    const previous = before && shown(target.resource, before)
    if (!selection.isNarrow) return send(type, textOf(object))
    const matched = previous !== undefined && selection.matches(previous)
    const matches = type !== 'DELETED' && selection.matches(object)
    if (matches) send(matched ? 'MODIFIED' : 'ADDED', textOf(object))
    // What leaves the selection is gone for this reader: its last state there, with the version of the change.
    else if (matched) send('DELETED', textOf(lastSeen(previous, object)))
  }

  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, stopping])
  let stop = () => {}
  response.once('close', () => over.abort())
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' })
  response.flushHeaders()
  try {
    if (wanted.initial) {
      for (const stored of store.list(target.key, target.namespace || undefined)) {
        const object = shown(target.resource, stored)
        if (!selection.isNarrow || selection.matches(object)) send('ADDED', textOf(object))
      }
      if (wanted.mark) bookmark(true)
    }
    stop = store.watch(target.key, wanted.since, tell)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    sendError(send, error.status)
    response.end()
    return
  }
  signal.addEventListener('abort', () => {
    stop()
    if (!response.writableEnded) response.end()
  })
  if (signal.aborted) stop()
  const end = clock.now() + wanted.timeoutMs
  const live = async () => {
    for (let left = wanted.timeoutMs; left > 0; left = end - clock.now()) {
      await clock.sleep(Math.min(left, bookmarkEveryMs), signal)
      if (wanted.bookmarks) bookmark(false)
    }
    over.abort()
  }
  live().catch((error: unknown) => {
    // The sleep ends this way when the reader leaves; anything else ends the watch with its cause.
    if (signal.aborted) return
    sendError(send, statusOf(error))
    over.abort()
  })
}

const sendError = (send: (type: string, text: string) => void, status: Status): void => send('ERROR', JSON.stringify(status))
