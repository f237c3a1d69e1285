import { afterEach, expect, test } from 'vitest'
import type { RunningContainer } from '../../../electron/practice/kubelet/runtime.ts'
import { fastClock, startCluster, type TestCluster } from './cluster.ts'

let cluster: TestCluster
afterEach(() => {
  cluster.stop()
  expect(cluster.errors).toEqual([])
})

const busybox = (script: string, more: Record<string, unknown> = {}) => ({
  name: 'a',
  image: 'busybox:1.36',
  imagePullPolicy: 'IfNotPresent',
  command: ['sh', '-c', script],
  ...more,
})
const create = (spec: Record<string, unknown>) => cluster.create('pods', 'p', { spec })
const state = () => cluster.pod('p')?.status?.containerStatuses?.[0]
const logs = async (container: RunningContainer): Promise<string> => {
  const parts: Uint8Array[] = []
  const { signal } = new AbortController()
  for await (const part of container.logs({ follow: false, timestamps: false, signal })) parts.push(part)
  return Buffer.concat(parts).toString()
}
const exec = async (argv: string[]): Promise<string> => {
  let out = ''
  const take = (bytes: Uint8Array) => {
    out += Buffer.from(bytes).toString()
  }
  await cluster.access.container('default', 'p').exec(argv, { stdout: take, stderr: take, signal: new AbortController().signal })
  return out
}

test('a shell that fails loops, and its logs stay readable', async () => {
  cluster = startCluster({ real: true, clock: fastClock(10) })
  create({ containers: [busybox('echo hi; exit 3')] })
  await cluster.until('it loops', () => state()?.state?.waiting?.reason === 'CrashLoopBackOff')
  expect(state()?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' })
  expect(await logs(cluster.access.container('default', 'p', 'a', true))).toBe('hi\n')
  expect(await logs(cluster.access.container('default', 'p', 'a', false, 'logs'))).toBe('hi\n')
})

test('a shell that ends well completes the Pod', async () => {
  cluster = startCluster({ real: true })
  create({ restartPolicy: 'Never', containers: [busybox('echo done')] })
  await cluster.until('it succeeded', () => cluster.pod('p').status?.phase === 'Succeeded')
  expect(await logs(cluster.access.container('default', 'p', 'a', false, 'logs'))).toBe('done\n')
})

test('programs see mounted files, their environment and their name', async () => {
  cluster = startCluster({ real: true })
  cluster.create('configmaps', 'c', { data: { page: 'hello\n' } })
  const volumes = [{ name: 'v', configMap: { name: 'c' } }]
  const more = { env: [{ name: 'COLOR', value: 'blue' }], volumeMounts: [{ name: 'v', mountPath: '/page', subPath: 'page' }] }
  create({ volumes, terminationGracePeriodSeconds: 0, containers: [busybox('sleep 1000', more)] })
  await cluster.until('it runs', () => state()?.state?.running)
  expect(await exec(['cat', '/page'])).toBe('hello\n')
  expect(await exec(['hostname'])).toBe('p\n')
  expect(await exec(['env'])).toContain('COLOR=blue')
})
