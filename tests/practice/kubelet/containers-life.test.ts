import { Duplex } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { fastClock, startCluster, type TestCluster } from './cluster.ts'
import type { Images, Inside } from './stand-in.ts'

let cluster: TestCluster
afterEach(() => {
  cluster.stop()
  expect(cluster.errors).toEqual([])
})

/** Answers every HTTP request on port 80 with the code that `state` holds. */
const serveHttp =
  (state: { code: number }) =>
  ({ spec, network, onSignal, exit }: Inside) => {
    const stop = network.listen(spec.ip, 80, socket => {
      socket.once('data', () => socket.end(`HTTP/1.1 ${state.code} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`))
    })
    onSignal(() => {
      stop()
      exit(0)
    })
  }
const exits =
  (code: number, afterMs = 100) =>
  ({ clock, exit }: Inside) =>
    void clock.sleep(afterMs).then(() => exit(code))
const images: Images = {
  'ok:1': exits(0),
  'bad:1': exits(3),
  'stubborn:1': ({ onSignal, exit }) => onSignal(name => name === 'SIGKILL' && exit(137)),
}

const pod = (spec: Record<string, unknown>, name = 'p') => {
  const withPolicy = (list: unknown) =>
    (list as object[] | undefined)?.map(each => ({ imagePullPolicy: 'IfNotPresent', ...each }))
  const initContainers = withPolicy(spec.initContainers)
  return cluster.create('pods', name, {
    spec: { ...spec, containers: withPolicy(spec.containers), ...(initContainers && { initContainers }) },
  })
}
const status = (name = 'p') => cluster.pod(name)?.status
const container = (name = 'p') => status(name)?.containerStatuses?.[0]
const isReady = (name = 'p') => status(name)?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
const condition = (type: string) => status()?.conditions?.find(each => each.type === type)

