// Deletes what has lost its owners, and carries out foreground and orphan deletion.

import { type KubeObject, keyOf, type OwnerReference, splitKey } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import { type Resource, resourceKey } from '../resource.ts'
import type { Change } from '../store.ts'
import type { Controller, ControllerContext } from './controller.ts'

// Models kubernetes/pkg/controller/garbagecollector/garbagecollector.go
const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

/** `waiting`: the owner is being deleted in the foreground and waits for this object. */
export type OwnerState = 'present' | 'absent' | 'waiting'

export interface Dependent {
  resource: string
  object: KubeObject
}

export interface CollectionInput {
  object: KubeObject
  owners: readonly { reference: OwnerReference; state: OwnerState }[]
  dependents: readonly Dependent[]
}

export type Collection =
  | { act: 'nothing' }
  /** Delete the object itself. */
  | { act: 'delete'; policy: 'Background' | 'Foreground' | 'Orphan' }
  /** Forget these owners. */
  | { act: 'disown'; uids: readonly string[] }
  /** Delete dependents first; `finalizer` goes when none is left. */
  | { act: 'deleteDependents'; dependents: readonly Dependent[] }
  | { act: 'releaseDependents'; dependents: readonly Dependent[] }
  | { act: 'finish'; finalizer: string }

/** What is due for one object, given what is known of its owners and dependents. */
export const decideCollection = ({ object, owners, dependents }: CollectionInput): Collection => {
  const { finalizers = [], deletionTimestamp, uid } = object.metadata
  if (deletionTimestamp) {
    if (finalizers.includes(ORPHAN))
      return dependents.length > 0 ? { act: 'releaseDependents', dependents } : { act: 'finish', finalizer: ORPHAN }
    if (!finalizers.includes(FOREGROUND)) return { act: 'nothing' }
    const blocking = dependents.filter(dependent => referenceTo(dependent.object, uid)?.blockOwnerDeletion)
    if (blocking.length === 0) return { act: 'finish', finalizer: FOREGROUND }
    return { act: 'deleteDependents', dependents: blocking.filter(dependent => !dependent.object.metadata.deletionTimestamp) }
  }
  if (owners.length === 0) return { act: 'nothing' }
  const gone = owners.filter(({ state }) => state !== 'present')
  if (gone.length === 0) return { act: 'nothing' }
  if (gone.length < owners.length) return { act: 'disown', uids: gone.map(({ reference }) => reference.uid) }
  if (finalizers.includes(ORPHAN)) return { act: 'delete', policy: 'Orphan' }
  const isForeground = finalizers.includes(FOREGROUND) || (dependents.length > 0 && gone.some(({ state }) => state === 'waiting'))
  return { act: 'delete', policy: isForeground ? 'Foreground' : 'Background' }
}

const referenceTo = (object: KubeObject, uid: string): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find(reference => reference.uid === uid)

