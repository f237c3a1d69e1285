// Takes away Pods whose Node is no more: no kubelet will ever tell of them again.

import { type KubeObject, timestamp } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import type { ObservedPodCondition, Pod } from './kinds.ts'
import { isTerminal } from './pod.ts'

// Models kubernetes/pkg/controller/podgc/gc_controller.go: a Node that comes back within this time keeps its Pods.
export const QUARANTINE_MS = 40_000

/** How a Pod without a Node ends: failed, and by whom it was disrupted. */
export const orphaned = (pod: Pod, now: number): Pod => {
  const target: ObservedPodCondition = {
    type: 'DisruptionTarget',
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(now),
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
  }
  const others = pod.status?.conditions?.filter(({ type }) => type !== 'DisruptionTarget') ?? []
  return { ...pod, status: { ...pod.status, phase: 'Failed', conditions: [...others, target] } }
}

export const podGarbageCollector = (
  { registry, clock }: ControllerContext,
  { podsByNode }: { podsByNode: Index<Pod> },
): Controller => {
  const { store } = registry
  /** When each Node was first missed. */
  const missed = new Map<string, number>()
  const isThere = (node: string) => store.get('nodes', '', node) !== undefined
  return {
    name: 'podgc',
    watches: {
      nodes: ({ object: { metadata } }) => [metadata.name],
      pods: ({ type, object }) => {
        const { nodeName } = (object as Pod).spec
        return type !== 'DELETED' && nodeName && !isThere(nodeName) ? [nodeName] : []
      },
    },
    reconcile: node => {
      const pods = isThere(node) ? [] : podsByNode.get(node)
      if (pods.length === 0) {
        missed.delete(node)
        return undefined
      }
      const since = missed.get(node) ?? clock.now()
      missed.set(node, since)
      const left = since + QUARANTINE_MS - clock.now()
      if (left > 0) return { after: left }
      for (const pod of pods) {
        const { namespace = '', name, uid } = pod.metadata
        const fail = (copy: KubeObject) => (isTerminal(copy as Pod) ? undefined : orphaned(copy as Pod, clock.now()))
        registry.modify('pods', namespace, name, fail, { subresource: 'status' })
        registry.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } })
      }
      return undefined
    },
  }
}