test('a container that keeps failing: one restart at once, then back-off of 10 s, 20 s, 40 s in Kubernetes words', async () => {
  cluster = startCluster({ clock: fastClock(100), images })
  pod({ containers: [{ name: 'a', image: 'bad:1' }] })
  await cluster.until(
    'it loops',
    () => container()?.restartCount === 4 && container()?.state?.waiting?.reason === 'CrashLoopBackOff',
  )
  expect(container()?.state?.waiting?.message).toBe(
    `back-off 1m20s restarting failed container=a pod=p_default(${cluster.pod('p').metadata.uid})`,
  )
  expect(container()?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' })
  expect(status()?.phase).toBe('Running')
  const starts = cluster.runtime.started.map(({ at }) => at)
  const waits = starts.slice(1).map((at, index) => Math.floor((at - (starts[index] ?? 0)) / 10_000) * 10)
  expect(waits).toEqual([0, 10, 20, 40])
  const uid = cluster.pod('p').metadata.uid
  expect(cluster.events('p')).toContain(`BackOff: Back-off restarting failed container a in pod p_default(${uid})`)
})

test.each([
  ['Never', 'ok:1', 'Succeeded', 1],
  ['Never', 'bad:1', 'Failed', 1],
  ['OnFailure', 'ok:1', 'Succeeded', 1],
])('restartPolicy %s with %s ends as %s', async (restartPolicy, image, phase, starts) => {
  cluster = startCluster({ clock: fastClock(20), images })
  pod({ restartPolicy, containers: [{ name: 'a', image }] })
  await cluster.until('it ended', () => status()?.phase === phase && status()?.conditions?.[0]?.status === 'False')
  expect(cluster.runtime.started).toHaveLength(starts)
  expect(condition('Ready')?.reason).toBe(phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed')
  cluster.registry.delete('pods', 'default', 'p')
  await cluster.until('it is gone at once', () => !cluster.pod('p'), 1000)
})

test('restartPolicy OnFailure starts a failed container again', async () => {
  cluster = startCluster({ clock: fastClock(50), images })
  pod({ restartPolicy: 'OnFailure', containers: [{ name: 'a', image: 'bad:1' }] })
  await cluster.until('it was started twice', () => cluster.runtime.started.length >= 2)
})

test('an image that cannot be pulled turns from ErrImagePull to ImagePullBackOff and is tried again', async () => {
  cluster = startCluster({ clock: fastClock(50) })
  pod({ containers: [{ name: 'a', image: 'web:nosuch' }] })
  await cluster.until('the pull failed', () => container()?.state?.waiting?.reason === 'ErrImagePull')
  await cluster.until('it waits', () => container()?.state?.waiting?.reason === 'ImagePullBackOff')
  expect(container()?.state?.waiting?.message).toMatch(/^Back-off pulling image "web:nosuch": ErrImagePull: .*not found$/)
  await cluster.until('it tries again', () => container()?.state?.waiting?.reason === 'ErrImagePull')
  expect(cluster.events('p')).toContain('BackOff: Back-off pulling image "web:nosuch"')
  expect(cluster.events('p')).toContain('Failed: Error: ImagePullBackOff')
})

test('an image that is not there yet is pulled, with size and time', async () => {
  cluster = startCluster()
  pod({ containers: [{ name: 'a', image: 'web:slow' }] })
  await cluster.until('it is ready', () => isReady())
  expect(cluster.events('p')).toContainEqual(
    expect.stringMatching(
      /^Pulled: Successfully pulled image "web:slow" in 3\d\dms \(3\d\dms including waiting\)\. Image size: 1000 bytes\.$/,
    ),
  )
})

test('a command that does not exist: RunContainerError, then CrashLoopBackOff', async () => {
  cluster = startCluster({ clock: fastClock(20) })
  pod({ containers: [{ name: 'a', image: 'web:1', command: ['nosuchprogram'] }] })
  await cluster.until('it fails to start', () => container()?.state?.waiting?.reason === 'CrashLoopBackOff')
  expect(container()?.lastState?.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' })
  expect(cluster.events('p')).toContain('Failed: Error: exec: "nosuchprogram": executable file not found in $PATH')
})

test('init containers run one after another before the others; a sidecar stays', async () => {
  cluster = startCluster({ clock: fastClock(10), images })
  pod({
    initContainers: [
      { name: 'one', image: 'ok:1' },
      { name: 'side', image: 'web:1', restartPolicy: 'Always' },
      { name: 'two', image: 'ok:1' },
    ],
    containers: [{ name: 'a', image: 'web:1' }],
  })
  await cluster.until('it is ready', () => isReady())
  expect(cluster.runtime.started.map(({ spec }) => spec.name)).toEqual(['one', 'side', 'two', 'a'])
  expect(cluster.runtime.started.filter(({ running }) => running).map(({ spec }) => spec.name)).toEqual(['side', 'a'])
  expect(cluster.events('p').some(text => text.startsWith('Started'))).toBe(true)
})

test('readiness: the Pod runs but is not Ready until the probe passes, and again when it fails', async () => {
  const state = { code: 503 }
  cluster = startCluster({ clock: fastClock(10), images: { 'web:1': serveHttp(state) } })
  const readinessProbe = { httpGet: { path: '/ready', port: 80 }, periodSeconds: 1 }
  pod({ containers: [{ name: 'a', image: 'web:1', readinessProbe }] })
  await cluster.until('a probe failed', () =>
    cluster.events('p').some(text => text === 'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503'),
  )
  expect([status()?.phase, isReady()]).toEqual(['Running', false])
  state.code = 200
  await cluster.until('it is ready', () => isReady())
  state.code = 500
  await cluster.until('it is not', () => !isReady())
  expect(container()?.restartCount).toBe(0)
})

test('liveness: a container that fails its probe is killed and started again', async () => {
  const state = { code: 200 }
  cluster = startCluster({ clock: fastClock(10), images: { 'web:1': serveHttp(state) } })
  const livenessProbe = { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 2 }
  pod({ containers: [{ name: 'a', image: 'web:1', livenessProbe }] })
  await cluster.until('it is ready', () => isReady())
  state.code = 500
  await cluster.until('it was restarted', () => container()?.restartCount === 1)
  state.code = 200
  await cluster.until('it is ready again', () => isReady())
  expect(cluster.events('p')).toContain('Killing: Container a failed liveness probe, will be restarted')
})

test('a probe of a closed port says connection refused; exec and startup probes count', async () => {
  cluster = startCluster({ clock: fastClock(10) })
  let started = 1
  cluster.runtime.execs.check = () => started
  pod({
    containers: [
      {
        name: 'a',
        image: 'web:1',
        readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
        startupProbe: { exec: { command: ['check'] }, periodSeconds: 1, failureThreshold: 100 },
      },
    ],
  })
  await cluster.until('the startup probe fails', () =>
    cluster.events('p').some(text => text.startsWith('Unhealthy: Startup probe failed')),
  )
  expect(container()).toMatchObject({ started: false, ready: false })
  started = 0
  await cluster.until('it started', () => container()?.started)
  const { podIP } = status() ?? {}
  await cluster.until('the port is closed', () =>
    cluster.events('p').includes(`Unhealthy: Readiness probe failed: dial tcp ${podIP}:80: connect: connection refused`),
  )
})

test('a stubborn container is killed when its grace period is over, and no sooner', async () => {
  cluster = startCluster({ clock: fastClock(20), images })
  pod({ terminationGracePeriodSeconds: 20, containers: [{ name: 'a', image: 'stubborn:1' }] })
  await cluster.until('it is ready', () => isReady())
  cluster.registry.delete('pods', 'default', 'p')
  const took = await cluster.until('it is gone', () => !cluster.pod('p'))
  expect(took * 20).toBeGreaterThan(19_000)
  expect(cluster.events('p').at(-1)).toBe('Killing: Stopping container a')
})

test('a forced delete removes the Pod at once and the container right after', async () => {
  cluster = startCluster({ images })
  pod({ containers: [{ name: 'a', image: 'stubborn:1' }] })
  await cluster.until('it is ready', () => isReady())
  const ip = status()?.podIP ?? ''
  cluster.registry.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 })
  expect(cluster.pod('p')).toBeUndefined()
  await cluster.until('the container ended', () => !cluster.runtime.started[0]?.running, 500)
  await cluster.until('the IP is free', () => !cluster.network.answers(ip), 2000)
})

test("a Pod with hostNetwork has its node's IP; a second one on the same port finds no node", async () => {
  cluster = startCluster({ nodes: 1 })
  const spec = { hostNetwork: true, containers: [{ name: 'a', image: 'web:1', ports: [{ containerPort: 80 }] }] }
  pod(spec)
  await cluster.until('it is ready', () => isReady())
  expect(status()?.podIP).toBe('10.210.0.2')
  pod(spec, 'q')
  await cluster.until('it is refused', () => cluster.events('q').length > 0)
  expect(cluster.events('q')[0]).toMatch(/^FailedScheduling: 0\/1 nodes are available: 1 node\(s\) didn't have free ports/)
  cluster.registry.delete('pods', 'default', 'p')
  await cluster.until('it gets the place', () => isReady('q'))
})

test('exec, logs and port-forward find their container or say why not', async () => {
  const state = { code: 200 }
  cluster = startCluster({ images: { ...images, 'web:1': serveHttp(state) } })
  pod({ containers: [{ name: 'a', image: 'web:1' }] })
  pod(
    {
      containers: [
        { name: 'a', image: 'web:1' },
        { name: 'b', image: 'web:nosuch' },
      ],
    },
    'two',
  )
  await cluster.until('it is ready', () => isReady())
  await cluster.until('the other cannot pull', () => status('two')?.containerStatuses?.[1]?.state?.waiting)
  const { access } = cluster
  expect(access.container('default', 'p').id).toBe(container()?.containerID)
  const socket = await access.dial('default', 'p', 80)
  expect(socket).toBeInstanceOf(Duplex)
  socket.destroy()
  await expect(access.dial('default', 'p', 81)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(() => access.container('default', 'nobody')).toThrow('pods "nobody" not found')
  expect(() => access.container('default', 'two')).toThrow('a container name must be specified for pod two, choose one of: [a b]')
  expect(() => access.container('default', 'p', 'x')).toThrow('container x is not valid for pod p')
  expect(() => access.container('default', 'two', 'b')).toThrow('unable to upgrade connection: container not found ("b")')
  await cluster.until(
    'its pull has failed',
    () => status('two')?.containerStatuses?.[1]?.state?.waiting?.reason === 'ErrImagePull',
  )
  expect(() => access.container('default', 'two', 'b', false, 'logs')).toThrow(
    'container "b" in pod "two" is waiting to start: image can\'t be pulled',
  )
  expect(() => access.container('default', 'p', 'a', true)).toThrow('previous terminated container "a" in pod "p" not found')
})
