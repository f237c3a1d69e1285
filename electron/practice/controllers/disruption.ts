// Counts how many Pods of each PodDisruptionBudget may be evicted now.

import type { PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1.js'
import { isEqual } from '../clone.ts'
import { controllerOf, keyOf, splitKey, timestamp } from '../object.ts'
import type { PodDisruptionBudgetObject } from '../resources/pod-disruption-budget.ts'
import type { Store } from '../store.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Pod } from './kinds.ts'
import { isReady, isTerminal } from './pod.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/disruption/disruption.go
/** An eviction that has led to no deletion after this long is forgotten. */
const FORGET_MS = 120_000

export interface DisruptionInput {
  budget: PodDisruptionBudgetObject
  /** Those that it selects. */
  pods: readonly Pod[]
  /** Pods that their controllers want together; undefined where a Pod has none. */
  wanted: number | undefined
  now: number
}

const share = (value: number | string, total: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100)

/** The status: how many are healthy, how many must be, how many may go. */
export const decideDisruption = ({ budget, pods, wanted, now }: DisruptionInput): PodDisruptionBudgetStatus => {
  const { minAvailable, maxUnavailable } = budget.spec
  const alive = pods.filter(pod => !isTerminal(pod))
  const byOwners = maxUnavailable !== undefined || typeof minAvailable === 'string'
  const expectedPods = byOwners ? (wanted ?? 0) : alive.length
  const desired =
    maxUnavailable !== undefined
      ? Math.max(0, expectedPods - share(maxUnavailable, expectedPods))
      : share(minAvailable ?? 1, expectedPods)
  const disrupted = Object.entries(budget.status?.disruptedPods ?? {}).filter(([name, time]) => {
    const pod = alive.find(({ metadata }) => metadata.name === name)
    return pod && !pod.metadata.deletionTimestamp && Date.parse(time) + FORGET_MS > now
  })
  const names = new Set(disrupted.map(([name]) => name))
  const healthy = alive.filter(pod => isReady(pod) && !pod.metadata.deletionTimestamp && !names.has(pod.metadata.name)).length
  const isUncounted = byOwners && wanted === undefined && alive.length > 0
  const allowed = expectedPods > 0 && !isUncounted ? Math.max(0, healthy - desired) : 0
  const old = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed')
  const state = allowed > 0 ? 'True' : 'False'
  const reason = isUncounted ? 'SyncFailed' : allowed > 0 ? 'SufficientPods' : 'InsufficientPods'
  const generation = budget.metadata.generation ?? 1
  return {
    conditions: [
      {
        type: 'DisruptionAllowed',
        status: state,
        observedGeneration: generation,
        lastTransitionTime: old?.status === state ? old.lastTransitionTime : timestamp(now),
        reason,
        message: isUncounted ? 'found no controller ref for a selected pod' : '',
      },
    ],
    currentHealthy: healthy,
    desiredHealthy: desired,
    disruptionsAllowed: allowed,
    expectedPods,
    observedGeneration: generation,
    ...(disrupted.length > 0 && { disruptedPods: Object.fromEntries(disrupted) }),
  }
}

const scalable: Readonly<Record<string, string>> = {
  ReplicaSet: 'replicasets.apps',
  ReplicationController: 'replicationcontrollers',
  StatefulSet: 'statefulsets.apps',
  Deployment: 'deployments.apps',
}

/** What the controllers of these Pods want together. */
const wantedBy = (store: Store, pods: readonly Pod[]): number | undefined => {
  const owners = new Map<string, number>()
  for (const pod of pods.filter(each => !isTerminal(each))) {
    let owner = controllerOf(pod)
    let replicas: number | undefined
    // A ReplicaSet's own controller, its Deployment, knows better.
    while (owner && scalable[owner.kind]) {
      const object = store.get(scalable[owner.kind]!, pod.metadata.namespace ?? '', owner.name)
      if (!object) break
      replicas = (object.spec as { replicas?: number }).replicas ?? 1
      const next = controllerOf(object)
      if (!next || !scalable[next.kind]) break
      owner = next
    }
    if (!owner || replicas === undefined) return undefined
    owners.set(owner.uid, replicas)
  }
  return [...owners.values()].reduce((sum, each) => sum + each, 0)
}

/** Whether a budget speaks for a Pod. */
export const covers = ({ metadata, spec }: PodDisruptionBudgetObject, pod: Pod): boolean =>
  metadata.namespace === pod.metadata.namespace && selects(spec.selector, pod.metadata.labels)

/** The controller. */
export const disruption = ({ registry, clock, record }: ControllerContext): Controller => {
  const { store } = registry
  const key = 'poddisruptionbudgets.policy'
  const budgetsIn = (namespace: string | undefined) => store.list(key, namespace) as readonly PodDisruptionBudgetObject[]
  const owners = Object.values(scalable).map(resource => [
    resource,
    ({ object }: { object: { metadata: { namespace?: string } } }) => budgetsIn(object.metadata.namespace).map(keyOf),
  ])
  return {
    name: 'disruption',
    watches: {
      [key]: ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object)]),
      pods: ({ object, previous }) =>
        budgetsIn(object.metadata.namespace)
          .filter(budget => covers(budget, object as Pod) || (previous && covers(budget, previous as Pod)))
          .map(keyOf),
      ...Object.fromEntries(owners),
    },
    reconcile: id => {
      const { namespace, name } = splitKey(id)
      const budget = store.get(key, namespace, name) as PodDisruptionBudgetObject | undefined
      if (!budget) return undefined
      const pods = (store.list('pods', namespace) as readonly Pod[]).filter(pod => covers(budget, pod))
      if (pods.length === 0) record(budget, 'Normal', 'NoPods', 'No matching pods found')
      const status = decideDisruption({ budget, pods, wanted: wantedBy(store, pods), now: clock.now() })
      if (!isEqual(status, budget.status ?? {})) {
        registry.modify(key, namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
      }
      return status.disruptedPods ? { after: FORGET_MS } : undefined
    },
  }
}
