// The rules between a request and the store: what the API server does for HTTP clients and for our own controllers alike.

import type { PodSpec } from 'kubernetes-types/core/v1.js'
import type { Clock } from '../platform/clock.ts'
import { checkQuotas, mutate } from './admission.ts'
import { noteWrite } from './api/ownership.ts'
import { clone, isEqual } from './clone.ts'
import { customKinds } from './custom/kinds.ts'
import { type KubeObject, type ObjectMeta, timestamp } from './object.ts'
import { randomSuffix, randomUid } from './random.ts'
import { type ClusterView, type Resource, resourceKey } from './resource.ts'
import { metadataFaults } from './resources/metadata.ts'
import { alreadyExists, badRequest, conflict, forbidden, invalid, notFound, type Status, StatusError } from './status-error.ts'
import type { Store } from './store.ts'

export interface WriteOptions {
  dryRun?: boolean
  /** Who writes; HTTP clients tell it in the object itself. */
  manager?: { name: string; subresource?: string | undefined }
  /** Only that part changes, and the caller has checked it; `scale` is handled by the API in terms of `update`. */
  subresource?: 'status' | 'ephemeralcontainers' | 'resize'
}

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: boolean
}

/** Every method throws StatusError in Kubernetes' words. Objects given are not kept: the registry stores copies. */
export interface Registry {
  readonly store: Store
  /** All kinds served, in discovery order: a new list whenever definitions add, change or take away kinds. */
  readonly resources: readonly Resource[]
  /** @throws StatusError 404 for a key that is not served */
  resource(key: string): Resource
  /** Generates name, uid and times; defaults; validates; stores. */
  create(key: string, object: Partial<KubeObject>, options?: WriteOptions): KubeObject
  /** Replaces; a resourceVersion in the object is a precondition; bumps generation when spec changes. */
  update(key: string, object: KubeObject, options?: WriteOptions): KubeObject
  /**
   * Reads, changes a private copy and writes it, again on conflict; returns the stored object, or undefined where it is gone.
   * `change` returns undefined to leave the object as it is.
   */
  modify(
    key: string,
    namespace: string,
    name: string,
    change: (copy: KubeObject) => KubeObject | undefined,
    options?: WriteOptions,
  ): KubeObject | undefined
  /** Sets deletionTimestamp where a grace period or finalizers hold the object, else removes it. */
  delete(key: string, namespace: string, name: string, options?: DeleteOptions): KubeObject | Status
  /** The same registry, whose writes are told as a manager's in managedFields. */
  as(manager: string, subresource?: string): Registry
}

export interface RegistryOptions {
  store: Store
  resources: readonly Resource[]
  clock: Clock
  random: () => number
}

