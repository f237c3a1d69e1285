// Watches against a real practice cluster behind a wire that can be cut, forgotten by and slowed down.

import { createServer, type Server, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createConnection } from '../../electron/cluster/connection.ts'
import { createFeed, type Feed, type FeedEvent } from '../../electron/cluster/feed.ts'
import { pathOf } from '../../electron/cluster/kinds.ts'
import { type Access, accessOf, parseKubeconfig } from '../../electron/cluster/kubeconfig.ts'
import type { AppError } from '../../electron/contract/errors.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { createPractice, type Practice } from '../../electron/practice/practice.ts'

let practice: Practice
let access: Access
let wire: Server
let open: Set<ServerResponse>
let seen: string[]
/** What the wire does to the next requests. */
let mood: { status?: number; delayMs?: number; gone?: boolean }
let feed: Feed
let through: Access

beforeAll(async () => {
  practice = await createPractice()
  access = accessOf(parseKubeconfig(practice.kubeconfig, 'practice'), 'practice')
})
afterAll(() => practice.stop())

beforeEach(async () => {
  open = new Set()
  seen = []
  mood = {}
  const ca = Buffer.from(access.cluster['certificate-authority-data'] ?? '', 'base64')
  wire = createServer((request, response) => {
    seen.push(request.url ?? '')
    open.add(response)
    response.on('close', () => open.delete(response))
    const isWatch = request.url?.includes('watch=true')
    if (mood.status !== undefined) return void response.writeHead(mood.status).end('{"kind":"Status","message":"moody"}')
    if (mood.gone && isWatch) {
      mood.gone = false
      const status = { kind: 'Status', code: 410, message: 'too old resource version' }
      return void response.writeHead(200).end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`)
    }
    setTimeout(() => {
      const onward = https.request(
        practice.server + request.url,
        { method: request.method, headers: request.headers, ca },
        answer => {
          response.writeHead(answer.statusCode ?? 500, answer.headers)
          response.flushHeaders()
          answer.on('error', () => response.destroy())
          answer.pipe(response)
        },
      )
      onward.on('error', () => response.destroy())
      response.on('close', () => onward.destroy())
      request.pipe(onward)
    }, mood.delayMs ?? 0)
  })
  await new Promise<void>(resolve => wire.listen(0, '127.0.0.1', resolve))
  through = { ...access, cluster: { server: `http://127.0.0.1:${(wire.address() as AddressInfo).port}` } }
  feed = createFeed(createConnection(through), { clock: realClock, random: Math.random })
})
afterEach(async () => {
  feed.close()
  wire.closeAllConnections()
  await new Promise(resolve => wire.close(resolve))
})

const direct = () => createConnection(access)
const put = (name: string) =>
  direct().json('POST', pathOf('ConfigMap', 'default'), {
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } },
  })
const remove = (name: string) => direct().json('DELETE', pathOf('ConfigMap', 'default', name))

const follow = () => {
  const events: FeedEvent[] = []
  const stop = feed.subscribe(['ConfigMap'], event => events.push(event))
  const names = () =>
    events
      .at(-1)
      ?.snapshot.get('ConfigMap')
      ?.map(({ metadata }) => metadata.name) ?? []
  return { events, stop, names, count: (type: FeedEvent['type']) => events.filter(event => event.type === type).length }
}

const until = async (holds: () => boolean, ms = 8_000): Promise<void> => {
  const end = Date.now() + ms
  while (!holds()) {
    if (Date.now() > end) throw new Error('never came true')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

test('a snapshot first, then every change, as plain JSON', async () => {
  const one = follow()
  await until(() => one.events.length > 0)
  expect(one.events[0]?.type).toBe('snapshot')
  await put('a1')
  await until(() => one.names().includes('a1'))
  await remove('a1')
  await until(() => !one.names().includes('a1'))
  const [first] = one.events[0]?.snapshot.get('ConfigMap') ?? []
  expect(first).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' })
  expect(typeof first?.metadata.creationTimestamp).toBe('string')
})

test('two readers share one watch, and the second has its snapshot at once', async () => {
  const one = follow()
  await until(() => one.events.length > 0)
  const two = follow()
  expect(two.events.map(event => event.type)).toEqual(['snapshot'])
  await until(() => seen.length === 2)
  expect(seen.filter(url => url.includes('watch=true'))).toHaveLength(1)
  two.stop()
  await put('b1')
  await until(() => one.names().includes('b1'))
  expect(two.events).toHaveLength(1)
})

test('a cut line is taken up where it broke: nothing lost, nothing listed again', async () => {
  const health: (string | undefined)[] = []
  feed.onHealth(error => health.push(error?.code))
  const one = follow()
  await until(() => one.events.length > 0 && open.size === 1)
  for (const response of open) response.destroy()
  await put('c1')
  await until(() => one.names().includes('c1'))
  expect(one.count('snapshot')).toBe(1)
  expect(health).toEqual(['cluster.unreachable', undefined])
})

test('a server that has forgotten is asked for everything again', async () => {
  mood = { gone: true }
  const one = follow()
  await until(() => one.count('snapshot') === 2)
  await put('d1')
  await until(() => one.names().includes('d1'))
})

test('a server that is away is waited for', async () => {
  mood = { status: 503 }
  const health: (AppError | undefined)[] = []
  feed.onHealth(error => health.push(error))
  const one = follow()
  await until(() => seen.length >= 3)
  expect(health.at(-1)?.details).toMatchObject({ status: 503, message: 'moody' })
  mood = {}
  await until(() => one.count('snapshot') === 1 && health.at(-1) === undefined)
})

test.each([403, 404])(
  'a kind that answers %d is empty and nobody is held up; without Pods the cluster counts as lost',
  async status => {
    mood = { status }
    const healths: (AppError | undefined)[] = []
    feed.onHealth(error => healths.push(error))
    const one = follow()
    await until(() => one.count('snapshot') === 1)
    expect(one.names()).toEqual([])
    expect(healths).toEqual([])
    feed.subscribe(['Pod'], () => {})
    await until(() => healths.some(error => error?.details.status === status))
  },
)

test('a slow server is only slow', async () => {
  mood = { delayMs: 300 }
  const one = follow()
  await until(() => one.count('snapshot') === 1)
  await put('e1')
  await until(() => one.names().includes('e1'))
})

test('closing ends every request', async () => {
  const one = follow()
  await until(() => one.events.length > 0 && open.size === 1)
  feed.close()
  await until(() => open.size === 0)
})

test.each([
  [401, 'cluster.denied'],
  [403, 'cluster.denied'],
  [404, 'cluster.refused'],
  [500, 'cluster.unreachable'],
])('HTTP %d is %s', async (status, code) => {
  mood = { status }
  const error = await createConnection(through)
    .json('GET', '/version')
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code, details: { status, message: 'moody' } })
})

test('no server, a wrong certificate and a wrong token each say what they are', async () => {
  const nobody = createConnection({ ...access, cluster: { server: 'http://127.0.0.1:1' } })
  await expect(nobody.json('GET', '/version')).rejects.toMatchObject({ code: 'cluster.unreachable' })
  const stranger = createConnection({ ...access, cluster: { server: access.cluster.server } })
  await expect(stranger.json('GET', '/version')).rejects.toMatchObject({ code: 'cluster.unreachable' })
  const nameless = createConnection({ ...access, user: { token: 'wrong' } })
  await expect(nameless.json('GET', '/api/v1/pods')).rejects.toMatchObject({ code: 'cluster.denied' })
})

test('credentials in files and from plug-ins go through client-node', async () => {
  const token = access.user.token ?? ''
  const command = `printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' ${token}`
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', command], interactiveMode: 'Never' }
  const connection = createConnection({ ...access, user: { exec } })
  await expect(connection.json('GET', '/api/v1/namespaces/default')).resolves.toMatchObject({ kind: 'Namespace' })
})

test('a feed that was closed asks nothing more, whoever comes late', async () => {
  feed.close()
  const leave = feed.subscribe(['ConfigMap'], () => {
    throw new Error('told after its end')
  })
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(seen).toEqual([])
  leave()
})
