// One attempt at a lesson on one cluster: looks whenever something changes, and asks Pods while their step is current.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { Kind, KubeObject } from '../contract/cluster.ts'
import { diagnosisKinds } from '../diagnosis/diagnose.ts'
import { type Answer, candidates, type ExecTest, type HttpTest, isAsked, type RanCommand } from './judge.ts'
import { type Check, checksOf, type Lesson, type Ref, type Task } from './lesson.ts'
import { foreignObjects, resume, takeIn, under } from './ownership.ts'
import { isLeaving, isReady } from './pods.ts'
import { advance, leaveTask, noteCommand, type TaskView } from './progress.ts'
import { currentTask, emptyRecord, type LessonRecord } from './record.ts'
import { noteSteps, rewind } from './steps.ts'

type Said = Omit<Answer, 'pod' | 'uid'>

export interface AttemptDeps {
  lesson: Lesson
  record?: LessonRecord
  /** uids that other lessons of ours made on this cluster: this one may go on with them. */
  lent?: ReadonlySet<string>
  /** Tells each new snapshot of these kinds, the first as soon as it is known. */
  subscribe(kinds: readonly Kind[], listener: (snapshot: Snapshot) => void): () => void
  /** GET to a Pod or a Service. Never rejects. */
  probe(of: KubeObject, port: number, path: string, signal: AbortSignal): Promise<Said>
  /** Runs a command in a Pod. Never rejects. */
  exec(pod: KubeObject, command: readonly string[], signal: AbortSignal): Promise<Said>
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export interface Attempt {
  readonly record: LessonRecord
  /** Empty until the cluster has been seen. */
  readonly tasks: readonly TaskView[]
  /** The cluster's objects as last seen. */
  readonly snapshot: Snapshot | undefined
  /** Objects in the lesson's way: they bear its names and were there before it. */
  readonly foreign: readonly KubeObject[]
  onChange(listener: () => void): () => void
  /** A command line began (no exit code yet) or ended. */
  command(command: { line: string; startedAt: number; exitCode?: number; ms?: number }): void
  /** Moves on from the current task: done where its checks pass, else skipped. */
  skip(task: string): void
  /** Opens a step again, and those after it; `restored` are the uids of objects that were made again for it. */
  rewind(task: Task, restored: readonly string[]): void
  /** Forgets all progress; what is there now counts as there before. */
  restart(): void
  stop(): void
}

/** Hints and diagnoses look at these, whatever the lesson is about. */
const always: readonly Kind[] = [...diagnosisKinds, 'ConfigMap']
/** Between two rounds of questions to the same Pods: at least, and at most while nothing changes. */
const soonMs = 100
const lateMs = 4_000
const commandsKept = 100
/** Ten Pods behind a Service, asked so often for each different answer wanted: fewer by chance once in a million rounds. */
const askedPerVariety = 8

export const kindsOf = (lesson: Lesson): Kind[] => {
  const tested = checksOf(lesson).flatMap(({ test }): Ref[] => (test.type === 'ran' ? [] : [test.of]))
  return [...new Set([...always, ...[...tested, ...lesson.needs, ...lesson.creates].map(ref => ref.kind)])]
}

export const createAttempt = ({ lesson, record: kept, lent, subscribe, probe, exec, now, sleep }: AttemptDeps): Attempt => {
  let record = kept ?? emptyRecord
  let tasks: readonly TaskView[] = []
  let snapshot: Snapshot | undefined
  let commands: RanCommand[] = []
  const answers = new Map<string, readonly Answer[]>()
  const listeners = new Set<() => void>()
  const stopped = new AbortController()
  let wake = (): void => {}
  let isResumed = false

  const look = (): void => {
    const before = currentTask(lesson, record)
    if (snapshot !== undefined) {
      record = isResumed ? record : resume(lesson, record, snapshot, lent)
      isResumed = true
      record = noteSteps(lesson, takeIn(lesson, record, snapshot), snapshot, now())
      ;({ record, tasks } = advance(lesson, record, snapshot, { answers, commands, now: now() }))
      record = noteSteps(lesson, record, snapshot, now())
    }
    // a command of an earlier task is no proof of having looked in this one
    if (currentTask(lesson, record) !== before) commands = []
    for (const listener of [...listeners]) listener()
  }

  /** Checks of the current task that want an answer and do not have it for good. */
  const questions = (): Check[] =>
    (currentTask(lesson, record)?.checks ?? []).filter(
      check => isAsked(check.test) && !(check.once && record.passed[check.id] !== undefined),
    )

  /** One question to one object; where the answers are to vary, as often as it takes to be all but sure. */
  const questionTo = async (object: KubeObject, test: HttpTest | ExecTest): Promise<Said> => {
    if (test.type === 'exec') return exec(object, test.command, stopped.signal)
    const times = test.varies === 1 ? 1 : test.varies * askedPerVariety
    const said = await Promise.all(Array.from({ length: times }, () => probe(object, test.port, test.path, stopped.signal)))
    const bad = said.find(({ status }) => status !== test.status)
    const bodies = [...new Set(said.map(({ body = '' }) => body))].sort()
    return bad ?? (times === 1 ? said[0]! : { ...said[0], body: bodies[0], bodies })
  }

  /** Asks every Service and every Pod that is Ready, each answer counting as it comes; true where one is not the one before. */
  const ask = async (check: Check): Promise<boolean> => {
    const { test } = check
    if (!isAsked(test) || snapshot === undefined) return false
    const facts = { before: new Set(record.before), moments: new Map(), answers, commands }
    // nothing is sent to what the lesson did not make: opening a lesson must not run anything in somebody's Pods
    const isOwn = under(new Set(record.own), snapshot)
    const pods = candidates(test.of, lesson, snapshot, facts).filter(
      each => (each.kind !== 'Pod' || isReady(each)) && !isLeaving(each) && isOwn(each),
    )
    const uids = new Set(pods.map(({ metadata }) => metadata.uid))
    const isOf = (answer: Answer): boolean => uids.has(answer.uid)
    answers.set(check.id, (answers.get(check.id) ?? []).filter(isOf))
    const news = await Promise.all(
      pods.map(async pod => {
        const said = await questionTo(pod, test)
        const answer = { ...said, pod: pod.metadata.name, uid: pod.metadata.uid }
        const known = answers.get(check.id) ?? []
        const before = known.find(each => each.uid === answer.uid)
        if (stopped.signal.aborted || JSON.stringify(before) === JSON.stringify(answer)) return false
        answers.set(check.id, [...known.filter(each => each !== before), answer])
        look()
        return true
      }),
    )
    return news.includes(true)
  }

  const keepAsking = async (): Promise<void> => {
    let pause = soonMs
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>(resolve => {
        wake = resolve
      })
      const asked = await Promise.all(questions().map(ask))
      if (stopped.signal.aborted) return
      await sleep(soonMs, stopped.signal)
      pause = asked.includes(true) ? soonMs : Math.min(pause * 2, lateMs)
      const rest = new AbortController()
      await Promise.race([
        woken,
        asked.length === 0 ? woken : sleep(pause, AbortSignal.any([stopped.signal, rest.signal])).catch(() => undefined),
      ])
      rest.abort()
    }
  }

  const unsubscribe = subscribe(kindsOf(lesson), next => {
    snapshot = next
    look()
    wake()
  })
  keepAsking().catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error
  })

  return {
    get record() {
      return record
    },
    get tasks() {
      return tasks
    },
    get snapshot() {
      return snapshot
    },
    get foreign() {
      return snapshot === undefined ? [] : foreignObjects(lesson, record, snapshot)
    },
    onChange: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    command: command => {
      const { line, exitCode } = command
      record = noteCommand(lesson, record, command)
      if (exitCode !== undefined) commands = [...commands, { line, exitCode }].slice(-commandsKept)
      look()
      wake()
    },
    skip: task => {
      const view = tasks.find(candidate => candidate.task.id === task)
      if (view?.state !== 'now') return
      record = leaveTask(record, view)
      look()
      wake()
    },
    rewind: (task, restored) => {
      record = rewind(lesson, record, task, restored)
      commands = []
      for (const check of task.checks) answers.delete(check.id)
      look()
      wake()
    },
    restart: () => {
      record = emptyRecord
      isResumed = false
      commands = []
      answers.clear()
      look()
      wake()
    },
    stop: () => {
      stopped.abort()
      unsubscribe()
      listeners.clear()
      wake()
    },
  }
}
