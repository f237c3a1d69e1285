import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { Pod } from '../../../electron/practice/controllers/kinds.ts'
import { clusterForTests } from '../api/harness.ts'

const cluster = clusterForTests()
const store = () => cluster.practice.registry.store
const pods = () => store().list('pods', 'default') as readonly Pod[]
const isReady = ({ metadata, status }: Pod) =>
  !metadata.deletionTimestamp && status?.conditions?.some(({ type, status: now }) => type === 'Ready' && now === 'True')
const until = async (what: string, condition: () => unknown, ms = 15_000) => {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const kubectl = async (...args: string[]) =>
  (await promisify(execFile)('kubectl', ['--kubeconfig', `${cluster.folder}/config`, ...args])).stdout
const post = async (path: string, body?: unknown) => {
  const answer = await cluster.send('POST', path, body)
  expect(answer.code, answer.text).toBeLessThan(300)
  return answer.body
}
const curl = async (ip: string) =>
  (await promisify(execFile)('curl', ['-s', '--max-time', '5', '-x', cluster.practice.httpProxy, `http://${ip}/`])).stdout
const deploy = (name: string, replicas: number) =>
  post('/apis/apps/v1/namespaces/default/deployments', {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name, image: 'openresty/openresty:alpine' }] },
      },
    },
  })
const picture = () =>
  pods()
    .map(({ metadata, spec, status }) => ({
      uid: metadata.uid,
      node: spec.nodeName,
      ip: status?.podIP,
      phase: status?.phase,
      containers: status?.containerStatuses?.map(({ containerID, restartCount, ready }) => ({
        containerID,
        restartCount,
        ready,
      })),
    }))
    .sort((a, b) => a.uid.localeCompare(b.uid))

afterEach(async () => {
  await post('/practice/clock', { speed: 1, action: 'resume' })
  await post('/practice/afresh')
})

