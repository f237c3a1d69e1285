// `npm run crash -- --count N --seed S`: the long form of the crash test.

import { parseArgs } from 'node:util'
import { crash } from './crash.ts'

const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const say = (line: string) => process.stdout.write(`${line}\n`)
say(`seed ${seed}`)
const { kills, acknowledged, lost, isReady } = await crash({ count: Number(values.count ?? 100), seed, say })
for (const line of lost) say(line)
say(`${kills} kills, ${acknowledged} answered writes, ${lost.length} lost, ${isReady ? 'ready again' : 'NOT ready again'}`)
process.exitCode = lost.length === 0 && isReady ? 0 : 1
