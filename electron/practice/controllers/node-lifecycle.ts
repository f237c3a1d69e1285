// Tells from its Lease when a Node is lost, keeps its taints in step with its conditions and with cordon, and takes its Pods for not ready.

import type { Taint } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { type KubeObject, timestamp } from '../object.ts'
import type { LeaseObject } from '../resources/lease.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import type { NodeObject, Pod } from './kinds.ts'
import { decideLost, LEASES, lostConditions, NODE_LEASES } from './node-heartbeat.ts'

// Models kubernetes/pkg/controller/nodelifecycle/node_lifecycle_controller.go
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'
const NOT_READY = 'node.kubernetes.io/not-ready'
const UNREACHABLE = 'node.kubernetes.io/unreachable'
const MANAGED = [UNSCHEDULABLE, NOT_READY, UNREACHABLE]

/** All taints that a Node should have: others' as they are, ours as its state says. */
export const decideTaints = (node: NodeObject, now: number): Taint[] => {
  const old = node.spec?.taints ?? []
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown'
  const wanted: Taint[] = []
  if (node.spec?.unschedulable) wanted.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' })
  const key = ready === 'False' ? NOT_READY : ready === 'Unknown' ? UNREACHABLE : undefined
  if (key) wanted.push({ key, effect: 'NoSchedule' }, { key, effect: 'NoExecute' })
  const same = (a: Taint) => (b: Taint) => a.key === b.key && a.effect === b.effect
  const others = old.filter(taint => !MANAGED.includes(taint.key))
  return [...others, ...wanted.map(taint => old.find(same(taint)) ?? { ...taint, timeAdded: timestamp(now) })]
}

/** Pods that count as ready though nobody can say so: their node is not ready itself. */
export const decideUnready = (node: NodeObject, pods: readonly Pod[]): Pod[] => {
  if (node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) return []
  return pods.filter(({ status }) => status?.conditions?.some(({ type, status: now }) => type === 'Ready' && now === 'True'))
}

/** The controller. */
export const nodeLifecycle = (
  { registry, clock, record }: ControllerContext,
  { podsByNode }: { podsByNode: Index<Pod> },
): Controller => {
  const markUnready = (pod: Pod) => {
    const { namespace = '', name } = pod.metadata
    const lastTransitionTime = timestamp(clock.now())
    const change = (copy: KubeObject) => {
      const { status } = copy as Pod
      const conditions = status?.conditions?.map(each =>
        each.type === 'Ready' ? { ...each, status: 'False', lastTransitionTime } : each,
      )
      return { ...copy, status: { ...status, conditions } }
    }
    registry.modify('pods', namespace, name, change, { subresource: 'status' })
    record(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
  }

  const lose = (node: NodeObject) => {
    const { name } = node.metadata
    const change = (copy: KubeObject) => {
      const { status } = copy as NodeObject
      return { ...copy, status: { ...status, conditions: lostConditions(status?.conditions ?? [], clock.now()) } }
    }
    registry.modify('nodes', '', name, change, { subresource: 'status' })
    record(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
  }

  return {
    name: 'nodelifecycle',
    watches: {
      nodes: ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name]),
      [LEASES]: ({ object: { metadata } }) => (metadata.namespace === NODE_LEASES ? [metadata.name] : []),
    },
    reconcile: name => {
      const node = registry.store.get('nodes', '', name) as NodeObject | undefined
      if (!node) return undefined
      const left = decideLost(node, registry.store.get(LEASES, NODE_LEASES, name) as LeaseObject | undefined, clock.now())
      // Its conditions tell the rest, once they are written.
      if (left === 0) {
        lose(node)
        return undefined
      }
      const again = left === undefined ? undefined : { after: left }
      for (const pod of decideUnready(node, podsByNode.get(name))) markUnready(pod)
      const taints = decideTaints(node, clock.now())
      if (isEqual(taints, node.spec?.taints ?? [])) return again
      registry.modify('nodes', '', name, copy => {
        const { taints: _, ...spec } = (copy as NodeObject).spec ?? {}
        return { ...copy, spec: taints.length > 0 ? { ...spec, taints } : spec }
      })
      return again
    },
  }
}
