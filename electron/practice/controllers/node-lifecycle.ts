// Keeps the taints of a Node in step with its conditions and with cordon. Eviction by taint will join here.

import type { Taint } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { timestamp } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { NodeObject } from './kinds.ts'

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

/** The controller. */
export const nodeLifecycle = ({ registry, clock }: ControllerContext): Controller => ({
  name: 'nodelifecycle',
  watches: { nodes: ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name]) },
  reconcile: name => {
    const node = registry.store.get('nodes', '', name) as NodeObject | undefined
    if (!node) return undefined
    const taints = decideTaints(node, clock.now())
    if (isEqual(taints, node.spec?.taints ?? [])) return undefined
    registry.modify('nodes', '', name, copy => {
      const { taints: _, ...spec } = (copy as NodeObject).spec ?? {}
      return { ...copy, spec: taints.length > 0 ? { ...spec, taints } : spec }
    })
    return undefined
  },
})
