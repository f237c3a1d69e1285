// Thousands of kubeconfig cases: `node tests/installer/kubeconfig/main.ts [cases] [seed]`; prints what it has tried, exits with 1 where anything was lost.

import { createKubectlFinder } from '../../../electron/platform/kubectl.ts'
import { act } from './acting.ts'
import { examineMany } from './cases.ts'
import { killedAfter, killedInside, withKubectl } from './together.ts'

const [count = '10000', first = '1'] = process.argv.slice(2)
const cases = Number(count)
const seed = Number(first)
let failed = 0
const complain = (words: string) => {
  failed++
  console.error(words)
}

const report = examineMany(cases, seed)
console.log(`${report.cases} texts: ${report.merged} merged and taken out again, ${report.refused} refused`)
for (const { seed: at, style, wrong } of report.failures) complain(`seed ${at} (${style}): ${wrong}`)

const kinds = new Map<string, number>()
const files = Math.ceil(cases / 5)
for (let number = 0; number < files; number++) {
  const { what, wrong } = await act(seed + number)
  const kind = what.split(',', 2).join(',')
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  if (wrong !== undefined) complain(`seed ${seed + number} (${what}): ${wrong}`)
}
console.log(`${files} files of ${kinds.size} kinds (links, modes, owners, locks, other writers, sudden ends)`)

const inside = await killedInside()
if (inside.left.join() !== 'config,config.khw-notes') complain(`left behind: ${inside.left}`)
const ends: Record<string, number> = {}
for (let ms = 0; ms < 400; ms += 400 / Math.ceil(cases / 50)) {
  const end = await killedAfter(ms)
  ends[end] = (ends[end] ?? 0) + 1
  if (end !== 'before' && end !== 'after') complain(`killed after ${ms} ms: ${end}`)
}
console.log(`killed at any instant, file as before or after: ${JSON.stringify(ends)}`)

const kubectl = await createKubectlFinder()()
if (kubectl === undefined) console.log('skipped: no kubectl here to write beside us')
else {
  const { set, tries, missing, left } = await withKubectl(kubectl.path, Math.ceil(cases / 100))
  console.log(
    `${set} writes by kubectl ${kubectl.version} beside two of us, ${tries - set} times it met our lock; missing: ${missing.length}`,
  )
  if (missing.length + left.length > 0) complain(`missing: ${missing}; left: ${left}`)
}
console.log(`${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
