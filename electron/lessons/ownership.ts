// Whose an object is: the lesson's, or somebody's who was there first. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import { type Lesson, namespacesOf } from './lesson.ts'
import type { LessonRecord } from './record.ts'
import { find, objectsIn } from './refs.ts'

/** Every object that bears a name, or the labels, of what the lesson makes. */
export const namedObjects = ({ creates, namespace }: Pick<Lesson, 'creates' | 'namespace'>, snapshot: Snapshot): KubeObject[] => [
  ...new Map(creates.flatMap(ref => find(snapshot, ref, namespace)).map(object => [object.metadata.uid, object])).values(),
]

/** uids of everything in the lesson's namespaces, and of what belongs to none. */
export const uidsIn = (lesson: Lesson, snapshot: Snapshot): string[] => {
  const kinds = [...snapshot.keys()].filter(kind => kind !== 'Event')
  const objects = namespacesOf(lesson).flatMap(namespace => kinds.flatMap(kind => objectsIn(snapshot, kind, namespace)))
  return [...new Set(objects.map(({ metadata }) => metadata.uid))]
}

/** Tells whether one of these uids is an object, an owner above it, or its namespace. */
export const under = (uids: ReadonlySet<string>, snapshot: Snapshot): ((object: KubeObject) => boolean) => {
  const all = new Map([...snapshot.values()].flat().map(each => [each.metadata.uid, each]))
  const rooms = (snapshot.get('Namespace') ?? []).filter(({ metadata }) => uids.has(metadata.uid))
  const names = new Set(rooms.map(({ metadata }) => metadata.name))
  return object => {
    if (names.has(object.metadata.namespace ?? '')) return true
    const seen = new Set<string>()
    let above = [object.metadata.uid]
    while (above.length > 0) {
      if (above.some(uid => uids.has(uid))) return true
      for (const uid of above) seen.add(uid)
      above = above
        .flatMap(uid => all.get(uid)?.metadata.ownerReferences?.map(owner => owner.uid) ?? [])
        .filter(uid => !seen.has(uid))
    }
    return false
  }
}

/** The lesson's own objects that are there now. */
export const ownObjects = (lesson: Lesson, record: LessonRecord, snapshot: Snapshot): KubeObject[] => {
  const before = new Set(record.before)
  return namedObjects(lesson, snapshot).filter(({ metadata }) => !before.has(metadata.uid))
}

/** Objects in the lesson's way: they bear its names and were there before it. Never touched. */
export const foreignObjects = (lesson: Lesson, record: LessonRecord, snapshot: Snapshot): KubeObject[] => {
  const before = new Set(record.before)
  return namedObjects(lesson, snapshot).filter(({ metadata }) => before.has(metadata.uid) && !metadata.deletionTimestamp)
}

const hasBegun = ({ actions, marks, done, skipped, own = [] }: LessonRecord): boolean =>
  [Object.keys(actions), marks, done, skipped, own].some(({ length }) => length > 0)

/**
 * The record at the first look after a pause: what came while nobody looked is not the lesson's.
 * @param lent uids that other lessons of ours made: this one may go on with them
 */
export const resume = (
  lesson: Lesson,
  record: LessonRecord,
  snapshot: Snapshot,
  lent: ReadonlySet<string> = new Set(),
): LessonRecord => {
  const named = namedObjects(lesson, snapshot)
  if (record.before === undefined || !hasBegun(record)) {
    const own = named.filter(under(lent, snapshot)).map(({ metadata }) => metadata.uid)
    return { ...record, before: uidsIn(lesson, snapshot).filter(uid => !own.includes(uid)), own }
  }
  const before = new Set(record.before)
  const fresh = named.filter(({ metadata }) => !before.has(metadata.uid))
  // a record of an older version does not say: there, what was not before is the lesson's
  if (record.own === undefined) return { ...record, own: fresh.map(({ metadata }) => metadata.uid) }
  const own = new Set([...record.own, ...lent])
  const isOwn = under(own, snapshot)
  const strange = fresh.filter(object => !isOwn(object)).map(({ metadata }) => metadata.uid)
  return strange.length === 0 ? record : { ...record, before: [...record.before, ...strange] }
}

/** Uids of objects that went long ago are of no use any more. */
const ownKept = 1000

/** The record with what has newly come while we look: that is the lesson's. */
export const takeIn = (lesson: Lesson, record: LessonRecord, snapshot: Snapshot): LessonRecord => {
  const known = new Set(record.own)
  const fresh = ownObjects(lesson, record, snapshot).filter(({ metadata }) => !known.has(metadata.uid))
  if (fresh.length === 0) return record
  return { ...record, own: [...known, ...fresh.map(({ metadata }) => metadata.uid)].slice(-ownKept) }
}