describe('snapshots', () => {
  test('bring back Pods, their addresses, containers and files, and nothing restarts', async () => {
    await deploy('web', 3)
    await until('all are ready', () => pods().filter(isReady).length === 3)
    const [first] = pods()
    await kubectl('exec', first!.metadata.name, '--', 'sh', '-c', 'echo kept > /note')
    const before = picture()
    const { now } = (await cluster.send('GET', '/practice/clock')).body as unknown as { now: number }
    const { revision } = store()
    expect(await post('/practice/snapshots', { name: 'three Pods' })).toMatchObject({ name: 'three Pods' })
    await kubectl('delete', 'deployment', 'web')
    await kubectl('create', 'configmap', 'later')
    await until('all are gone', () => pods().length === 0)
    const answer = await post('/practice/snapshots/three%20Pods/restore')
    expect(answer.at).toBeGreaterThanOrEqual(now)
    expect(picture()).toEqual(before)
    expect(store().get('configmaps', 'default', 'later')).toBeUndefined()
    expect(store().revision).toBeGreaterThan(revision)
    for (const { ip } of before) expect(await curl(ip!)).toContain('Welcome to OpenResty!')
    expect(await kubectl('exec', first!.metadata.name, '--', 'cat', '/note')).toBe('kept\n')
    await sleep(300)
    expect(picture()).toEqual(before)
    // And it lives on: a lost Pod is replaced, at a free address.
    await kubectl('delete', 'pod', first!.metadata.name)
    await until('another one came', () => pods().filter(isReady).length === 3)
    expect(new Set(pods().map(({ status }) => status?.podIP)).size).toBe(pods().length)
  }, 40_000)

  test('watches hear of a restore as of any other change, with revisions that grow', async () => {
    await until('the certificate is there', () => store().get('configmaps', 'default', 'kube-root-ca.crt'))
    await post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' }, data: { x: '1' } })
    await post('/practice/snapshots', { name: 'watched' })
    await post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'b' } })
    await cluster.send('DELETE', '/api/v1/namespaces/default/configmaps/a')
    const since = store().revision
    const watch = cluster.watch(`/api/v1/namespaces/default/configmaps?watch=true&resourceVersion=${since}`)
    await post('/practice/snapshots/watched/restore')
    const events = [await watch.next(), await watch.next()]
    watch.close()
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`).sort()).toEqual(['ADDED a', 'DELETED b'])
    for (const { object } of events) expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(since)
  })

  test('what redis wrote on its volume comes back, and what it wrote later does not', async () => {
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
    await post('/api/v1/namespaces/default/persistentvolumeclaims', { metadata: { name: 'data' }, spec: claim })
    await post('/api/v1/namespaces/default/pods', {
      metadata: { name: 'redis' },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'redis',
            image: 'redis:alpine',
            args: ['redis-server', '--appendonly', 'yes'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    })
    await until('redis is ready', () => pods().some(isReady))
    const redis = (...words: string[]) => kubectl('exec', 'redis', '--', 'redis-cli', ...words)
    await redis('set', 'who', 'before')
    await post('/practice/snapshots', { name: 'redis' })
    await redis('set', 'who', 'after')
    expect(await redis('get', 'who')).toContain('after')
    await post('/practice/snapshots/redis/restore')
    expect(await redis('get', 'who')).toContain('before')
    await redis('set', 'who', 'again')
    await post('/practice/snapshots/redis/restore')
    expect(await redis('get', 'who')).toContain('before')
    expect(await kubectl('logs', 'redis')).toMatch(/Ready to accept connections.*Ready to accept connections/s)
  }, 30_000)

  test('let a container to which nothing happened run on, with all that its program remembers', async () => {
    const redis = (name: string, ...words: string[]) => kubectl('exec', name, '--', 'redis-cli', ...words)
    for (const name of ['still', 'busy']) await kubectl('run', name, '--image=redis:alpine')
    await until('both are ready', () => pods().filter(isReady).length === 2)
    for (const name of ['still', 'busy']) await redis(name, 'set', 'who', 'before')
    const before = picture()
    await post('/practice/snapshots', { name: 'remembered' })
    await redis('busy', 'set', 'who', 'after')
    await kubectl('delete', 'pod', 'busy', '--wait=false')
    await post('/practice/snapshots/remembered/restore')
    expect(picture()).toEqual(before)
    expect(await redis('still', 'get', 'who')).toBe('before\n')
    // Nothing was on its disk, and a program that goes back in time begins anew.
    expect(await redis('busy', 'get', 'who')).toBe('\n')
    await cluster.send('DELETE', '/practice/snapshots/remembered')
  }, 30_000)

  test('refuse what makes no sense, and hold no more than twenty', async () => {
    const name = async (value: unknown) => (await cluster.send('POST', '/practice/snapshots', { name: value })).code
    for (const wrong of ['', '../x', ' x', 'x'.repeat(64), 7, undefined, 'before-restore'])
      expect(await name(wrong)).toBeGreaterThanOrEqual(400)
    expect(await name('第一课')).toBe(201)
    expect((await cluster.send('POST', '/practice/snapshots', { name: '第一课' })).body).toMatchObject({
      reason: 'AlreadyExists',
    })
    expect((await cluster.send('POST', '/practice/snapshots/nope/restore')).body).toMatchObject({ reason: 'NotFound' })
    expect((await cluster.send('DELETE', '/practice/snapshots/nope')).code).toBe(404)
    expect((await cluster.send('PUT', '/practice/snapshots')).code).toBe(405)
    expect((await cluster.send('GET', '/practice/rewind')).code).toBe(405)
    for (const seconds of [0, -1, 1e9, '10', null]) {
      expect((await cluster.send('POST', '/practice/rewind', { seconds })).body).toMatchObject({ kind: 'Status', code: 400 })
    }
    const { snapshots } = (await cluster.send('GET', '/practice/snapshots')).body as unknown as { snapshots: { name: string }[] }
    for (let count = snapshots.length; count < 20; count++) expect(await name(`s${count}`)).toBe(201)
    expect(await name('one more')).toBe(429)
    const list = (await cluster.send('GET', '/practice/snapshots')).body as unknown as { snapshots: { name: string }[] }
    for (const each of list.snapshots) {
      expect((await cluster.send('DELETE', `/practice/snapshots/${encodeURIComponent(each.name)}`)).code).toBe(200)
    }
  })

  test('of a thousand Pods are taken and restored in milliseconds', async () => {
    await post('/practice/snapshots', { name: 'empty' })
    for (let node = 0; node < 8; node++) await post('/practice/nodes')
    await deploy('many', 1000)
    await until('all are ready', () => pods().filter(isReady).length === 1000, 60_000)
    const before = picture()
    /** By the clock, and of a processor: on a busy machine only the latter tells what it costs. */
    const timed = async (act: () => Promise<unknown>) => {
      const [start, before] = [performance.now(), process.cpuUsage()]
      await act()
      const { user, system } = process.cpuUsage(before)
      return { ms: performance.now() - start, cpuMs: (user + system) / 1000 }
    }
    const took = await timed(() => post('/practice/snapshots', { name: 'full' }))
    await kubectl('scale', 'deployment', 'many', '--replicas=900')
    await until('some left', () => pods().length <= 950, 30_000)
    const restored = await timed(() => post('/practice/snapshots/full/restore'))
    expect(picture()).toEqual(before)
    const told = ({ ms, cpuMs }: typeof took) => `${ms.toFixed(1)} ms (processor ${cpuMs.toFixed(1)} ms)`
    process.stdout.write(`snapshot of 1000 Pods: taken in ${told(took)}, restored in ${told(restored)}\n`)
    expect(took.cpuMs).toBeLessThan(150)
    expect(restored.cpuMs).toBeLessThan(600)
    await cluster.send('DELETE', '/practice/snapshots/full')
    await cluster.send('DELETE', '/practice/snapshots/empty')
  }, 120_000)
})

describe('rewind', () => {
  test('goes back without having been asked before: objects, clock, dead nodes', async () => {
    await post('/practice/clock', { speed: 4 })
    await deploy('web', 2)
    await until('both are ready', () => pods().filter(isReady).length === 2)
    const { now: ready } = (await post('/practice/clock', {})) as unknown as { now: number }
    await sleep(1500)
    const before = picture()
    const { now } = (await post('/practice/clock', {})) as unknown as { now: number }
    await post('/practice/nodes/node2/kill')
    await kubectl('delete', 'deployment', 'web', '--wait=false')
    await sleep(2000)
    // Held, so that no time passes between the question and the way back.
    const later = (await post('/practice/clock', { action: 'pause' })) as unknown as { now: number }
    const { at } = (await post('/practice/rewind', { seconds: (later.now - now) / 1000 })) as unknown as { at: number }
    expect(at).toBeGreaterThan(ready)
    expect(at).toBeLessThanOrEqual(now + 1)
    expect(picture()).toEqual(before)
    expect((await cluster.send('GET', '/practice/nodes')).body).toMatchObject({ nodes: [{ hasPower: true }, { hasPower: true }] })
    expect(((await post('/practice/clock', { action: 'resume' })) as unknown as { now: number }).now).toBeGreaterThanOrEqual(at)
    // What was undone can be had again.
    await post('/practice/snapshots/before-restore/restore')
    expect(store().get('deployments.apps', 'default', 'web')).toBeUndefined()
    expect((await cluster.send('GET', '/practice/nodes')).body).toMatchObject({
      nodes: [{ hasPower: true }, { hasPower: false }],
    })
  }, 30_000)

  test('further than it remembers leads to the oldest moment, also while the clock stands still', async () => {
    await post('/practice/clock', { action: 'pause' })
    await kubectl('create', 'configmap', 'soon-gone')
    await post('/practice/rewind', { seconds: 3600 })
    expect(store().get('configmaps', 'default', 'soon-gone')).toBeUndefined()
    expect(store().get('nodes', '', 'node1')).toBeDefined()
    expect(await post('/practice/clock', {})).toMatchObject({ isPaused: true })
  })

  test('a crashing container keeps its count and its wait', async () => {
    await post('/practice/clock', { speed: 20 })
    await kubectl('run', 'crash', '--image=busybox', '--', 'sh', '-c', 'exit 3')
    const status = () => pods()[0]?.status?.containerStatuses?.[0]
    await until(
      'it waits after two restarts',
      () => status()?.restartCount === 2 && status()?.state?.waiting?.reason === 'CrashLoopBackOff',
    )
    await post('/practice/snapshots', { name: 'crashing' })
    const before = structuredClone(status())
    await until('it crashed again', () => status()?.restartCount === 3)
    await post('/practice/snapshots/crashing/restore')
    expect(status()).toEqual(before)
    expect(await kubectl('logs', 'crash', '--previous')).toBe('')
    await until('it crashes on', () => status()?.restartCount === 3)
  }, 30_000)
})

test('starting afresh leaves an empty cluster that works, and can be undone', async () => {
  await deploy('web', 1)
  await until('it is ready', () => pods().filter(isReady).length === 1)
  await post('/practice/afresh')
  expect(pods()).toEqual([])
  await until('the default account is back', () => store().get('serviceaccounts', 'default', 'default'))
  await kubectl('run', 'one', '--image=busybox', '--', 'sleep', '1000')
  await until('it is ready', () => pods().filter(isReady).length === 1)
  await post('/practice/snapshots/before-restore/restore')
  expect(pods().map(({ metadata }) => metadata.labels?.app)).toEqual(['web'])
}, 20_000)
