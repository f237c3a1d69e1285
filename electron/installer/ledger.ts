// Reads the journal's events: which changes are in force, which run was the last, which steps have passed. All pure.

import type { ErrorCode } from '../contract/errors.ts'
import { errorIds } from '../contract/errors.ts'
import { type Choice, isAsked, type SetupChange, type SetupRun, type StepId, stepIds } from '../contract/setup.ts'
import type { Aim, Job } from './job.ts'
import type { JournalEvent } from './journal.ts'

export type Intended = Extract<JournalEvent, { type: 'change-intended' }>

/** One change with all that became of it. */
export interface LedgerEntry {
  intended: Intended
  state: 'intended' | 'made' | 'undone'
  after: string
}

/** In the order in which they were intended. */
export const ledgerOf = (events: readonly JournalEvent[]): LedgerEntry[] => {
  const entries = new Map<string, LedgerEntry>()
  for (const event of events) {
    if (event.type === 'change-intended') entries.set(event.id, { intended: event, state: 'intended', after: event.after })
    if (event.type !== 'change-made' && event.type !== 'change-undone') continue
    const entry = entries.get(event.id)
    if (entry === undefined) continue
    entry.state = event.type === 'change-made' ? 'made' : 'undone'
    if (event.type === 'change-made') entry.after = event.after
  }
  return [...entries.values()]
}

/** What is made and not undone, by name; the last of a name also by each word of its `print`: `bundle-staged microk8s.snap:1f2e3d`. */
export const madeOf = (events: readonly JournalEvent[]): ReadonlySet<string> => {
  const last = new Map<string, string>()
  for (const { state, intended } of ledgerOf(events))
    if (state === 'made') last.set(intended.what, String(intended.facts.print ?? ''))
  return new Set([...last].flatMap(([what, print]) => [what, ...print.split(' ').map(word => `${what} ${word}`)]))
}

/** What undo would take back: the last change first. */
export const inForce = (events: readonly JournalEvent[]): LedgerEntry[] =>
  ledgerOf(events)
    .filter(({ state }) => state !== 'undone')
    .toReversed()

/** How the machine was before the first change that is still in force; undefined where none was written down. */
export const baselineOf = (events: readonly JournalEvent[]): Readonly<Record<string, string>> | undefined =>
  events.flatMap(event => (event.type === 'run-started' && event.baseline ? [event.baseline] : [])).at(-1)

/** Steps that passed since the last undo began. */
export const passedOf = (events: readonly JournalEvent[]): Set<StepId> => {
  const passed = new Set<StepId>()
  for (const event of events) {
    if (event.type === 'run-started' && event.kind === 'undo') passed.clear()
    if (event.type === 'step-finished' && event.outcome === 'done') passed.add(event.step)
    if (event.type === 'step-finished' && event.outcome === 'failed') passed.delete(event.step)
  }
  return passed
}

/** What was asked for since the last undo began. */
export const choicesOf = (events: readonly JournalEvent[]): Set<Choice> => {
  const starts = events.filter(event => event.type === 'run-started')
  const since = starts.slice(starts.findLastIndex(({ kind }) => kind === 'undo') + 1)
  return new Set(since.flatMap(({ choices = [] }) => choices))
}

/** With what the journal knows of earlier runs; what one of them was asked for is asked for still. */
export const makeJob = (aim: Aim, events: readonly JournalEvent[]): Job => ({
  ...aim,
  choices: new Set([...aim.choices, ...choicesOf(events)]),
  passed: passedOf(events),
  made: madeOf(events),
})

const changeOf = ({ intended, state, after }: LedgerEntry): SetupChange => {
  const { id, step, what, facts, before, at, losesData } = intended
  return { id, step, what, facts, before, after, at, state, ...(losesData ? { losesData } : {}) }
}

const isErrorCode = (code: string): code is ErrorCode => code in errorIds

export interface Summary {
  run: SetupRun | null
  /** The last run ended without saying so; whether its engine is still at work, the lock tells. */
  open: boolean
  ledger: SetupChange[]
}

/** The last run and the ledger, in the contract's shapes. */
export const summarise = (events: readonly JournalEvent[]): Summary => {
  const started = events.findLast(event => event.type === 'run-started')
  const ledger = ledgerOf(events).map(changeOf)
  if (started?.type !== 'run-started') return { run: null, open: false, ledger }
  const own = events.filter(event => event.run === started.run)
  const ended = own.find(event => event.type === 'run-ended')
  const asked = choicesOf(events)
  const taken = stepIds.filter(id => isAsked(id, asked))
  const steps = taken.map((id): SetupRun['steps'][number] => {
    const began = own.findLast(event => event.type === 'step-started' && event.step === id)
    const finished = own.findLast(event => event.type === 'step-finished' && event.step === id)
    if (finished?.type === 'step-finished')
      return { id, state: finished.outcome, startedAt: finished.at - finished.ms, ms: finished.ms }
    if (began !== undefined && ended === undefined) return { id, state: 'now', startedAt: began.at }
    return { id, state: ended?.type === 'run-ended' && ended.ok ? 'skipped' : 'waiting' }
  })
  const run: SetupRun = { id: started.run, kind: started.kind, terminal: null, startedAt: started.at, steps, stopping: false }
  if (ended?.type === 'run-ended') {
    const error = ended.error
    const known = error !== undefined && isErrorCode(error.code) ? { error: { ...error, code: error.code } } : {}
    run.ended = { at: ended.at, ok: ended.ok, ...known }
  }
  return { run, open: ended === undefined, ledger }
}
