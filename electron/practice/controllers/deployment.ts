// Rolls Deployments out through ReplicaSets: carries out decideDeployment.

import { isEqual } from '../clone.ts'
import { controllerOf, keyOf, type ObjectMeta, splitKey } from '../object.ts'
import { StatusError } from '../status-error.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { type DeploymentDecision, decideDeployment } from './deployment-decision.ts'
import { REVISION } from './deployment-revision.ts'
import type { Index } from './index-of.ts'
import type { Deployment, Pod, ReplicaSet } from './kinds.ts'
import { isSameTemplate, ownerReference } from './pod-template.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/deployment/deployment_controller.go
export interface DeploymentIndices {
  podsByOwner: Index<Pod>
  /** By controller's uid, or `orphan/namespace`. */
  replicaSetsByOwner: Index<ReplicaSet>
}

/** The controller. */
export const deployment = (
  { registry, clock, record }: ControllerContext,
  { podsByOwner, replicaSetsByOwner }: DeploymentIndices,
): Controller => {
  const { store } = registry

  const claim = (owner: Deployment): ReplicaSet[] => {
    const { namespace = '', uid } = owner.metadata
    const mine = replicaSetsByOwner.get(uid).filter(set => selects(owner.spec.selector, set.metadata.labels))
    if (owner.metadata.deletionTimestamp) return mine
    for (const set of replicaSetsByOwner.get(`orphan/${namespace}`)) {
      if (set.metadata.deletionTimestamp || !selects(owner.spec.selector, set.metadata.labels)) continue
      const adopted = registry.modify('replicasets.apps', namespace, set.metadata.name, copy => {
        if (controllerOf(copy)) return undefined
        copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReference(owner)]
        return copy
      })
      if (adopted && controllerOf(adopted)?.uid === uid) mine.push(adopted as ReplicaSet)
    }
    return mine
  }

  const create = (owner: Deployment, set: ReplicaSet) => {
    const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = set.metadata
    try {
      registry.create('replicasets.apps', { ...set, metadata: metadata as ObjectMeta })
    } catch (error) {
      if (!(error instanceof StatusError && error.status.reason === 'AlreadyExists')) throw error
      const { namespace = '', name } = owner.metadata
      const other = store.get('replicasets.apps', namespace, set.metadata.name) as ReplicaSet | undefined
      const isOurs = other && controllerOf(other)?.uid === owner.metadata.uid
      if (isOurs && isSameTemplate(other.spec.template ?? {}, owner.spec.template)) return
      // Somebody else's: another hash next time.
      const bump = (copy: Deployment) => ({
        ...copy,
        status: { ...copy.status, collisionCount: (copy.status?.collisionCount ?? 0) + 1 },
      })
      registry.modify('deployments.apps', namespace, name, copy => bump(copy as Deployment), { subresource: 'status' })
      throw error
    }
  }

  const act = (owner: Deployment, decision: DeploymentDecision) => {
    const { namespace = '', name } = owner.metadata
    if (decision.create) create(owner, decision.create)
    for (const set of decision.update) registry.update('replicasets.apps', set)
    for (const set of decision.remove) registry.delete('replicasets.apps', namespace, set.metadata.name)
    for (const { type, reason, message } of decision.notes) record(owner, type, reason, message)
    const { revision, status } = decision
    if (revision !== undefined)
      registry.modify(
        'deployments.apps',
        namespace,
        name,
        copy => {
          copy.metadata.annotations = { ...copy.metadata.annotations, [REVISION]: revision }
          return copy
        },
        { subresource: 'status' },
      )
    if (!isEqual(status, owner.status ?? {}))
      registry.modify('deployments.apps', namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
  }

  return {
    name: 'deployment',
    watches: {
      'deployments.apps': ({ object }) => [keyOf(object)],
      'replicasets.apps': ({ object }) => {
        const owner = controllerOf(object)
        if (owner) return owner.kind === 'Deployment' ? [`${object.metadata.namespace}/${owner.name}`] : []
        return store
          .list('deployments.apps', object.metadata.namespace)
          .filter(candidate => selects((candidate as Deployment).spec.selector, object.metadata.labels))
          .map(keyOf)
      },
      // A Recreate waits for the last old Pod to go.
      pods: ({ type, object }) => {
        if (type !== 'DELETED') return []
        const set = store.get('replicasets.apps', object.metadata.namespace ?? '', controllerOf(object)?.name ?? '')
        const owner = set && controllerOf(set)
        return owner?.kind === 'Deployment' ? [`${object.metadata.namespace}/${owner.name}`] : []
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const owner = store.get('deployments.apps', namespace, name) as Deployment | undefined
      if (!owner) return undefined
      const { matchLabels = {}, matchExpressions = [] } = owner.spec.selector
      if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) {
        record(owner, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.')
        return undefined
      }
      const replicaSets = claim(owner)
      const pods = replicaSets.flatMap(set => podsByOwner.get(set.metadata.uid))
      const decision = decideDeployment({ deployment: owner, replicaSets, pods, now: clock.now() })
      act(owner, decision)
      return decision.after === undefined ? undefined : { after: decision.after }
    },
  }
}
