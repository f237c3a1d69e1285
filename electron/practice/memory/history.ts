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
  id: string
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

const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** All objects of a store now. */
export const objectsOf = (store: Store): Objects =>
  new Map(store.resources.map(resource => [resource, store.list(resource)] as const))

export const createHistory = <T>(store: Store, limits: HistoryLimits): History<T> => {
  let entries: Entry<T>[] = []
  let states = 0

  const stop = store.watch('*', undefined, ({ type, resource, object, previous }) => {
    const before = entries.at(-1)?.before
    if (!before) return
    const id = idOf(object)
    const key = `${resource} ${id}`
    if (before.has(key)) return
    before.set(key, { resource, id, object: type === 'ADDED' ? undefined : previous })
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
      const all = new Map(
        [...objectsOf(store)].map(([resource, list]) => [resource, new Map(list.map(object => [idOf(object), object]))]),
      )
      for (const { checkpoint, before } of entries.toReversed()) {
        for (const { resource, id, object } of before.values()) {
          if (object) all.get(resource)?.set(id, object)
          else all.get(resource)?.delete(id)
        }
        if (checkpoint === wanted) break
      }
      return new Map([...all].map(([resource, objects]) => [resource, [...objects.values()]]))
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
