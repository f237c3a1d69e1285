// Lessons and progress as the contract tells them, in the reader's language.

import type { KubeObject } from '../contract/cluster.ts'
import type { AppError } from '../contract/errors.ts'
import type { LessonProgress, LessonSummary, LessonText, TaskState } from '../contract/lessons.ts'
import type { Language } from '../contract/shapes.ts'
import {
  hintText,
  type Lesson,
  type LessonRecord,
  refText,
  type Sentences,
  type Task,
  type TaskView,
  whyText,
} from '../lessons/index.ts'
import type { PlacedFile } from './lesson-files.ts'

export const summaryOf = (lesson: Lesson, language: Language, origin?: string): LessonSummary => ({
  id: lesson.id,
  number: lesson.number,
  title: lesson.title[language],
  about: lesson.about[language],
  tasks: lesson.tasks.length,
  ...(origin !== undefined && { origin }),
})

/** A lesson that cannot be opened, by its folder's name and with the reason. */
export const brokenSummary = (id: string, error: AppError, origin?: string): LessonSummary => ({
  id,
  number: /^\d+/.exec(id)?.[0] ?? '',
  title: id,
  about: '',
  tasks: 0,
  ...(origin !== undefined && { origin }),
  problem: error.toWire(),
})

export const textOf = (lesson: Lesson, files: readonly PlacedFile[], language: Language, origin?: string): LessonText => ({
  id: lesson.id,
  number: lesson.number,
  title: lesson.title[language],
  intro: lesson.intro[language],
  question: lesson.question[language],
  tasks: lesson.tasks.map(task => ({
    id: task.id,
    title: task.title[language],
    say: task.say[language],
    actions: task.actions.map(({ id, kind, text, file }) => ({ id, kind, text, ...(file === undefined ? {} : { file }) })),
    checks: task.checks.map(({ id, text }) => ({ id, text: text[language] })),
  })),
  files: files.map(file => ({ ...file })),
  creates: lesson.creates.map(refText),
  namespace: lesson.namespace,
  ...(origin !== undefined && { origin }),
})

/** As kubectl names it: `deployment/openresty`. */
export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind.toLowerCase()}/${metadata.name}`

interface ProgressFacts {
  record: LessonRecord
  /** Empty while no cluster can be seen. */
  views: readonly TaskView[]
  foreign: readonly KubeObject[]
  /** Of the file that keeps the progress. */
  problem?: AppError
  sentences: Sentences
  language: Language
}

export const progressOf = (lesson: Lesson, facts: ProgressFacts): LessonProgress => {
  const { record, views, foreign, problem, sentences, language } = facts
  const current = lesson.tasks.find(({ id }) => !record.done.includes(id) && !record.skipped.includes(id))
  const stateOf = ({ id }: Task): TaskState['state'] =>
    record.done.includes(id) ? 'done' : record.skipped.includes(id) ? 'skipped' : id === current?.id ? 'now' : 'later'
  return {
    lesson: lesson.id,
    marks: record.marks.map(mark => ({ ...mark })),
    foreign: foreign.map(nameOf),
    ...(problem && { problem: problem.toWire() }),
    tasks: lesson.tasks.map(task => {
      const view = views.find(each => each.task.id === task.id)
      return {
        id: task.id,
        state: stateOf(task),
        canReset: record.entries?.[task.id] !== undefined,
        actions: task.actions.map(({ id }) => ({ id, state: 'waiting' as const, ...record.actions[`${task.id}/${id}`] })),
        checks: task.checks.map(check => {
          const seen = view?.checks.find(each => each.check.id === check.id)
          return {
            id: check.id,
            passed: seen?.passed ?? false,
            everPassed: record.passed[check.id] !== undefined,
            ...(seen?.seen === undefined ? {} : { seen: seen.seen }),
            ...(seen?.hint === undefined ? {} : { hint: hintText(seen.hint, sentences, language, lesson.namespace) }),
            ...(seen?.why === undefined ? {} : { why: whyText(seen.why, sentences, language) }),
          }
        }),
      }
    }),
  }
}
