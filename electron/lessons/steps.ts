// When each step was entered and left, with what it found; and the way back to a step. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { Lesson, Task } from './lesson.ts'
import { currentTask, type LessonRecord } from './record.ts'
import { keepsake } from './restore.ts'

/** The record with the beginning of the step at hand, and the end of those that are over. */
export const noteSteps = (lesson: Lesson, record: LessonRecord, snapshot: Snapshot, now: number): LessonRecord => {
  const { entries = {}, left = {} } = record
  const over = [...record.done, ...record.skipped].filter(id => left[id] === undefined)
  const task = currentTask(lesson, record)
  const isNew = task !== undefined && entries[task.id] === undefined
  if (over.length === 0 && !isNew) return record
  return {
    ...record,
    left: { ...left, ...Object.fromEntries(over.map(id => [id, now])) },
    entries: isNew ? { ...entries, [task.id]: { at: now, objects: keepsake(lesson, record, snapshot) } } : entries,
  }
}

const drop = <T>(from: Readonly<Record<string, T>>, isDropped: (key: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => !isDropped(key)))

/**
 * The record as it was when a step began: this one and those after it are open again.
 * @param restored uids of objects that were made again: for checks that compare with an earlier moment they were there then
 */
export const rewind = (lesson: Lesson, record: LessonRecord, from: Task, restored: readonly string[]): LessonRecord => {
  const again = lesson.tasks.slice(lesson.tasks.indexOf(from))
  const ids = new Set(again.map(({ id }) => id))
  const checks = new Set(again.flatMap(task => task.checks.map(({ id }) => id)))
  const at = record.entries?.[from.id]?.at
  const passed = Object.entries(drop(record.passed, id => checks.has(id)))
  return {
    ...record,
    passed: Object.fromEntries(passed.map(([id, one]) => [id, { ...one, uids: [...one.uids, ...restored] }])),
    done: record.done.filter(id => !ids.has(id)),
    skipped: record.skipped.filter(id => !ids.has(id)),
    actions: drop(record.actions, key => ids.has(key.split('/')[0]!)),
    marks: record.marks.filter(mark => at === undefined || mark.at < at),
    entries: drop(record.entries ?? {}, id => ids.has(id) && id !== from.id),
    left: drop(record.left ?? {}, id => ids.has(id)),
  }
}
