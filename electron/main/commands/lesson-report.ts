// `khw lesson report`: who has come how far, and how long it took; read from this user's own files, sent nowhere.

import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../../platform/clock.ts'
import { createLessonFiles, type LessonFiles, ownLessons } from '../../services/lesson-files.ts'
import { createLessonRecords } from '../../services/lesson-records.ts'
import type { CommandContext } from '../program.ts'

export interface ReportRow {
  /** The login and the machine. */
  who: string
  lesson: string
  cluster: string
  /** Its place in the lesson, from 1, and its id. */
  step: number
  task: string
  title: string
  state: 'done' | 'skipped' | 'now' | 'later'
  /** RFC 3339, where the step has begun. */
  begun?: string
  /** Seconds from its beginning to its end. */
  seconds?: number
  checks: number
  passed: number
  /** Commands of the step that were run, and how many ended otherwise than they should. */
  commands: number
  failed: number
}

/** Every step of every lesson that was begun, on every cluster. */
export const readReport = async (
  { state, files }: { state: string; files: LessonFiles },
  { language, complain }: Pick<CommandContext, 'language' | 'complain'>,
): Promise<ReportRow[]> => {
  const records = createLessonRecords(join(state, 'progress'), realClock, complain)
  const who = `${userInfo().username}@${hostname()}`
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

export const report = async (options: { csv?: boolean; lessons?: readonly string[] }, context: CommandContext): Promise<void> => {
  const { app, json, say, tell, t } = context
  const user = context.user()
  const files = createLessonFiles(app.manifests, '', [ownLessons(user), ...(options.lessons ?? [])])
  const rows = await readReport({ state: user.state, files }, context)
  if (json) return tell(rows)
  if (options.csv) return say(toCsv(rows))
  if (rows.length === 0) return say(t('lessons:command.noReport'))
  let told = ''
  for (const row of rows) {
    const head = `${row.lesson}  ${row.cluster}  ${row.who}`
    if (head !== told) say(`${told === '' ? '' : '\n'}${head}`)
    told = head
    const shape = { done: '●', skipped: '◌', now: '◐', later: '○' }[row.state]
    const time = row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`
    say(`  ${shape} ${time.padStart(9)}  ${row.passed}/${row.checks}  ${row.title}`)
  }
}
