// Binds Pods to nodes: carries out decidePlacement.

import { noteWrite } from '../api/ownership.ts'
import { isEqual } from '../clone.ts'
import { type KubeObject, keyOf, splitKey, timestamp } from '../object.ts'
import type { PersistentVolumeObject as Volume } from '../resources/persistent-volume.ts'
import type { PersistentVolumeClaimObject as Claim } from '../resources/persistent-volume-claim.ts'
import type { StorageClassObject as StorageClass } from '../resources/storage-class.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import type { NodeObject, ObservedPodCondition, Pod } from './kinds.ts'
import { claimKeysOf } from './persistent-volume.ts'
import { keptFor, SELECTED_NODE } from './persistent-volume-decision.ts'
import { isTerminal, podCondition } from './pod.ts'
import { decideClaims } from './pod-claims.ts'
import { decidePlacement, type Refusal } from './scheduler-decision.ts'
import { PREEMPTED } from './scheduler-preemption.ts'
import type { SchedulerView } from './scheduler-view.ts'
import { type Demand, supplyOn } from './scheduler-volumes.ts'

// Models kubernetes/pkg/scheduler/schedule_one.go, eventhandlers.go and framework/plugins/queuesort
/** As upstream's unschedulable queue: tried again even if nothing seems to have changed. */
const RETRY_MS = 300_000

