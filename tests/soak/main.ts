// `npm run soak -- --minutes 3 --seed 1`.

import { parseArgs } from 'node:util'
import { soak, type Weight } from './soak.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } } })
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
const tell = ({ seconds, revision, heap, rss }: Weight) =>
  console.log(
    `${String(seconds).padStart(5)} s  revision ${String(revision).padEnd(7)} heap, swept: ${megabytes(heap)}, held: ${megabytes(rss)}`,
  )
const { actions, done, looks, faults } = await soak(Number(values.minutes) * 60, Number(values.seed), tell)
console.log(`${actions} actions in ${values.minutes} minutes, looked at ${looks} times, seed ${values.seed}`)
console.log(
  Object.entries(done)
    .map(([name, times]) => `${name} ${times}x`)
    .join(', '),
)
console.log(faults.length === 0 ? 'every invariant held, and at rest all was as asked' : faults.join('\n'))
process.exitCode = faults.length === 0 ? 0 : 1
