// A classroom's reports as one: many machines' files, the newest word on each step, and a table to look at while they work.

import * as z from 'zod/mini'
import { AppError } from '../../contract/errors.ts'
import { readText } from '../../platform/files.ts'
import type { Translate } from '../../platform/locales.ts'
import { type ReportRow, reportRow } from './report-row.ts'

/** Every step of every lesson of a learner; a thousand learners' are no trouble. */
const rowsSchema = z.array(reportRow).check(z.maxLength(100_000))

const keyOf = ({ who, lesson, cluster, task }: ReportRow): string => JSON.stringify([who, lesson, cluster, task])

/** Of two reports by one learner, the newer counts: which file comes first does not matter. */
export const mergeReports = (reports: readonly (readonly ReportRow[])[]): ReportRow[] => {
  const newest = new Map<string, ReportRow>()
  for (const row of reports.flat()) {
    const known = newest.get(keyOf(row))
    if (known === undefined || known.at <= row.at) newest.set(keyOf(row), row)
  }
  return [...newest.values()].sort(
    (a, b) =>
      a.lesson.localeCompare(b.lesson) || a.who.localeCompare(b.who) || a.cluster.localeCompare(b.cluster) || a.step - b.step,
  )
}

/** @throws AppError request.invalid for a file that is no report */
export const readReports = async (paths: readonly string[]): Promise<ReportRow[]> => {
  const reports: ReportRow[][] = []
  for (const path of paths)
    try {
      const text = await readText(path)
      if (text === undefined) throw new Error('ENOENT')
      reports.push(rowsSchema.parse(JSON.parse(text)))
    } catch (error) {
      const [issue] = error instanceof z.core.$ZodError ? error.issues : []
      const words = issue === undefined ? String(error instanceof Error ? error.message : error) : issue.path.join('.')
      throw new AppError('request.invalid', { problem: `${path}: ${words}` })
    }
  return mergeReports(reports)
}

export const shapeOf = { done: '●', skipped: '◌', now: '◐', later: '○' } as const

const median = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`

const groups = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const found = new Map<string, T[]>()
  for (const item of items) found.set(key(item), [...(found.get(key(item)) ?? []), item])
  return found
}

/** Lesson by lesson: one line a learner, who is behind first; then how long each step takes, and where most are. */
export const classTable = (rows: readonly ReportRow[], t: Translate): string[] =>
  [...groups(rows, row => row.lesson)].flatMap(([lesson, all]) => {
    const learners = [...groups(all, ({ who, cluster }) => (cluster === 'practice' ? who : `${who} ${cluster}`))].map(
      ([name, steps]) => ({
        name,
        steps,
        over: steps.filter(({ state }) => state === 'done' || state === 'skipped').length,
        seconds: steps.reduce((sum, { seconds = 0 }) => sum + seconds, 0),
        failed: steps.reduce((sum, { failed }) => sum + failed, 0),
      }),
    )
    learners.sort((a, b) => a.over - b.over || a.name.localeCompare(b.name))
    const width = Math.max(...learners.map(({ name }) => name.length))
    const steps = [...groups(all, row => row.task).values()].sort((a, b) => a[0]!.step - b[0]!.step)
    const here = steps
      .map(each => ({ ...each[0]!, count: each.filter(({ state }) => state === 'now').length }))
      .reduce((most, each) => (each.count > most.count ? each : most))
    return [
      t('lessons:class.head', { lesson, count: learners.length }),
      ...learners.map(({ name, steps: own, seconds, failed }) => {
        const told = failed === 0 ? '' : `  ${t('lessons:class.failed', { count: failed })}`
        return `  ${name.padEnd(width)}  ${own.map(({ state }) => shapeOf[state]).join(' ')}  ${clock(seconds).padStart(6)}${told}`
      }),
      ...steps.map(each => {
        const time = median(each.flatMap(({ seconds }) => seconds ?? []))
        const done = each.filter(({ state }) => state === 'done').length
        const { step, title } = each[0]!
        return t('lessons:class.step', { step, title, done, all: learners.length, time: time === undefined ? '–' : clock(time) })
      }),
      ...(here.count > 0 ? [t('lessons:class.here', { count: here.count, step: here.step, title: here.title })] : []),
      '',
    ]
  })
