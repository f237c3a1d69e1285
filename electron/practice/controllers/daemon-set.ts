// Keeps one Pod of a DaemonSet on each node that it is for: carries out decideDaemonSet.

import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { controllerOf, keyOf, type ObjectMeta, splitKey } from '../object.ts'
import type { ControllerRevisionObject } from '../resources/controller-revision.ts'
import { templateGeneration } from '../resources/daemon-set.ts'
import type { StatefulSetObject } from '../resources/stateful-set.ts'
import { claimRevisions } from './claim-revisions.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { type DaemonSet, daemonAffinity, daemonTolerations, decideDaemonSet, REVISION_HASH } from './daemon-set-decision.ts'
import type { Index } from './index-of.ts'
import type { NodeObject, Pod } from './kinds.ts'
import { ownerReference, podFromTemplate, templateHash } from './pod-template.ts'
import { selects } from './selector.ts'
import { historyOf, outdated } from './stateful-set-revision.ts'

// Models kubernetes/pkg/controller/daemon/daemon_controller.go
export interface DaemonSetIndices {
  /** By controller's uid, or `orphan/namespace`. */
  podsByOwner: Index<Pod>
  revisionsByOwner: Index<ControllerRevisionObject>
}

/** A failed daemon's Pod is put back no faster than this: upstream doubles from a second. */
const FAILED_MS = 1000

/** The controller. */
export const daemonSet = (
  { registry, clock, record }: ControllerContext,
  { podsByOwner, revisionsByOwner }: DaemonSetIndices,
): Controller => {
  const { store } = registry

  /** Takes Pods in that match and have no controller. */
  const claim = (owner: DaemonSet): Pod[] => {
    const { namespace = '', uid } = owner.metadata
    const mine = [...podsByOwner.get(uid)]
    if (owner.metadata.deletionTimestamp) return mine
    for (const pod of podsByOwner.get(`orphan/${namespace}`)) {
      if (pod.metadata.deletionTimestamp || !selects(owner.spec.selector, pod.metadata.labels)) continue
      const adopted = registry.modify('pods', namespace, pod.metadata.name, copy => {
        if (controllerOf(copy)) return undefined
        copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReference(owner)]
        return copy
      })
      if (adopted) mine.push(adopted as Pod)
    }
    return mine
  }

  /** Keeps the history of templates; the hash of the newest. */
  const keepHistory = (owner: DaemonSet, pods: readonly Pod[]): string => {
    // A StatefulSet's history reads nothing else of it than what a DaemonSet has too.
    const set = owner as unknown as StatefulSetObject
    const revisions = claimRevisions(registry, revisionsByOwner, owner)
    const { create, renumber, update } = historyOf(set, revisions)
    if (create) registry.create('controllerrevisions.apps', create)
    if (renumber) registry.update('controllerrevisions.apps', renumber)
    const inUse = new Set([update, ...revisions.filter(({ metadata }) => isUsed(metadata.name, owner, pods))].map(nameOf))
    for (const old of outdated(set, revisions, inUse)) {
      registry.delete('controllerrevisions.apps', old.metadata.namespace ?? '', old.metadata.name)
    }
    return hashIn(update.metadata.name, owner)
  }
  const nameOf = ({ metadata }: ControllerRevisionObject) => metadata.name
  const hashIn = (name: string, owner: DaemonSet) => name.slice(owner.metadata.name.length + 1)
  const isUsed = (name: string, owner: DaemonSet, pods: readonly Pod[]) =>
    pods.some(({ metadata }) => metadata.labels?.[REVISION_HASH] === hashIn(name, owner))

  const start = (owner: DaemonSet, node: string, hash: string) => {
    const pod = podFromTemplate(owner, owner.spec.template)
    const metadata = pod.metadata as ObjectMeta
    const spec = pod.spec as PodSpec
    const generation = owner.metadata.annotations?.[templateGeneration] ?? '1'
    metadata.labels = { ...metadata.labels, [REVISION_HASH]: hash, 'pod-template-generation': generation }
    spec.affinity = daemonAffinity(spec.affinity, node)
    spec.tolerations = daemonTolerations(spec.tolerations, spec.hostNetwork)
    const made = registry.create('pods', pod)
    record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${made.metadata.name}`)
  }

  return {
    name: 'daemonset',
    watches: {
      'daemonsets.apps': ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object)]),
      pods: ({ object }) => {
        const owner = controllerOf(object)
        if (owner) return owner.kind === 'DaemonSet' ? [`${object.metadata.namespace}/${owner.name}`] : []
        const sets = store.list('daemonsets.apps', object.metadata.namespace) as readonly DaemonSet[]
        return sets.filter(set => selects(set.spec.selector, object.metadata.labels)).map(keyOf)
      },
      nodes: ({ type, object, previous }) => {
        const look = (node: NodeObject) => [node.metadata.labels, node.spec]
        const isSame = type === 'MODIFIED' && previous && isEqual(look(object as NodeObject), look(previous as NodeObject))
        return isSame ? [] : store.list('daemonsets.apps').map(keyOf)
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const owner = store.get('daemonsets.apps', namespace, name) as DaemonSet | undefined
      if (!owner) return undefined
      const now = clock.now()
      const pods = claim(owner)
      const nodes = store.list('nodes') as readonly NodeObject[]
      const hash = owner.metadata.deletionTimestamp ? templateHash(owner.spec.template) : keepHistory(owner, pods)
      const decision = decideDaemonSet({ daemonSet: owner, nodes, pods, hash, now })
      for (const { type, reason, message } of decision.notes) record(owner, type, reason, message)
      for (const { metadata } of decision.remove) {
        registry.delete('pods', namespace, metadata.name, { preconditions: { uid: metadata.uid } })
        record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
      }
      const failed = decision.remove.some(({ status }) => status?.phase === 'Failed')
      for (const node of decision.create) start(owner, node, hash)
      if (!isEqual(decision.status, owner.status ?? {})) {
        const { status } = decision
        registry.modify('daemonsets.apps', namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
      }
      const after = failed ? FAILED_MS : decision.after
      return after === undefined ? undefined : { after }
    },
  }
}
