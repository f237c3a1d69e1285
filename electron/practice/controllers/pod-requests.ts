// What a Pod asks of a node: its requests, host ports, and how much of it is already taken.

import type { Container } from 'kubernetes-types/core/v1.js'
import { controllerOf } from '../object.ts'
import type { Store } from '../store.ts'
import type { Pod } from './kinds.ts'
import { isTerminal } from './pod.ts'
import { quantity } from './quantity.ts'

// Models kubernetes/component-helpers/resource/helpers.go PodRequests
const of = (containers: readonly Container[] | undefined, name: string, join: (a: number, b: number) => number): number =>
  (containers ?? []).map(({ resources }) => quantity(resources?.requests?.[name] ?? resources?.limits?.[name])).reduce(join, 0)

/** Containers run together and so add up; an init container runs alone. */
const requestOf = ({ spec }: Pod, name: string): number => {
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always')
  const first = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy !== 'Always')
  const running = of(spec.containers, name, (a, b) => a + b) + of(sidecars, name, (a, b) => a + b)
  return Math.max(running, of(first, name, Math.max)) + quantity(spec.overhead?.[name])
}

export interface Requests {
  cpu: number
  memory: number
  /** As `TCP/80`. */
  hostPorts: readonly string[]
}

/** In cores and bytes. */
export const requestsOf = (pod: Pod): Requests => ({
  cpu: requestOf(pod, 'cpu'),
  memory: requestOf(pod, 'memory'),
  hostPorts: pod.spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, containerPort, protocol = 'TCP' }) => {
      const port = hostPort ?? (pod.spec.hostNetwork ? containerPort : undefined)
      return port ? [`${protocol}/${port}`] : []
    }),
  ),
})

/** What the Pods on a node take together. */
export interface Usage {
  pods: number
  cpu: number
  memory: number
  hostPorts: ReadonlyMap<string, number>
  /** Pods by the uid of their controller. */
  byOwner: ReadonlyMap<string, number>
}

export const noUsage = (): Usage => ({ pods: 0, cpu: 0, memory: 0, hostPorts: new Map(), byOwner: new Map() })

const counted = (map: ReadonlyMap<string, number>, keys: readonly string[], sign: 1 | -1): Map<string, number> => {
  const result = map as Map<string, number>
  for (const key of keys) {
    const count = (result.get(key) ?? 0) + sign
    if (count > 0) result.set(key, count)
    else result.delete(key)
  }
  return result
}

/** Keeps each node's usage by a watch, so that placing a Pod does not sum over all others. */
export const trackUsage = (store: Store): { of(node: string): Usage; stop(): void } => {
  const nodes = new Map<string, Usage>()
  const count = (pod: Pod, sign: 1 | -1) => {
    const node = pod.spec.nodeName
    if (!node || isTerminal(pod)) return
    const usage = nodes.get(node) ?? noUsage()
    const { cpu, memory, hostPorts } = requestsOf(pod)
    const owner = controllerOf(pod)?.uid
    nodes.set(node, {
      pods: usage.pods + sign,
      cpu: usage.cpu + sign * cpu,
      memory: usage.memory + sign * memory,
      hostPorts: counted(usage.hostPorts, hostPorts, sign),
      byOwner: counted(usage.byOwner, owner ? [owner] : [], sign),
    })
  }
  for (const pod of store.list('pods')) count(pod as Pod, 1)
  const stop = store.watch('pods', undefined, ({ type, object, previous }) => {
    const old = previous ?? (type === 'DELETED' ? object : undefined)
    if (old) count(old as Pod, -1)
    if (type !== 'DELETED') count(object as Pod, 1)
  })
  return { of: node => nodes.get(node) ?? noUsage(), stop }
}
