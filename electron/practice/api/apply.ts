// Server-side apply: a manager says which fields it wants and how; what it no longer says goes, what others own conflicts.

import { clone, isEqual } from '../clone.ts'
import { isRecord } from '../is-record.ts'
import type { KubeObject, ManagedFields } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import { badRequest, invalid, StatusError } from '../status-error.ts'
import { admit, checkGrant, isDryRun } from './admit.ts'
import { objectOf } from './body.ts'
import type { Exchange } from './exchange.ts'
import { fromFieldsV1, itemElement, leavesOf, type Path, pathOf, pathText } from './field-set.ts'
import { managerOf } from './managed-fields.ts'
import { entryOf, managersOf, without } from './ownership.ts'
import { type Field, innerOf, type Message, typeOf } from './schema/table.ts'
import type { Backend, Target } from './target.ts'
import { checkDeclared } from './undeclared.ts'
import { shown, storable } from './versions.ts'

type Fields = Record<string, unknown>

// Models sigs.k8s.io/structured-merge-diff/merge and apimachinery/pkg/util/managedfields.

const mergeValue = (live: unknown, applied: unknown, field: Field | undefined): unknown => {
  if (field?.atomic) return clone(applied)
  if (isRecord(applied)) {
    return mergeFields(isRecord(live) ? live : {}, applied, field && !field.map ? innerOf(field) : undefined)
  }
  const keys = field?.listKeys
  if (!Array.isArray(applied) || !keys) return clone(applied)
  const before: unknown[] = Array.isArray(live) ? live : []
  if (keys.length === 0) return [...before, ...applied.filter(item => !before.some(each => isEqual(each, item)))]
  const merged = [...before]
  for (const item of applied.filter(isRecord)) {
    const id = itemElement(item, keys)
    const at = merged.findIndex(each => isRecord(each) && itemElement(each, keys) === id)
    const value = mergeFields(at < 0 ? {} : (merged[at] as Fields), item, innerOf(field))
    if (at < 0) merged.push(value)
    else merged[at] = value
  }
  return merged
}

const mergeFields = (live: Fields, applied: Fields, type: Message | undefined): Fields => {
  const merged: Fields = { ...live }
  for (const [name, value] of Object.entries(applied)) {
    if (value !== null && name !== '__proto__') merged[name] = mergeValue(live[name], value, type?.fields.get(name))
  }
  return merged
}

/** Removes what a path names from a private copy. */
const removeAt = (value: unknown, [element = '', ...rest]: Path): unknown => {
  const isLast = rest.length === 0 || rest[0] === '.'
  if (element.startsWith('f:') && isRecord(value)) {
    const name = element.slice(2)
    if (isLast) delete value[name]
    else if (Object.hasOwn(value, name)) value[name] = removeAt(value[name], rest)
  } else if (Array.isArray(value)) {
    const matches = (item: unknown): boolean => {
      if (element.startsWith('v:')) return JSON.stringify(item) === element.slice(2)
      const keys = Object.keys(JSON.parse(element.slice(2)) as object)
      return isRecord(item) && itemElement(item, keys) === element
    }
    if (isLast) return value.filter(item => !matches(item))
    return value.map(item => (matches(item) ? removeAt(item, rest) : item))
  }
  return value
}

const managerText = ({ manager, operation, apiVersion, subresource }: ManagedFields): string => {
  const name = subresource
    ? `${JSON.stringify(manager)} with subresource ${JSON.stringify(subresource)}`
    : JSON.stringify(manager)
  return operation === 'Update' ? `${name} using ${apiVersion}` : name
}

const conflictError = (conflicts: readonly { manager: string; path: string }[]): StatusError => {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }))
  const [first] = conflicts
  if (conflicts.length === 1) {
    const text = `Apply failed with 1 conflict: conflict with ${first!.manager}: ${first!.path}`
    return new StatusError(409, 'Conflict', text, { causes })
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort()
  const lines = managers.flatMap(name => [
    `conflicts with ${name}:`,
    ...conflicts.filter(({ manager }) => manager === name).map(({ path }) => `- ${path}`),
  ])
  return new StatusError(409, 'Conflict', `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`, { causes })
}

