// A cluster's objects at one moment, and how a change leads to the next moment. Pure.

import type { Change, Kind, KubeObject } from '../contract/cluster.ts'

/** Objects by kind; a kind that is not watched is absent. Never mutated. */
export type Snapshot = ReadonlyMap<Kind, readonly KubeObject[]>

export const emptySnapshot: Snapshot = new Map()

/** The snapshot after some changes, in order. A change of a kind the snapshot does not hold is left out. */
export const apply = (snapshot: Snapshot, ...changes: readonly Change[]): Snapshot => {
  const touched = new Map<Kind, Map<string, KubeObject>>()
  for (const { type, object } of changes) {
    const kind = object.kind as Kind
    const before = snapshot.get(kind)
    if (before === undefined) continue
    const objects = touched.get(kind) ?? new Map(before.map(each => [keyOf(each), each]))
    if (type === 'put') objects.set(keyOf(object), object)
    else objects.delete(keyOf(object))
    touched.set(kind, objects)
  }
  if (touched.size === 0) return snapshot
  const next = new Map(snapshot)
  for (const [kind, objects] of touched) next.set(kind, [...objects.values()])
  return next
}

/** The snapshot with all objects of one kind replaced, as after a list. */
export const replace = (snapshot: Snapshot, kind: Kind, objects: readonly KubeObject[]): Snapshot =>
  new Map(snapshot).set(kind, objects)

/** What tells one life of an object from the next: its uid, and its name where a server gives none. */
export const keyOf = ({ kind, metadata }: KubeObject): string => metadata.uid || `${kind}/${metadata.namespace}/${metadata.name}`
