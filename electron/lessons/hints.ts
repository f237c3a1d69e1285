// From the actual state to the next thing to do: an ordered table of rules; the first that fires speaks. Pure.

import type { Hint, Look, Rule } from './hint.ts'
import { exec, http, waitingService } from './hints-answers.ts'
import {
  gated,
  leavingPods,
  missing,
  needed,
  notReadyYet,
  notRun,
  otherValue,
  preexisting,
  replicas,
  sameObject,
  stillThere,
  wrongCount,
} from './hints-objects.ts'
import { trouble } from './hints-trouble.ts'
import { candidates, judgeObjects } from './judge.ts'

export const hintFor = (look: Look): Hint => {
  const own = look.gate === undefined ? ownHint(look) : undefined
  if (own !== undefined) return own
  for (const rule of rules) {
    const hint = rule(look)
    if (hint !== undefined) return hint
  }
  return { key: 'wait', values: {} }
}

/** The lesson's own rules: more exact than ours, as they know what is taught. */
const ownHint = ({ check, scene, snapshot, facts }: Look): Hint | undefined => {
  const found = check.hints.find(({ when }) => judgeObjects(when.for, candidates(when.of, scene, snapshot, facts)).passed)
  return found === undefined ? undefined : { say: found.say }
}

const rules: readonly Rule[] = [
  needed,
  gated,
  notRun,
  stillThere,
  preexisting,
  missing,
  trouble,
  leavingPods,
  wrongCount,
  replicas,
  sameObject,
  notReadyYet,
  waitingService,
  http,
  exec,
  otherValue,
]
