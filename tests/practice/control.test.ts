import { execFile } from 'node:child_process'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { ClockState } from '../../electron/practice/clock.ts'
import type { Pod } from '../../electron/practice/controllers/kinds.ts'
import { clusterForTests } from './api/harness.ts'

const cluster = clusterForTests()
const pods = (namespace = 'default') => cluster.practice.registry.store.list('pods', namespace) as readonly Pod[]
const ready = (app: string) =>
  pods().filter(
    ({ metadata, status }) =>
      metadata.labels?.app === app &&
      !metadata.deletionTimestamp &&
      status?.conditions?.some(({ type, status: now }) => type === 'Ready' && now === 'True'),
  )
const until = async (what: string, condition: () => unknown, ms = 15_000) => {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
const clock = async (body?: unknown): Promise<ClockState> => {
  const { code, text } = await cluster.send(body === undefined ? 'GET' : 'POST', '/practice/clock', body)
  expect(code, text).toBe(200)
  return JSON.parse(text) as ClockState
}
const onNode = (name: string, action: string) => cluster.send('POST', `/practice/nodes/${name}/${action}`)
const deploy = (app: string, replicas: number, image = 'openresty/openresty:alpine') =>
  cluster.send('POST', '/apis/apps/v1/namespaces/default/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: app, image }] } },
    },
  })
const serve = (name: string, spec: Record<string, unknown>) =>
  cluster.send('POST', '/api/v1/namespaces/default/services', { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })
const curl = async (...args: string[]) =>
  promisify(execFile)('curl', ['-s', '--max-time', '5', ...(args[0] === '-x' ? [] : ['--noproxy', '*']), ...args]).then(
    ({ stdout }) => stdout,
    (error: { code: number }) => `curl: ${error.code}`,
  )
const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const wanted = 30_000 + Math.floor(Math.random() * 2700)
    const server = createServer().once('error', () => resolve(freePort()))
    server.listen(wanted, '127.0.0.1', () => server.close(() => resolve(wanted)))
  })

test('/practice/images names what really runs here, and takes nothing', async () => {
  const { code, text } = await cluster.send('GET', '/practice/images')
  expect(code).toBe(200)
  const { images } = JSON.parse(text) as { images: string[] }
  expect(images).toEqual(expect.arrayContaining(['openresty/openresty', 'library/redis', 'library/busybox']))
  expect((await cluster.send('POST', '/practice/images', {})).code).toBe(404)
  expect((await cluster.send('GET', '/practice/images/redis')).code).toBe(404)
})

describe('/practice/clock', () => {
  test('holds the cluster, lets it go on by steps, and lets it run', async () => {
    expect(await clock({ action: 'pause' })).toMatchObject({ isPaused: true, speed: 1 })
    const held = (await clock()).now
    await deploy('held', 1)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(pods()).toEqual([])
    expect((await clock()).now).toBe(held)
    const phases: string[] = []
    for (let steps = 0; steps < 60 && ready('held').length === 0; steps++) {
      await clock({ action: 'step' })
      phases.push(pods()[0]?.status?.phase ?? '')
    }
    expect(ready('held').length).toBe(1)
    expect([...new Set(phases)].filter(Boolean)).toEqual(['Pending', 'Running'])
    expect(phases.length).toBeGreaterThan(5)
    expect((await clock()).now - held).toBeLessThan(5000)
    expect(await clock({ action: 'resume', speed: 0.25 })).toMatchObject({ isPaused: false, speed: 0.25 })
    expect(await clock({ speed: 1 })).toMatchObject({ speed: 1 })
    await cluster.send('DELETE', '/apis/apps/v1/namespaces/default/deployments/held')
    await until('its Pods are gone', () => pods().length === 0)
  })

  test('tells followers each change', async () => {
    const lines: string[] = []
    const call = request(`${cluster.practice.server}/practice/clock?watch=true`, {
      ca: cluster.ca,
      headers: { authorization: `Bearer ${cluster.token}` },
    })
    call.on('response', response =>
      response.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n'))),
    )
    call.on('error', () => {})
    call.end()
    await until('the first line', () => lines.length === 1)
    await clock({ action: 'pause' })
    await clock({ action: 'resume', speed: 2 })
    await clock({ speed: 1 })
    await until('all lines', () => lines.length === 5)
    call.destroy()
    const told = lines.map(line => JSON.parse(line) as ClockState).map(({ isPaused, speed }) => `${isPaused} ${speed}`)
    expect(told).toEqual(['false 1', 'true 1', 'true 2', 'false 2', 'false 1'])
  })

  test('refuses what it does not understand, and whoever has no token', async () => {
    expect((await cluster.send('POST', '/practice/clock', { speed: 0 })).code).toBe(400)
    expect((await cluster.send('POST', '/practice/clock', { action: 'rewind' })).code).toBe(400)
    expect((await cluster.send('POST', '/practice/clock', [])).code).toBe(400)
    expect((await cluster.send('DELETE', '/practice/clock')).code).toBe(405)
    expect((await cluster.send('GET', '/practice/nothing')).code).toBe(404)
    expect((await onNode('node1', 'constructor')).code).toBe(404)
    expect((await onNode('node99', 'kill')).body).toMatchObject({ reason: 'NotFound' })
    expect((await cluster.send('GET', '/practice/clock', undefined, { authorization: undefined })).code).toBe(401)
  })
})

