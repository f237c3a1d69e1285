// What a metrics-server knows: how much CPU and memory Pods and nodes took in the last window of 15 s.
// Models metrics-server/pkg/storage

import type { Clock } from '../platform/clock.ts'
import type { NodeObject, Pod } from './controllers/kinds.ts'
import { quantity } from './controllers/quantity.ts'
import { type Meter, type Meters, WINDOW_MS } from './kubelet/load.ts'
import type { Store } from './store.ts'

/** Cores and bytes. */
export interface Usage {
  cpu: number
  memory: number
}

export interface Sample {
  /** The end of the window, and its length, in milliseconds. */
  at: number
  windowMs: number
}

export interface PodSample extends Sample {
  containers: readonly ({ name: string } & Usage)[]
}

export interface NodeSample extends Sample {
  usage: Usage
}

/** Undefined where nothing is known yet, or any more. */
export interface Metrics {
  pod(pod: Pod): PodSample | undefined
  node(node: NodeObject): NodeSample | undefined
  /** Scrapes anew: the cluster has gone to another time. */
  forget(): void
}

/** Work is counted when it is done: a window is read only when its last work has been. */
const LATE_MS = 3000
/** A container younger than this says too little: as metrics-server has it. */
const YOUNGEST_MS = 10_000
/** What kubelet, containerd and the system take of a node. */
const SYSTEM: Usage = { cpu: 0.055, memory: 640 * 2 ** 20 }
/** Kernel and page tables of each Pod, and its pause container. */
const SANDBOX_BYTES = 600 * 1024

/** From 0.8 to 1.2, always the same for one name at one time: nothing real stands quite still. */
const wobble = (name: string, at: number): number => {
  let hash = (at / WINDOW_MS) | 0
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  hash ^= hash >>> 15
  return 0.8 + ((hash >>> 0) % 1024) / 2560
}

const limitOf = (pod: Pod, name: string): number => {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const limit = containers.find(container => container.name === name)?.resources?.limits?.cpu
  return limit === undefined ? Number.POSITIVE_INFINITY : quantity(limit)
}

const windowOf = (at: number, since: number): number => Math.min(WINDOW_MS, at - since)

/** What one container took in the window before `at`. */
const usageOf = (pod: Pod, name: string, meter: Meter, at: number): Usage => {
  const busy = meter.worked(at) / windowOf(at, meter.startedAt)
  const idle = (meter.idle.milliCpu / 1000) * wobble(`${pod.metadata.uid}/${name}`, at)
  return { cpu: Math.min(busy + idle, limitOf(pod, name)), memory: meter.memory() }
}

const sum = (usages: readonly Usage[]): Usage =>
  usages.reduce(({ cpu, memory }, each) => ({ cpu: cpu + each.cpu, memory: memory + each.memory }), { cpu: 0, memory: 0 })

const isReady = ({ status }: NodeObject): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false

interface Scrape {
  at: number
  pods: Map<string, PodSample>
  nodes: Map<string, NodeSample>
}

/** Scrapes once for each window, and only when somebody asks. */
export const createMetrics = ({ store, clock, meters }: { store: Store; clock: Clock; meters: Meters }): Metrics => {
  let last: Scrape | undefined

  const podSample = (pod: Pod, at: number): PodSample | undefined => {
    const running = meters.running(pod.metadata.uid)
    // One container without a sample, and the Pod has none.
    if (running.length === 0 || running.some(({ meter }) => at - meter.startedAt < YOUNGEST_MS)) return undefined
    const windowMs = Math.min(...running.map(({ meter }) => windowOf(at, meter.startedAt)))
    return { at, windowMs, containers: running.map(({ name, meter }) => ({ name, ...usageOf(pod, name, meter, at) })) }
  }

  const scrape = (at: number): Scrape => {
    const byNode = new Map<string, [uid: string, sample: PodSample][]>()
    for (const object of store.list('pods')) {
      const pod = object as Pod
      const sample = pod.status?.phase === 'Running' && pod.spec.nodeName ? podSample(pod, at) : undefined
      if (!sample) continue
      const node = pod.spec.nodeName!
      byNode.set(node, [...(byNode.get(node) ?? []), [pod.metadata.uid, sample]])
    }
    const pods = new Map<string, PodSample>()
    const nodes = new Map<string, NodeSample>()
    for (const object of store.list('nodes')) {
      const node = object as NodeObject
      const since = Date.parse(node.metadata.creationTimestamp)
      if (!isReady(node) || at - since < YOUNGEST_MS) continue
      const here = byNode.get(node.metadata.name) ?? []
      const wanted = sum(here.flatMap(([, { containers }]) => containers))
      const system = SYSTEM.cpu * wobble(node.metadata.name, at)
      const cores = quantity(node.status?.capacity?.cpu)
      // More than its cores no node gives: what its Pods would have beyond that, they share.
      const share = Math.min(1, Math.max(0, cores - system) / (wanted.cpu || 1))
      for (const [uid, sample] of here)
        pods.set(uid, { ...sample, containers: sample.containers.map(each => ({ ...each, cpu: each.cpu * share })) })
      const memory = SYSTEM.memory + wanted.memory + here.length * SANDBOX_BYTES
      nodes.set(node.metadata.name, { at, windowMs: windowOf(at, since), usage: { cpu: system + wanted.cpu * share, memory } })
    }
    return { at, pods, nodes }
  }

  const current = (): Scrape => {
    const at = Math.floor((clock.now() - LATE_MS) / WINDOW_MS) * WINDOW_MS
    if (last?.at !== at) last = scrape(at)
    return last
  }
  return {
    pod: pod => current().pods.get(pod.metadata.uid),
    node: node => current().nodes.get(node.metadata.name),
    forget() {
      last = undefined
    },
  }
}
