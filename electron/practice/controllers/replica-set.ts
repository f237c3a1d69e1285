// Keeps as many Pods of a ReplicaSet as it asks for: adopts, creates, deletes, counts.

import { isEqual } from '../clone.ts'
import { controllerOf, type KubeObject, keyOf, splitKey } from '../object.ts'
import { StatusError } from '../status-error.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import { type Pod, type ReplicaSet, withoutZeros } from './kinds.ts'
import { isActive, isAvailable, isReady, isTerminating } from './pod.ts'
import { inDeletionOrder } from './pod-deletion-order.ts'
import { ownerReference, podFromTemplate } from './pod-template.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/replicaset/replica_set.go and replica_set_utils.go
/** At most so many creations or deletions in one step. */
const BURST = 500

export interface ReplicaSetInput {
  replicaSet: ReplicaSet
  /** Every Pod that it owns. */
  pods: readonly Pod[]
  /** Active Pods of the same Deployment, to prefer deleting where they crowd a node. */
  related?: readonly Pod[]
  now: number
  /** Why the last creation failed. */
  failure?: string
}

export interface ReplicaSetDecision {
  create: number
  remove: readonly Pod[]
  status: NonNullable<ReplicaSet['status']>
  /** Look again in so many milliseconds: a Pod becomes available then. */
  after?: number
}

/** What to do next for a ReplicaSet, and what to report. */
export const decideReplicaSet = ({ replicaSet, pods, related = pods, now, failure }: ReplicaSetInput): ReplicaSetDecision => {
  const active = pods.filter(isActive)
  const wanted = replicaSet.spec.replicas ?? 1
  const difference = replicaSet.metadata.deletionTimestamp ? 0 : wanted - active.length
  return {
    create: Math.min(Math.max(difference, 0), BURST),
    remove: difference < 0 ? inDeletionOrder(active, related, now).slice(0, Math.min(-difference, BURST)) : [],
    status: countReplicas({ replicaSet, pods, now, failure }, active, difference),
    ...nextLook(replicaSet, active, now),
  }
}

const countReplicas = ({ replicaSet, pods, now, failure }: ReplicaSetInput, active: readonly Pod[], difference: number) => {
  const templateLabels = { matchLabels: replicaSet.spec.template?.metadata?.labels ?? {} }
  const ready = active.filter(isReady)
  const old = replicaSet.status?.conditions ?? []
  const others = old.filter(({ type }) => type !== 'ReplicaFailure')
  const before = old.find(({ type }) => type === 'ReplicaFailure')
  const failed = failure !== undefined && difference !== 0
  const condition = {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: before?.lastTransitionTime ?? `${new Date(now).toISOString().slice(0, 19)}Z`,
    reason: difference > 0 ? 'FailedCreate' : 'FailedDelete',
    message: failure ?? '',
  }
  const conditions = failed ? [...others, before?.reason === condition.reason ? before : condition] : others
  return {
    replicas: active.length,
    ...withoutZeros({
      fullyLabeledReplicas: active.filter(pod => selects(templateLabels, pod.metadata.labels)).length,
      readyReplicas: ready.length,
      availableReplicas: ready.filter(pod => isAvailable(pod, replicaSet.spec.minReadySeconds ?? 0, now)).length,
      observedGeneration: replicaSet.metadata.generation ?? 0,
    }),
    terminatingReplicas: pods.filter(isTerminating).length,
    ...(conditions.length > 0 && { conditions }),
  }
}

const nextLook = (replicaSet: ReplicaSet, active: readonly Pod[], now: number): { after?: number } => {
  const minReadyMs = (replicaSet.spec.minReadySeconds ?? 0) * 1000
  if (minReadyMs === 0) return {}
  const waits = active
    .filter(pod => isReady(pod) && !isAvailable(pod, minReadyMs / 1000, now))
    .map(
      pod =>
        Date.parse(pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '') + minReadyMs - now,
    )
  return waits.length > 0 ? { after: Math.max(1, Math.min(...waits)) } : {}
}

export interface ReplicaSetIndices {
  /** By controller's uid, or `orphan/namespace` where nobody controls the Pod. */
  podsByOwner: Index<Pod>
  /** By controller's uid. */
  replicaSetsByOwner: Index<ReplicaSet>
}

/** The two kinds that work alike. */
export interface ReplicaKind {
  resource: string
  kind: string
  name: string
  /** A stored object as a ReplicaSet. */
  read(object: KubeObject): ReplicaSet
  /** A ReplicaSet's status as the kind has it. */
  report(status: NonNullable<ReplicaSet['status']>): object
}

const replicaSets: ReplicaKind = {
  resource: 'replicasets.apps',
  kind: 'ReplicaSet',
  name: 'replicaset',
  read: object => object as ReplicaSet,
  report: status => status,
}

