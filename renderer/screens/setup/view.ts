// What the Setup screen shows of a state: which part of the way it is on, and how long each step took or may take. Pure.

import type { PlannedStep, SetupRun, SetupState, StepId } from '../../../electron/contract/setup.ts'

/** Where the user is on the way; each has its own title, sentence and next act in the locale files. */
export type Phase =
  | 'looking'
  | 'blocked'
  | 'fresh'
  | 'interrupted'
  | 'installing'
  | 'undoing'
  | 'failed'
  | 'undoFailed'
  | 'done'
  | 'adding'
  | 'undone'

/** What was asked for after an installation, and is not there yet. */
export const missingSteps = ({ plan, choices }: SetupState): PlannedStep[] =>
  plan.filter(({ id, state }) => state !== 'done' && choices.some(choice => choice.id === id))

export const phaseOf = (state: SetupState): Phase => {
  const { run, interrupted, checking, checkedAt, checks, plan, ledger } = state
  if (run && !run.ended && !interrupted) return run.kind === 'apply' ? 'installing' : 'undoing'
  if (interrupted) return 'interrupted'
  if (checkedAt === null && checking) return 'looking'
  if (run?.ended && !run.ended.ok) return run.kind === 'apply' ? 'failed' : 'undoFailed'
  if (plan.length > 0 && plan.every(({ state }) => state === 'done')) return 'done'
  if (run?.kind === 'apply' && run.ended?.ok) return missingSteps(state).length > 0 ? 'adding' : 'done'
  if (run?.kind === 'undo' && run.ended?.ok && !ledger.some(({ state }) => state === 'made')) return 'undone'
  return checks.some(({ state }) => state === 'blocker') ? 'blocked' : 'fresh'
}

/** A step of the list on the left: what the plan says of it, and what the run has made of it. */
export interface StepRow {
  id: StepId
  state: 'pending' | 'now' | 'attention' | 'ready' | 'failed' | 'skipped'
  /** Milliseconds it took, or has taken so far. */
  ms?: number
  /** Seconds it usually takes; nothing where it is done already. */
  expected: number
}

const shapes = { waiting: 'pending', now: 'now', done: 'ready', failed: 'failed', skipped: 'skipped' } as const

/** @param now milliseconds since the epoch */
export const stepRows = (plan: readonly PlannedStep[], run: SetupRun | null, now: number): StepRow[] => {
  if (!run)
    return plan.map(({ id, state, seconds }) => ({
      id,
      state: state === 'done' ? 'ready' : state === 'blocked' ? 'attention' : 'pending',
      expected: state === 'done' ? 0 : seconds,
    }))
  return run.steps.map(({ id, state, startedAt, ms }) => {
    const expected = plan.find(step => step.id === id)?.seconds ?? 0
    const isNow = state === 'now'
    return {
      id,
      state: isNow && run.wait ? 'attention' : shapes[state],
      ms: isNow && startedAt !== undefined ? Math.max(0, (run.ended?.at ?? now) - startedAt) : ms,
      expected,
    }
  })
}

/** One piece of the ruler; its width is its time. */
export interface Piece {
  id: StepId
  kind: 'done' | 'now' | 'late' | 'todo' | 'failed'
  ms: number
}

export interface Ruler {
  pieces: Piece[]
  /** Milliseconds: taken so far, still to come, and how much the present step is over its time. */
  elapsed: number
  rest: number
  late: number
}

/** Steps that are over take the time they took; the present one its usual time and what it is over; the rest what they usually take. */
export const rulerOf = (rows: readonly StepRow[]): Ruler => {
  const pieces: Piece[] = []
  let elapsed = 0
  let rest = 0
  let late = 0
  for (const { id, state, ms = 0, expected } of rows) {
    const usual = expected * 1000
    if (state === 'ready' || state === 'skipped') {
      if (ms > 0) pieces.push({ id, kind: 'done', ms })
      elapsed += ms
    } else if (state === 'now' || state === 'attention' || state === 'failed') {
      const over = Math.max(0, ms - usual)
      const isFailed = state === 'failed'
      if (ms > 0) pieces.push({ id, kind: isFailed ? 'failed' : 'now', ms: ms - over })
      if (over > 0) pieces.push({ id, kind: isFailed ? 'failed' : 'late', ms: over })
      if (ms < usual) pieces.push({ id, kind: 'todo', ms: usual - ms })
      elapsed += ms
      rest += Math.max(0, usual - ms)
      if (!isFailed) late = over
    } else {
      if (usual > 0) pieces.push({ id, kind: 'todo', ms: usual })
      rest += usual
    }
  }
  return { pieces, elapsed, rest, late }
}

/** The step to show when the user has chosen none: the present one, the one that failed, else the first that is still needed. */
export const stepInFocus = (rows: readonly StepRow[]): StepId | undefined =>
  (
    rows.find(({ state }) => state === 'now' || state === 'attention' || state === 'failed') ??
    rows.find(({ state }) => state === 'pending') ??
    rows[0]
  )?.id

/** How many commands the plan has, and how many of them as root: what the user consents to. */
export const countCommands = (plan: readonly PlannedStep[]): { all: number; root: number } => {
  const commands = plan.filter(({ state }) => state !== 'done').flatMap(step => step.commands)
  return { all: commands.length, root: commands.filter(({ as }) => as === 'root').length }
}

/** Minutes and seconds as on a stop watch. @param ms milliseconds */
export const stopWatch = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
