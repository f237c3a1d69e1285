// Who owns which field after a write, and the writes of our own components: told when somebody asks, for most are never read.

import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { type KubeObject, type ManagedFields, timestamp } from '../object.ts'
import type { Resource } from '../resource.ts'
import { fromFieldsV1, type Leaves, leavesOf, toFieldsV1 } from './field-set.ts'

// Models apimachinery/pkg/util/managedfields/internal.

/** Who writes, and how. */
export interface Writer {
  manager: string
  apiVersion: string
  subresource: string | undefined
  /** Milliseconds since the epoch. */
  now: number
}

/** Entries without some fields; an entry that has none left goes. */
export const without = (entries: readonly ManagedFields[], lost: ReadonlySet<string>): ManagedFields[] =>
  entries.flatMap(entry => {
    const fields = fromFieldsV1(entry.fieldsV1)
    const left = [...fields].filter(field => !lost.has(field))
    if (left.length === fields.size) return entry
    return left.length > 0 ? { ...entry, fieldsV1: toFieldsV1(left) } : []
  })

/** A metav1.ManagedFieldsEntry. */
export const entryOf = (
  { manager, apiVersion, subresource, now }: Writer,
  operation: ManagedFields['operation'],
  keys: Iterable<string>,
): ManagedFields => ({
  manager,
  operation,
  apiVersion,
  time: timestamp(now),
  fieldsType: 'FieldsV1',
  fieldsV1: toFieldsV1(keys),
  ...(subresource && { subresource }),
})

/** The entries after an update: whoever changes a field owns it. The same entries where nothing changed. */
export const afterUpdate = (
  entries: readonly ManagedFields[],
  before: Leaves,
  after: Leaves,
  writer: Writer,
): readonly ManagedFields[] => {
  const changed = [...after].filter(([key, value]) => !before.has(key) || !isEqual(before.get(key), value)).map(([key]) => key)
  const removed = [...before.keys()].filter(key => !after.has(key))
  if (changed.length === 0 && removed.length === 0) return entries
  const isOwn = (entry: ManagedFields) =>
    entry.manager === writer.manager &&
    entry.operation === 'Update' &&
    entry.apiVersion === writer.apiVersion &&
    entry.subresource === writer.subresource
  const own = fromFieldsV1(entries.find(isOwn)?.fieldsV1)
  for (const key of changed) own.add(key)
  for (const key of removed) own.delete(key)
  const others = without(
    entries.filter(entry => !isOwn(entry)),
    new Set([...changed, ...removed]),
  )
  return own.size > 0 ? [...others, entryOf(writer, 'Update', own)] : others
}

/** A write of which nobody has told the owners yet. */
interface Origin {
  resource: Resource
  previous: KubeObject | undefined
  writer: Writer | undefined
  depth: number
}

const origins = new WeakMap<KubeObject, Origin>()
const known = new WeakMap<KubeObject, readonly ManagedFields[]>()
/** So many writes are kept for later; then they are told at once, so that old versions can go. */
const deepest = 16

const isTokenVolume = ({ name }: { name: string }): boolean => name.startsWith('kube-api-access-')
const isAdded = ({ key, effect }: { key?: string; effect?: string }): boolean =>
  effect === 'NoExecute' && /^node\.kubernetes\.io\/(not-ready|unreachable)$/.test(key ?? '')

/** A new Pod without what admission has put in: that is nobody's. */
const askedPod = (object: KubeObject): KubeObject => {
  const { priority, preemptionPolicy, serviceAccount, serviceAccountName, ...spec } = object.spec as PodSpec
  const left = <T>(list: readonly T[] | undefined, isOurs: (item: T) => boolean): T[] | undefined => {
    const items = list?.filter(item => !isOurs(item))
    return items?.length ? items : undefined
  }
  const containers = spec.containers.map(each => ({ ...each, volumeMounts: left(each.volumeMounts, isTokenVolume) }))
  const volumes = left(spec.volumes, isTokenVolume)
  return { ...object, spec: { ...spec, containers, volumes, tolerations: left(spec.tolerations, isAdded) } }
}

/** A new Service without what was found for it. */
const askedService = (object: KubeObject): KubeObject => {
  const { clusterIPs, ipFamilies, ...spec } = object.spec as Record<string, unknown>
  return { ...object, spec }
}

const asked: Readonly<Record<string, (object: KubeObject) => KubeObject>> = { Pod: askedPod, Service: askedService }

/** The owners of a stored object's fields. */
export const managersOf = (object: KubeObject): readonly ManagedFields[] => {
  const found = known.get(object)
  if (found) return found
  const origin = origins.get(object)
  if (!origin) return object.metadata.managedFields ?? []
  const { resource, previous, writer } = origin
  const entries = previous ? managersOf(previous) : []
  const leaves = (each: KubeObject | undefined) => leavesOf(each ?? {}, resource, writer?.subresource, true)
  const told = previous || resource.group !== '' ? object : (asked[resource.kind]?.(object) ?? object)
  const managers = writer ? afterUpdate(entries, leaves(previous), leaves(told), writer) : entries
  known.set(object, managers)
  // The version before is needed no more.
  origins.delete(object)
  return managers
}

/** Remembers a write, of a component or of nobody; one that tells the owners itself is not to be remembered. */
export const noteWrite = (
  resource: Resource,
  object: KubeObject,
  previous: KubeObject | undefined,
  writer: Writer | undefined,
): void => {
  if (!writer && !previous) return
  const depth = (previous ? (origins.get(previous)?.depth ?? 0) : 0) + 1
  origins.set(object, { resource, previous, writer, depth })
  if (depth >= deepest) managersOf(object)
}

/** A stored copy of an object has its owners. */
export const keepOwners = (copy: KubeObject, of: KubeObject): void => {
  const managers = known.get(of)
  const origin = origins.get(of)
  if (managers) known.set(copy, managers)
  else if (origin) origins.set(copy, origin)
}

const whole = new WeakMap<KubeObject, KubeObject>()

/** Of what is superseded: who owned what stays known, its form for clients goes. */
export const forgetWhole = (object: KubeObject): void => void whole.delete(object)

/** A stored object with the owners of its fields. */
export const withManagers = (object: KubeObject): KubeObject => {
  if (!origins.has(object) && !known.has(object)) return object
  let made = whole.get(object)
  if (!made) {
    const { managedFields, ...metadata } = object.metadata
    const managers = managersOf(object)
    made = { ...object, metadata: { ...metadata, ...(managers.length > 0 && { managedFields: [...managers] }) } }
    whole.set(object, made)
  }
  return made
}
