// What every part of a run shares: the machine, the journal, what is told, and whether somebody asked it to stop.

import type { WireError } from '../contract/errors.ts'
import type { StepId } from '../contract/setup.ts'
import type { Clock } from '../platform/clock.ts'
import type { Job } from './job.ts'
import type { Journal } from './journal.ts'
import type { Machine } from './machine.ts'
import type { RootSession } from './privilege.ts'
import type { Facts } from './step.ts'

/** What a run waits for: `setup.waits.<code>.{what,next}` with `facts`. */
export interface Blocker {
  code: string
  facts: Facts
}

/** What a run says while it works; the command line makes prose of it, `--json` prints it. */
export type RunEvent =
  | { type: 'elevating'; how: 'root' | 'pkexec' | 'sudo' }
  | { type: 'step'; step: StepId; state: 'started' }
  | {
      type: 'step'
      step: StepId
      state: 'done' | 'failed' | 'skipped'
      ms: number
      note?: string
      facts?: Facts
      changed: boolean
    }
  | { type: 'command'; text: string; as: 'root' | 'user'; why: string }
  | { type: 'log'; line: string }
  | { type: 'progress'; done: number; total: number; label: string }
  | { type: 'wait'; code: string; facts: Facts; since: number }
  | { type: 'wait-over' }
  | { type: 'undo'; what: string; facts: Facts; state: 'started' | 'done' | 'kept'; ms: number }
  | { type: 'stopping' }
  | { type: 'ended'; ok: boolean; ms: number; error?: WireError }

export interface StopSign {
  /** Ends after the present step. */
  readonly asked: boolean
  /** Ends what is only waiting, at once. What changes the machine is never cut off. */
  readonly signal: AbortSignal
}

/** Words after the context, and what the program reads. */
export type RunKubectl = (words: readonly string[], input?: string) => Promise<{ code: number; stdout: string; stderr: string }>

export interface RunContext {
  machine: Machine
  /** Fresh each time: what has passed and what was made changes as the run goes on. */
  job(): Job
  journal: Journal
  clock: Clock
  stop: StopSign
  tell(event: RunEvent): void
  /** On the cluster that is being set up, as the user. */
  kubectl: RunKubectl
  /** Asks for root at its first use, once for the whole run. @throws AppError setup.dismissed, setup.refused … */
  root(): Promise<RootSession>
}
