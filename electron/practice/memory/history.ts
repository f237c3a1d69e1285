// What the cluster's objects were a while ago: for each moment kept, the old states of what changed after it, and nothing else.

import type { KubeObject } from '../object.ts'
import type { Store } from '../store.ts'

/** All objects at one moment, by resource. */
export type Objects = ReadonlyMap<string, readonly KubeObject[]>

/** A moment that can be gone back to; the object itself names it. */
export interface Checkpoint<T> {
  /** Milliseconds of cluster time. */
  readonly at: number
  /** The last moment at which everything still was so. */
  until: number
  /** What belongs to it beside the objects. */
  readonly rest: T
}

export interface History<T> {
  /** Oldest first. */
  readonly checkpoints: readonly Checkpoint<T>[]
  /** Keeps this moment. */
  mark(at: number, rest: T): void
  /** The newest of those that began by then, else the oldest. */
  find(at: number): Checkpoint<T> | undefined
  /** The objects as they were. */
  objects(checkpoint: Checkpoint<T>): Objects
  /** To be called when the store holds them again: forgets what came after. */
  cut(checkpoint: Checkpoint<T>): void
  clear(): void
  stop(): void
}

interface Old {
  resource: string
  namespace: string
  name: string
  /** Undefined where there was none. */
  object: KubeObject | undefined
}

interface Entry<T> {
  checkpoint: Checkpoint<T>
  /** Of each object that changed between this and the next checkpoint: how it was at this one. */
  before: Map<string, Old>
}

export interface HistoryLimits {
  /** Checkpoints kept. */
  checkpoints: number
  /** Old states kept in all of them together: this bounds the memory. */
  states: number
}

/** All objects of a store now. */
export const objectsOf = (store: Store): Objects =>
  new Map(store.resources.map(resource => [resource, store.list(resource)] as const))

export const createHistory = <T>(store: Store, limits: HistoryLimits): History<T> => {
  let entries: Entry<T>[] = []
  let states = 0

  const stop = store.watch('*', undefined, ({ type, resource, object, previous }) => {
    const before = entries.at(-1)?.before
    if (!before) return
    const { namespace = '', name } = object.metadata
    const key = `${resource} ${namespace}/${name}`
    if (before.has(key)) return
    before.set(key, { resource, namespace, name, object: type === 'ADDED' ? undefined : previous })
    states++
    forget()
  })

  const forget = () => {
    while (entries.length > 1 && (entries.length > limits.checkpoints || states > limits.states))
      states -= entries.shift()!.before.size
  }

  return {
    get checkpoints() {
      return entries.map(({ checkpoint }) => checkpoint)
    },
    mark(at, rest) {
      entries.push({ checkpoint: { at, until: at, rest }, before: new Map() })
      forget()
    },
    find: at => (entries.findLast(({ checkpoint }) => checkpoint.at <= at) ?? entries[0])?.checkpoint,
    objects(wanted) {
      /** What changed since, as it was then. */
      const old = new Map<string, Old>()
      for (const { checkpoint, before } of entries.toReversed()) {
        for (const [key, state] of before) old.set(key, state)
        if (checkpoint === wanted) break
      }
      const all = new Map([...objectsOf(store)].map(([resource, list]) => [resource, new Set(list)]))
      for (const { resource, namespace, name, object } of old.values()) {
        const objects = all.get(resource)
        const now = store.get(resource, namespace, name)
        if (now) objects?.delete(now)
        if (object) objects?.add(object)
      }
      return new Map([...all].map(([resource, objects]) => [resource, [...objects]]))
    },
    cut(wanted) {
      entries = entries.slice(0, entries.findIndex(({ checkpoint }) => checkpoint === wanted) + 1)
      entries.at(-1)?.before.clear()
      states = entries.reduce((sum, { before }) => sum + before.size, 0)
    },
    clear() {
      entries = []
      states = 0
    },
    stop,
  }
}
