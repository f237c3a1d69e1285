// The lessons domain over the contract: texts, progress fed by watches, and commands typed into the learner's terminal.

import { basename } from 'node:path'
import type { Clusters, Handle } from '../cluster/index.ts'
import type { Services } from '../contract/define.ts'
import { AppError, toAppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import type { LessonSummary } from '../contract/lessons.ts'
import type { Session, ShellCommand } from '../contract/terminal.ts'
import {
  type Attempt,
  createAttempt,
  emptyRecord,
  type Lesson,
  type LessonRecord,
  type Sentences,
  type Task,
} from '../lessons/index.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import type { LessonFiles } from './lesson-files.ts'
import type { LessonRecords } from './lesson-records.ts'
import { countRequests } from './lesson-requests.ts'
import { resetLesson, resetTask } from './lesson-reset.ts'
import { brokenSummary, nameOf, progressOf, summaryOf, textOf } from './lesson-views.ts'
import type { TerminalService } from './terminal.ts'

export interface LessonsDeps {
  clusters: Clusters
  terminal: Pick<TerminalService, 'sessions' | 'type' | 'rename' | 'onCommand'>
  files: LessonFiles
  records: LessonRecords
  sentences: Sentences
  clock: Clock
  /** Looks whether there is a kubectl now; without one no command of a lesson is typed. */
  hasKubectl?(): Promise<boolean>
  /** Hears what went wrong where no caller waits: a record that could not be written, a solution that broke off. */
  report(error: unknown): void
}

export type LessonsService = Services<AppContract>['lessons'] & {
  /** Where the lesson read last has its files: the folder for a new terminal; undefined before the first. */
  cwd(): string | undefined
  /** Resolves when all progress is on disk. */
  close(): Promise<void>
}

/** An attempt, the life of the cluster it belongs to, and its readers. */
interface Live {
  lesson: Lesson
  handle: Handle
  attempt: Attempt
  /** Why the progress that was kept could not be read, or that of now cannot be kept. */
  problem(): AppError | undefined
}

/** A command waits so long for what the ones before it did to be seen: an undo, too fast, would leave no time to see what it undoes. */
const effectMs = 4_000

/** A check of a scripted solution that does not come true in this time will be hinted at on the page. */
const solutionPatienceMs = 60_000

export const createLessonsService = (deps: LessonsDeps): LessonsService => {
  const { clusters, terminal, files, records, sentences, clock, report } = deps
  const lives = new Map<string, { handle: Handle; life: Promise<Live> }>()
  /** Pages that look at a lesson's progress. */
  const readers = new Map<string, number>()
  const changed = createChanging(0)
  const revisions = createChanging(0)
  /** Where each terminal is, as far as it is known: where it began, unless somebody moved. */
  const folders = new Map<string, string>()
  let opened: string | undefined

  const bump = (): void => changed.set(changed.get() + 1)

  /** The attempt at a lesson on the current cluster, begun where it is not yet; undefined while no cluster is ready. */
  const liveOf = async (id: string): Promise<Live | undefined> => {
    const handle = clusters.current()
    const known = lives.get(id)
    if (known !== undefined && known.handle === handle) return known.life
    forget(id)
    if (handle === undefined) return undefined
    const life = begin(id, handle)
    lives.set(id, { handle, life })
    return life
  }

  const forget = (id: string): void => {
    const known = lives.get(id)
    lives.delete(id)
    known?.life.then(({ attempt }) => attempt.stop()).catch(report)
  }

  /** Opening a lesson ends the attempts at others that no page looks at: their Pods are not asked any more. */
  const open = (id: string): void => {
    for (const other of lives.keys()) if (other !== id && !readers.has(other)) forget(other)
  }

  const begin = async (id: string, handle: Handle): Promise<Live> => {
    const lesson = await files.load(id)
    const kept = await records.open(id, handle.id)
    const others = (await files.ids()).filter(other => other !== id)
    const lent = new Set<string>()
    for (const other of others) for (const uid of (await records.open(other, handle.id)).value.own ?? []) lent.add(uid)
    const attempt = createAttempt({
      lesson,
      record: kept.value,
      lent,
      subscribe: (kinds, listener) => handle.feed.subscribe(kinds, ({ snapshot }) => listener(snapshot)),
      probe: handle.probe,
      exec: handle.exec,
      now: () => clock.now(),
      sleep: (ms, signal) => clock.sleep(ms, signal as AbortSignal),
    })
    let written = kept.value
    let unwritten: AppError | undefined
    const write = async (record: LessonRecord): Promise<void> => {
      try {
        await kept.set(record)
        if (unwritten !== undefined) bump()
        unwritten = undefined
      } catch (error) {
        report(error)
        unwritten = toAppError(error)
        bump()
      }
    }
    attempt.onChange(() => {
      if (attempt.record !== written) {
        written = attempt.record
        void write(written)
      }
      bump()
    })
    return { lesson, handle, attempt, problem: () => unwritten ?? kept.problem }
  }

  clusters.onTargets(bump)

  /** What somebody is writing: an attempt goes on with the new text, and a text that is broken leaves the attempt as it is. */
  const renew = async (): Promise<void> => {
    for (const [id, { life }] of [...lives]) {
      const { lesson } = await life
      const fresh = await files.load(id).catch(() => lesson)
      if (wordsOf(fresh) !== wordsOf(lesson) && lives.get(id)?.life === life) forget(id)
    }
    revisions.set(revisions.get() + 1)
    bump()
  }
  const unwatch = files.onChange(() => void renew().catch(report))

  const sessionOf = async (id: string): Promise<Session | undefined> => {
    for await (const sessions of terminal.sessions({}, { signal: AbortSignal.timeout(1_000) }))
      return sessions.find(session => session.id === id)
    return undefined
  }
  const clusterOf = async (id: string): Promise<string | null> => (await sessionOf(id))?.cluster ?? null

  /** Where commands run now: a terminal that is closed over one is in no list any more when that one ends. */
  const places = new Map<string, Promise<string | null>>()
  /** When a command ended last. */
  let endedAt = 0

  terminal.onCommand((id, command) => {
    // the learner went elsewhere by hand: the next click goes back first
    if (/^(cd|pushd|popd)\b/.test(command.line) && command.exitCode === undefined) folders.set(id, '')
    const place = (command.exitCode === undefined ? undefined : places.get(id)) ?? clusterOf(id)
    if (command.exitCode === undefined) places.set(id, place)
    else {
      places.delete(id)
      endedAt = clock.now()
    }
    void place
      .then(async cluster => {
        for (const { life } of lives.values()) {
          const live = await life
          if (live.handle.id === cluster) live.attempt.command(command)
        }
      })
      .catch(report)
  })

  const need = async (id: string): Promise<Live> => {
    await clusters.ready()
    const live = await liveOf(id)
    if (live === undefined) throw new AppError('cluster.stopped')
    return live
  }

  /** Our commands would change them: whoever wants that types the command. @throws AppError lesson.blocked */
  const needFree = ({ lesson, attempt: { foreign } }: Live): void => {
    const objects = foreign.map(nameOf).join(', ')
    if (foreign.length > 0) throw new AppError('lesson.blocked', { lesson: lesson.id, objects })
  }

  const needKubectl = async (): Promise<void> => {
    if ((await deps.hasKubectl?.()) === false) throw new AppError('kubectl.missing')
  }

  const taskOf = (lesson: Lesson, id: string): Task => {
    const task = lesson.tasks.find(each => each.id === id)
    if (task === undefined) throw new AppError('lesson.unknown', { lesson: lesson.id, task: id })
    return task
  }

  /** Types a line in the lesson's folder, in a terminal of the current cluster. */
  const type = async (live: Live, id: string, line: string): Promise<ShellCommand | undefined> => {
    const { cluster, cwd } = (await sessionOf(id)) ?? { cluster: null, cwd: '' }
    if (cluster !== live.handle.id) throw new AppError('lesson.elsewhere', { terminal: id, cluster: cluster ?? '' })
    const folder = files.folder(live.lesson.id)
    if ((folders.get(id) ?? cwd) !== folder) {
      await terminal.type(id, `cd ${quoted(folder)}`)
      folders.set(id, folder)
      terminal.rename(id, live.lesson.id)
    }
    return terminal.type(id, line)
  }

  const untilPassed = async (live: Live, checks: readonly string[], patienceMs = solutionPatienceMs): Promise<void> => {
    const signal = AbortSignal.timeout(patienceMs)
    await changed.until(() => checks.every(check => live.attempt.record.passed[check] !== undefined), signal)
  }

  /** Until the effect of the commands before this one is seen, as long as the last of them has only just ended. */
  const settle = async (live: Live, task: Task, action: Task['actions'][number]): Promise<void> => {
    const rest = effectMs - (clock.now() - endedAt)
    const before = task.actions
      .slice(0, task.actions.indexOf(action))
      .filter(({ id }) => live.attempt.record.actions[`${task.id}/${id}`]?.state === 'done')
    // what does not come is told by its hint; the learner may go on without it
    if (rest > 0)
      await untilPassed(
        live,
        before.flatMap(({ passes }) => passes),
        rest,
      ).catch(() => undefined)
  }

  /** The rest of a scripted solution: each command once the one before has ended well and shown its effect. */
  const solve = async (live: Live, task: Task, id: string): Promise<void> => {
    for (const action of task.actions) {
      const key = `${task.id}/${action.id}`
      if (action.kind !== 'run' || live.attempt.record.actions[key]?.state === 'done') continue
      const command = await type(live, id, action.text)
      if (command === undefined) throw new AppError('terminal.busy', { line: action.text })
      const exitCode = command.exitCode ?? (await ended(id, command.number))
      if (exitCode !== action.exits) return
      await untilPassed(live, action.passes)
    }
  }

  const ended = (id: string, number: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const stop = terminal.onCommand((at, command) => {
        if (at !== id || command.number !== number || command.exitCode === undefined) return
        stop()
        resolve(command.exitCode)
      })
      AbortSignal.timeout(solutionPatienceMs * 3).addEventListener('abort', () => {
        stop()
        reject(new AppError('terminal.busy', { line: '' }))
      })
    })

  return {
    list: async ({ language }) => {
      const summaries: LessonSummary[] = []
      for (const id of await files.ids()) {
        const origin = await files.origin(id)
        const summary = await files.load(id).then(
          lesson => summaryOf(lesson, language, origin),
          (error: unknown) => brokenSummary(id, toAppError(error), origin),
        )
        summaries.push(summary)
      }
      for (const folder of await files.hidden()) {
        const id = basename(folder)
        const details = { lesson: id, file: folder, line: 1, field: '', wrong: 'nameTaken' }
        summaries.push(brokenSummary(id, new AppError('lesson.broken', details), folder))
      }
      return summaries
    },
    get: async ({ lesson: id, language }) => {
      const lesson = await files.load(id)
      open(id)
      // a folder that cannot be written stops nobody from reading; running a command will tell
      const placed = await files.place(lesson).then(
        there => {
          opened = id
          return there
        },
        (error: unknown) => {
          report(error)
          return lesson.files
        },
      )
      return textOf(lesson, placed, language, await files.origin(id))
    },
    revision: async function* (_, { signal }) {
      for await (const revision of revisions.stream(signal)) yield { revision }
    },
    progress: async function* ({ lesson: id, language }, { signal }) {
      const read = await files.load(id)
      open(id)
      readers.set(id, (readers.get(id) ?? 0) + 1)
      let told = ''
      try {
        for await (const _ of changed.stream(signal)) {
          const live = await liveOf(id)
          const { lesson } = live ?? { lesson: read }
          const { current } = clusters.targets()
          const record = live?.attempt.record ?? (current === null ? emptyRecord : (await records.open(id, current)).value)
          const { tasks: views = [], foreign = [] } = live?.attempt ?? {}
          const problem = live?.problem()
          const progress = progressOf(lesson, { record, views, foreign, problem, sentences, language })
          const text = JSON.stringify(progress)
          if (text === told) continue
          told = text
          yield progress
        }
      } finally {
        const left = (readers.get(id) ?? 1) - 1
        if (left === 0) readers.delete(id)
        else readers.set(id, left)
      }
    },
    requests: ({ lesson: id }, { signal }) =>
      countRequests({ now: () => liveOf(id), listen: changed.listen, clock, report }, signal),
    act: async ({ lesson, task: taskId, action: actionId, terminal: id }) => {
      const live = await need(lesson)
      const task = taskOf(live.lesson, taskId)
      const action = task.actions.find(each => each.id === actionId)
      if (action?.kind !== 'run') throw new AppError('lesson.unknown', { lesson, task: taskId, action: actionId })
      needFree(live)
      await needKubectl()
      await files.place(live.lesson)
      await settle(live, task, action)
      await type(live, id, action.text)
      return {}
    },
    solve: async ({ lesson, task: taskId, terminal: id }) => {
      const live = await need(lesson)
      const task = taskOf(live.lesson, taskId)
      needFree(live)
      await needKubectl()
      await files.place(live.lesson)
      // the answer is that it has begun; the page sees the rest as it happens
      void solve(live, task, id).catch(report)
      return {}
    },
    skip: async ({ lesson, task }) => {
      const live = await need(lesson)
      live.attempt.skip(taskOf(live.lesson, task).id)
      return {}
    },
    resetTask: async ({ lesson: id, task: taskId }) => {
      const { attempt, handle, lesson } = await need(id)
      const task = taskOf(lesson, taskId)
      const entry = attempt.record.entries?.[taskId]
      if (entry === undefined) throw new AppError('lesson.unknown', { lesson: id, task: taskId })
      attempt.rewind(task, await resetTask(lesson, attempt, { handle, clock, kept: entry.objects }))
      return {}
    },
    reset: async ({ lesson: id }) => {
      const { attempt, handle, lesson } = await need(id)
      await resetLesson(lesson, attempt.record, { handle, snapshot: () => attempt.snapshot, clock })
      attempt.restart()
      return {}
    },
    cwd: () => (opened === undefined ? undefined : files.folder(opened)),
    close: async () => {
      unwatch()
      for (const id of [...lives.keys()]) forget(id)
      await records.flush()
    },
  }
}

/** All of a lesson, patterns too, so that two can be compared. */
const wordsOf = (lesson: Lesson): string =>
  JSON.stringify(lesson, (_, value: unknown) => (value instanceof RegExp ? value.source : value))

/** A path as one word of a shell, quoted only where it must be. */
const quoted = (path: string): string => (/^[\w./@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)