/** Carries out an apply; `code` is 201 where it created the object. @throws StatusError 400, 409, 422 */
export const apply = (
  backend: Backend,
  exchange: Exchange,
  target: Target,
  body: unknown,
): { object: KubeObject; code: number } => {
  const { registry, clock } = backend
  const { resource, key, namespace, name = '', subresource } = target
  if (!exchange.query.get('fieldManager')) {
    const message = 'Required value: is required for apply patch'
    throw invalid('PatchOptions.meta.k8s.io', '', [{ field: 'fieldManager', reason: 'FieldValueRequired', message }])
  }
  const manager = managerOf(exchange)
  const asked = objectOf(body)
  const type = resource.custom ? undefined : typeOf(resource)
  if (asked && type) checkDeclared(asked, type, { ...resource, namespace, name })
  const applied = admit(exchange, target, asked)
  if (applied.metadata?.managedFields) throw badRequest('metadata.managedFields must be nil')
  const dryRun = isDryRun(exchange.query.getAll('dryRun'))
  const apiVersion = apiVersionOf(resource)
  const wanted = leavesOf(applied, resource, subresource)
  const own = entryOf({ manager, apiVersion, subresource, now: clock.now() }, 'Apply', wanted.keys())
  const stored = registry.store.get(key, namespace, name)
  const live = stored && shown(resource, stored)
  if (!stored || !live) {
    const metadata = { ...applied.metadata, managedFields: [own] } as KubeObject['metadata']
    checkGrant(backend, exchange, target, applied)
    return { object: registry.create(key, storable(target, { ...applied, metadata }), { dryRun }), code: 201 }
  }
  const entries = managersOf(stored)
  const isOwn = (each: ManagedFields) =>
    each.manager === manager && each.operation === 'Apply' && each.subresource === subresource
  const others = entries.filter(each => !isOwn(each))
  const current = leavesOf(live, resource, subresource)
  const differs = new Set([...wanted].filter(([path, value]) => !isEqual(current.get(path), value)).map(([path]) => path))
  const conflicts = others.flatMap(each =>
    [...fromFieldsV1(each.fieldsV1)]
      .filter(path => differs.has(path))
      .map(path => ({ manager: managerText(each), path: pathText(pathOf(path)) })),
  )
  const isForced = exchange.query.get('force') === 'true'
  if (conflicts.length > 0 && !isForced) throw conflictError(conflicts)
  let merged: Fields = clone(mergeFields(live, applied, typeOf(resource)))
  const kept = new Set(others.flatMap(each => [...fromFieldsV1(each.fieldsV1)]))
  const before = fromFieldsV1(entries.find(isOwn)?.fieldsV1)
  // A map or item stays as long as anybody, the applier too, wants something in it.
  const isKept = (path: string) =>
    kept.has(path) || (path.endsWith('.') && [...kept, ...wanted.keys()].some(each => each.startsWith(path.slice(0, -1))))
  // Whole items first: they are found by their keys, which are fields of theirs.
  const dropped = [...before].filter(path => !wanted.has(path) && !isKept(path)).sort((a, b) => a.length - b.length)
  for (const path of dropped) merged = removeAt(merged, pathOf(path)) as Fields
  const precondition = applied.metadata?.resourceVersion
  const object = merged as KubeObject
  object.metadata = {
    ...object.metadata,
    resourceVersion: precondition || live.metadata.resourceVersion,
    managedFields: [...without(others, differs), own],
  }
  checkGrant(backend, exchange, target, object, live)
  const options = subresource === 'status' ? { dryRun, subresource: 'status' as const } : { dryRun }
  return { object: registry.update(key, storable(target, object, live), options), code: 200 }
}
