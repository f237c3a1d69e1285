// The lab's cache does not grow for ever: what nobody asks for any more goes, what anybody still uses stays.

import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from './lab.ts'
import { prune } from './layers.ts'

const { path, rm } = temporaryFolder()
afterEach(rm)

const day = 24 * 3600
const now = 1_800_000_000
const layer = (letter: string) => `baked-${letter.repeat(16)}`
const make = (name: string, daysAgo: number) => {
  mkdirSync(join(path, name, 'inside'), { recursive: true })
  utimesSync(join(path, name), now - daysAgo * day, now - daysAgo * day)
}
const stamp = (name: string, daysAgo: number) => {
  writeFileSync(join(path, `${name}.used`), '')
  utimesSync(join(path, `${name}.used`), now - daysAgo * day, now - daysAgo * day)
}

test('layers of a week ago go, with their stamps; those in use, those being made and strangers stay', () => {
  make(layer('a'), 30)
  stamp(layer('a'), 8)
  make(layer('b'), 30)
  stamp(layer('b'), 6)
  make(layer('c'), 8)
  make(layer('d'), 1)
  make(`${layer('e')}.${process.pid}-1`, 30)
  make(`${layer('f')}.999999999-1`, 0)
  make('somebody-elses', 99)
  expect(prune(path, now * 1000).sort()).toEqual([layer('a'), layer('c'), `${layer('f')}.999999999-1`])
  expect(readdirSync(path).sort()).toEqual([
    layer('b'),
    `${layer('b')}.used`,
    layer('d'),
    `${layer('e')}.${process.pid}-1`,
    'somebody-elses',
  ])
})
