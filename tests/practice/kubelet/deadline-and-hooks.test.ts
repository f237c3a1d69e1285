import { afterEach, expect, test } from 'vitest'
import { fastClock, startCluster, type TestCluster } from './cluster.ts'

let cluster: TestCluster
afterEach(() => {
  cluster.stop()
  expect(cluster.errors).toEqual([])
})

const container = { name: 'a', image: 'app:1', imagePullPolicy: 'IfNotPresent' }
const told = (name: string, reason: string) => cluster.events(name).filter(text => text.startsWith(`${reason}:`))

test('a Pod past its deadline is stopped for good, and its object stays', async () => {
  cluster = startCluster({ clock: fastClock(10) })
  cluster.create('pods', 'p', { spec: { activeDeadlineSeconds: 5, containers: [container] } })
  await cluster.until('it runs', () => cluster.pod('p').status?.phase === 'Running')
  await cluster.until('it failed', () => cluster.pod('p').status?.phase === 'Failed')
  const { status } = cluster.pod('p')
  expect(status).toMatchObject({
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  })
  const lived =
    Date.parse(status?.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? '') - Date.parse(String(status?.startTime))
  expect(lived).toBeGreaterThanOrEqual(4000)
  expect(lived).toBeLessThan(9000)
  expect(cluster.runtime.started.map(({ running }) => running)).toEqual([false])
  expect(told('p', 'DeadlineExceeded')).toHaveLength(1)
  cluster.registry.delete('pods', 'default', 'p')
  await cluster.until('it is gone', () => !cluster.pod('p'))
})

test('a deadline can be given later, and ends a Pod that cannot even start', async () => {
  cluster = startCluster({ clock: fastClock(10) })
  cluster.create('pods', 'p', { spec: { containers: [{ ...container, image: 'nosuch:1' }] } })
  await cluster.until(
    'it waits',
    () => cluster.pod('p').status?.containerStatuses?.[0]?.state?.waiting?.reason === 'ErrImagePull',
  )
  cluster.registry.modify('pods', 'default', 'p', copy => ({
    ...copy,
    spec: { ...(copy.spec as object), activeDeadlineSeconds: 1 },
  }))
  await cluster.until('it failed', () => cluster.pod('p').status?.reason === 'DeadlineExceeded')
})

test('a container counts as being created until its postStart hook is done', async () => {
  cluster = startCluster()
  const lifecycle = { postStart: { sleep: { seconds: 1 } } }
  cluster.create('pods', 'p', { spec: { containers: [{ ...container, lifecycle }] } })
  await cluster.until('it began', () => told('p', 'Started').length === 1)
  await cluster.until('its address is told', () => cluster.pod('p').status?.podIP)
  expect(cluster.runtime.started).toHaveLength(1)
  expect(cluster.pod('p').status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'ContainerCreating' } })
  expect(cluster.pod('p').status?.phase).toBe('Pending')
  const took = await cluster.until('it is ready', () => cluster.pod('p').status?.containerStatuses?.[0]?.ready)
  expect(took).toBeGreaterThan(500)
})

test('a container whose postStart hook fails is stopped and started again', async () => {
  cluster = startCluster({ clock: fastClock(5) })
  cluster.runtime.execs.prepare = () => 1
  const lifecycle = { postStart: { exec: { command: ['prepare'] } } }
  cluster.create('pods', 'p', { spec: { containers: [{ ...container, lifecycle }] } })
  await cluster.until('it was started twice', () => cluster.runtime.started.length > 1)
  expect(told('p', 'FailedPostStartHook')[0]).toBe('FailedPostStartHook: PostStartHook failed')
  expect(told('p', 'Killing')[0]).toBe('Killing: FailedPostStartHook')
  await cluster.until('it backs off', () => told('p', 'BackOff').length > 0)
  cluster.runtime.execs.prepare = () => 0
  await cluster.until('it runs', () => cluster.pod('p').status?.containerStatuses?.[0]?.ready, 30_000)
}, 60_000)

test('a sidecar starts before the containers, and does not keep the Pod from its end', async () => {
  cluster = startCluster({ images: { once: ({ clock, exit }) => void clock.sleep(200).then(() => exit(0)) } })
  const initContainers = [
    { ...container, name: 'side', restartPolicy: 'Always', lifecycle: { postStart: { sleep: { seconds: 1 } } } },
    { ...container, name: 'first', image: 'once' },
  ]
  cluster.create('pods', 'p', { spec: { restartPolicy: 'Never', initContainers, containers: [{ ...container, image: 'once' }] } })
  await cluster.until('it is done', () => cluster.pod('p').status?.phase === 'Succeeded')
  const [side, first, main] = cluster.runtime.started
  expect([side?.spec.name, first?.spec.name, main?.spec.name]).toEqual(['side', 'first', 'a'])
  expect((first?.at ?? 0) - (side?.at ?? 0)).toBeGreaterThanOrEqual(900)
  expect(side?.running).toBe(false)
})
