// Keeps the taints of a Node in step with its conditions and with cordon, and takes Pods of a lost node for not ready.

import type { Taint } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { type KubeObject, timestamp } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import type { NodeObject, Pod } from './kinds.ts'

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

  return {
    name: 'nodelifecycle',
    watches: { nodes: ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name]) },
    reconcile: name => {
      const node = registry.store.get('nodes', '', name) as NodeObject | undefined
      if (!node) return undefined
      for (const pod of decideUnready(node, podsByNode.get(name))) markUnready(pod)
      const taints = decideTaints(node, clock.now())
      if (isEqual(taints, node.spec?.taints ?? [])) return undefined
      registry.modify('nodes', '', name, copy => {
        const { taints: _, ...spec } = (copy as NodeObject).spec ?? {}
        return { ...copy, spec: taints.length > 0 ? { ...spec, taints } : spec }
      })
      return undefined
    },
  }
}
