// Setup: from a bare Ubuntu to a ready MicroK8s, and back. The page names what it wants; the host owns every command.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import type { ErrorCode } from './errors.ts'
import { id, nothing, wireError } from './shapes.ts'

/** In the order in which they run. */
export const stepIds = [
  'bundle',
  'forwarding',
  'forward-rules',
  'route',
  'images',
  'launch',
  'base',
  'microk8s',
  'renew',
  'hold',
  'ready',
  'addons',
  'kubeconfig',
  'kubectl',
  'group',
  'alias',
  'pods',
  'hello',
] as const
export const stepId = z.enum(stepIds)
export type StepId = z.infer<typeof stepId>

/** Steps that are taken only where somebody asks for them; an asked one stays asked until all is undone. */
export const choices = ['route', 'renew', 'group', 'alias'] as const satisfies readonly StepId[]
export const choice = z.enum(choices)
export type Choice = z.infer<typeof choice>

/** Whether a run with these choices takes this step. */
export const isAsked = (step: StepId, asked: ReadonlySet<StepId>): boolean =>
  asked.has(step) || !choices.some(name => name === step)

/** Facts for a locale file's sentence. */
const facts = z.record(z.string(), z.union([z.string(), z.number()]))

/** One pre-flight check: its words are `setup.checks.<id>.<state>` with `facts`. */
export const checkResult = z.object({
  id,
  state: z.enum(['pass', 'warning', 'blocker', 'unknown']),
  facts,
  /** `ours`: one click, reversible, and in the ledger. `yours`: the words say what to do. */
  fix: z.optional(z.enum(['ours', 'yours'])),
  /** A step that would settle it, once somebody asks for it. */
  choice: z.optional(choice),
})
export type CheckResult = z.infer<typeof checkResult>

/** A command as people read it: an argv joined for display, or a file and its text. */
export const shownCommand = z.object({
  text: z.string(),
  as: z.enum(['user', 'root']),
  /** Key of the sentence `setup.why.<why>`. */
  why: z.string(),
  touches: z.array(z.string()),
  content: z.optional(z.string()),
})
export type ShownCommand = z.infer<typeof shownCommand>

export const plannedStep = z.object({
  id: stepId,
  state: z.enum(['done', 'needed', 'blocked', 'later']),
  /** `setup.notes.<note>`: why it is done, blocked or not known yet. */
  note: z.optional(z.string()),
  facts,
  commands: z.array(shownCommand),
  undo: z.array(shownCommand),
  seconds: z.number(),
})
export type PlannedStep = z.infer<typeof plannedStep>

/** What a run waits for, named: `setup.waits.<code>.{what,next}` with `facts`. */
export const wait = z.object({ code: z.string(), facts, since: z.number() })

/** What a wait of a code ends in once it has lasted too long; `stall.unknown` for all others. */
export const waitErrors: Readonly<Record<string, ErrorCode>> = {
  route: 'stall.route',
  service: 'stall.service',
  pod: 'stall.pod',
  crash: 'stall.pod',
  image: 'stall.image',
  disk: 'stall.disk',
  archive: 'stall.archive',
  stopped: 'stall.stopped',
}

export const run = z.object({
  id,
  kind: z.enum(['apply', 'undo']),
  /** The visible terminal in which it runs; null where somebody runs it outside of this application. */
  terminal: z.nullable(id),
  startedAt: z.number(),
  steps: z.array(
    z.object({
      id: stepId,
      state: z.enum(['waiting', 'now', 'done', 'failed', 'skipped']),
      startedAt: z.optional(z.number()),
      ms: z.optional(z.number()),
    }),
  ),
  /** snapd's tasks, Pods, images: done of total, and the words of what is being done. */
  progress: z.optional(z.object({ done: z.number(), total: z.number(), label: z.string() })),
  wait: z.optional(wait),
  /** It stops after the present step. */
  stopping: z.boolean(),
  ended: z.optional(z.object({ at: z.number(), ok: z.boolean(), error: z.optional(wireError) })),
})
export type SetupRun = z.infer<typeof run>

/** One change of the machine: `setup.changes.<what>` with `facts`. Times are milliseconds since the epoch. */
export const change = z.object({
  id,
  step: stepId,
  what: z.string(),
  facts,
  before: z.string(),
  after: z.string(),
  at: z.number(),
  state: z.enum(['intended', 'made', 'undone']),
  /** Undoing it deletes data, such as volumes. */
  losesData: z.optional(z.boolean()),
})
export type SetupChange = z.infer<typeof change>

/** What is lost when these are undone: all that is in MicroK8s, or what is newer than its renewal. `screen.undo.loss.<loss>`. */
export const lossesOf = (changes: readonly Pick<SetupChange, 'what' | 'losesData'>[]): ('all' | 'newer')[] => {
  const lost = new Set(changes.filter(({ losesData }) => losesData).map(({ what }) => what))
  const isRenewed = lost.delete('microk8s-renewed')
  const isRemoved = lost.has('microk8s-installed')
  return [...(lost.size > 0 ? (['all'] as const) : []), ...(isRenewed && !isRemoved ? (['newer'] as const) : [])]
}

export const setupState = z.object({
  checking: z.boolean(),
  checkedAt: z.nullable(z.number()),
  checks: z.array(checkResult),
  plan: z.array(plannedStep),
  /** What was asked for beyond the plan that everybody gets. `kept`: a run has begun with it, and undo is the way back. */
  choices: z.array(z.object({ id: choice, kept: z.boolean() })),
  /** Folders of offline bundles: the one that came along or was named at the start, others found on this machine, the one chosen of these. */
  bundles: z.object({ own: z.optional(z.string()), found: z.array(z.string()), chosen: z.optional(z.string()) }),
  run: z.nullable(run),
  /** A run that ended without saying so: the next one goes on from there. */
  interrupted: z.boolean(),
  ledger: z.array(change),
})
export type SetupState = z.infer<typeof setupState>

/** Of the terminal that will show it. */
const size = { cols: z.number().check(z.gte(2), z.lte(1000)), rows: z.number().check(z.gte(1), z.lte(500)) }

export const setup = {
  /** All of it, again whenever any of it changes. */
  state: stream(nothing, setupState),
  /** Looks at the machine again. */
  check: call(nothing, nothing),
  /** Asks for a step that only some want, or thinks better of it; one that was carried out is taken back by undo. */
  choose: call(z.object({ choice, on: z.boolean() }), nothing),
  /** Installs from one of the bundles found, or not from any of them; the host takes no other folder. */
  takeBundle: call(z.object({ folder: z.optional(z.string()) }), nothing),
  /** Carries out the plan, or takes everything back, in a terminal of its own that shows it. */
  start: call(z.object({ kind: z.enum(['apply', 'undo']), ...size }), z.object({ terminal: id })),
  /** MicroK8s from day to day, each in a terminal of its own that shows it. */
  manage: call(z.object({ verb: z.enum(['start', 'stop', 'inspect', 'add-node']), ...size }), z.object({ terminal: id })),
  /** Makes this machine a node of another one's cluster. The host checks the invitation before it is a word of a command. */
  join: call(
    z.object({ invitation: z.string().check(z.minLength(1), z.maxLength(300)), worker: z.boolean(), ...size }),
    z.object({ terminal: id }),
  ),
  /** Ends the run after its present step. */
  stop: call(nothing, nothing),
  /** What a bug report needs, private words taken out, for the user to read before it is saved. */
  diagnostics: call(nothing, z.object({ text: z.string(), file: z.string() })),
}
