// Servers of the tutorials, and programs that make work.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createBox, createCluster } from './box.ts'

test('hpa-example answers OK!, costs CPU for it, and logs as Apache does', async () => {
  const cluster = createCluster()
  const server = createBox({ image: 'registry.k8s.io/hpa-example', cluster })
  const client = createBox({ cluster })
  await sleep(50)
  const worked = () =>
    [0, 1].reduce((sum, next) => sum + server.container.meter.worked((Math.floor(Date.now() / 15_000) + next) * 15_000), 0)
  const before = worked()
  expect(await client.sh(`wget -q -O- http://${server.ip}/`)).toMatchObject({ code: 0, out: 'OK!' })
  expect(worked() - before).toBeGreaterThanOrEqual(20)
  expect((await client.sh(`wget -q -O- http://${server.ip}/none`)).err).toContain('404 Not Found')
  const [warning, access, missing] = (await server.logs()).split('\n')
  expect(warning).toMatch(/^AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using 10\./)
  expect(access).toMatch(/^10\.\S+ - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} \+0000\] "GET \/ HTTP\/1\.1" 200 3 "-" "Wget"$/)
  expect(missing).toContain('"GET /none HTTP/1.1" 404')
  expect((await server.container.stop(5000)).exitCode).toBe(0)
  await client.container.stop(0)
})

test('hello-app says hello at the port it is told', async () => {
  const cluster = createCluster()
  const server = createBox({ image: 'gcr.io/google-samples/hello-app:1.0', env: { PORT: '9000' }, cluster })
  const client = createBox({ cluster })
  await sleep(50)
  const { out } = await client.sh(`wget -q -O- http://${server.ip}:9000`)
  expect(out).toBe('Hello, world!\nVersion: 1.0.0\nHostname: box\n')
  expect(await server.logs()).toBe('Server listening on port 9000\n')
  await Promise.all([server.container.stop(0), client.container.stop(0)])
})

test('a load generator sends, reports nothing to report, and ends when its time is over', async () => {
  const cluster = createCluster()
  const server = createBox({ image: 'registry.k8s.io/hpa-example', cluster })
  await sleep(50)
  const load = createBox({ image: 'load-generator', args: ['-q', '20', '-z', '1', server.ip], cluster })
  expect((await load.container.exited).exitCode).toBe(0)
  expect(await load.logs()).toBe(`20 requests a second to http://${server.ip}/\n`)
  // One of five a second goes out, and stands for four.
  const asked = (await server.logs()).split('\n').filter(line => line.includes('load-generator')).length
  expect(asked).toBeGreaterThanOrEqual(3)
  expect(asked).toBeLessThanOrEqual(6)
  await server.container.stop(0)
})

test.each([
  [[], 2, /^Sends requests to a web server/],
  [['-q', 'many', 'http://web'], 2, /cannot send many requests a second to http:\/\/web/],
  [['ftp://web'], 2, /cannot send 50 requests a second to ftp:\/\/web/],
])('a load generator refuses %j', async (args, code, words) => {
  const load = createBox({ image: 'load-generator', args })
  expect((await load.container.exited).exitCode).toBe(code)
  expect(await load.logs()).toMatch(words)
})

test('stress holds what it is told and ends in time', async () => {
  const box = createBox({
    image: 'polinux/stress',
    command: ['stress', '--vm', '2', '--vm-bytes', '10M', '--vm-hang', '0', '-t', '1s'],
  })
  await sleep(100)
  expect(box.container.meter.memory()).toBeGreaterThan(20 * 2 ** 20)
  expect((await box.container.exited).exitCode).toBe(0)
  expect(await box.logs()).toMatch(
    /^stress: info: \[1\] dispatching hogs: 0 cpu, 0 io, 2 vm, 0 hdd\nstress: info: \[1\] successful run completed\n$/,
  )
  expect(box.container.meter.memory()).toBeLessThan(5 * 2 ** 20)
})
