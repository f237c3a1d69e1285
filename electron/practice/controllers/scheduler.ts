// Binds Pods to nodes: carries out decidePlacement.

import { type KubeObject, keyOf, splitKey, timestamp } from '../object.ts'
import type { PersistentVolumeClaimObject as Claim } from '../resources/persistent-volume-claim.ts'
import type { StorageClassObject as StorageClass } from '../resources/storage-class.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import type { NodeObject, ObservedPodCondition, Pod } from './kinds.ts'
import { claimKeysOf } from './persistent-volume.ts'
import { SELECTED_NODE } from './persistent-volume-decision.ts'
import { isTerminal, podCondition } from './pod.ts'
import { decideClaims } from './pod-claims.ts'
import type { Usage } from './pod-requests.ts'
import { decidePlacement } from './scheduler-decision.ts'

// Models kubernetes/pkg/scheduler/schedule_one.go and eventhandlers.go
/** As upstream's unschedulable queue: tried again even if nothing seems to have changed. */
const RETRY_MS = 300_000

export interface SchedulerOptions {
  usage: { of(node: string): Usage }
  /** By node name; the empty name holds those without one. */
  podsByNode: Index<Pod>
  random: () => number
}

/** A pod waits for this scheduler. */
const isPending = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  !isTerminal(pod) &&
  !pod.metadata.deletionTimestamp &&
  (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
  !pod.spec.schedulingGates?.length

/** The controller. */
export const scheduler = (
  { registry, clock, record }: ControllerContext,
  { usage, podsByNode, random }: SchedulerOptions,
): Controller => {
  const { store } = registry
  /** Nodes that Pods were given, by uid, while their claims are being bound. */
  const assumed = new Map<string, string>()
  const allPending = () => podsByNode.get('').map(keyOf)

  const conditions = (pod: Pod, condition: Partial<ObservedPodCondition>): ObservedPodCondition[] => {
    const old = podCondition(pod, 'PodScheduled')
    const isSame = old?.status === condition.status
    const lastTransitionTime = isSame ? old?.lastTransitionTime : timestamp(clock.now())
    const scheduled = {
      type: 'PodScheduled',
      observedGeneration: pod.metadata.generation,
      lastProbeTime: null,
      lastTransitionTime,
      ...condition,
    } as ObservedPodCondition
    return [...(pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled'), scheduled]
  }

  /** Node and condition in one write, as the binding subresource does. */
  const bind = (pod: Pod, nodeName: string) => {
    const bound: Pod = {
      ...pod,
      metadata: { ...pod.metadata },
      spec: { ...pod.spec, nodeName },
      status: { ...pod.status, conditions: conditions(pod, { status: 'True' }) },
    }
    const stored = store.put('pods', bound, pod.metadata.resourceVersion)
    const { namespace, name } = pod.metadata
    record(stored, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`)
  }

  const refuse = (pod: Pod, message: string) => {
    record(pod, 'Warning', 'FailedScheduling', message)
    const old = podCondition(pod, 'PodScheduled')
    if (old?.status === 'False' && old.message === message) return
    const refused = conditions(pod, { status: 'False', reason: 'Unschedulable', message })
    const change = (copy: KubeObject) => ({ ...copy, status: { ...(copy as Pod).status, conditions: refused } })
    registry.modify('pods', pod.metadata.namespace ?? '', pod.metadata.name, change, { subresource: 'status' })
  }

  /** Claims are looked up only for the Pods that have any. */
  const claimsOf = (pod: Pod) => {
    const keys = claimKeysOf(pod).map(splitKey)
    if (keys.length === 0) return { waiting: [] }
    const found = keys.map(({ namespace, name }) => [name, store.get('persistentvolumeclaims', namespace, name)])
    const claims = Object.fromEntries(found) as Record<string, Claim | undefined>
    const classes = store.list('storageclasses.storage.k8s.io') as readonly StorageClass[]
    return decideClaims({ pod, nodes: store.list('nodes').length, claims, classes })
  }

  /** Tells the volume controller where the Pod will run; the Pod is bound once its claims are. */
  const select = (claims: readonly Claim[], node: string) => {
    for (const { metadata } of claims)
      registry.modify('persistentvolumeclaims', metadata.namespace ?? '', metadata.name, copy => {
        copy.metadata.annotations = { ...copy.metadata.annotations, [SELECTED_NODE]: node }
        return copy
      })
  }

  return {
    name: 'scheduler',
    watches: {
      pods: ({ type, object, previous }) => {
        const pod = object as Pod
        if (type === 'DELETED') assumed.delete(pod.metadata.uid)
        const isFreed = type === 'DELETED' || (isTerminal(pod) && previous && !isTerminal(previous as Pod))
        if (isFreed) return allPending()
        const spec = (previous as Pod | undefined)?.spec
        return isPending(pod) && (type === 'ADDED' || spec?.schedulingGates?.length !== pod.spec.schedulingGates?.length)
          ? [keyOf(pod)]
          : []
      },
      persistentvolumeclaims: ({ object }) =>
        podsByNode
          .get('')
          .filter(pod => claimKeysOf(pod).includes(keyOf(object)))
          .map(keyOf),
      nodes: ({ object, previous }) => (isSameForScheduling(object, previous) ? [] : allPending()),
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const pod = store.get('pods', namespace, name) as Pod | undefined
      if (!pod || !isPending(pod)) return undefined
      const claims = claimsOf(pod)
      if ('message' in claims) {
        refuse(pod, claims.message)
        return { after: RETRY_MS }
      }
      const nodes = (store.list('nodes') as readonly NodeObject[]).map(node => ({ node, usage: usage.of(node.metadata.name) }))
      const given = nodes.filter(({ node }) => node.metadata.name === assumed.get(pod.metadata.uid))
      const again = given.length > 0 ? decidePlacement(pod, given, random) : undefined
      const placement = again && 'node' in again ? again : decidePlacement(pod, nodes, random)
      if ('node' in placement) {
        if (claims.waiting.length > 0) {
          assumed.set(pod.metadata.uid, placement.node)
          select(claims.waiting, placement.node)
        } else {
          assumed.delete(pod.metadata.uid)
          bind(pod, placement.node)
        }
        return undefined
      }
      refuse(pod, placement.message)
      return { after: RETRY_MS }
    },
  }
}

const isSameForScheduling = (node: KubeObject, previous: KubeObject | undefined): boolean => {
  if (!previous) return false
  const look = ({ metadata, spec, status }: NodeObject) => JSON.stringify([metadata.labels, spec, status?.allocatable])
  return look(node as NodeObject) === look(previous as NodeObject)
}
