// Lists in pages: each page of a list shows the state that the first one showed.

import { type KubeObject, keyOf } from '../object.ts'
import { badRequest, expired, StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import type { Exchange } from './exchange.ts'
import type { Target } from './target.ts'

export interface Page {
  objects: readonly KubeObject[]
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
}

interface Mark {
  /** Of the first page; undefined where the client goes on with whatever there is now. */
  revision: number | undefined
  /** The key of the last object of the page before. */
  after: string
}

// Models apiserver/pkg/storage/continue.go and etcd3/errors.go.

const tokenOf = ({ revision = -1, after }: Mark): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString('base64url')

const parseToken = (token: string): Mark => {
  try {
    const { rv, start }: { rv?: unknown; start?: unknown } = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (Number.isInteger(rv) && typeof start === 'string') return { revision: rv === -1 ? undefined : Number(rv), after: start }
  } catch {
    // Not ours: told below.
  }
  throw badRequest('continue key is not valid: not a token of this server')
}

const tooOld = (after: string): StatusError => {
  const why =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the ' +
    'continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with ' +
    'the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time ' +
    'the first chunk was returned and now may show up in the list.'
  const error = new StatusError(410, 'Expired', why)
  error.status.metadata = { continue: tokenOf({ revision: undefined, after }) }
  return error
}

/** What a resource held at a revision: today's objects with every later change undone. @throws StatusError 410 */
const listAt = (store: Store, key: string, namespace: string, revision: number): readonly KubeObject[] => {
  const now = store.list(key, namespace || undefined)
  if (revision === store.revision) return now
  const before = new Map<string, KubeObject | undefined>()
  const stop = store.watch(key, revision, ({ object, previous }) => {
    // The first change since then tells what was there.
    if (!before.has(keyOf(object))) before.set(keyOf(object), previous)
  })
  stop()
  if (before.size === 0) return now
  const kept = now.filter(object => !before.has(keyOf(object)))
  const back = [...before.values()].filter(object => object && (!namespace || object.metadata.namespace === namespace))
  return [...kept, ...(back as KubeObject[])].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

// A client may ask for a state no older than it has seen; ours is the newest, unless it asks for an exact one.
const exactRevision = (query: URLSearchParams, revision: number): number | undefined => {
  const asked = query.get('resourceVersion')
  const match = query.get('resourceVersionMatch')
  if (match && !asked) throw badRequest('resourceVersionMatch is forbidden unless resourceVersion is provided')
  if (!asked || asked === '0') return undefined
  if (!/^\d+$/.test(asked)) throw badRequest(`Invalid value: ${JSON.stringify(asked)}: must be a number`)
  if (Number(asked) > revision) {
    const cause = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
    const text = `Too large resource version: ${asked}, current: ${revision}`
    throw new StatusError(504, 'Timeout', text, { causes: cause, retryAfterSeconds: 1 })
  }
  return match === 'Exact' ? Number(asked) : undefined
}

const isExpired = (error: unknown): boolean => error instanceof StatusError && error.status.code === 410

/** One page of a list; `narrow` leaves what the selectors ask for, if they ask. @throws StatusError 400, 410, 504 */
export const pageOf = (
  store: Store,
  { key, namespace }: Target,
  { query }: Exchange,
  narrow: ((objects: readonly KubeObject[]) => readonly KubeObject[]) | undefined,
  show: (object: KubeObject) => KubeObject,
): Page => {
  const limit = Number(query.get('limit') ?? 0)
  const token = query.get('continue')
  const mark = token ? parseToken(token) : undefined
  if (mark && Number(query.get('resourceVersion') ?? 0) > 0)
    throw badRequest('specifying resource version is not allowed when using continue')
  const revision = (mark ? mark.revision : exactRevision(query, store.revision)) ?? store.revision
  let all: readonly KubeObject[]
  try {
    all = listAt(store, key, namespace, revision)
  } catch (error) {
    if (!isExpired(error)) throw error
    throw mark ? tooOld(mark.after) : expired(revision, store.revision)
  }
  const shown = all.map(show)
  const wanted = narrow ? narrow(shown) : shown
  const next = mark ? wanted.findIndex(object => keyOf(object) > mark.after) : 0
  const from = next < 0 ? wanted.length : next
  const resourceVersion = String(revision)
  if (!(limit > 0) || from + limit >= wanted.length) return { objects: wanted.slice(from), metadata: { resourceVersion } }
  const objects = wanted.slice(from, from + limit)
  const remaining = narrow ? {} : { remainingItemCount: wanted.length - from - limit }
  const rest = tokenOf({ revision, after: keyOf(objects.at(-1)!) })
  return { objects, metadata: { resourceVersion, continue: rest, ...remaining } }
}
