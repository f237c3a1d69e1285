import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

test('two thousand wild requests and broken connections: no crash, no hang, no leak, every refusal a Status', async () => {
  const { requests, connections, codes, problems, rss } = await fuzz(2000, 7)
  expect(problems).toEqual([])
  expect(requests + connections).toBe(2000)
  expect(connections).toBeGreaterThan(20)
  // Some get through, some are refused, for many reasons.
  expect(Object.keys(codes).length).toBeGreaterThan(6)
  if (!Number.isNaN(rss[1])) expect(rss[1]).toBeLessThan(600 * 2 ** 20)
}, 120_000)