/** A registry over a store: every write goes through the rules of its kind. */
export const createRegistry = ({ store, resources, clock, random }: RegistryOptions): Registry => {
  const byKey = new Map(resources.filter(each => !each.storedAs).map(resource => [resourceKey(resource), resource]))
  const custom = customKinds(store)
  let served: { custom: readonly Resource[]; all: readonly Resource[] } = { custom: [], all: resources }
  const allServed = (): readonly Resource[] => {
    const kinds = custom().served
    if (kinds !== served.custom) served = { custom: kinds, all: kinds.length > 0 ? [...resources, ...kinds] : resources }
    return served.all
  }
  const view: ClusterView = { store, random, timestamp: () => timestamp(clock.now()) }

  const resourceOf = (key: string): Resource => {
    const resource = byKey.get(key) ?? custom().stored.get(key)
    if (!resource) throw new StatusError(404, 'NotFound', 'the server could not find the requested resource')
    return resource
  }

  const check = (resource: Resource, object: KubeObject, old?: KubeObject) => {
    const faults = [...metadataFaults(object, resource, old), ...resource.validate(object, old)]
    const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind
    if (faults.length > 0) throw invalid(kind, object.metadata.name, faults)
  }

  // Models apiserver/pkg/admission/plugin/namespace/lifecycle.
  const checkNamespace = (key: string, name: string, namespace: string) => {
    const found = store.get('namespaces', '', namespace)
    if (!found) throw notFound('namespaces', namespace)
    if (!found.metadata.deletionTimestamp) return
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    const error = forbidden(key, name, why)
    error.status.details = {
      ...error.status.details,
      causes: [
        { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
      ],
    }
    throw error
  }

  const isHeld = (resource: Resource, object: KubeObject): boolean =>
    (object.metadata.finalizers?.length ?? 0) > 0 || (resource.isHeld?.(object) ?? false)

  const isOver = (resource: Resource, object: KubeObject): boolean =>
    object.metadata.deletionTimestamp !== undefined && !object.metadata.deletionGracePeriodSeconds && !isHeld(resource, object)

  const note = (resource: Resource, stored: KubeObject, old: KubeObject | undefined, options: WriteOptions): KubeObject => {
    const { manager, subresource } = options
    // Clients tell the owners with the object.
    if (!manager && !isEqual(stored.metadata.managedFields, old?.metadata.managedFields)) return stored
    const writer = manager && {
      manager: manager.name,
      apiVersion: apiVersionOf(resource),
      subresource: manager.subresource ?? subresource,
      now: clock.now(),
    }
    noteWrite(resource, stored, old, writer)
    return stored
  }

  const create: Registry['create'] = (key, given, options = {}) => {
    const resource = resourceOf(key)
    const { resourceVersion, ...rest } = clone(given.metadata ?? {}) as Partial<ObjectMeta>
    if (resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created')
    const name = rest.name || (rest.generateName ? `${rest.generateName.slice(0, 58)}${randomSuffix(random)}` : '')
    if (resource.namespaced && rest.namespace) checkNamespace(key, name, rest.namespace)
    const metadata: ObjectMeta = {
      ...rest,
      name,
      uid: randomUid(random),
      resourceVersion: '',
      creationTimestamp: view.timestamp(),
    }
    if (!resource.namespaced) delete metadata.namespace
    delete metadata.deletionTimestamp
    delete metadata.deletionGracePeriodSeconds
    delete metadata.generation
    if (resource.isNewGeneration) metadata.generation = 1
    let object: KubeObject = { ...clone(given), apiVersion: apiVersionOf(resource), kind: resource.kind, metadata }
    object = resource.defaults(object)
    mutate(store, key, object)
    if (resource.beforeCreate) object = resource.beforeCreate(object, view)
    check(resource, object)
    if (store.get(key, metadata.namespace ?? '', name)) throw alreadyExists(key, name)
    checkQuotas(store, key, object)
    return options.dryRun ? object : note(resource, store.put(key, object), undefined, options)
  }

  const update: Registry['update'] = (key, given, options = {}) => {
    const resource = resourceOf(key)
    const { namespace = '', name } = given.metadata
    const old = store.get(key, namespace, name)
    if (!old) throw notFound(key, name)
    const { resourceVersion, uid } = given.metadata
    if (uid && uid !== old.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`
      throw conflict(key, name, why)
    }
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
      throw conflict(key, name, 'the object has been modified; please apply your changes to the latest version and try again')
    }
    const isStatus = options.subresource === 'status'
    // All but the status is shared with the old version: neither is ever mutated.
    let object: KubeObject = isStatus ? { ...old, status: clone(given.status) } : clone(given)
    if (options.subresource === 'ephemeralcontainers') object = withDebuggers(old, object)
    else if (options.subresource === 'resize') object = withResources(old, object)
    else if (!isStatus && resource.subresources.includes('status')) object = { ...object, status: clone(old.status) }
    const kept = old.metadata
    object.apiVersion = old.apiVersion
    object.kind = old.kind
    object.metadata = {
      ...(isStatus ? { ...kept, annotations: sameOr(kept.annotations, given.metadata.annotations) } : object.metadata),
      uid: kept.uid,
      resourceVersion: kept.resourceVersion,
      creationTimestamp: kept.creationTimestamp,
      ...pick(kept, ['generateName', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds']),
    }
    if (isStatus) {
      if (given.metadata.managedFields) object.metadata.managedFields = given.metadata.managedFields
    } else {
      object = resource.defaults(object)
      if (resource.beforeUpdate) object = resource.beforeUpdate(object, old, view)
    }
    if (options.subresource === undefined) check(resource, object, old)
    if (resource.isNewGeneration?.(object, old)) object.metadata.generation = (kept.generation ?? 0) + 1
    if (isUnchanged(object, old)) return old
    if (options.subresource === undefined || options.subresource === 'resize') checkQuotas(store, key, object, old)
    if (options.dryRun) return object
    if (!isOver(resource, object)) return note(resource, store.put(key, object), old, options)
    store.remove(key, namespace, name)
    return object
  }

  const modify: Registry['modify'] = (key, namespace, name, change, options) => {
    const old = store.get(key, namespace, name)
    const changed = old && change(clone(old))
    return changed ? update(key, changed, options) : old
  }

  // Models apiserver/pkg/registry/rest/delete.go and generic/registry/store.go.
  const remove: Registry['delete'] = (key, namespace, name, options = {}) => {
    const resource = resourceOf(key)
    const old = store.get(key, namespace, name)
    if (!old) throw notFound(key, name)
    const { uid, resourceVersion } = options.preconditions ?? {}
    if (uid && uid !== old.metadata.uid) {
      throw conflict(key, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`)
    }
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
      const versions = `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion}`
      throw conflict(key, name, `Precondition failed: ${versions}`)
    }
    const finalizers = withPropagation(old.metadata.finalizers ?? [], options.propagationPolicy)
    const grace = resource.gracePeriod?.(old, options.gracePeriodSeconds) ?? 0
    let object = clone(old)
    if (finalizers.length > 0) object.metadata.finalizers = finalizers
    else delete object.metadata.finalizers
    if (grace === 0 && !isHeld(resource, object)) {
      if (!options.dryRun) store.remove(key, namespace, name)
      return deleted(resource, old)
    }
    const since = old.metadata.deletionTimestamp
    const left = old.metadata.deletionGracePeriodSeconds
    if (since === undefined || (left !== undefined && grace < left)) {
      const began = since === undefined ? clock.now() : Date.parse(since) - (left ?? 0) * 1000
      object.metadata.deletionTimestamp = timestamp(began + grace * 1000)
      object.metadata.deletionGracePeriodSeconds = grace
      if (object.metadata.generation !== undefined) object.metadata.generation += since === undefined ? 1 : 0
      if (since === undefined && resource.beforeDelete) object = resource.beforeDelete(object)
    }
    if (options.dryRun || isEqual(object, old)) return object
    return note(resource, store.put(key, object), old, {})
  }

  const registry: Registry = {
    store,
    get resources() {
      return allServed()
    },
    resource: resourceOf,
    create,
    update,
    modify,
    delete: remove,
    as: (name, subresource) => {
      const manager = { name, subresource }
      return Object.defineProperties({ ...registry } as Registry, {
        resources: { get: allServed },
        create: {
          value: (...[key, object, options]: Parameters<Registry['create']>) => create(key, object, { ...options, manager }),
        },
        update: {
          value: (...[key, object, options]: Parameters<Registry['update']>) => update(key, object, { ...options, manager }),
        },
        modify: {
          value: (...[key, namespace, given, change, options]: Parameters<Registry['modify']>) =>
            modify(key, namespace, given, change, { ...options, manager }),
        },
      })
    },
  }
  return registry
}

