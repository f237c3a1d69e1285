// `npm run fuzz -- --count 100000 --seed 1`: the full count, and what it did.

import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})
const report = await fuzz(Number(values.count), Number(values.seed), done => process.stderr.write(`${done}\n`))
const { requests, connections, codes, problems, seconds, heaps } = report
const megabytes = heaps.map(bytes => (bytes / 2 ** 20).toFixed(1))
console.log(`${requests} requests and ${connections} broken connections in ${seconds.toFixed(0)} s, seed ${values.seed}`)
console.log(
  `answers: ${Object.entries(codes)
    .map(([code, times]) => `${code} ${times}x`)
    .join(', ')}`,
)
console.log(`heap after each tenth, swept: ${megabytes.join(', ')} MiB`)
console.log(
  problems.length === 0 ? 'no crash, no hang, every refusal a Status' : `${problems.length} problems:\n${problems.join('\n')}`,
)
process.exitCode = problems.length === 0 ? 0 : 1
