// Proves a lesson: it can be failed, its scripted solution passes every check, and its clean-up leaves nothing.

import { join } from 'node:path'
import { type Handle, pathOf, type Snapshot } from '../../cluster/index.ts'
import { AppError } from '../../contract/errors.ts'
import {
  type Attempt,
  createAttempt,
  hintText,
  type Lesson,
  refText,
  selectorText,
  type Task,
  uidsIn,
} from '../../lessons/index.ts'
import type { Clock } from '../../platform/clock.ts'
import { makeFolder, writeWhole } from '../../platform/files.ts'
import { run } from '../../platform/run.ts'

export interface CheckOutcome {
  task: string
  id: string
  passed: boolean
  /** It was seen not to pass before its step was done: else it says nothing. */
  failedFirst: boolean
  seen?: string
  /** Milliseconds from the lesson's start. */
  ms?: number
}

export interface LessonOutcome {
  lesson: string
  passed: boolean
  ms: number
  commands: number
  checks: CheckOutcome[]
  /** What went wrong first, in plain words for whoever mends the lesson. */
  problem?: string
}

export interface VerifyOptions {
  handle: Handle
  /** For the learner's command lines: kubectl on PATH, KUBECONFIG. */
  env: Readonly<Record<string, string | undefined>>
  /** A folder of our own, for the lesson's files. */
  folder: string
  clock: Clock
  signal: AbortSignal
  /** Milliseconds until a step of a solution counts as failed. */
  patienceMs?: number
}

/** An image may have to be pulled on the way. */
const defaultPatienceMs = 60_000

/** @throws AppError lesson.blocked where objects of the lesson's names are there already: they are somebody's */
export const verifyLesson = async (lesson: Lesson, options: VerifyOptions): Promise<LessonOutcome> => {
  const { handle, clock, folder } = options
  const startedAt = clock.now()
  await refuseForeign(lesson, handle)
  await makeFolder(folder)
  for (const { name, text } of lesson.files) await writeWhole(join(folder, name), text, 0o644)
  const attempt = createAttempt({
    lesson,
    subscribe: (kinds, listener) => handle.feed.subscribe(kinds, ({ snapshot }) => listener(snapshot)),
    probe: handle.probe,
    exec: handle.exec,
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal as AbortSignal),
  })
  let commands = 0
  const shell = async (line: string): Promise<{ code: number; words: string }> => {
    commands++
    const at = clock.now()
    attempt.command({ line, startedAt: at })
    const { code, stdout, stderr } = await run(['sh', '-c', line], { ...options, cwd: folder, timeout: defaultPatienceMs * 4 })
    attempt.command({ line, startedAt: at, exitCode: code, ms: clock.now() - at })
    return { code, words: (stderr || stdout).trim().slice(-500) }
  }
  let problem: string | undefined
  const failed = new Set<string>()
  try {
    await until(attempt, () => attempt.snapshot !== undefined, options)
    const before = new Set(uidsOf(lesson, attempt.snapshot))
    problem = await solve(lesson, attempt, { shell, failed }, options)
    const cleanup = await cleanUp(lesson, attempt, before, shell, options)
    problem ??= cleanup
  } finally {
    attempt.stop()
  }
  const checks = lesson.tasks.flatMap(task =>
    task.checks.map(({ id }): CheckOutcome => {
      const passed = attempt.record.passed[id]
      const failedFirst = failed.has(id)
      if (passed === undefined) return { task: task.id, id, passed: false, failedFirst }
      return { task: task.id, id, passed: true, failedFirst, seen: passed.seen, ms: passed.at - startedAt }
    }),
  )
  const passed = problem === undefined && checks.every(check => check.passed)
  return {
    lesson: lesson.id,
    passed,
    ms: clock.now() - startedAt,
    commands,
    checks,
    ...(problem === undefined ? {} : { problem }),
  }
}

type Shell = (line: string) => Promise<{ code: number; words: string }>