describe('/practice/nodes', () => {
  test('a lost node: taints after 50 s, Pods leave it after 300 s more, and it comes back clean', async () => {
    const { registry } = cluster.practice
    const node = () =>
      registry.store.get('nodes', '', 'node2') as { spec?: { taints?: { key: string; effect: string }[] } } | undefined
    await deploy('web', 4)
    await serve('web', { selector: { app: 'web' }, ports: [{ port: 80 }] })
    await until('all are ready', () => ready('web').length === 4)
    const lost = ready('web').filter(({ spec }) => spec.nodeName === 'node2')
    expect(lost.length).toBe(2)
    expect((await onNode('node2', 'kill')).code).toBe(200)
    const { now: killed } = await clock({ speed: 500 })
    expect((await cluster.send('GET', '/practice/nodes')).body).toEqual({
      nodes: [
        { name: 'node1', hasPower: true },
        { name: 'node2', hasPower: false },
      ],
    })
    await until('node2 is tainted', () => node()?.spec?.taints?.length === 2)
    const seen = (await clock()).now - killed
    expect(node()?.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ])
    // The last heartbeat was up to ten seconds old.
    expect(seen).toBeGreaterThanOrEqual(40_000)
    expect(ready('web').length).toBe(2)
    const first = lost[0]!.metadata
    const isLeaving = () => registry.store.get('pods', 'default', first.name)?.metadata.deletionTimestamp !== undefined
    expect(isLeaving()).toBe(false)
    await until('they are evicted', isLeaving)
    expect((await clock()).now - killed).toBeGreaterThanOrEqual(340_000)
    await clock({ speed: 1 })
    await until('others took their place', () => ready('web').length === 4)
    expect(ready('web').every(({ spec }) => spec.nodeName === 'node1')).toBe(true)
    // Nobody can tell that they are gone: they stay, as Terminating.
    expect(isLeaving()).toBe(true)
    expect(pods().length).toBe(6)
    await onNode('node2', 'revive')
    await until('they are gone', () => pods().length === 4)
    await until('the taints are gone', () => node()?.spec?.taints === undefined)
    await cluster.send('DELETE', '/apis/apps/v1/namespaces/default/deployments/web')
    await until('all are gone', () => pods().length === 0)
  }, 40_000)

  test('a node that is back in time starts its containers again', async () => {
    await deploy('again', 2)
    await until('both are ready', () => ready('again').length === 2)
    await onNode('node2', 'kill')
    const pod = pods().find(({ spec }) => spec.nodeName === 'node2')!
    expect(await curl('-x', cluster.practice.httpProxy, `http://${pod.status?.podIP}/`)).toContain('no route to 10.42.1.')
    await onNode('node2', 'revive')
    const now = () => pods().find(({ metadata }) => metadata.uid === pod.metadata.uid)?.status?.containerStatuses?.[0]
    await until('it runs again', () => now()?.restartCount === 1 && now()?.ready)
    expect(now()?.lastState?.terminated).toMatchObject({ exitCode: 255, reason: 'Unknown' })
    await cluster.send('DELETE', '/apis/apps/v1/namespaces/default/deployments/again')
    await until('all are gone', () => pods().length === 0)
  }, 30_000)

  test('nodes are added, cordoned and drained', async () => {
    expect((await cluster.send('POST', '/practice/nodes')).body).toEqual({ name: 'node3' })
    await deploy('spread', 6)
    await until('all are ready', () => ready('spread').length === 6)
    expect(new Set(pods().map(({ spec }) => spec.nodeName)).size).toBe(3)
    const { body } = await onNode('node3', 'drain')
    expect((body.pods as unknown as string[]).length).toBeGreaterThan(0)
    await until('they moved', () => ready('spread').length === 6 && pods().every(({ spec }) => spec.nodeName !== 'node3'))
    await onNode('node3', 'uncordon')
    expect(cluster.practice.registry.store.get('nodes', '', 'node3')?.spec).not.toHaveProperty('unschedulable')
    await cluster.send('DELETE', '/apis/apps/v1/namespaces/default/deployments/spread')
    await until('all are gone', () => pods().length === 0)
  }, 30_000)

  test('Pods of a node that was deleted go after 40 s, and others take their place', async () => {
    await deploy('left', 4)
    await until('all are ready', () => ready('left').length === 4)
    const there = pods().filter(({ spec }) => spec.nodeName === 'node3')
    expect(there.length).toBeGreaterThan(0)
    expect((await cluster.send('DELETE', '/api/v1/nodes/node3')).code).toBe(200)
    const { now: deleted } = await clock({ speed: 100 })
    await until('they are gone', () => pods().every(({ spec }) => spec.nodeName !== 'node3'))
    expect((await clock()).now - deleted).toBeGreaterThanOrEqual(39_000)
    await clock({ speed: 1 })
    await until('others took their place', () => ready('left').length === 4)
    await cluster.send('DELETE', '/apis/apps/v1/namespaces/default/deployments/left')
    await until('all are gone', () => pods().length === 0)
  }, 30_000)
})