/** ReplicationControllers: their selector is a map of labels. Models kubernetes/pkg/controller/replication/conversion.go. */
export const replicationControllers: ReplicaKind = {
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  name: 'replicationcontroller',
  read(object) {
    const spec = object.spec as { selector?: Record<string, string> }
    return { ...object, spec: { ...spec, selector: { matchLabels: spec.selector ?? {} } } }
  },
  report: ({ terminatingReplicas: _, ...status }) => status,
}

/** The controller: carries out {@link decideReplicaSet}. */
export const replicaSet = (
  { registry, clock, record }: ControllerContext,
  { podsByOwner, replicaSetsByOwner }: ReplicaSetIndices,
  { resource, kind, name: controller, read, report }: ReplicaKind = replicaSets,
): Controller => {
  const { store } = registry
  const failures = new Map<string, string>()

  const wokenByOrphan = (pod: KubeObject) =>
    store
      .list(resource, pod.metadata.namespace)
      .filter(owner => selects(read(owner).spec.selector, pod.metadata.labels))
      .map(keyOf)

  /** Takes Pods in that match and have no controller; lets go those that no longer match. */
  const claim = (owner: ReplicaSet): Pod[] => {
    const { namespace = '', uid } = owner.metadata
    const mine: Pod[] = []
    for (const pod of podsByOwner.get(uid)) {
      if (selects(owner.spec.selector, pod.metadata.labels)) mine.push(pod)
      else
        registry.modify('pods', namespace, pod.metadata.name, copy => {
          copy.metadata.ownerReferences = copy.metadata.ownerReferences?.filter(reference => reference.uid !== uid)
          return copy
        })
    }
    if (owner.metadata.deletionTimestamp) return mine
    for (const pod of podsByOwner.get(`orphan/${namespace}`)) {
      if (!isActive(pod) || !selects(owner.spec.selector, pod.metadata.labels)) continue
      const adopted = registry.modify('pods', namespace, pod.metadata.name, copy => {
        if (controllerOf(copy) || copy.metadata.uid !== pod.metadata.uid) return undefined
        copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReference(owner)]
        return copy
      })
      if (adopted && controllerOf(adopted)?.uid === uid) mine.push(adopted as Pod)
    }
    return mine
  }

  const relatedPods = (owner: ReplicaSet): readonly Pod[] => {
    const deployment = controllerOf(owner)
    const siblings = deployment ? replicaSetsByOwner.get(deployment.uid) : [owner]
    return siblings.flatMap(sibling => podsByOwner.get(sibling.metadata.uid)).filter(isActive)
  }

  const create = (owner: ReplicaSet, count: number) => {
    for (let made = 0; made < count; made++) {
      const pod = registry.create('pods', podFromTemplate(owner, owner.spec.template ?? {}))
      record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
    }
  }
  const remove = (owner: ReplicaSet, pods: readonly Pod[]) => {
    for (const { metadata } of pods) {
      registry.delete('pods', metadata.namespace ?? '', metadata.name, { preconditions: { uid: metadata.uid } })
      record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
    }
  }

  return {
    name: controller,
    watches: {
      [resource]: ({ object }) => [keyOf(object)],
      pods: ({ type, object, previous }) => {
        const keys: string[] = []
        for (const pod of previous ? [object, previous] : [object]) {
          const owner = controllerOf(pod)
          if (owner?.kind === kind) keys.push(`${pod.metadata.namespace}/${owner.name}`)
          else if (!owner && type !== 'DELETED' && isActive(pod as Pod)) keys.push(...wokenByOrphan(pod))
        }
        return keys
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const stored = store.get(resource, namespace, name)
      const owner = stored && read(stored)
      if (!owner) {
        failures.delete(key)
        return undefined
      }
      const now = clock.now()
      const pods = claim(owner)
      // Counting the neighbours is dear and only deletions need it.
      const hasSurplus = pods.length > (owner.spec.replicas ?? 1)
      const decision = decideReplicaSet({ replicaSet: owner, pods, ...(hasSurplus && { related: relatedPods(owner) }), now })
      let problem: StatusError | undefined
      try {
        create(owner, decision.create)
        remove(owner, decision.remove)
        failures.delete(key)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        problem = error
        failures.set(key, error.message)
        const [reason, verb] = decision.create > 0 ? ['FailedCreate', 'creating'] : ['FailedDelete', 'deleting']
        record(owner, 'Warning', reason, `Error ${verb}: ${error.message}`)
      }
      const acted = decision.create > 0 || decision.remove.length > 0
      const failure = failures.get(key)
      const { status: counted, after } = acted
        ? decideReplicaSet({ replicaSet: owner, pods: podsByOwner.get(owner.metadata.uid), now, failure })
        : decision
      const status = report(counted)
      if (!isEqual(status, owner.status ?? {}))
        registry.modify(resource, namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
      if (problem) throw problem
      return after === undefined ? undefined : { after }
    },
  }
}
