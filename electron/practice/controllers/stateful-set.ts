// Keeps a StatefulSet's Pods by name and number, each with claims of its own: carries out decideStatefulSet.

import { isEqual } from '../clone.ts'
import { controllerOf, type KubeObject, keyOf, splitKey } from '../object.ts'
import type { ControllerRevisionObject as Revision } from '../resources/controller-revision.ts'
import type { StatefulSetObject as StatefulSet } from '../resources/stateful-set.ts'
import { StatusError } from '../status-error.ts'
import { claimRevisions } from './claim-revisions.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import type { Pod } from './kinds.ts'
import { ownerReference, podFromTemplate } from './pod-template.ts'
import { selects } from './selector.ts'
import { claimOwners, claimsOf } from './stateful-set-claims.ts'
import { decideStatefulSet, ordinalOf, REVISION_HASH, type StatefulSetDecision } from './stateful-set-decision.ts'
import { templateIn } from './stateful-set-revision.ts'

// Models kubernetes/pkg/controller/statefulset/stateful_set.go, stateful_pod_control.go and stateful_set_utils.go

/** The Pod with this number: stable name, host name, claims. */
export const podOf = (set: StatefulSet, revision: Revision, ordinal: number): Partial<KubeObject> => {
  const pod = podFromTemplate(set, templateIn(revision)) as Pod
  const name = `${set.metadata.name}-${ordinal}`
  pod.metadata = {
    ...pod.metadata,
    name,
    labels: {
      ...pod.metadata.labels,
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_HASH]: revision.metadata.name,
      'statefulset.kubernetes.io/pod-name': name,
    },
  }
  const claims = claimsOf(set, ordinal)
  const volumes = claims.map(({ volume, name: claimName }) => ({ name: volume, persistentVolumeClaim: { claimName } }))
  const others = (pod.spec.volumes ?? []).filter(volume => !volumes.some(each => each.name === volume.name))
  pod.spec.hostname = name
  if (set.spec.serviceName) pod.spec.subdomain = set.spec.serviceName
  if (volumes.length + others.length > 0) pod.spec.volumes = [...volumes, ...others]
  return pod
}

