// What an installer step is: it inspects the machine, says what is needed as data, and is inspected again after acting.

import type { StepId } from '../contract/setup.ts'
import type { RootRequest } from './helper/verbs.ts'
import type { Machine } from './machine.ts'

/** One thing that will be done, as the plan shows it. A root command exists only as one of the helper's fixed verbs. */
export type Command = { why: string; touches: readonly string[] } & (
  | { as: 'user'; does: UserAct }
  | { as: 'root'; does: readonly Act[]; request: RootRequest }
)

/** What is really run or written; never a shell string. */
export type Act =
  | { type: 'run'; argv: readonly [string, ...string[]] }
  | { type: 'write'; path: string; mode: number; text: string }
  | { type: 'remove'; path: string }
  | { type: 'copy'; from: string; to: string }

/** What the engine does itself, as the user: known by name, so that nothing else can be asked of it. */
export type UserAct =
  | { type: 'kubeconfig-merge' }
  | { type: 'kubeconfig-remove' }
  | { type: 'shell-alias' }
  | { type: 'smoke-test' }

/** Facts for the sentences that people read: paths, names, figures. */
export type Facts = Readonly<Record<string, string | number>>

export type Finding =
  | { state: 'done'; note: string; facts?: Facts }
  | { state: 'needed'; commands: readonly Command[]; undo: readonly Command[] }
  | { state: 'blocked'; reason: string; facts?: Facts; fix: string }
  /** Not to be known yet: it needs root, or what an earlier step will bring. */
  | { state: 'later'; why: string }

export interface Step {
  id: StepId
  /** Seconds it usually takes on a laptop. */
  seconds: number
  inspect(machine: Machine): Promise<Finding>
}
