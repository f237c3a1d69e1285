// What real programs of the catalogue count as work.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { realClock } from '../../../electron/platform/clock.ts'
import { WINDOW_MS } from '../../../electron/practice/kubelet/load.ts'
import { createBox, createCluster } from '../images/box.ts'

/** Milliseconds of one core in the last two windows and the running one. */
const spent = ({ container: { meter } }: ReturnType<typeof createBox>): number => {
  const end = Math.floor(realClock.now() / WINDOW_MS) * WINDOW_MS
  return meter.worked(end) + meter.worked(end + WINDOW_MS)
}

test('a server counts each request, and its client counts too', async () => {
  const cluster = createCluster()
  const server = createBox({ image: 'openresty/openresty', cluster })
  const client = createBox({ cluster })
  await sleep(100)
  const before = spent(server)
  const { code } = await client.sh(`for i in 1 2 3 4 5 6 7 8 9 10; do wget -q -O- http://${server.ip} >/dev/null || exit 1; done`)
  expect(code).toBe(0)
  // Ten at half a millisecond, or more where this machine let the loop wait.
  expect(spent(server) - before).toBeGreaterThanOrEqual(5)
  expect(spent(server) - before).toBeLessThan(16)
  expect(spent(client)).toBeGreaterThan(20)
  await Promise.all([server.container.stop(0), client.container.stop(0)])
})

test.each(['yes > /dev/null', 'while :; do :; done', 'cat /dev/zero > /dev/null'])(
  '%s takes a core, and leaves the host to others',
  async script => {
    const box = createBox({ command: ['sh', '-c', script] })
    const look = () => ({ spent: spent(box), at: performance.now() })
    const until = performance.now() + 15_000
    while (spent(box) < 500 && performance.now() < until) await sleep(50)
    const host = process.cpuUsage()
    const first = look()
    await sleep(600)
    const last = look()
    const { user, system } = process.cpuUsage(host)
    const took = last.at - first.at
    // However late this machine is: a loop that never waits has its core.
    expect((last.spent - first.spent) / took).toBeGreaterThan(0.85)
    expect((last.spent - first.spent) / took).toBeLessThan(1.15)
    expect((user + system) / 1000 / took).toBeLessThan(0.5)
    await box.container.stop(0)
  },
  30_000,
)

test('redis holds its data, and counts its commands', async () => {
  const cluster = createCluster()
  const box = createBox({ image: 'redis', cluster })
  await sleep(100)
  const [memory, before] = [box.container.meter.memory(), spent(box)]
  await box.exec(['redis-cli', 'set', 'key', 'x'.repeat(100_000)])
  expect(box.container.meter.memory() - memory).toBeGreaterThanOrEqual(100_000)
  expect(spent(box)).toBeGreaterThan(before)
  await box.container.stop(0)
})
