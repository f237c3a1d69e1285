// Makes a store hold given objects again, by ordinary changes: watches hear of each, and revisions only grow.

import { keepOwners } from '../api/ownership.ts'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Store } from '../store.ts'
import type { Objects } from './history.ts'

interface Difference {
  remove: { resource: string; object: KubeObject }[]
  put: { resource: string; object: KubeObject }[]
}

const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

const isSame = (now: KubeObject, wanted: KubeObject): boolean =>
  isEqual(
    { ...now, metadata: { ...now.metadata, resourceVersion: '' } },
    { ...wanted, metadata: { ...wanted.metadata, resourceVersion: '' } },
  )

/** What must go and what must come; an object of the same name but another uid is another one: both. */
export const decideDifference = (now: Objects, wanted: Objects): Difference => {
  const difference: Difference = { remove: [], put: [] }
  for (const resource of new Set([...now.keys(), ...wanted.keys()])) {
    const [has, wants] = [now.get(resource) ?? [], wanted.get(resource) ?? []]
    // Almost all are the very same objects: those need no names.
    const [held, wished] = [new Set(has), new Set(wants)]
    const there = new Map(has.filter(object => !wished.has(object)).map(object => [idOf(object), object]))
    for (const object of wants) {
      if (held.has(object)) continue
      const id = idOf(object)
      const old = there.get(id)
      there.delete(id)
      if (old && isSame(old, object)) continue
      if (old && old.metadata.uid !== object.metadata.uid) difference.remove.push({ resource, object: old })
      difference.put.push({ resource, object })
    }
    for (const object of there.values()) difference.remove.push({ resource, object })
  }
  return difference
}

/** How many objects changed. */
export const bringBack = (store: Store, now: Objects, wanted: Objects): number => {
  const { remove, put } = decideDifference(now, wanted)
  for (const { resource, object } of remove) store.remove(resource, object.metadata.namespace ?? '', object.metadata.name)
  for (const { resource, object } of put) keepOwners(store.put(resource, object), object)
  return remove.length + put.length
}
