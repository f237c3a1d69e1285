import { afterEach, expect, test } from 'vitest'
import type { FileTree } from '../../../electron/practice/images/files.ts'
import { createFileTree } from '../../../electron/practice/images/files.ts'
import { goDuration } from '../../../electron/practice/kubelet/back-off.ts'
import { expand } from '../../../electron/practice/kubelet/environment.ts'
import { fastClock, startCluster, type TestCluster } from './cluster.ts'

let cluster: TestCluster
afterEach(() => {
  cluster.stop()
  expect(cluster.errors).toEqual([])
})

const base64 = (text: string) => Buffer.from(text).toString('base64')
const spec = (name: string) => cluster.runtime.started.find(each => each.spec.pod === name)?.spec
const start = async (name: string, podSpec: Record<string, unknown>, metadata = {}) => {
  cluster.create('pods', name, { metadata, spec: podSpec })
  await cluster.until(`${name} runs`, () => spec(name))
}
/** The container's view of its mounts. */
const filesOf = (name: string): FileTree => {
  const tree = createFileTree(() => 0)
  for (const { path, volume, subPath, readOnly } of spec(name)?.mounts ?? [])
    tree.mount(path, volume, { readOnly, ...(subPath && { subPath }) })
  return tree
}
const image = { image: 'web:1', imagePullPolicy: 'IfNotPresent' }

test('environment: Services, ConfigMaps, Secrets, fields, resources, and $(NAME)', async () => {
  cluster = startCluster({ clock: fastClock(10) })
  cluster.create('services', 'my-db', { spec: { ports: [{ name: 'sql', port: 5432 }], selector: { app: 'db' } } })
  cluster.create('configmaps', 'c', { data: { color: 'blue', size: 'big' } })
  cluster.create('secrets', 's', { data: { password: base64('geheim') } })
  const env = [
    { name: 'PLAIN', value: 'x' },
    { name: 'JOINED', value: '$(PLAIN)-$(color)-$$(PLAIN)-$(NOPE)' },
    { name: 'KEY', valueFrom: { configMapKeyRef: { name: 'c', key: 'size' } } },
    { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'password' } } },
    { name: 'MAYBE', valueFrom: { secretKeyRef: { name: 'none', key: 'x', optional: true } } },
    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'TEAM', valueFrom: { fieldRef: { fieldPath: "metadata.labels['team']" } } },
    { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
  ]
  const container = {
    name: 'a',
    ...image,
    env,
    envFrom: [{ configMapRef: { name: 'c' } }],
    args: ['--color=$(color)'],
    resources: { limits: { cpu: '250m' } },
  }
  await start('p', { containers: [container] }, { labels: { team: 'red' } })
  expect(spec('p')?.env).toMatchObject({
    MY_DB_SERVICE_PORT_SQL: '5432',
    MY_DB_PORT_5432_TCP_PROTO: 'tcp',
    color: 'blue',
    JOINED: 'x-blue-$(PLAIN)-$(NOPE)',
    KEY: 'big',
    SECRET: 'geheim',
    NODE: cluster.pod('p').spec.nodeName,
    IP: cluster.pod('p').status?.podIP,
    TEAM: 'red',
    CPU: '250',
  })
  expect(spec('p')?.env).not.toHaveProperty('MAYBE')
  expect(spec('p')?.args).toEqual(['--color=blue'])
})

test('a missing ConfigMap in env holds the container, by name, until it is there', async () => {
  cluster = startCluster({ clock: fastClock(50) })
  const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'late', key: 'k' } } }]
  cluster.create('pods', 'p', { spec: { containers: [{ name: 'a', ...image, env }] } })
  const waiting = () => cluster.pod('p').status?.containerStatuses?.[0]?.state?.waiting
  await cluster.until('it waits', () => waiting()?.reason === 'CreateContainerConfigError')
  expect(waiting()?.message).toBe('configmap "late" not found')
  cluster.create('configmaps', 'late', { data: { other: 'x' } })
  await cluster.until('the key is missed', () => waiting()?.message === "couldn't find key k in ConfigMap default/late")
  cluster.registry.modify('configmaps', 'default', 'late', copy => ({ ...copy, data: { k: 'v' } }))
  await cluster.until('it runs', () => spec('p')?.env.A === 'v')
})

