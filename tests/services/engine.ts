// Stands in for `khw setup apply`: writes the real journal, lock and progress as the engine does, changes nothing, and does as it is told.
// node engine.ts FOLDER (setup apply --yes): one line typed to it ends the present step; `fail` fails it.

import { createInterface } from 'node:readline'
import { openJournal } from '../../electron/installer/journal.ts'
import { createProgressWriter, lockFile, stopFile } from '../../electron/installer/progress.ts'
import { readText } from '../../electron/platform/files.ts'
import { takeLock } from '../../electron/platform/lock.ts'

const [folder = ''] = process.argv.slice(2)
const lock = await takeLock(`${folder}/${lockFile}`)
if (!lock.held) process.exit(1)
const run = `r${Date.now().toString(36)}`
const journal = await openJournal(folder, run, Date.now)
const progress = createProgressWriter(folder, error => console.error(error))
journal.write({ type: 'run-started', kind: 'apply', pid: process.pid })
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
let ok = true
for (const step of ['forwarding', 'microk8s'] as const) {
  if ((await readText(`${folder}/${stopFile}`)) !== undefined) break
  journal.write({ type: 'step-started', step })
  const wait = { code: 'image', facts: { image: 'pause' }, since: Date.now() }
  progress.set({
    run,
    pid: process.pid,
    kind: 'apply',
    steps: [],
    progress: { done: 1, total: 18, label: 'Mount snap' },
    wait,
    stopping: false,
    log: '',
  })
  console.log(`working on ${step}`)
  const id = `${step}-1`
  journal.write({ type: 'change-intended', id, step, what: 'forwarding', facts: {}, before: '0', after: '1', undo: [] })
  const { value } = await lines.next()
  ok = value !== 'fail'
  if (ok) journal.write({ type: 'change-made', id, after: '1' })
  journal.write({ type: 'step-finished', step, outcome: ok ? 'done' : 'failed', ms: 5 })
  if (!ok) break
}
journal.write({ type: 'run-ended', ok, ...(ok ? {} : { error: { code: 'setup.blocked', details: { step: 'x', words: 'y' } } }) })
journal.close()
await progress.close()
await lock.release()
process.exit(ok ? 0 : 1)
