// Empties a Namespace that is being deleted, then lets it go.

import type { NamespaceCondition } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { timestamp } from '../object.ts'
import { type Resource, resourceKey } from '../resource.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Namespace } from './kinds.ts'

// Models kubernetes/pkg/controller/namespace/deletion/namespaced_resources_deleter.go and status_condition_utils.go
/** How much of one resource a Namespace still holds. */
export interface Remaining {
  /** As `pods` or `deployments.apps`. */
  resource: string
  count: number
  /** Counts by finalizer that holds them. */
  finalizers: Readonly<Record<string, number>>
}

export interface NamespaceDecision {
  /** Resources whose objects in the Namespace are to be deleted. */
  empty: readonly string[]
  /** Nothing is left: the Namespace's own finalizer goes. */
  finish: boolean
  conditions: readonly NamespaceCondition[]
}

/** What is due for a Namespace; nothing while it is not being deleted. */
export const decideNamespace = (namespace: Namespace, remaining: readonly Remaining[], now: number): NamespaceDecision => {
  if (!namespace.metadata.deletionTimestamp) return { empty: [], finish: false, conditions: namespace.status?.conditions ?? [] }
  const left = remaining.filter(({ count }) => count > 0)
  const finalizers = new Map<string, number>()
  for (const [name, count] of left.flatMap(item => Object.entries(item.finalizers)))
    finalizers.set(name, (finalizers.get(name) ?? 0) + count)
  const resources = left.map(
    ({ resource, count }) => `${resource}${resource.includes('.') ? '' : '.'} has ${count} resource instances`,
  )
  const held = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`)
  const old = namespace.status?.conditions ?? []
  const condition = (type: string, isTrue: boolean, reason: string, message: string): NamespaceCondition => {
    const before = old.find(candidate => candidate.type === type)
    const status = isTrue ? 'True' : 'False'
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : timestamp(now)
    return { type, status, lastTransitionTime, reason, message } as NamespaceCondition
  }
  return {
    empty: left.map(({ resource }) => resource),
    finish: left.length === 0,
    conditions: [
      condition('NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'),
      condition(
        'NamespaceDeletionGroupVersionParsingFailure',
        false,
        'ParsedGroupVersions',
        'All legacy kube types successfully parsed',
      ),
      condition(
        'NamespaceDeletionContentFailure',
        false,
        'ContentDeleted',
        'All content successfully deleted, may be waiting on finalization',
      ),
      resources.length > 0
        ? condition(
            'NamespaceContentRemaining',
            true,
            'SomeResourcesRemain',
            `Some resources are remaining: ${resources.join(', ')}`,
          )
        : condition('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
      held.length > 0
        ? condition(
            'NamespaceFinalizersRemaining',
            true,
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
          )
        : condition(
            'NamespaceFinalizersRemaining',
            false,
            'ContentHasNoFinalizers',
            'All content-preserving finalizers finished',
          ),
    ],
  }
}

const namespacedKeys = (resources: readonly Resource[]): string[] =>
  resources.filter(resource => resource.namespaced && !resource.storedAs).map(resourceKey)

/** The controller. */
export const namespace = ({ registry, clock }: ControllerContext): Controller => {
  const { store } = registry

  const remainingIn = (name: string): Remaining[] =>
    namespacedKeys(registry.resources).map(resource => {
      const objects = store.list(resource, name)
      const finalizers: Record<string, number> = {}
      for (const finalizer of objects.flatMap(({ metadata }) => metadata.finalizers ?? []))
        finalizers[finalizer] = (finalizers[finalizer] ?? 0) + 1
      return { resource, count: objects.length, finalizers }
    })

  const finish = (name: string) => {
    const released = registry.modify('namespaces', '', name, copy => ({
      ...copy,
      spec: { ...(copy as Namespace).spec, finalizers: [] },
    }))
    // The registry removes it with its last finalizer; where it did not, ask again.
    if (released && store.get('namespaces', '', name)) registry.delete('namespaces', '', name)
  }

  return {
    name: 'namespace',
    watches: {
      namespaces: ({ object }) => [object.metadata.name],
      '*': ({ type, object }) => {
        const name = object.metadata.namespace
        return type === 'DELETED' && name && store.get('namespaces', '', name)?.metadata.deletionTimestamp ? [name] : []
      },
    },
    reconcile: name => {
      const object = store.get('namespaces', '', name) as Namespace | undefined
      if (!object?.metadata.deletionTimestamp) return undefined
      const decision = decideNamespace(object, remainingIn(name), clock.now())
      for (const resource of decision.empty)
        for (const { metadata } of store.list(resource, name))
          if (!metadata.deletionTimestamp) registry.delete(resource, name, metadata.name, { propagationPolicy: 'Background' })
      if (decision.finish) finish(name)
      else if (!isEqual(object.status?.conditions ?? [], decision.conditions)) {
        const status = { ...object.status, phase: 'Terminating', conditions: [...decision.conditions] }
        registry.modify('namespaces', '', name, copy => ({ ...copy, status }), { subresource: 'status' })
      }
      return undefined
    },
  }
}
