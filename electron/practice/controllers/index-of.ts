// Objects of one resource by a derived key (owner uid, node), kept up to date by a watch, so that no reconcile lists everything.

import { type KubeObject, keyOf } from '../object.ts'
import type { Change, Store } from '../store.ts'

export interface Index<T extends KubeObject = KubeObject> {
  /** In order of first arrival. */
  get(key: string): readonly T[]
  stop(): void
}

/** `keys` derives an object's keys; it must be pure. */
export const indexOf = <T extends KubeObject>(
  store: Store,
  resource: string,
  keys: (object: T) => readonly string[],
): Index<T> => {
  const buckets = new Map<string, Map<string, T>>()

  const remove = (key: string, id: string) => {
    const bucket = buckets.get(key)
    bucket?.delete(id)
    if (bucket?.size === 0) buckets.delete(key)
  }
  const add = (object: T) => {
    for (const key of keys(object)) {
      const bucket = buckets.get(key) ?? new Map<string, T>()
      buckets.set(key, bucket)
      bucket.set(keyOf(object), object)
    }
  }
  const onChange = (change: Change) => {
    const object = change.object as T
    const kept = change.type === 'DELETED' ? [] : keys(object)
    const old = (change.previous as T | undefined) ?? (change.type === 'DELETED' ? object : undefined)
    if (old) for (const key of keys(old)) if (!kept.includes(key)) remove(key, keyOf(old))
    if (change.type !== 'DELETED') add(object)
  }

  for (const object of store.list(resource)) add(object as T)
  const stop = store.watch(resource, undefined, onChange)
  return { get: key => [...(buckets.get(key)?.values() ?? [])], stop }
}
