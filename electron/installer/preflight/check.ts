// A pre-flight check: one look at the machine, without root and without a change, and what it means.

import type { CheckResult, Choice } from '../../contract/setup.ts'
import { type Bundle, bundledSnap } from '../job.ts'
import type { Machine } from '../machine.ts'
import type { Facts } from '../step.ts'

/** What Setup is going to do, as far as checks must know it. */
export interface Aim {
  /** The folder of the offline bundle; undefined where everything comes from the store. */
  bundle?: string | undefined
  /** Version of the MicroK8s in it. */
  offered?: string | undefined
  /** Where the application runs from; under an AppImage's mount root cannot read it. */
  application?: string
  /** What was asked for, and will be carried out. */
  choices?: ReadonlySet<Choice>
}

export const aimOf = (bundle: Bundle | undefined, choices: ReadonlySet<Choice>): Aim => ({
  bundle: bundle?.folder,
  offered: bundledSnap('microk8s', { bundle })?.version,
  choices,
})

export type Found = Pick<CheckResult, 'state' | 'fix' | 'choice'> & { facts?: Facts }

export interface Check {
  /** Words: `setup.checks.<id>.{title,<state>,fix}`; a fact named `context` chooses `<state>_<context>`, as i18next does. */
  id: string
  look(machine: Machine, aim: Aim): Promise<Found>
}

export const pass = (facts: Facts = {}): Found => ({ state: 'pass', facts })
export const warn = (facts: Facts = {}, fix?: Found['fix']): Found => ({ state: 'warning', facts, ...(fix && { fix }) })
export const block = (facts: Facts = {}, fix: Found['fix'] = 'yours'): Found => ({ state: 'blocker', facts, fix })
export const unknown = (facts: Facts = {}): Found => ({ state: 'unknown', facts })

/** A file's lines; none where it cannot be read. */
export const linesOf = async (machine: Machine, path: string): Promise<string[]> =>
  ((await machine.read(path)) ?? '').split('\n').filter(line => line.trim() !== '')

export const gigabytes = (bytes: number): number => Math.round(bytes / 1e8) / 10
