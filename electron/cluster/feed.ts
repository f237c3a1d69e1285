// One watch a kind, shared by every screen and lesson that looks at it.

import type { Change, Kind } from '../contract/cluster.ts'
import type { AppError } from '../contract/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Connection } from './connection.ts'
import { apply, emptySnapshot, replace, type Snapshot } from './snapshot.ts'
import { watchKind } from './watch.ts'

/** A whole picture, or what changed since the last one; both carry the snapshot as it is now. */
export type FeedEvent =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'changes'; changes: readonly Change[]; snapshot: Snapshot }

export interface Feed {
  /** Tells a snapshot once every kind has been listed, then each change; a snapshot again after a relist. Returns the stop. */
  subscribe(kinds: readonly Kind[], listener: (event: FeedEvent) => void): () => void
  /** Tells when the cluster is lost (with the reason) and when it is back (without). */
  onHealth(listener: (error: AppError | undefined) => void): () => void
  close(): void
}

interface Subscriber {
  kinds: ReadonlySet<Kind>
  synced: boolean
  listener: (event: FeedEvent) => void
}

/** A watch that nobody looks at any more stays open this long: screens change more often than clusters. */
const lingerMs = 5_000

export const createFeed = (connection: Connection, { clock, random }: { clock: Clock; random: () => number }): Feed => {
  let snapshot = emptySnapshot
  const watches = new Map<Kind, AbortController>()
  const subscribers = new Set<Subscriber>()
  const healthListeners = new Set<(error: AppError | undefined) => void>()
  const lost = new Set<Kind>()
  let healthy = true

  const tellHealth = (error: AppError | undefined): void => {
    if (error === undefined && healthy) return
    healthy = error === undefined
    for (const listener of healthListeners) listener(error)
  }

  const tellSnapshot = (subscriber: Subscriber): void => {
    if (![...subscriber.kinds].every(kind => snapshot.has(kind))) return
    subscriber.synced = true
    subscriber.listener({ type: 'snapshot', snapshot })
  }

  const start = (kind: Kind): void => {
    const stop = new AbortController()
    watches.set(kind, stop)
    const sink = {
      replace: (objects: Parameters<typeof replace>[2]) => {
        snapshot = replace(snapshot, kind, objects)
        for (const subscriber of [...subscribers]) if (subscriber.kinds.has(kind)) tellSnapshot(subscriber)
      },
      change: (change: Change) => {
        snapshot = apply(snapshot, change)
        for (const subscriber of [...subscribers])
          if (subscriber.synced && subscriber.kinds.has(kind))
            subscriber.listener({ type: 'changes', changes: [change], snapshot })
      },
      live: () => {
        lost.delete(kind)
        if (lost.size === 0) tellHealth(undefined)
      },
      lost: (error: AppError) => {
        lost.add(kind)
        tellHealth(error)
      },
    }
    void watchKind(connection, kind, sink, { clock, random, signal: stop.signal })
  }

  const stopUnused = (kinds: ReadonlySet<Kind>): void => {
    for (const kind of kinds) {
      if ([...subscribers].some(subscriber => subscriber.kinds.has(kind))) continue
      watches.get(kind)?.abort()
      watches.delete(kind)
      lost.delete(kind)
      const rest = new Map(snapshot)
      rest.delete(kind)
      snapshot = rest
    }
  }

  const closed = new AbortController()
  return {
    subscribe: (kinds, listener) => {
      // whoever comes while everything closes must not start watches that nobody ends
      if (closed.signal.aborted) return () => undefined
      const subscriber: Subscriber = { kinds: new Set(kinds), synced: false, listener }
      subscribers.add(subscriber)
      for (const kind of subscriber.kinds) if (!watches.has(kind)) start(kind)
      tellSnapshot(subscriber)
      return () => {
        if (!subscribers.delete(subscriber)) return
        void clock.sleep(lingerMs, closed.signal).then(
          () => stopUnused(subscriber.kinds),
          () => undefined, // closed: every watch has been stopped
        )
      }
    },
    onHealth: listener => {
      healthListeners.add(listener)
      return () => void healthListeners.delete(listener)
    },
    close: () => {
      closed.abort()
      subscribers.clear()
      healthListeners.clear()
      for (const stop of watches.values()) stop.abort()
      watches.clear()
    },
  }
}
