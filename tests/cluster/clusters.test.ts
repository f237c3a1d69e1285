// Clusters from start to stop, with a real practice process.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clusters, createClusters } from '../../electron/cluster/index.ts'
import type { Target } from '../../electron/contract/cluster.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { readText, writeWhole } from '../../electron/platform/files.ts'
import { type Launched, launch } from '../../electron/platform/launch.ts'
import { run } from '../../electron/platform/run.ts'
import { createClusterService } from '../../electron/services/cluster.ts'

let folder: string
let clusters: Clusters
let launched: Launched[]
let breaks: Error | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-clusters-'))
  launched = []
  breaks = undefined
  clusters = createClusters({
    clock: realClock,
    machine: {
      env: { KUBECONFIG: join(folder, 'user.kubeconfig') },
      home: folder,
      read: readText,
      microk8sConfig: async () => undefined,
    },
    folder: join(folder, 'private'),
    writePrivate: writeWhole,
    launchPractice: async signal => {
      if (breaks !== undefined) throw breaks
      const process = await launch({ file: 'electron/practice/main.ts', signal })
      launched.push(process)
      const { kubeconfig, readyMs } = process.ready as { kubeconfig: string; readyMs: number }
      return { kubeconfig, readyMs, exited: process.exited, stop: process.stop }
    },
  })
})
afterEach(async () => {
  await clusters.close()
  rmSync(folder, { recursive: true })
})

const practice = (): Target | undefined => clusters.targets().targets.find(({ id }) => id === 'practice')

const state = (wanted: Target['state']): Promise<void> =>
  new Promise(resolve => {
    const look = () => {
      if (practice()?.state !== wanted) return
      stop()
      resolve()
    }
    const stop = clusters.onTargets(look)
    look()
  })

test('practice starts, answers a real kubectl, and stops', async () => {
  await clusters.use('practice')
  expect(practice()?.state).toBe('starting')
  const { env } = await clusters.ready()
  expect(practice()).toMatchObject({ state: 'ready', server: expect.stringContaining('https://127.0.0.1:') })
  expect(statSync(env.KUBECONFIG ?? '').mode & 0o777).toBe(0o600)
  const { stdout, code } = await run(['kubectl', 'get', 'node', '-o', 'name'], { env: { ...process.env, ...env } })
  expect({ stdout, code }).toEqual({ stdout: 'node/node1\nnode/node2\n', code: 0 })
  expect(readFileSync(env.KUBECONFIG ?? '', 'utf8')).toContain('http-proxy')
  await clusters.stop('practice')
  expect(practice()).toMatchObject({ state: 'stopped' })
  await expect(clusters.ready()).rejects.toMatchObject({ code: 'cluster.stopped' })
  await expect(launched[0]?.exited).resolves.toContain('exit')
})

test('a practice cluster that dies is told, and one click brings another', async () => {
  await clusters.use('practice')
  const first = await clusters.ready()
  await launched[0]?.stop()
  await state('failed')
  expect(practice()?.error?.code).toBe('practice.lost')
  expect(clusters.current()).toBeUndefined()
  await clusters.use('practice')
  const second = await clusters.ready()
  expect(second).not.toBe(first)
  // the file keeps its name, so that open terminals reach the new cluster
  expect(second.env.KUBECONFIG).toBe(first.env.KUBECONFIG)
  expect(second.env.KUBECACHEDIR).not.toBe(first.env.KUBECACHEDIR)
  await expect(second.connection.json('GET', '/version')).resolves.toMatchObject({ major: '1' })
})

test('a start that fails says why, and can be tried again', async () => {
  breaks = new Error('no memory')
  await clusters.use('practice')
  await expect(clusters.ready()).rejects.toMatchObject({ code: 'internal', details: { message: 'no memory' } })
  expect(practice()?.state).toBe('failed')
  breaks = undefined
  await clusters.use('practice')
  await expect(clusters.ready()).resolves.toMatchObject({ id: 'practice' })
})

test('stopping while it starts leaves nothing running', async () => {
  await clusters.use('practice')
  await clusters.stop('practice')
  expect(practice()?.state).toBe('stopped')
  for (const { exited } of launched) await exited
})

test('a context that does not answer fails in words; one that does is ready; an unknown one is refused', async () => {
  await clusters.use('practice')
  const { env } = await clusters.ready()
  const text = readFileSync(env.KUBECONFIG ?? '', 'utf8')
  const dead = text.replaceAll('practice', 'dead').replace(/https:\/\/127.0.0.1:\d+/, 'https://127.0.0.1:1')
  await writeWhole(join(folder, 'user.kubeconfig'), dead)
  await clusters.refresh()
  await clusters.use('context:dead')
  await expect(clusters.ready()).rejects.toMatchObject({ code: 'cluster.unreachable' })
  await writeWhole(join(folder, 'user.kubeconfig'), text.replaceAll('practice', 'alive'))
  await clusters.refresh()
  await clusters.use('context:alive')
  await expect(clusters.ready()).resolves.toMatchObject({ id: 'context:alive' })
  await expect(clusters.use('context:nobody')).rejects.toMatchObject({ code: 'cluster.unknown' })
})

test('MicroK8s that came into the kubeconfig since the last look is one choice, and opens', async () => {
  await clusters.use('practice')
  const { env } = await clusters.ready()
  await expect(clusters.use('microk8s')).rejects.toMatchObject({ code: 'cluster.unknown' })
  const text = readFileSync(env.KUBECONFIG ?? '', 'utf8')
  await writeWhole(join(folder, 'user.kubeconfig'), text.replaceAll('practice', 'microk8s'))
  await clusters.use('microk8s')
  await expect(clusters.ready()).resolves.toMatchObject({ id: 'microk8s' })
  expect(clusters.targets().targets.map(({ id, kind }) => [id, kind])).toEqual([
    ['practice', 'practice'],
    ['microk8s', 'microk8s'],
  ])
})

const none = async () => Promise.reject(new Error('no terminal in this test'))
const noTerminals = { sessions: async function* () {}, type: none, draft: none }

test('objects: a picture first, changes in frames, an empty picture at once for the next cluster', async () => {
  const service = createClusterService({ clusters, clock: realClock, terminal: noTerminals })
  await clusters.use('practice')
  const { connection } = await clusters.ready()
  const stop = new AbortController()
  const events = service.objects({ kinds: ['ConfigMap', 'Node'] }, { signal: stop.signal })[Symbol.asyncIterator]()
  const next = async () => (await events.next()).value
  expect(await next()).toMatchObject({ type: 'snapshot', cluster: 'practice', objects: [] })
  const full = await next()
  expect(full.objects.map(({ kind }: { kind: string }) => kind)).toEqual(expect.arrayContaining(['Node', 'ConfigMap']))
  for (const name of ['x1', 'x2', 'x3'])
    await connection.json('POST', '/api/v1/namespaces/default/configmaps', {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
    })
  const names: string[] = []
  while (names.length < 3) {
    const event = await next()
    expect(event.type).toBe('changes')
    names.push(...event.changes.map((change: { object: { metadata: { name: string } } }) => change.object.metadata.name))
  }
  expect(names).toEqual(['x1', 'x2', 'x3'])
  await clusters.stop('practice')
  await clusters.use('practice')
  await clusters.ready()
  expect(await next()).toMatchObject({ type: 'snapshot', cluster: 'practice' })
  stop.abort()
  expect((await events.next()).done).toBe(true)
})