/** The controller. */
export const statefulSet = (
  { registry, clock, record }: ControllerContext,
  { podsByOwner, revisionsByOwner }: { podsByOwner: Index<Pod>; revisionsByOwner: Index<Revision> },
): Controller => {
  const { store } = registry

  /** Takes in Pods of its names that match and have no controller. */
  const claim = (set: StatefulSet): Pod[] => {
    const { namespace = '', name, uid } = set.metadata
    const mine = podsByOwner.get(uid).filter(pod => selects(set.spec.selector, pod.metadata.labels))
    if (set.metadata.deletionTimestamp) return mine
    for (const pod of podsByOwner.get(`orphan/${namespace}`)) {
      const isNamed = ordinalOf(pod) >= 0 && pod.metadata.name === `${name}-${ordinalOf(pod)}`
      if (!isNamed || pod.metadata.deletionTimestamp || !selects(set.spec.selector, pod.metadata.labels)) continue
      const adopted = registry.modify('pods', namespace, pod.metadata.name, copy => {
        if (controllerOf(copy)) return undefined
        copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReference(set)]
        return copy
      })
      if (adopted && controllerOf(adopted)?.uid === uid) mine.push(adopted as Pod)
    }
    return mine
  }

  /** Tries, and tells it as an Event either way. */
  const tell = (set: StatefulSet, verb: 'Create' | 'Delete', what: string, success: string, act: () => void) => {
    const head = `${verb} ${what} in StatefulSet ${set.metadata.name}`
    try {
      act()
    } catch (error) {
      if (error instanceof StatusError) record(set, 'Warning', `Failed${verb}`, `${head} failed error: ${error.message}`)
      throw error
    }
    record(set, 'Normal', `Successful${verb}`, `${head} ${success}`)
  }

  const createPod = (set: StatefulSet, revision: Revision, ordinal: number) => {
    const { namespace = '' } = set.metadata
    const pod = podOf(set, revision, ordinal)
    for (const { name, object } of claimsOf(set, ordinal)) {
      if (store.get('persistentvolumeclaims', namespace, name)) continue
      const what = `Claim ${name} Pod ${pod.metadata?.name}`
      tell(set, 'Create', what, 'success', () => void registry.create('persistentvolumeclaims', object))
    }
    tell(set, 'Create', `Pod ${pod.metadata?.name}`, 'successful', () => void registry.create('pods', pod))
  }

  const removePod = (set: StatefulSet, { pod, because }: StatefulSetDecision['remove'][number]) => {
    const { namespace = '', name, uid } = pod.metadata
    const isOver = because === 'failed' || because === 'succeeded'
    if (because === 'failed')
      record(set, 'Warning', 'RecreatingFailedPod', `StatefulSet ${keyOf(set)} is recreating failed Pod ${name}`)
    if (because === 'succeeded')
      record(set, 'Normal', 'RecreatingTerminatedPod', `StatefulSet ${keyOf(set)} is recreating terminated Pod ${name}`)
    const remove = () => void registry.delete('pods', namespace, name, { preconditions: { uid } })
    if (isOver && because === 'succeeded') remove()
    else tell(set, 'Delete', `Pod ${name}`, 'successful', remove)
  }

  /** Who owns a claim says when it goes. */
  const keepOwners = (set: StatefulSet, pods: readonly Pod[]) => {
    for (const pod of pods) {
      const ordinal = ordinalOf(pod)
      for (const { name } of ordinal < 0 ? [] : claimsOf(set, ordinal)) {
        const { namespace = '' } = set.metadata
        registry.modify('persistentvolumeclaims', namespace, name, copy => {
          const owners = claimOwners(set, pod, ordinal, copy.metadata.ownerReferences)
          if (isEqual(owners, copy.metadata.ownerReferences ?? [])) return undefined
          if (owners.length > 0) copy.metadata.ownerReferences = owners
          else delete copy.metadata.ownerReferences
          return copy
        })
      }
    }
  }

  const keepHistory = ({ history, forget }: StatefulSetDecision) => {
    if (history.create) registry.create('controllerrevisions.apps', history.create)
    if (history.renumber) registry.update('controllerrevisions.apps', history.renumber)
    for (const { metadata } of forget) registry.delete('controllerrevisions.apps', metadata.namespace ?? '', metadata.name)
  }

  /** A name that another template has already: another hash next time. */
  const onCollision = (set: StatefulSet, error: unknown) => {
    if (!(error instanceof StatusError && error.status.reason === 'AlreadyExists')) return
    const { namespace = '', name } = set.metadata
    const bump = (copy: KubeObject) => {
      const { status } = copy as StatefulSet
      return { ...copy, status: { ...status, collisionCount: (status?.collisionCount ?? 0) + 1 } }
    }
    registry.modify('statefulsets.apps', namespace, name, bump, { subresource: 'status' })
  }

  return {
    name: 'statefulset',
    watches: {
      'statefulsets.apps': ({ object }) => [keyOf(object)],
      pods: ({ object, previous }) =>
        [object, ...(previous ? [previous] : [])].flatMap(pod => {
          const owner = controllerOf(pod)
          if (owner) return owner.kind === 'StatefulSet' ? [`${pod.metadata.namespace}/${owner.name}`] : []
          const number = ordinalOf(pod as Pod)
          return number < 0 ? [] : [`${pod.metadata.namespace}/${pod.metadata.name.slice(0, -String(number).length - 1)}`]
        }),
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const set = store.get('statefulsets.apps', namespace, name) as StatefulSet | undefined
      if (!set) return undefined
      const now = clock.now()
      const revisions = claimRevisions(registry, revisionsByOwner, set)
      const pods = claim(set)
      const decision = decideStatefulSet({ statefulSet: set, pods, revisions, now })
      if (!set.metadata.deletionTimestamp) keepOwners(set, pods)
      try {
        if (!set.metadata.deletionTimestamp) keepHistory(decision)
      } catch (error) {
        onCollision(set, error)
        throw error
      }
      let problem: unknown
      try {
        for (const { ordinal, revision } of decision.create) createPod(set, decision.history[revision], ordinal)
        for (const each of decision.remove) removePod(set, each)
      } catch (error) {
        problem = error
      }
      const acted = decision.create.length + decision.remove.length > 0
      const current = revisionsByOwner.get(set.metadata.uid)
      const { status } = acted
        ? decideStatefulSet({ statefulSet: set, pods: podsByOwner.get(set.metadata.uid), revisions: current, now })
        : decision
      if (!isEqual(status, set.status ?? {}))
        registry.modify('statefulsets.apps', namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
      if (problem) throw problem
      return decision.after === undefined ? undefined : { after: decision.after }
    },
  }
}
