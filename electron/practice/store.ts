// The store: objects by resource and key, one revision counter, and watches. It knows no kind and no rule.

import type { KubeObject } from './object.ts'
import { conflict, expired } from './status-error.ts'

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** The resource key, `pods` or `deployments.apps`. */
  resource: string
  /** For DELETED: the last state, with the resourceVersion of the removal. */
  object: KubeObject
  previous?: KubeObject
  revision: number
}

/** Reads return stored objects themselves: never mutate them. */
export interface Store {
  /** Of the newest write; grows by one with each. */
  readonly revision: number
  /** Keys of all resources that hold, or held, an object. */
  readonly resources: readonly string[]
  get(resource: string, namespace: string, name: string): KubeObject | undefined
  /** Sorted by namespace and name, as etcd's keys are. No namespace: all of them. */
  list(resource: string, namespace?: string): readonly KubeObject[]
  /** Stores a new version and stamps its resourceVersion. @throws StatusError 409 when `expectedRevision` is not the stored one */
  put(resource: string, object: KubeObject, expectedRevision?: string): KubeObject
  remove(resource: string, namespace: string, name: string): KubeObject | undefined
  /**
   * Tells every later change of a resource (`*` for all), in order, synchronously after the write; first replays those after `since`.
   * @throws StatusError 410 when `since` is older than the history kept
   */
  watch(resource: string, since: number | undefined, listener: (change: Change) => void): () => void
}

interface Table {
  /** `namespace/name`, sorted bytewise: a slash sorts after `-` and `.`, as in etcd. */
  keys: string[]
  objects: Map<string, KubeObject>
}

interface Watcher {
  resource: string
  /** Changes up to here were told already. */
  seen: number
  listener: (change: Change) => void
}

const storeKey = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`

const lowerBound = (keys: readonly string[], key: string): number => {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}

export interface StoreOptions {
  /** The number of changes kept for watches that start in the past. */
  history?: number
  /** What it begins with: objects by resource, and the revision of the newest write, kept as they are. */
  from?: { revision: number; objects: ReadonlyMap<string, readonly KubeObject[]> }
}

/** A store, empty or as it was left. */
export const createStore = ({ history = 10_000, from }: StoreOptions = {}): Store => {
  const tables = new Map<string, Table>()
  const watchers = new Set<Watcher>()
  // Revisions have no gaps, so the change of revision r lives at r % history.
  const ring: Change[] = []
  const untold: Change[] = []
  const first = from?.revision ?? 0
  let revision = first
  let telling = false

  const tableOf = (resource: string): Table => {
    const table = tables.get(resource) ?? { keys: [], objects: new Map() }
    tables.set(resource, table)
    return table
  }

  const tell = (watcher: Watcher, change: Change) => {
    if (change.revision <= watcher.seen || (watcher.resource !== '*' && watcher.resource !== change.resource)) return
    watcher.seen = change.revision
    try {
      watcher.listener(change)
    } catch (error) {
      // One broken listener must neither undo a write nor silence the others; it still ends the process as any bug does.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  for (const [resource, list] of from?.objects ?? []) {
    const objects = new Map(list.map(object => [storeKey(object.metadata.namespace, object.metadata.name), object]))
    tables.set(resource, { keys: [...objects.keys()].sort(), objects })
  }

  // A listener that writes adds to the queue, so that every listener hears all changes in order.
  const record = (change: Change) => {
    ring[change.revision % history] = change
    untold.push(change)
    if (telling) return
    telling = true
    for (let next = untold.shift(); next; next = untold.shift()) for (const watcher of watchers) tell(watcher, next)
    telling = false
  }

  const stamped = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(++revision) },
  })

  return {
    get revision() {
      return revision
    },
    get resources() {
      return [...tables.keys()]
    },
    get: (resource, namespace, name) => tables.get(resource)?.objects.get(storeKey(namespace, name)),
    list(resource, namespace) {
      const table = tables.get(resource)
      if (!table) return []
      // '0' is the character after '/'.
      const [from, to] = namespace
        ? [lowerBound(table.keys, `${namespace}/`), lowerBound(table.keys, `${namespace}0`)]
        : [0, table.keys.length]
      const found = new Array<KubeObject>(to - from)
      for (let index = from; index < to; index++) found[index - from] = table.objects.get(table.keys[index]!)!
      return found
    },
    put(resource, object, expectedRevision) {
      const table = tableOf(resource)
      const { namespace, name } = object.metadata
      const key = storeKey(namespace, name)
      const previous = table.objects.get(key)
      if (expectedRevision !== undefined && previous?.metadata.resourceVersion !== expectedRevision) {
        throw conflict(
          resource,
          name,
          'the object has been modified; please apply your changes to the latest version and try again',
        )
      }
      const stored = stamped(object)
      if (!previous) table.keys.splice(lowerBound(table.keys, key), 0, key)
      table.objects.set(key, stored)
      record({ type: previous ? 'MODIFIED' : 'ADDED', resource, object: stored, ...(previous && { previous }), revision })
      return stored
    },
    remove(resource, namespace, name) {
      const table = tableOf(resource)
      const key = storeKey(namespace, name)
      const previous = table.objects.get(key)
      if (!previous) return undefined
      table.keys.splice(lowerBound(table.keys, key), 1)
      table.objects.delete(key)
      const object = stamped(previous)
      record({ type: 'DELETED', resource, object, previous, revision })
      return object
    },
    watch(resource, since, listener) {
      const oldest = Math.max(first + 1, revision - history + 1)
      if (since !== undefined && since < oldest - 1) throw expired(since, oldest - 1)
      const watcher: Watcher = { resource, seen: since ?? revision, listener }
      for (let past = watcher.seen + 1; past <= revision; past++) tell(watcher, ring[past % history]!)
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}