/** `apps/v1`. */
export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group ? `${group}/${version}` : version

/** The stored value where they are equal, else a copy of the given one. */
const sameOr = <T>(stored: T, given: T): T => (isEqual(stored, given) ? stored : clone(given))

const pick = <T extends object, K extends keyof T>(object: T, keys: readonly K[]): Partial<Pick<T, K>> => {
  const picked: Partial<Pick<T, K>> = {}
  for (const key of keys) picked[key] = object[key]
  return picked
}

/** The stored Pod with other ephemeral containers. */
const withDebuggers = (old: KubeObject, { spec, metadata }: KubeObject): KubeObject => {
  const { ephemeralContainers } = spec as { ephemeralContainers?: unknown[] }
  const { managedFields } = metadata
  return {
    ...clone(old),
    metadata: { ...clone(old.metadata), ...(managedFields && { managedFields }) },
    spec: { ...clone(old.spec as object), ...(ephemeralContainers && { ephemeralContainers }) },
  }
}

/** The stored Pod whose containers have other resources. */
const withResources = (old: KubeObject, { spec, metadata }: KubeObject): KubeObject => {
  const { managedFields } = metadata
  const given = spec as PodSpec
  const resized = (list: 'containers' | 'initContainers') =>
    (old.spec as PodSpec)[list]?.map(container => {
      const { resources, resizePolicy } = given[list]?.find(({ name }) => name === container.name) ?? {}
      return { ...clone(container), ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) }
    })
  const initContainers = resized('initContainers')
  return {
    ...clone(old),
    metadata: { ...clone(old.metadata), ...(managedFields && { managedFields }) },
    spec: { ...clone(old.spec as object), containers: resized('containers'), ...(initContainers && { initContainers }) },
  }
}

// Times of ownership entries alone do not make a new version.
const isUnchanged = (object: KubeObject, old: KubeObject): boolean => {
  if (!isEqual({ ...object, metadata: undefined }, { ...old, metadata: undefined })) return false
  const timeless = ({ managedFields, ...rest }: ObjectMeta) => ({
    ...rest,
    managedFields: managedFields?.map(entry => ({ ...entry, time: '' })),
  })
  return isEqual(timeless(object.metadata), timeless(old.metadata))
}

const withPropagation = (finalizers: readonly string[], policy: DeleteOptions['propagationPolicy']): string[] => {
  if (!policy) return [...finalizers]
  const rest = finalizers.filter(finalizer => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion')
  if (policy === 'Orphan') return [...rest, 'orphan']
  return policy === 'Foreground' ? [...rest, 'foregroundDeletion'] : rest
}

const deleted = ({ group, plural }: Resource, { metadata }: KubeObject): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name: metadata.name, ...(group && { group }), kind: plural, uid: metadata.uid },
  code: 200,
})
