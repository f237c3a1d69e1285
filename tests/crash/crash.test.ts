import { expect, test } from 'vitest'
import { crash } from './crash.ts'

test('a cluster that is killed at random instants keeps every answered write, and becomes ready again', async () => {
  const { kills, acknowledged, lost, isReady } = await crash({ count: 5, seed: 20 })
  expect(lost).toEqual([])
  expect(kills).toBe(5)
  expect(acknowledged).toBeGreaterThan(100)
  expect(isReady).toBe(true)
}, 60_000)
