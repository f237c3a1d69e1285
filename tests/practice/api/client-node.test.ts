// The JavaScript client's typed calls, watch, informer, log and exec against a whole practice cluster.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  type V1Pod,
  Watch,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPractice, type Practice } from '../../../electron/practice/practice.ts'

let practice: Practice
const config = new KubeConfig()
const namespace = 'default'
const labels = { app: 'web' }

beforeAll(async () => {
  practice = await createPractice()
  config.loadFromString(practice.kubeconfig)
})
afterAll(() => practice.stop())

const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (let left = 200; left > 0; left--) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise(done => setTimeout(done, 50))
  }
  throw new Error('waited in vain')
}

test('typed calls make, read, patch, scale and delete a Deployment; watch and informer tell of its Pods', async () => {
  const [apps, core] = [config.makeApiClient(AppsV1Api), config.makeApiClient(CoreV1Api)]
  const list = () => core.listNamespacedPod({ namespace })
  const { metadata } = await list()
  const told: string[] = []
  const leaving = await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/pods`,
    { resourceVersion: metadata?.resourceVersion ?? '0' },
    (type, pod: V1Pod) => told.push(`${type} ${pod.status?.phase}`),
    () => {},
  )
  const known = new Map<string, V1Pod>()
  const informer = makeInformer<V1Pod>(config, `/api/v1/namespaces/${namespace}/pods`, list)
  for (const event of ['add', 'update'] as const) informer.on(event, pod => void known.set(pod.metadata?.name ?? '', pod))
  informer.on('delete', pod => void known.delete(pod.metadata?.name ?? ''))
  await informer.start()

  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'openresty/openresty:alpine' }] } }
  const body = { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: labels }, template } }
  const made = await apps.createNamespacedDeployment({ namespace, body })
  expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date)
  const ready = (count: number) =>
    until(async () => {
      const { status } = await apps.readNamespacedDeployment({ name: 'web', namespace })
      return (status?.readyReplicas ?? 0) === count && status?.replicas === count ? status : undefined
    })
  await ready(2)
  await until(async () => ([...known.values()].filter(pod => pod.status?.phase === 'Running').length === 2 ? true : undefined))
  expect(told.filter(each => each.startsWith('ADDED'))).toHaveLength(2)
  expect(told).toContain('MODIFIED Running')

  const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch)
  const patched = await apps.patchNamespacedDeployment({ name: 'web', namespace, body: { spec: { replicas: 3 } } }, strategic)
  expect(patched.spec?.replicas).toBe(3)
  await ready(3)
  const scale = await apps.readNamespacedDeploymentScale({ name: 'web', namespace })
  await apps.replaceNamespacedDeploymentScale({ name: 'web', namespace, body: { ...scale, spec: { replicas: 1 } } })
  await ready(1)
  await until(async () => (known.size === 1 ? true : undefined))
  expect(told.some(each => each.startsWith('DELETED'))).toBe(true)
  await expect(apps.readNamespacedDeployment({ name: 'nosuch', namespace })).rejects.toMatchObject({ code: 404 })
  await informer.stop()
  leaving.abort()
})

test('log follows, exec answers and port-forward carries HTTP', async () => {
  const core = config.makeApiClient(CoreV1Api)
  const command = ['sh', '-c', 'for i in 1 2 3; do echo line $i; sleep 0.2; done']
  await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name: 'talker' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command }] },
    },
  })
  await until(async () => {
    const { status } = await core.readNamespacedPod({ name: 'talker', namespace })
    return status?.phase === 'Pending' ? undefined : status
  })
  const lines = new PassThrough()
  const followed = text(lines)
  await new Log(config).log(namespace, 'talker', 'c', lines, { follow: true })
  expect(await followed).toBe('line 1\nline 2\nline 3\n')

  const [pod] = (await core.listNamespacedPod({ namespace, labelSelector: 'app=web' })).items
  const name = pod?.metadata?.name ?? ''
  const out = new PassThrough()
  const said = text(out)
  await new Exec(config).exec(namespace, name, 'web', ['hostname'], out, null, null, false)
  expect(await said).toBe(`${name}\n`)

  const server = createServer(socket => void new PortForward(config).portForward(namespace, name, [80], socket, null, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('OpenResty')
  server.close()
})
