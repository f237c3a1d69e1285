// `npm run soak -- --minutes 3 --seed 1`.

import { parseArgs } from 'node:util'
import { soak } from './soak.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } } })
const { actions, looks, faults, rss } = await soak(Number(values.minutes) * 60, Number(values.seed))
const [first, last] = rss.map(bytes => Math.round(bytes / 2 ** 20))
console.log(
  `${actions} actions in ${values.minutes} minutes, looked at ${looks} times, seed ${values.seed}; ${first} MiB, then ${last} MiB`,
)
console.log(faults.length === 0 ? 'every invariant held, and at rest all was as asked' : faults.join('\n'))
process.exitCode = faults.length === 0 ? 0 : 1
