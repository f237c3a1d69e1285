// Evicts Pods from nodes whose NoExecute taints they do not tolerate, or tolerate no longer.

import type { Taint, Toleration } from 'kubernetes-types/core/v1.js'
import { keyOf, splitKey, timestamp } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import type { NodeObject, ObservedPodCondition, Pod } from './kinds.ts'
import { isTerminal } from './pod.ts'

// Models kubernetes/pkg/controller/tainteviction/taint_eviction.go and component-helpers/scheduling/corev1 ToleratesTaint
const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '')
}

/** Milliseconds since the epoch at which the Pod must go; undefined where it may stay. */
export const decideEviction = (pod: Pod, taints: readonly Taint[], now: number): number | undefined => {
  if (pod.metadata.deletionTimestamp || isTerminal(pod)) return undefined
  const ends = taints
    .filter(({ effect }) => effect === 'NoExecute')
    .map(taint => {
      const matching = (pod.spec.tolerations ?? []).filter(toleration => tolerates(toleration, taint))
      if (matching.length === 0) return now
      const limits = matching.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? [])
      const since = taint.timeAdded ? Date.parse(String(taint.timeAdded)) : now
      return limits.length === 0 ? Number.POSITIVE_INFINITY : since + Math.max(0, Math.min(...limits)) * 1000
    })
  const first = Math.min(...ends)
  return Number.isFinite(first) ? Math.max(first, now) : undefined
}

/** The controller. */
export const taintEviction = (
  { registry, clock, record }: ControllerContext,
  { podsByNode }: { podsByNode: Index<Pod> },
): Controller => {
  const { store } = registry
  const taintsOf = (name: string) => (store.get('nodes', '', name) as NodeObject | undefined)?.spec?.taints ?? []
  const isTainted = (name: string) => taintsOf(name).some(({ effect }) => effect === 'NoExecute')

  return {
    name: 'tainteviction',
    watches: {
      nodes: ({ type, object: { metadata } }) =>
        type !== 'DELETED' && isTainted(metadata.name) ? podsByNode.get(metadata.name).map(keyOf) : [],
      pods: ({ type, object }) => {
        const { nodeName } = (object as Pod).spec
        return type !== 'DELETED' && nodeName && isTainted(nodeName) ? [keyOf(object)] : []
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const pod = store.get('pods', namespace, name) as Pod | undefined
      if (!pod?.spec.nodeName) return undefined
      const now = clock.now()
      const at = decideEviction(pod, taintsOf(pod.spec.nodeName), now)
      if (at === undefined) return undefined
      if (at > now) return { after: at - now }
      record(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`)
      const target: ObservedPodCondition = {
        type: 'DisruptionTarget',
        ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: timestamp(now),
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
      }
      const others = pod.status?.conditions?.filter(({ type }) => type !== 'DisruptionTarget') ?? []
      const change = (copy: object) => ({ ...copy, status: { ...pod.status, conditions: [...others, target] } }) as Pod
      registry.modify('pods', namespace, name, change, { subresource: 'status' })
      registry.delete('pods', namespace, name, { preconditions: { uid: pod.metadata.uid } })
      return undefined
    },
  }
}
