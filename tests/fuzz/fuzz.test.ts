import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

test('two thousand wild requests and broken connections: no crash, no hang, no leak, every refusal a Status', async () => {
  const { requests, connections, codes, problems, heaps } = await fuzz(2000, 7)
  expect(problems).toEqual([])
  expect(requests + connections).toBe(2000)
  expect(connections).toBeGreaterThan(20)
  // Some get through, some are refused, for many reasons.
  expect(Object.keys(codes).length).toBeGreaterThan(6)
  // What was done is forgotten, but for the changes that watches may still ask for.
  console.log(`heap after each tenth, swept: ${heaps.map(bytes => (bytes / 2 ** 20).toFixed(1)).join(', ')} MiB`)
  expect(heaps.at(-1)! - heaps[0]!).toBeLessThan(40 * 2 ** 20)
}, 120_000)
