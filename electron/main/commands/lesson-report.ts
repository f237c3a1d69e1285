// `khw lesson report`: who has come how far, and how long it took; read from this user's own files, sent nowhere.

import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../../platform/clock.ts'
import { createLessonFiles, type LessonFiles, ownLessons } from '../../services/lesson-files.ts'
import { createLessonRecords } from '../../services/lesson-records.ts'
import type { CommandContext } from '../program.ts'
import { classTable, readReports, shapeOf } from './lesson-class.ts'
import type { ReportRow } from './report-row.ts'

/** Every step of every lesson that was begun, on every cluster. */
export const readReport = async (
  { state, files }: { state: string; files: LessonFiles },
  { language, complain }: Pick<CommandContext, 'language' | 'complain'>,
): Promise<ReportRow[]> => {
  const records = createLessonRecords(join(state, 'progress'), realClock, complain)
  const who = `${userInfo().username}@${hostname()}`
  const at = new Date(realClock.now()).toISOString()
  const rows: ReportRow[] = []
  for (const { lesson: id, cluster } of await records.list()) {
    const lesson = await files.load(id).catch(() => undefined)
    if (lesson === undefined) continue
    const { value } = await records.open(id, cluster)
    const { done, skipped, passed, actions, entries = {}, left = {} } = value
    if (done.length + skipped.length + Object.keys(passed).length + Object.keys(actions).length === 0) continue
    const now = lesson.tasks.find(task => !done.includes(task.id) && !skipped.includes(task.id))
    for (const [index, task] of lesson.tasks.entries()) {
      const isOver = done.includes(task.id) || skipped.includes(task.id)
      const begun = entries[task.id]?.at
      const end = left[task.id]
      const runs = task.actions.flatMap(action => actions[`${task.id}/${action.id}`] ?? [])
      rows.push({
        who,
        at,
        lesson: id,
        cluster,
        step: index + 1,
        task: task.id,
        title: task.title[language],
        state: done.includes(task.id) ? 'done' : skipped.includes(task.id) ? 'skipped' : task === now ? 'now' : 'later',
        ...(begun !== undefined && { begun: new Date(begun).toISOString() }),
        ...(isOver && begun !== undefined && end !== undefined && { seconds: Math.round((end - begun) / 100) / 10 }),
        checks: task.checks.length,
        passed: task.checks.filter(check => passed[check.id] !== undefined).length,
        commands: runs.length,
        failed: runs.filter(run => run.state === 'failed').length,
      })
    }
  }
  return rows
}

const columns = [
  'who',
  'at',
  'lesson',
  'cluster',
  'step',
  'task',
  'title',
  'state',
  'begun',
  'seconds',
  'checks',
  'passed',
  'commands',
  'failed',
] as const

/** A cell that a spreadsheet takes for a word and never for a formula (OWASP: CSV injection). */
const cell = (value: string | number | undefined): string => {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const toCsv = (rows: readonly ReportRow[]): string =>
  [columns.join(','), ...rows.map(row => columns.map(column => cell(row[column])).join(','))].join('\r\n')

/** @param options.files other machines' reports; without any, this machine's progress */
export const report = async (
  options: { csv?: boolean; lessons?: readonly string[]; files: readonly string[] },
  context: CommandContext,
): Promise<void> => {
  const { app, json, say, tell, t } = context
  const isClass = options.files.length > 0
  const own = async (): Promise<ReportRow[]> => {
    const user = context.user()
    const files = createLessonFiles(app.manifests, '', [ownLessons(user), ...(options.lessons ?? [])])
    return readReport({ state: user.state, files }, context)
  }
  const rows = isClass ? await readReports(options.files) : await own()
  if (json) return tell(rows)
  if (options.csv) return say(toCsv(rows))
  if (rows.length === 0) return say(t('lessons:command.noReport'))
  for (const line of isClass ? classTable(rows, t) : ownLines(rows)) say(line)
}

const ownLines = (rows: readonly ReportRow[]): string[] => {
  let told = ''
  return rows.flatMap(row => {
    const head = `${row.lesson}  ${row.cluster}  ${row.who}`
    const heads = head === told ? [] : [`${told === '' ? '' : '\n'}${head}`]
    told = head
    const time = row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`
    return [...heads, `  ${shapeOf[row.state]} ${time.padStart(9)}  ${row.passed}/${row.checks}  ${row.title}`]
  })
}
