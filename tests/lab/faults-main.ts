// `npm run test:faults`: every fault at every boundary, on a machine of its own each. Prints the table; exits 1 where one is wrong.
// Words after `--` run only the faults whose name holds one of them. KHW_MACHINES: how many at once; two, unless said.

import { writeBundle } from './bundle.ts'
import { kills, troubles } from './faults.ts'
import { judgeAll, rowOf } from './judge.ts'
import { openMachine, temporaryFolder, whyNoLab } from './lab.ts'
import { applyAll, bundlePlace, journalOf, undo, withoutNetwork } from './person.ts'

const why = await whyNoLab()
if (why !== undefined) {
  console.log(`skipped: ${why}`)
  process.exit()
}

/** The journal of a run without a fault, and of its undo: their lines are the boundaries. */
const wholeRuns = async () => {
  const bundle = temporaryFolder()
  await writeBundle(bundle.path)
  const machine = await openMachine({ binds: [[bundle.path, bundlePlace]] })
  try {
    await withoutNetwork(machine)
    for (const run of [applyAll, undo]) {
      const { code, text } = await run(machine)
      if (code !== 0) throw new Error(text)
    }
    const events = journalOf(machine)
    const second = events.findLastIndex(event => event.type === 'run-started')
    return { applied: events.slice(0, second), undone: events.slice(second) }
  } finally {
    await machine.close()
    bundle.rm()
  }
}

const { applied, undone } = await wholeRuns()
const words = process.argv.slice(2)
const faults = [...troubles, ...kills(applied, 'apply'), ...kills(undone, 'undo')].filter(
  ({ name }) => words.length === 0 || words.some(word => name.includes(word)),
)
console.log(`${applied.length} lines of an installation and ${undone.length} of an undo: ${faults.length} faults\n`)
const outcomes = await judgeAll(faults, Number(process.env.KHW_MACHINES ?? 2), outcome => console.log(rowOf(outcome)))
const wrong = outcomes.filter(({ good }) => !good)
if (wrong.length > 0) console.log('\nWrong:')
for (const outcome of wrong) console.log(rowOf(outcome))
console.log(`\n${outcomes.length - wrong.length} good, ${wrong.length} wrong`)
process.exitCode = wrong.length === 0 ? 0 : 1
