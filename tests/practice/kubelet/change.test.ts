import { afterEach, describe, expect, test } from 'vitest'
import type { Pod } from '../../../electron/practice/controllers/kinds.ts'
import { resizeObstacle } from '../../../electron/practice/kubelet/resize.ts'
import { fastClock, startCluster, type TestCluster } from './cluster.ts'

let cluster: TestCluster
const status = () => cluster.pod('p')?.status?.containerStatuses?.[0]
const create = (spec: Record<string, unknown>) =>
  cluster.create('pods', 'p', { spec: { terminationGracePeriodSeconds: 0, ...spec } })
const sleeper = (more: Record<string, unknown> = {}) => ({
  name: 'a',
  image: 'busybox:1.36',
  imagePullPolicy: 'IfNotPresent',
  command: ['sleep', '1000'],
  ...more,
})
const change = (apply: (pod: Pod) => void, subresource?: 'resize') =>
  cluster.registry.modify(
    'pods',
    'default',
    'p',
    copy => {
      apply(copy as Pod)
      return copy
    },
    subresource && { subresource },
  )
const setImage = (image: string) =>
  change(pod => {
    pod.spec.containers[0]!.image = image
  })

describe('a Pod that is changed while it runs', () => {
  afterEach(() => {
    cluster.stop()
    expect(cluster.errors).toEqual([])
  })

  test.each(['Always', 'Never'])('has its container replaced for another image, restart policy %s', async restartPolicy => {
    cluster = startCluster({ real: true, clock: fastClock(5) })
    create({ restartPolicy, containers: [sleeper()] })
    await cluster.until('it runs', () => status()?.ready)
    const first = status()!
    setImage('busybox:1.35')
    await cluster.until('another one runs', () => status()?.ready && status()?.containerID !== first.containerID)
    expect(status()).toMatchObject({ restartCount: 1, image: 'docker.io/library/busybox:1.35' })
    expect(status()?.lastState?.terminated?.containerID).toBe(first.containerID)
    expect(cluster.events('p')).toContain('Killing: Container a definition changed, will be restarted')
    expect(cluster.pod('p').status?.phase).toBe('Running')
  })

  test('does not wait any longer for an image that cannot be pulled', async () => {
    cluster = startCluster({ real: true, clock: fastClock(20) })
    create({ containers: [sleeper({ image: 'busybox:no-such-tag' })] })
    await cluster.until('it waits', () => status()?.state?.waiting?.reason === 'ImagePullBackOff')
    const began = cluster.clock.now()
    setImage('busybox:1.36')
    await cluster.until('it runs', () => status()?.ready)
    // The back-off alone was ten seconds.
    expect(cluster.clock.now() - began).toBeLessThan(9000)
    expect(status()?.restartCount).toBe(0)
  })

  test('is resized without a restart, or with one where a policy says so', async () => {
    cluster = startCluster({ real: true, clock: fastClock(5) })
    const resources = { requests: { cpu: '100m', memory: '64Mi' } }
    create({ containers: [sleeper({ resources })] })
    await cluster.until('it runs', () => status()?.ready)
    const first = status()!
    const resize = (requests: Record<string, string>) =>
      change(pod => {
        pod.spec.containers[0]!.resources = { requests }
      }, 'resize')
    resize({ cpu: '200m', memory: '64Mi' })
    await cluster.until('its status tells it', () => status()?.resources?.requests?.cpu === '200m')
    expect(status()).toMatchObject({ containerID: first.containerID, restartCount: 0 })
    resize({ cpu: '9', memory: '64Mi' })
    const pending = () => cluster.pod('p').status?.conditions?.find(({ type }) => type === 'PodResizePending')
    await cluster.until('it waits', () => pending())
    expect(pending()).toMatchObject({
      status: 'True',
      reason: 'Infeasible',
      message: "Node didn't have enough capacity: cpu, requested: 9000, capacity: 4000",
    })
    expect(status()?.resources?.requests?.cpu).toBe('200m')
    change(pod => {
      pod.spec.containers[0]!.resources = { requests: { cpu: '300m', memory: '64Mi' } }
      pod.spec.containers[0]!.resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }]
    }, 'resize')
    await cluster.until('another one runs', () => status()?.ready && status()?.containerID !== first.containerID)
    expect(pending()).toBeUndefined()
    expect(cluster.events('p')).toContain('Killing: Container a resize requires restart')
  })
})

test('a resize waits while the neighbours leave no room for it', () => {
  const pod = (cpu: string) => ({ spec: { containers: [{ name: 'a', resources: { requests: { cpu } } }] } }) as unknown as Pod
  const node = { metadata: { name: 'n' }, status: { allocatable: { cpu: '4', memory: '8Gi' } } } as never
  expect(resizeObstacle(pod('3'), node, [pod('500m')])).toBeUndefined()
  expect(resizeObstacle(pod('3'), node, [pod('1500m')])).toEqual({
    reason: 'Deferred',
    message: "Node didn't have enough resource: cpu, requested: 3000, used: 1500, capacity: 4000",
  })
})
