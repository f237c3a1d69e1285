// What a Pod asks of a node: its requests, host ports, and how much of it is already taken.

import type { Container, ContainerPort } from 'kubernetes-types/core/v1.js'
import { controllerOf } from '../object.ts'
import type { Store } from '../store.ts'
import type { NodeObject, Pod } from './kinds.ts'
import { isTerminal } from './pod.ts'
import { quantity } from './quantity.ts'

// Models kubernetes/component-helpers/resource/helpers.go PodRequests and pkg/scheduler/framework/types.go NodeInfo
export interface Requests {
  cpu: number
  memory: number
  /** Other than cores and memory, as `nvidia.com/gpu`. */
  others?: Readonly<Record<string, number>>
  /** As `TCP/80`, or `TCP/80@10.0.0.1` for one address only. */
  hostPorts: readonly string[]
  /** As the scoring counts them: a container that names no requests is taken to need some. */
  assumed: { cpu: number; memory: number }
}

const ASSUMED = { cpu: 0.1, memory: 200 * 2 ** 20 }

const requested = ({ resources }: Container, name: string, otherwise: number): number => {
  const text = resources?.requests?.[name] ?? resources?.limits?.[name]
  return text === undefined ? otherwise : quantity(text)
}

/** Containers run together and so add up; an init container runs alone, but for the sidecars. */
const totalOf = ({ spec }: Pod, name: string, otherwise = 0): number => {
  let sidecars = 0
  let first = 0
  for (const container of spec.initContainers ?? []) {
    const own = requested(container, name, otherwise)
    if (container.restartPolicy === 'Always') sidecars += own
    first = Math.max(first, container.restartPolicy === 'Always' ? sidecars : sidecars + own)
  }
  const running = spec.containers.reduce((sum, container) => sum + requested(container, name, otherwise), sidecars)
  return Math.max(running, first) + quantity(spec.overhead?.[name])
}

const hostPortsOf = ({ hostPort, containerPort, hostIP, protocol = 'TCP' }: ContainerPort, hostNetwork?: boolean): string[] => {
  const port = hostPort ?? (hostNetwork ? containerPort : undefined)
  const only = hostIP && hostIP !== '0.0.0.0' ? `@${hostIP}` : ''
  return port ? [`${protocol}/${port}${only}`] : []
}

// Stored objects never change: what was worked out for one stays true.
const known = new WeakMap<object, Requests>()

/** In cores and bytes. */
export const requestsOf = (pod: Pod): Requests => {
  const { spec } = pod
  const old = known.get(spec)
  if (old) return old
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  const names = new Set(containers.flatMap(({ resources }) => Object.keys({ ...resources?.limits, ...resources?.requests })))
  const others = [...names].filter(name => name !== 'cpu' && name !== 'memory').map(name => [name, totalOf(pod, name)])
  const requests: Requests = {
    cpu: totalOf(pod, 'cpu'),
    memory: totalOf(pod, 'memory'),
    ...(others.length > 0 && { others: Object.fromEntries(others) }),
    hostPorts: spec.containers.flatMap(({ ports = [] }) => ports.flatMap(port => hostPortsOf(port, spec.hostNetwork))),
    assumed: { cpu: totalOf(pod, 'cpu', ASSUMED.cpu), memory: totalOf(pod, 'memory', ASSUMED.memory) },
  }
  known.set(spec, requests)
  return requests
}

/** What the Pods on a node take together. */
export interface Usage {
  pods: number
  cpu: number
  memory: number
  assumedCpu: number
  assumedMemory: number
  others: ReadonlyMap<string, number>
  hostPorts: ReadonlyMap<string, number>
  /** Pods by the uid of their controller. */
  byOwner: ReadonlyMap<string, number>
  byPriority: ReadonlyMap<number, number>
}

export const noUsage = (): Usage => ({
  pods: 0,
  cpu: 0,
  memory: 0,
  assumedCpu: 0,
  assumedMemory: 0,
  others: new Map(),
  hostPorts: new Map(),
  byOwner: new Map(),
  byPriority: new Map(),
})

const count = <K>(map: ReadonlyMap<K, number>, key: K, by: number): void => {
  const counts = map as Map<K, number>
  const left = (counts.get(key) ?? 0) + by
  if (left > 0) counts.set(key, left)
  else counts.delete(key)
}

/** Changes the usage. */
const add = (usage: Usage, pod: Pod, sign: 1 | -1): void => {
  const { cpu, memory, others = {}, hostPorts, assumed } = requestsOf(pod)
  usage.pods += sign
  usage.cpu += sign * cpu
  usage.memory += sign * memory
  usage.assumedCpu += sign * assumed.cpu
  usage.assumedMemory += sign * assumed.memory
  for (const name in others) count(usage.others, name, sign * (others[name] ?? 0))
  for (const port of hostPorts) count(usage.hostPorts, port, sign)
  const owner = controllerOf(pod)?.uid
  if (owner) count(usage.byOwner, owner, sign)
  count(usage.byPriority, pod.spec.priority ?? 0, sign)
}

/** What these Pods would take. */
export const usageOf = (pods: readonly Pod[]): Usage => {
  const usage = noUsage()
  for (const pod of pods) add(usage, pod, 1)
  return usage
}

const rooms = new WeakMap<object, Readonly<Record<string, number>>>()

/** What a node has for its Pods, as numbers. */
export const roomOf = ({ status }: NodeObject): Readonly<Record<string, number>> => {
  const { allocatable = {} } = status ?? {}
  const room =
    rooms.get(allocatable) ?? Object.fromEntries(Object.entries(allocatable).map(([name, text]) => [name, quantity(text)]))
  rooms.set(allocatable, room)
  return room
}

/** Keeps each node's usage by a watch, so that placing a Pod does not sum over all others. */
export const trackUsage = (store: Store): { of(node: string): Usage; stop(): void } => {
  const nodes = new Map<string, Usage>()
  const nodeOf = (pod: Pod): string => (isTerminal(pod) ? '' : (pod.spec.nodeName ?? ''))
  const change = (pod: Pod, sign: 1 | -1) => {
    const node = nodeOf(pod)
    if (!node) return
    const usage = nodes.get(node) ?? noUsage()
    nodes.set(node, usage)
    add(usage, pod, sign)
  }
  for (const pod of store.list('pods')) change(pod as Pod, 1)
  const stop = store.watch('pods', undefined, ({ type, object, previous }) => {
    const old = (previous ?? (type === 'DELETED' ? object : undefined)) as Pod | undefined
    const pod = object as Pod
    // Most changes are of a status, and leave the node as full as it was.
    const isSame =
      type === 'MODIFIED' && old && old.metadata.generation === pod.metadata.generation && nodeOf(old) === nodeOf(pod)
    if (isSame) return
    if (old) change(old, -1)
    if (type !== 'DELETED') change(pod, 1)
  })
  return { of: node => nodes.get(node) ?? noUsage(), stop }
}
