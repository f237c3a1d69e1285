// Would the talk's demos work: the real talk and lessons against a real practice process, and a port that is really taken.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clusters, createClusters } from '../../electron/cluster/index.ts'
import type { Readiness } from '../../electron/contract/talk.ts'
import { listeners } from '../../electron/installer/preflight/network.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { readText, writeWhole } from '../../electron/platform/files.ts'
import { launch } from '../../electron/platform/launch.ts'
import { createDeckFiles, openLessons } from '../../electron/services/deck-files.ts'
import { createLessonFiles } from '../../electron/services/lesson-files.ts'
import { createLessonRecords } from '../../electron/services/lesson-records.ts'
import { createTalkReadiness } from '../../electron/services/talk-readiness.ts'

let folder = ''
let clusters: Clusters
let hasKubectl = true
let taken = new Set<number>()
let latest: Readiness | undefined
let stop: AbortController
let reading: Promise<void>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-readiness-'))
  hasKubectl = true
  taken = new Set()
  latest = undefined
  stop = new AbortController()
  clusters = createClusters({
    clock: realClock,
    machine: { env: {}, home: folder, read: readText, microk8sConfig: async () => undefined },
    folder: join(folder, 'private'),
    writePrivate: writeWhole,
    launchPractice: async signal => {
      const process = await launch({ file: 'electron/practice/main.ts', signal })
      return { ...(process.ready as { kubeconfig: string; readyMs: number }), exited: process.exited, stop: process.stop }
    },
  })
  const lessonFiles = createLessonFiles(resolve('manifests'), join(folder, 'lessons'))
  const readiness = createTalkReadiness({
    deck: createDeckFiles(resolve('resources/slides'), lessonFiles, undefined),
    openLessons: () => openLessons(lessonFiles),
    records: createLessonRecords(join(folder, 'progress'), realClock, error => {
      throw error
    }),
    clusters,
    hasKubectl: async () => hasKubectl,
    takenPorts: async () => taken,
    clock: realClock,
  })
  reading = (async () => {
    for await (const told of readiness('en', stop.signal)) latest = told
  })()
})
afterEach(async () => {
  stop.abort()
  await reading
  await clusters.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Ports and images tell nothing of themselves: they are looked at every few seconds. */
const until = (fits: () => boolean, what: string) =>
  expect.poll(fits, { message: what, timeout: 20_000, interval: 20 }).toBe(true)

const common = () => latest?.common.map(({ id }) => id)
const sureOf = (slide: string) =>
  latest?.demos.find(demo => demo.slide === slide)?.obstacles.flatMap(({ id, isSure }) => (isSure ? [id] : []))
const allSure = () => latest?.demos.flatMap(({ slide, obstacles }) => (obstacles.some(({ isSure }) => isSure) ? [slide] : []))

test('without a cluster, without kubectl: said once, for all', async () => {
  hasKubectl = false
  await until(() => latest !== undefined, 'it was looked')
  expect(common()).toEqual(['noCluster', 'noKubectl'])
  // Every slide that does or shows something is there, with its commands.
  expect(latest?.demos.length).toBeGreaterThan(20)
  expect(latest?.demos.every(({ commands }) => commands.length > 0)).toBe(true)
})

test('on the practice cluster every demo works; objects and ports in the way are named, by slide, and it is seen when they go', async () => {
  await clusters.use('practice')
  await until(() => latest?.common.length === 0, 'the cluster is ready')
  expect(allSure()).toEqual([])

  const { connection } = await clusters.ready()
  const place = '/apis/apps/v1/namespaces/default/deployments'
  const labels = { app: 'theirs' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
  const spec = { replicas: 0, selector: { matchLabels: labels }, template }
  await connection.json('POST', place, {
    body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'openresty' }, spec },
  })
  taken = new Set([30_080])
  await until(() => sureOf('deployment')?.includes('inTheWay') ?? false, 'the Deployment is in the way')
  const inTheWay = latest?.demos.find(({ slide }) => slide === 'deployment')?.obstacles.find(({ id }) => id === 'inTheWay')
  expect(inTheWay?.facts.objects).toContain('deployment/openresty')
  await until(() => sureOf('lab-service')?.includes('portTaken') ?? false, 'the port is taken')

  await connection.json('DELETE', `${place}/openresty`, { body: {} })
  taken = new Set()
  await until(() => allSure()?.length === 0, 'all works again')
}, 60_000)

test('the kernel’s table names a port on which somebody listens', async () => {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const ports = async () => new Set(listeners(((await readText('/proc/net/tcp')) ?? '').split('\n')).map(each => each.port))
  expect(await ports()).toContain(port)
  await new Promise(done => server.close(done))
  expect(await ports()).not.toContain(port)
})