test('volumes: ConfigMap with items and subPath, Secret, shared emptyDir, hostPath by node, service account', async () => {
  cluster = startCluster({ clock: fastClock(10), nodes: 1 })
  cluster.create('configmaps', 'c', {
    data: { 'default.conf': 'server {}', 'page.html': 'hello' },
    binaryData: { bin: base64('\u0001') },
  })
  cluster.create('secrets', 's', { data: { key: base64('geheim') } })
  const volumes = [
    { name: 'all', configMap: { name: 'c' } },
    { name: 'some', configMap: { name: 'c', items: [{ key: 'page.html', path: 'deep/index.html', mode: 0o600 }] } },
    { name: 'secret', secret: { secretName: 's' } },
    { name: 'shared', emptyDir: {} },
    { name: 'host', hostPath: { path: '/data' } },
  ]
  const volumeMounts = [
    { name: 'all', mountPath: '/all' },
    { name: 'all', mountPath: '/etc/nginx/conf.d/default.conf', subPath: 'default.conf' },
    { name: 'some', mountPath: '/some' },
    { name: 'secret', mountPath: '/secret' },
    { name: 'shared', mountPath: '/shared' },
    { name: 'host', mountPath: '/host' },
  ]
  await start('p', { volumes, containers: [{ name: 'a', ...image, volumeMounts }] })
  const files = filesOf('p')
  expect(files.text('/all/page.html')).toBe('hello')
  expect([...files.read('/all/bin')]).toEqual([1])
  expect(files.text('/etc/nginx/conf.d/default.conf')).toBe('server {}')
  expect(files.text('/some/deep/index.html')).toBe('hello')
  expect(files.stat('/some/deep/index.html').mode & 0o777).toBe(0o600)
  expect(files.list('/some').map(({ name }) => name)).toEqual(['deep'])
  expect(files.text('/secret/key')).toBe('geheim')
  expect(() => files.write('/all/page.html', 'changed')).toThrow(expect.objectContaining({ code: 'EROFS' }))
  const account = '/var/run/secrets/kubernetes.io/serviceaccount'
  expect(files.text(`${account}/ca.crt`)).toBe('PEM')
  expect(files.text(`${account}/namespace`)).toBe('default')
  expect(files.text(`${account}/token`).split('.')).toHaveLength(3)
  files.write('/host/kept', 'yes')
  files.write('/shared/gone', 'yes')
  await start('q', { volumes, containers: [{ name: 'a', ...image, volumeMounts }] })
  expect(filesOf('q').text('/host/kept')).toBe('yes')
  expect(filesOf('q').exists('/shared/gone')).toBe(false)
})

test('a changed ConfigMap shows in the volume after a while, but not through subPath', async () => {
  cluster = startCluster({ clock: fastClock(200) })
  cluster.create('configmaps', 'c', { data: { page: 'old' } })
  const volumes = [{ name: 'v', configMap: { name: 'c' } }]
  const volumeMounts = [
    { name: 'v', mountPath: '/all' },
    { name: 'v', mountPath: '/one', subPath: 'page' },
  ]
  await start('p', { volumes, containers: [{ name: 'a', ...image, volumeMounts }] })
  const files = filesOf('p')
  cluster.registry.modify('configmaps', 'default', 'c', copy => ({ ...copy, data: { page: 'new' } }))
  expect(files.text('/all/page')).toBe('old')
  await cluster.until('it shows', () => files.text('/all/page') === 'new')
  expect(files.text('/one')).toBe('old')
})

test('a missing ConfigMap for a volume holds the Pod in ContainerCreating and says which', async () => {
  cluster = startCluster({ clock: fastClock(20) })
  const volumes = [{ name: 'v', configMap: { name: 'late' } }]
  cluster.create('pods', 'p', {
    spec: { volumes, containers: [{ name: 'a', ...image, volumeMounts: [{ name: 'v', mountPath: '/v' }] }] },
  })
  await cluster.until('it says so', () =>
    cluster.events('p').includes('FailedMount: MountVolume.SetUp failed for volume "v" : configmap "late" not found'),
  )
  // The Event is written at once, the status a moment later.
  await cluster.until('its status is told', () => cluster.pod('p').status?.containerStatuses)
  expect(cluster.pod('p').status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'ContainerCreating' } })
  cluster.create('configmaps', 'late', { data: { a: 'b' } })
  await cluster.until('it runs', () => spec('p'))
})

test.each([
  ['$(A) $$(A) $(B) $A', 'x $(A) $(B) $A'],
  ['$(A)$(A)', 'xx'],
])('expand %s', (text, expected) => {
  cluster = startCluster()
  expect(expand(text, { A: 'x' })).toBe(expected)
})

test.each([
  [231, '231ms'],
  [1500, '1.5s'],
  [10_000, '10s'],
  [80_000, '1m20s'],
  [300_000, '5m0s'],
])('%i ms is %s in Go', (ms, text) => {
  cluster = startCluster()
  expect(goDuration(ms)).toBe(text)
})
