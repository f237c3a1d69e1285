// How a look at the cluster, or a command, moves the record on. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import { evaluate, type Verdict } from './evaluate.ts'
import { type Answer, isAsked, type RanCommand } from './judge.ts'
import type { Check, Lesson, Task } from './lesson.ts'
import { uidsIn } from './ownership.ts'
import { type ActionRecord, currentTask, type LessonRecord } from './record.ts'

/** What comes from elsewhere than the snapshot. */
export interface Gathered {
  answers: ReadonlyMap<string, readonly Answer[]>
  commands: readonly RanCommand[]
  now: number
}

export interface CheckView extends Verdict {
  check: Check
  everPassed: boolean
}

export interface TaskView {
  task: Task
  state: 'later' | 'now' | 'done' | 'skipped'
  checks: readonly CheckView[]
}

/** Looks once: what every check says now, and the record with what has newly passed. */
export const advance = (
  lesson: Lesson,
  record: LessonRecord,
  snapshot: Snapshot,
  gathered: Gathered,
): { record: LessonRecord; tasks: TaskView[] } => {
  let next = record.before === undefined ? { ...record, before: uidsIn(lesson, snapshot) } : record
  const before = new Set(next.before)
  const uids = uidsIn(lesson, snapshot)
  let { commands } = gathered

  const look = (check: Check): CheckView => {
    const moments = new Map(Object.entries(next.passed).map(([id, passed]) => [id, new Set(passed.uids)]))
    const facts = { before, moments, answers: gathered.answers, commands }
    const verdict = evaluate(check, lesson, snapshot, facts)
    const earlier = next.passed[check.id]
    if (verdict.passed && earlier === undefined) {
      const seen = timeTaken(check, next, gathered.now) ?? verdict.seen
      next = { ...next, passed: { ...next.passed, [check.id]: { at: gathered.now, seen, uids } } }
      return { check, passed: true, everPassed: true, seen }
    }
    if (check.once && earlier !== undefined) return { check, passed: true, everPassed: true, seen: earlier.seen }
    return {
      check,
      ...verdict,
      seen: verdict.passed ? (earlier?.seen ?? verdict.seen) : verdict.seen,
      everPassed: earlier !== undefined,
    }
  }

  const tasks = lesson.tasks.map((task): TaskView => {
    const state = stateOf(task, lesson, next)
    if (state === 'later') return { task, state, checks: task.checks.map(check => ({ check, passed: false, everPassed: false })) }
    const checks = task.checks.map(look)
    // what later tasks undo is no mistake: no hints there, and an answer or a command is not asked for again
    if (state !== 'now') return { task, state, checks: checks.map(quiet) }
    // what passes by itself must not hide the commands that were still to be seen; who typed others moves on by hand
    if (!checks.every(view => view.passed) || !hasRunAll(task, next)) return { task, state, checks }
    next = { ...next, done: [...next.done, task.id] }
    // a command of this task is no proof of having looked in the next
    commands = []
    return { task, state: 'done', checks }
  })
  return { record: next, tasks }
}

/** Every command of the task has been run to its end, however it ended. */
const hasRunAll = (task: Task, record: LessonRecord): boolean =>
  task.actions.every(
    ({ id, kind }) => kind !== 'run' || !['running', undefined].includes(record.actions[`${task.id}/${id}`]?.state),
  )

/** The record of a learner who moves on: done where all checks pass, else skipped. */
export const leaveTask = (record: LessonRecord, view: TaskView): LessonRecord =>
  view.checks.every(check => check.passed)
    ? { ...record, done: [...record.done, view.task.id] }
    : { ...record, skipped: [...record.skipped, view.task.id] }

const quiet = ({ hint: _hint, why: _why, ...view }: CheckView): CheckView =>
  isAsked(view.check.test) ? { ...view, passed: view.everPassed } : view

const stateOf = (task: Task, lesson: Lesson, record: LessonRecord): TaskView['state'] => {
  if (record.done.includes(task.id)) return 'done'
  if (record.skipped.includes(task.id)) return 'skipped'
  return currentTask(lesson, record)?.id === task.id ? 'now' : 'later'
}

/** A wait of more than this was not for the cluster. */
const longestTaken = 60_000

/** Seconds from the last command to the passing of a check that waits for objects: `2.14 s`. */
const timeTaken = (check: Check, record: LessonRecord, now: number): string | undefined => {
  if (check.test.type !== 'object' || check.test.for.type === 'delete') return undefined
  const mark = record.marks.at(-1)
  return mark === undefined || now < mark.at || now - mark.at > longestTaken
    ? undefined
    : `${((now - mark.at) / 1000).toFixed(2)} s`
}

const markWords: readonly [RegExp, string][] = [
  [/^kubectl (apply|create|run|delete|patch|replace|annotate|label)\b/, '$1'],
  [/^kubectl scale\b/, 'scale'],
  [/^kubectl set image\b/, 'set image'],
  [/^kubectl rollout (undo|restart|pause|resume)\b/, '$1'],
]

/** The word for the charts, for a command that changes the cluster. */
export const markOf = (line: string): string | undefined => {
  for (const [pattern, word] of markWords) {
    const match = pattern.exec(line)
    if (match !== null) return word.replace('$1', match[1] ?? '')
  }
  return undefined
}

/** More are not drawn. */
const marksKept = 40

/** The record after a command line began or ended in the learner's terminal. */
export const noteCommand = (
  lesson: Lesson,
  record: LessonRecord,
  command: { line: string; startedAt: number; exitCode?: number; ms?: number },
): LessonRecord => {
  const { line, startedAt, exitCode, ms } = command
  const label = exitCode === undefined ? markOf(line) : undefined
  const marks = label === undefined ? record.marks : [...record.marks, { label, at: startedAt }].slice(-marksKept)
  const found = actionOf(lesson, record, line)
  if (found === undefined) return { ...record, marks }
  const state: ActionRecord['state'] = exitCode === undefined ? 'running' : exitCode === found.exits ? 'done' : 'failed'
  return { ...record, marks, actions: { ...record.actions, [found.key]: { state, ms, exitCode } } }
}

/** The action that a typed line is: one that is running, else one of the current task. */
const actionOf = (lesson: Lesson, record: LessonRecord, line: string): { key: string; exits: number } | undefined => {
  const same = (task: Task) =>
    task.actions
      .filter(action => action.kind === 'run' && action.text === line.trim())
      .map(action => ({ key: `${task.id}/${action.id}`, exits: action.exits }))
  const running = lesson.tasks.flatMap(same).find(({ key }) => record.actions[key]?.state === 'running')
  const current = currentTask(lesson, record)
  const here = current === undefined ? [] : same(current)
  // the same command can stand in a task twice: the first that has not been done is meant
  return running ?? here.find(({ key }) => record.actions[key]?.state !== 'done') ?? here[0]
}
