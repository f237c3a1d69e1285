// List, then watch, for ever: bookmarks, back-off with jitter, and a fresh list when the server has forgotten.

import type { Change, Kind, KubeObject } from '../contract/cluster.ts'
import { AppError, toAppError } from '../contract/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Connection } from './connection.ts'
import { kinds, pathOf } from './kinds.ts'

/** What a watch tells. `replace` comes first and after each relist; `lost` may repeat until the next `live`. */
export interface Sink {
  replace(objects: readonly KubeObject[]): void
  change(change: Change): void
  live(): void
  lost(error: AppError): void
}

interface WatchOptions {
  clock: Clock
  /** 0..1, for jitter. */
  random: () => number
  signal: AbortSignal
}

interface ListBody {
  metadata: { resourceVersion: string; continue?: string }
  items: KubeObject[]
}

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: KubeObject & { code?: number; message?: string }
}

/** Objects a page, as kubectl asks. */
const pageSize = 500
/** The server ends a watch after this long and we open the next: a line that went dead in silence cannot fool us for ever. */
const watchSeconds = 290
const firstDelayMs = 100
const longestDelayMs = 15_000
/** A kind that this cluster does not have, or does not show to us, is asked for again this often. */
const absentMs = 60_000
/** A watch that lasted this long was a good one: the next failure starts from the shortest delay. */
const goodMs = 5_000

/** Runs until the signal fires. Never rejects: what goes wrong is told to the sink and tried again. */
export const watchKind = async (connection: Connection, kind: Kind, sink: Sink, options: WatchOptions): Promise<void> => {
  const { clock, random, signal } = options
  let since: string | undefined
  let failures = 0
  while (!signal.aborted) {
    const startedAt = clock.now()
    try {
      if (since === undefined) {
        const list = await listKind(connection, kind, signal)
        since = list.metadata.resourceVersion
        sink.replace(list.items)
        sink.live()
      }
      since = await watchOnce(connection, kind, since, sink, signal)
    } catch (error) {
      if (signal.aborted) return
      if (since === undefined && isAbsent(error, kind)) {
        sink.replace([])
        sink.live()
        await clock.sleep(absentMs, signal).catch(() => undefined) // only the signal ends a sleep early
        continue
      }
      sink.lost(toAppError(error))
    }
    failures = clock.now() - startedAt > goodMs ? 0 : failures + 1
    if (failures === 0) continue
    const delay = Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs)
    await clock.sleep(delay * (0.5 + random()), signal).catch(() => undefined) // only the signal ends a sleep early
  }
}

/** An older server lacks a kind, a modest account may not see it: the rest of the cluster is shown all the same. Without Pods there is nothing to show. */
const isAbsent = (error: unknown, kind: Kind): boolean =>
  error instanceof AppError && kind !== 'Pod' && (error.details.status === 404 || error.details.status === 403)

const listKind = async (connection: Connection, kind: Kind, signal: AbortSignal): Promise<ListBody> => {
  const items: KubeObject[] = []
  let next = ''
  for (;;) {
    const query = `?limit=${pageSize}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`
    const page = (await connection.json('GET', pathOf(kind) + query, { signal })) as ListBody
    // items of a list carry neither; a watch's objects do
    for (const item of page.items ?? []) items.push({ ...item, apiVersion: kinds[kind].apiVersion, kind })
    next = page.metadata.continue ?? ''
    if (next === '') return { metadata: page.metadata, items }
  }
}

/** @returns the version to go on from, or undefined when the server has forgotten it and a new list is needed */
const watchOnce = async (
  connection: Connection,
  kind: Kind,
  from: string,
  sink: Sink,
  signal: AbortSignal,
): Promise<string | undefined> => {
  let since: string | undefined = from
  const query = `?watch=true&allowWatchBookmarks=true&timeoutSeconds=${watchSeconds}&resourceVersion=${encodeURIComponent(from)}`
  const onLine = (value: unknown): void => {
    const { type, object } = value as WatchEvent
    if (type === 'ERROR') {
      const { code = 0, message = 'watch failed' } = object
      throw new AppError('cluster.unreachable', { server: connection.server, status: code, message })
    }
    since = object.metadata.resourceVersion
    if (type !== 'BOOKMARK') sink.change({ type: type === 'DELETED' ? 'remove' : 'put', object })
  }
  try {
    await connection.lines(pathOf(kind) + query, onLine, { signal, onOpen: () => sink.live() })
    return since
  } catch (error) {
    if (signal.aborted) throw error
    if (error instanceof AppError && error.details.status === 410) return undefined
    // what was seen so far is kept: the next watch goes on from there
    sink.lost(toAppError(error))
    return since
  }
}
