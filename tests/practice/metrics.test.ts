import { expect, test } from 'vitest'
import type { NodeObject, Pod } from '../../electron/practice/controllers/kinds.ts'
import { createMeter, type Meter, WINDOW_MS } from '../../electron/practice/kubelet/load.ts'
import { createMetrics } from '../../electron/practice/metrics.ts'
import { type KubeObject, timestamp } from '../../electron/practice/object.ts'
import { createStore } from '../../electron/practice/store.ts'

/** So much later a window is read. */
const LATE_MS = 3000
const start = Date.parse('2026-11-22T14:00:00Z')

/** One node of four cores, and Pods whose containers are driven by hand. */
const stage = () => {
  let now = start
  const store = createStore()
  const clock = { now: () => now, sleep: () => Promise.resolve() }
  const running = new Map<string, { name: string; meter: Meter }[]>()
  const metrics = createMetrics({ store, clock, meters: { running: uid => running.get(uid) ?? [] } })
  const metadata = (name: string) => ({ name, uid: name, resourceVersion: '', creationTimestamp: timestamp(start) })
  const node = store.put('nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata('node1'),
    status: { capacity: { cpu: '4', memory: '8Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
  }) as NodeObject
  const pod = (name: string, limits?: Record<string, string>) => {
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata(name), namespace: 'default' },
      spec: { nodeName: 'node1', containers: [{ name: 'main', image: 'x', ...(limits && { resources: { limits } }) }] },
      status: { phase: 'Running' },
    }
    const meter = createMeter({ now: clock.now, idle: { milliCpu: 0, memoryBytes: 1000 }, processes: () => 0 })
    running.set(name, [{ name: 'main', meter }])
    return { pod: store.put('pods', object) as Pod, meter }
  }
  return {
    metrics,
    node,
    pod,
    running,
    pass(ms: number) {
      now += ms
    },
  }
}

test('nothing is known before the first window has ended', () => {
  const { metrics, node, pod, pass } = stage()
  const web = pod('web')
  pass(WINDOW_MS + LATE_MS - 1)
  expect([metrics.pod(web.pod), metrics.node(node)]).toEqual([undefined, undefined])
  pass(1)
  expect(metrics.pod(web.pod)).toEqual({
    at: start + WINDOW_MS,
    windowMs: WINDOW_MS,
    containers: [{ name: 'main', cpu: 0, memory: 1000 }],
  })
  expect(metrics.node(node)?.windowMs).toBe(WINDOW_MS)
})

test('a container that began in the window is measured over its own time, if that is long enough', () => {
  const { metrics, pod, pass } = stage()
  pass(3000)
  const early = pod('early')
  early.meter.work(1200)
  pass(3000)
  const late = pod('late')
  pass(WINDOW_MS - 6000 + LATE_MS)
  expect(metrics.pod(early.pod)).toMatchObject({ windowMs: 12_000, containers: [{ cpu: 0.1 }] })
  expect(metrics.pod(late.pod)).toBeUndefined()
})

test('one container without a sample, and the Pod has none', () => {
  const { metrics, pod, pass, running } = stage()
  const web = pod('web')
  pass(WINDOW_MS - 2000)
  running.get('web')!.push({ name: 'restarted', meter: pod('other').meter })
  pass(2000 + LATE_MS)
  expect(metrics.pod(web.pod)).toBeUndefined()
})

test('a limit caps a container, and its cores cap a node', () => {
  const { metrics, node, pod, pass } = stage()
  const limited = pod('limited', { cpu: '500m' })
  const pods = [pod('a'), pod('b'), pod('c')]
  limited.meter.work(WINDOW_MS)
  for (const { meter } of pods) meter.work(WINDOW_MS * 2)
  pass(WINDOW_MS + LATE_MS)
  const cores = [limited, ...pods].map(each => metrics.pod(each.pod)!.containers[0]!.cpu)
  expect(cores[0]).toBeLessThan(0.5)
  expect(metrics.node(node)!.usage.cpu).toBeCloseTo(4, 6)
  expect(cores[1]! / cores[0]!).toBeCloseTo(4, 6)
})

test('a window is scraped once: what comes after does not change it', () => {
  const { metrics, pod, pass } = stage()
  const web = pod('web')
  pass(WINDOW_MS + LATE_MS)
  const first = metrics.pod(web.pod)
  web.meter.work(5000)
  pass(1000)
  expect(metrics.pod(web.pod)).toBe(first)
  pass(WINDOW_MS)
  expect(metrics.pod(web.pod)?.containers[0]?.cpu).toBeCloseTo(5 / 15, 6)
})

test('a window is still known while the one after the next begins', () => {
  const { metrics, pod, pass } = stage()
  const web = pod('web')
  web.meter.work(3000)
  // Nobody asked before, and the container has worked on.
  pass(2 * WINDOW_MS + LATE_MS - 1)
  web.meter.work(1)
  expect(metrics.pod(web.pod)?.containers[0]?.cpu).toBeCloseTo(0.2, 6)
})