/** Asks the cluster itself: a snapshot may be some milliseconds old. */
const refuseForeign = async (lesson: Lesson, { connection }: Handle): Promise<void> => {
  const there: string[] = []
  for (const ref of lesson.creates) {
    const path = pathOf(ref.kind, ref.namespace ?? lesson.namespace, ref.name)
    const labels = `?labelSelector=${encodeURIComponent(selectorText(ref.selector))}`
    const isThere =
      ref.name === undefined
        ? ((await connection.json('GET', path + labels)) as { items: unknown[] }).items.length > 0
        : (await connection.request('GET', path)).status !== 404
    if (isThere) there.push(refText(ref))
  }
  if (there.length > 0) throw new AppError('lesson.blocked', { lesson: lesson.id, objects: there.join(', ') })
}

/** @param work.failed takes the checks that do not pass when their step begins. @returns what went wrong, if something did */
const solve = async (
  lesson: Lesson,
  attempt: Attempt,
  { shell, failed }: { shell: Shell; failed: Set<string> },
  options: VerifyOptions,
): Promise<string | undefined> => {
  for (const task of lesson.tasks) {
    const view = attempt.tasks.find(each => each.task.id === task.id)
    for (const { check, passed } of view?.checks ?? []) if (!passed) failed.add(check.id)
    if (view?.checks.every(check => check.passed)) return `${task.id}: passes before anything is done`
    for (const action of task.actions) {
      if (action.kind !== 'run') continue
      const { code, words } = await shell(action.text)
      if (code !== action.exits) return `${task.id}/${action.id}: exit code ${code} in place of ${action.exits}: ${words}`
      const hasEffect = (): boolean => action.passes.every(check => attempt.record.passed[check] !== undefined)
      if (!(await until(attempt, hasEffect, options))) return `${task.id}/${action.id}: no effect: ${openChecks(attempt, task)}`
    }
    const isDone = (): boolean => attempt.record.done.includes(task.id)
    if (!(await until(attempt, isDone, options))) return `${task.id}: ${openChecks(attempt, task)}`
  }
  return undefined
}

/** The checks of a task that do not pass now, with their hints' keys. */
const openChecks = (attempt: Attempt, task: Task): string =>
  (attempt.tasks.find(view => view.task.id === task.id)?.checks ?? [])
    .filter(view => !view.passed)
    .map(({ check, seen, hint }) => {
      const why = hint === undefined ? '' : hintText(hint, (_, key, facts) => `${key} ${JSON.stringify(facts)}`, 'en', '')
      return `${check.id} (${[seen, why].filter(Boolean).join('; ')})`
    })
    .join(', ')

const cleanUp = async (
  lesson: Lesson,
  attempt: Attempt,
  before: ReadonlySet<string>,
  shell: Shell,
  options: VerifyOptions,
): Promise<string | undefined> => {
  for (const line of lesson.cleanup) {
    const { code, words } = await shell(line)
    if (code !== 0) return `clean-up: exit code ${code}: ${words}`
  }
  const left = (): string[] => uidsOf(lesson, attempt.snapshot).filter(uid => !before.has(uid))
  return (await until(attempt, () => left().length === 0, options)) ? undefined : `clean-up leaves ${left().length} objects`
}

const uidsOf = (lesson: Lesson, snapshot: Snapshot | undefined): string[] => uidsIn(lesson, snapshot ?? new Map())

/** Whether it came true in time. */
const until = async (
  attempt: Attempt,
  holds: () => boolean,
  { clock, signal, patienceMs = defaultPatienceMs }: VerifyOptions,
): Promise<boolean> => {
  if (holds()) return true
  const timer = new AbortController()
  let stop = (): void => {}
  const came = new Promise<boolean>(resolve => {
    stop = attempt.onChange(() => holds() && resolve(true))
  })
  const late = clock.sleep(patienceMs, AbortSignal.any([signal, timer.signal])).then(
    () => false,
    () => false,
  )
  const result = await Promise.race([came, late])
  timer.abort()
  stop()
  signal.throwIfAborted()
  return result
}
