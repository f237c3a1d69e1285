// What an earlier life of the cluster left behind, read from the records of its journal.

import { createFileTree, type FileTree } from '../images/files.ts'
import type { SavedDisks } from '../kubelet/disks.ts'
import type { KubeObject } from '../object.ts'
import { applyTo, type DiskRecord } from './disk-records.ts'
import type { Objects } from './history.ts'

/** Times and numbers that go with the objects. */
export interface Position {
  /** Milliseconds of cluster time. */
  now: number
  /** Of the random numbers. */
  random: number
  revision: number
}

/** One line of the journal. */
export type StateRecord =
  | { k: string; o: KubeObject }
  /** An object that is gone: `namespace/name`. */
  | { k: string; gone: string }
  | { position: Position }
  /** What clients know the cluster by; its shape is its maker's. */
  | { identity: unknown }
  | DiskRecord

export interface Past {
  objects: Objects
  position: Position
  disks: SavedDisks
  identity: unknown
}

/** Revisions that clients may have seen but that never came to the disk: we go on beyond them. */
const unseen = 10_000

const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** Disks whose owner is still there. */
const isOwned = (name: string, uids: ReadonlySet<string>): boolean => {
  const [kind, uid = ''] = name.split('/')
  return kind === 'host' || uids.has(uid)
}

/** Undefined where there is none. @throws SyntaxError for a record that is not ours */
export const readPast = (records: readonly string[]): Past | undefined => {
  const tables = new Map<string, Map<string, KubeObject>>()
  const trees = new Map<string, FileTree>()
  let position: Position | undefined
  let identity: unknown
  for (const text of records) {
    const record = JSON.parse(text) as StateRecord
    if ('position' in record) position = record.position
    else if ('identity' in record) identity = record.identity
    else if ('k' in record) {
      const table = tables.get(record.k) ?? new Map<string, KubeObject>()
      tables.set(record.k, table)
      if ('gone' in record) table.delete(record.gone)
      else table.set(idOf(record.o), record.o)
    } else if (record.x) trees.delete(record.t)
    else {
      const tree = trees.get(record.t) ?? createFileTree(() => record.s ?? 0)
      trees.set(record.t, tree)
      if (record.p !== undefined) applyTo(tree, record)
    }
  }
  if (!position) return undefined
  const objects: Objects = new Map([...tables].map(([resource, table]) => [resource, [...table.values()]]))
  const uids = new Set(
    [...(objects.get('pods') ?? []), ...(objects.get('persistentvolumes') ?? [])].map(({ metadata }) => metadata.uid),
  )
  const disks = new Map([...trees].filter(([name]) => isOwned(name, uids)).map(([name, tree]) => [name, tree.save()]))
  return { objects, disks, identity, position: { ...position, revision: position.revision + unseen } }
}
