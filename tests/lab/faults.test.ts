// The short form of `npm run test:faults`: one of each kind of fault, so that the next run is seen to complete or take back.

import { describe, expect, test } from 'vitest'
import { type Fault, kills, troubles } from './faults.ts'
import { judge, rowOf } from './judge.ts'
import { whyNoLab } from './lab.ts'

const why = await whyNoLab()

const named = (name: string): Fault => {
  const found = troubles.find(fault => fault.name === name)
  if (!found) throw new Error(`no fault is named ${name}`)
  return found
}

/** The instants at which most is at stake; the long form walks all of them. */
const short: readonly Fault[] = [
  ...kills([{ type: 'step-started', at: 0, run: '', step: 'bundle' }], 'apply').slice(0, 1),
  named('the plug is pulled while snapd installs'),
  named("a snap's install hook fails"),
  named('a corrupt archive of images'),
  named("a full disk in the user's home"),
]

describe.skipIf(why !== undefined)(`faults${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  for (const fault of short)
    test(fault.name, async () => {
      const outcome = await judge(fault)
      expect(outcome.good, rowOf(outcome)).toBe(true)
    })
})
