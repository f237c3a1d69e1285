// The plan: every step's finding on this machine as it is now, without root and without touching anything.

import { isAsked, type PlannedStep } from '../contract/setup.ts'
import type { Job } from './job.ts'
import type { Machine } from './machine.ts'
import { plannedStep } from './shown-command.ts'
import { steps } from './steps/index.ts'

/** In the order in which they run; those that nobody asked for are left out. */
export const planSteps = (machine: Machine, job: Job): Promise<PlannedStep[]> =>
  Promise.all(
    steps.filter(({ id }) => isAsked(id, job.choices)).map(async step => plannedStep(step, await step.inspect(machine, job))),
  )

/** Whether a run would ask for root: for a command, or to look at what only root may see. */
export const needsRoot = (plan: readonly PlannedStep[]): boolean =>
  plan.some(({ state, commands }) => state === 'later' || commands.some(command => command.as === 'root'))
