// Commands in real containers and questions to a real Service, through the cluster's handle.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConnection } from '../../electron/cluster/connection.ts'
import { execThroughApi } from '../../electron/cluster/exec.ts'
import { accessOf, createHandle, type Handle, parseKubeconfig } from '../../electron/cluster/index.ts'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { type Launched, launch } from '../../electron/platform/launch.ts'

let practice: Launched
let handle: Handle
let folder: string
const { signal } = new AbortController()

const get = async (path: string) => (await handle.connection.json('GET', path)) as KubeObject
const pods = '/api/v1/namespaces/default/pods'
const services = '/api/v1/namespaces/default/services'

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khw-exec-'))
  practice = await launch({ file: 'electron/practice/main.ts' })
  const { kubeconfig } = practice.ready as { kubeconfig: string }
  const path = join(folder, 'kubeconfig')
  const access = accessOf(parseKubeconfig(kubeconfig, path), path)
  handle = createHandle({ id: 'practice', access, kubeconfigFile: path, cacheFolder: folder, clock: realClock })
  const container = { name: 'web', image: 'openresty/openresty:alpine', ports: [{ containerPort: 80 }] }
  const body = { metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [container] } }
  await handle.connection.json('POST', pods, { body: { apiVersion: 'v1', kind: 'Pod', ...body } })
  const spec = { selector: { app: 'web' }, ports: [{ port: 80 }] }
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec }
  await handle.connection.json('POST', services, { body: service })
  const isReady = async () =>
    ((await get(`${pods}/web`)).status as { conditions?: { type: string; status: string }[] }).conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    )
  while (!(await isReady())) await realClock.sleep(50)
})
afterAll(async () => {
  handle.close()
  await practice.stop()
  rmSync(folder, { recursive: true })
})

test.each<[string[], object]>([
  [['echo', 'Hello World!', '你好'], { status: 0, body: 'Hello World! 你好\n' }],
  [['sh', '-c', 'echo out; echo err >&2; exit 3'], { status: 3, body: 'out\n' }],
  [['nosuch'], { error: expect.stringContaining('exec: "nosuch": executable file not found in $PATH') }],
])('exec %j', async (command, answer) => {
  expect(await handle.exec(await get(`${pods}/web`), command, signal)).toEqual(answer)
})

test('exec in a Pod that is not there says so; one that never ends is given up', async () => {
  const web = await get(`${pods}/web`)
  const gone = { ...web, metadata: { ...web.metadata, name: 'gone' } }
  expect(await handle.exec(gone, ['ls'], signal)).toEqual({ error: 'pods "gone" not found' })
  expect(await handle.exec(web, ['sleep', '60'], AbortSignal.timeout(200))).toEqual({ error: expect.any(String) })
})

test('a Service answers through its own address', async () => {
  const service = await get(`${services}/web`)
  const ask = () => handle.probe(service, 80, '/', signal)
  for (let n = 0; n < 40 && (await ask()).status === undefined; n++) await realClock.sleep(50)
  expect(await ask()).toMatchObject({ status: 200 })
  expect(await handle.probe(service, 81, '/', signal)).toEqual({ error: expect.any(String) })
})

test('an answer that comes in one piece with the opening of its WebSocket is heard', async () => {
  const frame = (channel: number, text: string): Buffer => {
    const words = Buffer.from(text)
    return Buffer.from([0x82, words.length + 1, channel, ...words])
  }
  const server = createServer().on('upgrade', ({ headers }, socket) => {
    const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const lines = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}`,
      'Sec-WebSocket-Protocol: v5.channel.k8s.io',
    ]
    const opening = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
    socket.end(Buffer.concat([opening, frame(1, 'quick\n'), frame(3, '{"status":"Success"}')]))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const text = `{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}], users: [{name: u, user: {token: t}}], clusters: [{name: c, cluster: {server: "http://127.0.0.1:${port}"}}]}`
  const connection = createConnection(accessOf(parseKubeconfig(text, 'quick'), 'quick'))
  try {
    const web = { metadata: { name: 'web', namespace: 'default' } } as KubeObject
    expect(await execThroughApi(connection)(web, ['echo', 'quick'], signal)).toEqual({ status: 0, body: 'quick\n' })
  } finally {
    connection.close()
    server.close()
  }
})
