// How far a learner has come in one lesson on one cluster: what is kept of it. Pure.

import type { Lesson, Task } from './lesson.ts'

/** An object as somebody could have written it: without what the cluster filled in for one life of it. */
export type Kept = Record<string, unknown> & { kind: string; metadata: { name: string; namespace?: string } }

export interface Passed {
  /** Milliseconds since the epoch. */
  at: number
  seen?: string
  /** uids of all objects in the lesson's namespace at that moment. */
  uids: readonly string[]
}

export interface ActionRecord {
  state: 'running' | 'done' | 'failed'
  ms?: number
  exitCode?: number
}

/** One learner's progress in one lesson on one cluster, as kept on disk. */
export interface LessonRecord {
  /** uids that were there before: never the lesson's to delete. Undefined until the cluster has been seen. */
  before?: readonly string[]
  /** uids that came while we looked, and bear the lesson's names: its own. */
  own?: readonly string[]
  /** By check id, the first time. */
  passed: Readonly<Record<string, Passed>>
  done: readonly string[]
  skipped: readonly string[]
  /** By `task/action`. */
  actions: Readonly<Record<string, ActionRecord>>
  marks: readonly { label: string; at: number }[]
  /** By task: when it became the one at hand, and what the lesson had made by then. */
  entries?: Readonly<Record<string, { at: number; objects: readonly Kept[] }>>
  /** By task: when it was done or skipped. */
  left?: Readonly<Record<string, number>>
}

export const emptyRecord: LessonRecord = { passed: {}, done: [], skipped: [], actions: {}, marks: [] }

/** The first task that is neither done nor skipped. */
export const currentTask = (lesson: Lesson, record: LessonRecord): Task | undefined =>
  lesson.tasks.find(({ id }) => !record.done.includes(id) && !record.skipped.includes(id))
