// The engine: for each step inspect, act, inspect again. It may be run again at any time, and goes on where the machine is.

import { AppError, toAppError } from '../contract/errors.ts'
import { isAsked } from '../contract/setup.ts'
import { act } from './act.ts'
import { awaitQuiet, awaitSnapd } from './follow.ts'
import { inForce, ledgerOf } from './ledger.ts'
import type { RunContext } from './run-context.ts'
import type { Finding, Step } from './step.ts'
import { takeBack } from './undo.ts'

/** A step that still finds something to do after so many rounds does not converge: that is a fault of ours, or of the machine. */
const rounds = 4

/** A blocked step as an error; the screens have its words as `setup.notes.<reason>`. */
const blocked = (step: Step, finding: Extract<Finding, { state: 'blocked' }>): AppError =>
  finding.reason === 'kubeconfig'
    ? new AppError('setup.kubeconfig', { ...finding.facts, reason: String(finding.facts?.refusal ?? '') })
    : new AppError('setup.blocked', { ...finding.facts, step: step.id, reason: finding.reason })

/** Looks; where only root can see, asks for root and looks again. */
const inspect = async (context: RunContext, step: Step): Promise<Finding> => {
  const finding = await step.inspect(context.machine, context.job())
  if (finding.state === 'blocked' && finding.reason === 'snapd-silent') {
    await awaitSnapd(context)
    return step.inspect(context.machine, context.job())
  }
  if (finding.state !== 'later' || context.machine.root) return finding
  await context.root()
  return step.inspect(context.machine, context.job())
}

/** @returns the note of a step that is done, and whether it had to act */
const bring = async (
  context: RunContext,
  step: Step,
): Promise<{ finding: Extract<Finding, { state: 'done' }>; changed: boolean }> => {
  let changed = false
  for (let round = 0; ; round++) {
    const finding = await inspect(context, step)
    if (finding.state === 'done') return { finding, changed }
    if (finding.state === 'blocked') throw blocked(step, finding)
    if (finding.state === 'later') throw new AppError('setup.blocked', { step: step.id, reason: finding.why })
    if (round === rounds) throw new AppError('setup.unproven', { step: step.id })
    // What must be known by root later is asked for before the first change, not in the middle.
    if (finding.commands.some(({ as }) => as === 'root')) await context.root()
    for (const command of finding.commands) {
      await act(context, step.id, command)
      changed = true
    }
  }
}

/** What a cut-off run intended, and what the machine shows to be so: made after all. */
const confirm = ({ journal }: RunContext, step: Step): void => {
  for (const { intended, state } of ledgerOf(journal.events))
    if (intended.step === step.id && state === 'intended')
      journal.write({ type: 'change-made', id: intended.id, after: intended.after })
}

/** Runs the steps in order until one fails or somebody asks to stop. @throws AppError of the step that failed; setup.stopped */
export const applySteps = async (context: RunContext, steps: readonly Step[]): Promise<void> => {
  const { journal, tell, clock, stop } = context
  // A killed run may have left snapd at work.
  await awaitQuiet(context)
  const { choices } = context.job()
  for (const step of steps.filter(({ id }) => isAsked(id, choices))) {
    if (stop.asked) throw new AppError('setup.stopped')
    const startedAt = clock.now()
    journal.write({ type: 'step-started', step: step.id })
    tell({ type: 'step', step: step.id, state: 'started' })
    try {
      const { finding, changed } = await bring(context, step)
      confirm(context, step)
      const ms = clock.now() - startedAt
      journal.write({ type: 'step-finished', step: step.id, outcome: 'done', ms })
      tell({ type: 'step', step: step.id, state: 'done', ms, note: finding.note, facts: finding.facts ?? {}, changed })
    } catch (error) {
      const ms = clock.now() - startedAt
      const isStop = toAppError(error).code === 'setup.stopped'
      journal.write({ type: 'step-finished', step: step.id, outcome: isStop ? 'skipped' : 'failed', ms })
      tell({ type: 'step', step: step.id, state: isStop ? 'skipped' : 'failed', ms, changed: true })
      throw error
    }
  }
  await takeBackTemporary(context)
}

/** What was only needed while it ran. */
const takeBackTemporary = async (context: RunContext): Promise<void> => {
  for (const entry of inForce(context.journal.events)) if (entry.intended.temporary) await takeBack(context, entry)
}
