// What an installer step is: it inspects the machine, says what is needed as data, and is inspected again after acting.

import type { StepId } from '../contract/setup.ts'
import type { RootRequest } from './helper/verbs.ts'
import type { Job } from './job.ts'
import type { Machine } from './machine.ts'

/** Facts for the sentences that people read: paths, names, figures. */
export type Facts = Readonly<Record<string, string | number>>

/** What the engine does itself, as the user: known by name, so that nothing else can be asked of it. */
export type UserAct =
  | { type: 'kubeconfig-merge' }
  /** `record` is the kubeconfig room's own; without it ours is known by its mark. `folder`: made for the file, to go with it. */
  | { type: 'kubeconfig-remove'; record?: unknown; folder?: string }
  | { type: 'alias-add'; path: string }
  /** `made`: there was no such file before. */
  | { type: 'alias-remove'; path: string; made: boolean }
  | { type: 'wait-ready' }
  | { type: 'wait-images' }
  | { type: 'wait-addons' }
  | { type: 'wait-pods' }
  | { type: 'hello-run'; image: string }
  | { type: 'hello-remove' }

export type Doing = { as: 'root'; request: RootRequest } | { as: 'user'; does: UserAct }

/** A command that changes the machine says so before it is done: what the ledger keeps, and what takes it back. */
export interface ChangeSpec {
  /** `setup.changes.<what>` with `facts`. */
  what: string
  facts?: Facts
  before: string
  after: string
  /** Each can be repeated, and does nothing where there is nothing left to undo. */
  undo: readonly Doing[]
  /** Undoing it deletes data, such as volumes. */
  losesData?: boolean
  /** Only needed while Setup runs: taken back when a run ends well. */
  temporary?: boolean
  /** Gone by itself when MicroK8s is removed. */
  goesWith?: 'microk8s'
}

/** One thing that will be done, as the plan shows it. `why` is the sentence `setup.why.<why>`. */
export type Command = Doing & { why: string; touches: readonly string[]; change?: ChangeSpec }

export type Finding =
  | { state: 'done'; note: string; facts?: Facts }
  | { state: 'needed'; commands: readonly Command[] }
  | { state: 'blocked'; reason: string; facts?: Facts }
  /** Not to be known yet: it needs root, or what an earlier step will bring. `likely`: what it will come to on a new machine. */
  | { state: 'later'; why: string; likely: readonly Command[] }

export interface Step {
  id: StepId
  /** Seconds it usually takes on a laptop. */
  seconds: number
  /** Looks, and decides; changes nothing. */
  inspect(machine: Machine, job: Job): Promise<Finding>
}