describe('node ports on this machine', () => {
  test('answer while their Service lives, and say when the port is taken', async () => {
    const nodePort = await freePort()
    const spec = { type: 'NodePort', selector: { app: 'door' }, ports: [{ port: 80, nodePort }] }
    const url = `http://127.0.0.1:${nodePort}/`
    expect(await curl(url)).toBe('curl: 7')
    await serve('door', spec)
    // Nothing behind it yet: the connection is broken off.

    expect(await curl(url)).toMatch(/^curl: (7|52|56)$/)
    await deploy('door', 2)
    await until('both are ready', () => ready('door').length === 2)
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(await curl(url)).toContain('Welcome to OpenResty!')
    await cluster.send('DELETE', '/api/v1/namespaces/default/services/door')
    expect(await curl(url)).toBe('curl: 7')
    const blocker = createServer()
    await new Promise<void>(resolve => void blocker.listen(nodePort, '127.0.0.1', resolve))
    await serve('door', spec)
    const events = () =>
      cluster.practice.registry.store.list('events') as readonly { reason?: string; message?: string; type?: string }[]
    await until('it is told', () => events().some(({ reason }) => reason === 'NodePortTaken'))
    expect(events().find(({ reason }) => reason === 'NodePortTaken')).toMatchObject({
      type: 'Warning',
      message: expect.stringMatching(
        new RegExp(
          `^node port ${nodePort} does not listen on this machine: listen EADDRINUSE.*; inside the cluster it does: 10.210.0.2:${nodePort}`,
        ),
      ),
    })
    expect(await curl('-x', cluster.practice.httpProxy, `http://10.210.0.3:${nodePort}/`)).toContain('Welcome to OpenResty!')
    blocker.close()
  }, 20_000)
})
