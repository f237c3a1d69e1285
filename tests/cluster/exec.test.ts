// Commands in real containers and questions to a real Service, through the cluster's handle.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