export interface SchedulerOptions {
  view: SchedulerView
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
  { view, podsByNode, random }: SchedulerOptions,
): Controller => {
  const { store } = registry
  /** Nodes that Pods were given, by uid, while their claims are being bound. */
  const assumed = new Map<string, string>()
  const allPending = () => podsByNode.get('').map(keyOf)

  const withCondition = (pod: Pod, type: string, condition: Partial<ObservedPodCondition>): ObservedPodCondition[] => {
    const old = podCondition(pod, type)
    const isSame = old?.status === condition.status
    const lastTransitionTime = (isSame && old?.lastTransitionTime) || timestamp(clock.now())
    const next = {
      type,
      observedGeneration: pod.metadata.generation,
      lastProbeTime: null,
      lastTransitionTime,
      ...condition,
    } as ObservedPodCondition
    return [...(pod.status?.conditions ?? []).filter(each => each.type !== type), next]
  }
  const writeStatus = ({ metadata }: Pod, change: (status: NonNullable<Pod['status']>) => NonNullable<Pod['status']>) =>
    registry.modify(
      'pods',
      metadata.namespace ?? '',
      metadata.name,
      copy => (copy.metadata.uid === metadata.uid ? { ...copy, status: change((copy as Pod).status ?? {}) } : undefined),
      { subresource: 'status' },
    )

  /** Node and condition in one write, as the binding subresource does. */
  const bind = (pod: Pod, nodeName: string) => {
    const { nominatedNodeName: _, ...status } = pod.status ?? {}
    const bound: Pod = {
      ...pod,
      metadata: { ...pod.metadata },
      spec: { ...pod.spec, nodeName },
      status: { ...status, conditions: withCondition(pod, 'PodScheduled', { status: 'True', observedGeneration: undefined }) },
    }
    const stored = store.put('pods', bound, pod.metadata.resourceVersion)
    // A binding is nobody's.
    noteWrite(registry.resource('pods'), stored, pod, undefined)
    const { namespace, name } = pod.metadata
    record(stored, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`)
  }

  const refuse = (pod: Pod, { message, preempt, unnominate }: Refusal) => {
    record(pod, 'Warning', 'FailedScheduling', message)
    const old = podCondition(pod, 'PodScheduled')
    const nominated = preempt?.node ?? (unnominate ? undefined : pod.status?.nominatedNodeName)
    if (old?.status === 'False' && old.message === message && nominated === pod.status?.nominatedNodeName) return
    const conditions = withCondition(pod, 'PodScheduled', { status: 'False', reason: 'Unschedulable', message })
    writeStatus(pod, ({ nominatedNodeName: _, ...status }) => ({
      ...status,
      conditions,
      ...(nominated !== undefined && { nominatedNodeName: nominated }),
    }))
  }

  // Models kubernetes/pkg/scheduler/framework/preemption/executor.go
  const preempt = (pod: Pod, { node, victims }: NonNullable<Refusal['preempt']>) => {
    for (const victim of victims) {
      const target = {
        status: 'True',
        reason: PREEMPTED,
        message: `${pod.spec.schedulerName}: preempting to accommodate a higher priority pod`,
      }
      writeStatus(victim, status => ({ ...status, conditions: withCondition(victim, 'DisruptionTarget', target) }))
      const { namespace = '', name, uid } = victim.metadata
      if (!victim.metadata.deletionTimestamp) registry.delete('pods', namespace, name, { preconditions: { uid } })
      record(victim, 'Normal', 'Preempted', `Preempted by pod ${pod.metadata.uid} on node ${node}`)
    }
    // Those less important that waited for this node look anew.
    for (const other of view.nominated()) {
      if (other.status?.nominatedNodeName !== node || (other.spec.priority ?? 0) >= (pod.spec.priority ?? 0)) continue
      writeStatus(other, ({ nominatedNodeName: _, ...status }) => status)
    }
  }

  /** Claims are looked up only for the Pods that have any. */
  const claimsOf = (pod: Pod) => {
    const keys = claimKeysOf(pod).map(splitKey)
    if (keys.length === 0) return { waiting: [], claims: [] }
    const found = keys.map(({ namespace, name }) => [name, store.get('persistentvolumeclaims', namespace, name)])
    const claims = Object.fromEntries(found) as Record<string, Claim | undefined>
    const classes = store.list('storageclasses.storage.k8s.io') as readonly StorageClass[]
    const decision = decideClaims({ pod, nodes: store.list('nodes').length, claims, classes })
    return { ...decision, claims: Object.values(claims).flatMap(claim => claim ?? []) }
  }

  /** Keeps what volumes there are for the claims, and tells where the others are wanted; the Pod is bound once its claims are. */
  const select = (demands: readonly Demand[], node: string) => {
    const target = store.get('nodes', '', node) as NodeObject
    const supply = supplyOn(target, demands, store.list('persistentvolumes') as readonly Volume[])
    for (const [claim, volume] of supply ?? []) registry.update('persistentvolumes', keptFor(claim, volume))
    for (const { claim } of demands.filter(each => !supply?.has(each.claim))) {
      const { metadata } = claim
      registry.modify('persistentvolumeclaims', metadata.namespace ?? '', metadata.name, copy => {
        copy.metadata.annotations = { ...copy.metadata.annotations, [SELECTED_NODE]: node }
        return copy
      })
    }
  }

  return {
    name: 'scheduler',
    watches: {
      pods: ({ type, object, previous }) => {
        const pod = object as Pod
        if (type === 'DELETED') assumed.delete(pod.metadata.uid)
        const before = previous as Pod | undefined
        if (type === 'DELETED' || (isTerminal(pod) && before && !isTerminal(before))) return allPending()
        if (!isPending(pod)) return isElsewhere(pod, before) ? view.picky().map(keyOf) : []
        return type === 'ADDED' || (before && !isSameRequest(pod, before)) ? [keyOf(pod)] : []
      },
      persistentvolumeclaims: ({ object }) =>
        podsByNode
          .get('')
          .filter(pod => claimKeysOf(pod).includes(keyOf(object)))
          .map(keyOf),
      // A volume that is there now may be the one that a claim waits for.
      persistentvolumes: ({ type }) =>
        type === 'DELETED'
          ? []
          : podsByNode
              .get('')
              .filter(pod => claimKeysOf(pod).length > 0)
              .map(keyOf),
      nodes: ({ object, previous }) => (isSameForScheduling(object, previous) ? [] : allPending()),
    },
    order: key => {
      const { namespace, name } = splitKey(key)
      return (store.get('pods', namespace, name) as Pod | undefined)?.spec.priority ?? 0
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const pod = store.get('pods', namespace, name) as Pod | undefined
      if (!pod || !isPending(pod)) return undefined
      const claims = claimsOf(pod)
      if ('message' in claims) {
        refuse(pod, claims)
        return { after: RETRY_MS }
      }
      const kept = assumed.get(pod.metadata.uid) ?? pod.status?.nominatedNodeName
      const placement = decidePlacement(pod, view.of(claims.claims, claims.waiting), random, kept)
      if ('message' in placement) {
        if (placement.preempt) preempt(pod, placement.preempt)
        refuse(pod, placement)
        return { after: RETRY_MS }
      }
      if (claims.waiting.length > 0) {
        assumed.set(pod.metadata.uid, placement.node)
        select(claims.waiting, placement.node)
      } else {
        assumed.delete(pod.metadata.uid)
        bind(pod, placement.node)
      }
      return undefined
    },
  }
}

/** Another Pod has come to a node, or looks different there: that may suit those that hang on others. */
const isElsewhere = (pod: Pod, before: Pod | undefined): boolean =>
  pod.spec.nodeName !== undefined &&
  (before?.spec.nodeName !== pod.spec.nodeName || !isEqual(before.metadata.labels ?? {}, pod.metadata.labels ?? {}))

/** What a Pod asks for is as it was. */
const isSameRequest = (pod: Pod, before: Pod): boolean =>
  before.metadata.generation === pod.metadata.generation && isEqual(before.metadata.labels ?? {}, pod.metadata.labels ?? {})

const isSameForScheduling = (node: KubeObject, previous: KubeObject | undefined): boolean => {
  if (!previous) return false
  const look = ({ metadata, spec, status }: NodeObject) => JSON.stringify([metadata.labels, spec, status?.allocatable])
  return look(node as NodeObject) === look(previous as NodeObject)
}
