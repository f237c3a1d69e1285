// What changes in a running Pod: whether its node has room for it, and whether its container has to go. Pure.

import type { Container } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { NodeObject, Pod } from '../controllers/kinds.ts'
import { requestsOf, roomOf } from '../controllers/pod-requests.ts'

// Models kubernetes/pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions
/** Why a container cannot go on with what is wanted of it now; undefined where it can. */
export const restartsFor = (wanted: Container, now: Container): string | undefined => {
  if (wanted.image !== now.image) return 'definition changed, will be restarted'
  const isResized = (name: string) =>
    (['limits', 'requests'] as const).some(list => wanted.resources?.[list]?.[name] !== now.resources?.[list]?.[name])
  const policies = (wanted.resizePolicy ?? []) as { resourceName: string; restartPolicy: string }[]
  const isStrict = policies.some(each => each.restartPolicy === 'RestartContainer' && isResized(each.resourceName))
  return isStrict ? 'resize requires restart' : undefined
}

/** The containers of a Pod are to have other resources than they have. */
export const isResize = (wanted: readonly Container[], now: readonly Container[]): boolean =>
  now.some(each => !isEqual(wanted.find(({ name }) => name === each.name)?.resources, each.resources))

// Models kubernetes/pkg/kubelet/allocation/allocation_manager.go canResizePod
/** Why a resize has to wait, as the condition PodResizePending tells it; infeasible ones wait for ever. */
export interface ResizeObstacle {
  reason: 'Infeasible' | 'Deferred'
  message: string
}

/** In thousandths of a core, or bytes, as the kubelet counts. */
const counted = (name: 'cpu' | 'memory', amount: number): number => Math.round(name === 'cpu' ? amount * 1000 : amount)

/** `others` are the node's other Pods that have not ended. */
export const resizeObstacle = (pod: Pod, node: NodeObject, others: readonly Pod[]): ResizeObstacle | undefined => {
  const room = roomOf(node)
  const wanted = requestsOf(pod)
  for (const name of ['cpu', 'memory'] as const) {
    const capacity = room[name] ?? 0
    const numbers = `requested: ${counted(name, wanted[name])}`
    if (wanted[name] > capacity) {
      const message = `Node didn't have enough capacity: ${name}, ${numbers}, capacity: ${counted(name, capacity)}`
      return { reason: 'Infeasible', message }
    }
    const used = others.reduce((sum, other) => sum + requestsOf(other)[name], 0)
    if (wanted[name] > capacity - used + 1e-9) {
      const message = `Node didn't have enough resource: ${name}, ${numbers}, used: ${counted(name, used)}, capacity: ${counted(name, capacity)}`
      return { reason: 'Deferred', message }
    }
  }
  return undefined
}