/** The controller; its keys are `resource|namespace/name`. */
export const garbageCollector = ({ registry }: ControllerContext, signal: AbortSignal): Controller => {
  const { store } = registry
  let known: { resources: readonly Resource[]; kinds: Map<string, Resource> } = { resources: [], kinds: new Map() }
  const kindOf = (name: string): Resource | undefined => {
    const { resources } = registry
    // Definitions add kinds, and take them away.
    if (resources !== known.resources)
      known = { resources, kinds: new Map(resources.map(each => [`${apiVersionOf(each)}/${each.kind}`, each])) }
    return known.kinds.get(name)
  }
  const byOwner = new Map<string, Map<string, Dependent>>()
  const idOf = (resource: string, object: KubeObject) => `${resource}|${keyOf(object)}`

  const ownerKey = (
    reference: OwnerReference,
    namespace = '',
  ): { resource: string; namespace: string; name: string } | undefined => {
    const kind = kindOf(`${reference.apiVersion}/${reference.kind}`)
    if (!kind) return undefined
    return {
      resource: kind.storedAs?.key ?? resourceKey(kind),
      namespace: kind.namespaced ? namespace : '',
      name: reference.name,
    }
  }
  const stateOf = (reference: OwnerReference, namespace?: string): OwnerState => {
    const key = ownerKey(reference, namespace)
    // A kind that is not served here cannot be looked up, so it is never a reason to delete.
    if (!key) return 'present'
    const owner = store.get(key.resource, key.namespace, key.name)
    if (owner?.metadata.uid !== reference.uid) return 'absent'
    return owner.metadata.deletionTimestamp && owner.metadata.finalizers?.includes(FOREGROUND) ? 'waiting' : 'present'
  }

  const track = ({ type, resource, object, previous }: Change) => {
    const id = idOf(resource, object)
    for (const { uid } of previous?.metadata.ownerReferences ?? object.metadata.ownerReferences ?? []) {
      const dependents = byOwner.get(uid)
      dependents?.delete(id)
      if (dependents?.size === 0) byOwner.delete(uid)
    }
    if (type === 'DELETED') return
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const dependents = byOwner.get(uid) ?? new Map<string, Dependent>()
      byOwner.set(uid, dependents.set(id, { resource, object }))
    }
  }
  for (const { group, plural } of registry.resources) {
    const resource = resourceKey({ group, plural })
    for (const object of store.list(resource)) track({ type: 'ADDED', resource, object, revision: store.revision })
  }
  signal.addEventListener('abort', store.watch('*', undefined, track), { once: true })

  const wakes = ({ type, resource, object, previous }: Change): string[] => {
    const { uid, namespace, ownerReferences = [], deletionTimestamp, finalizers } = object.metadata
    const owners = () =>
      ownerReferences.flatMap(reference => {
        const key = ownerKey(reference, namespace)
        return key ? [`${key.resource}|${key.namespace ? `${key.namespace}/` : ''}${key.name}`] : []
      })
    if (type === 'DELETED') return [...owners(), ...(byOwner.get(uid)?.keys() ?? [])]
    if (deletionTimestamp) return finalizers?.length ? [idOf(resource, object)] : []
    const isNews = type === 'ADDED' || previous?.metadata.ownerReferences?.length !== ownerReferences.length
    return isNews && ownerReferences.length > 0 ? [idOf(resource, object)] : []
  }

  const carryOut = (resource: string, object: KubeObject, decision: Collection) => {
    const { namespace = '', name, uid } = object.metadata
    switch (decision.act) {
      case 'delete':
        registry.delete(resource, namespace, name, { propagationPolicy: decision.policy, preconditions: { uid } })
        break
      case 'disown':
        forget({ resource, object }, decision.uids)
        break
      case 'releaseDependents':
        for (const dependent of decision.dependents) forget(dependent, [uid])
        break
      case 'deleteDependents':
        for (const dependent of decision.dependents) {
          const { metadata } = dependent.object
          const propagationPolicy = byOwner.has(metadata.uid) ? 'Foreground' : 'Background'
          registry.delete(dependent.resource, metadata.namespace ?? '', metadata.name, {
            propagationPolicy,
            preconditions: { uid: metadata.uid },
          })
        }
        break
      case 'finish':
        registry.modify(resource, namespace, name, copy => {
          copy.metadata.finalizers = copy.metadata.finalizers?.filter(finalizer => finalizer !== decision.finalizer)
          return copy
        })
    }
  }
  const forget = ({ resource, object: { metadata } }: Dependent, uids: readonly string[]) =>
    registry.modify(resource, metadata.namespace ?? '', metadata.name, copy => {
      if (copy.metadata.uid !== metadata.uid) return undefined
      copy.metadata.ownerReferences = copy.metadata.ownerReferences?.filter(({ uid }) => !uids.includes(uid))
      return copy
    })

  return {
    name: 'garbagecollector',
    watches: { '*': wakes },
    reconcile: key => {
      const bar = key.indexOf('|')
      const resource = key.slice(0, bar)
      const { namespace, name } = splitKey(key.slice(bar + 1))
      const object = store.get(resource, namespace, name)
      if (!object) return undefined
      const references = object.metadata.ownerReferences ?? []
      const owners = references.map(reference => ({ reference, state: stateOf(reference, object.metadata.namespace) }))
      const dependents = [...(byOwner.get(object.metadata.uid)?.values() ?? [])]
      const decision = decideCollection({ object, owners, dependents })
      carryOut(resource, object, decision)
      // Releasing wakes nobody by itself: look again until the finalizer is gone.
      return decision.act === 'releaseDependents' ? { after: 0 } : undefined
    },
  }
}
