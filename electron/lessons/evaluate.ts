// evaluate(check, snapshot, facts): has it passed, what was seen, and what would help. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { Diagnosis } from '../contract/diagnosis.ts'
import type { Hint } from './hint.ts'
import { hintFor } from './hints.ts'
import { troubleOf } from './hints-trouble.ts'
import { type Facts, type Judgement, judge, type Scene } from './judge.ts'
import type { Check } from './lesson.ts'

export interface Verdict extends Judgement {
  /** Always there when the check has not passed. */
  hint?: Hint
  /** Why an object of the check is not ready, where something keeps it from getting there. */
  why?: Diagnosis
}

export const evaluate = (check: Check, scene: Scene, snapshot: Snapshot, facts: Facts): Verdict => {
  const gate = [check.after, check.since].find(id => id !== undefined && !facts.moments.has(id))
  const verdict = gate === undefined ? judge(check, scene, snapshot, facts) : { passed: false }
  if (verdict.passed) return verdict
  const why = gate === undefined ? troubleOf({ check, scene, snapshot }) : undefined
  return { ...verdict, hint: hintFor({ check, scene, snapshot, facts, gate }), ...(why && { why }) }
}
