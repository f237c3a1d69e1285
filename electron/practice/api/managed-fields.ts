// Who set which field: kept in metadata.managedFields for every write that comes over HTTP.

import { clone, isEqual } from '../clone.ts'
import { type KubeObject, type ManagedFields, timestamp } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import { badRequest } from '../status-error.ts'
import type { Exchange } from './exchange.ts'
import { fromFieldsV1, leavesOf, toFieldsV1 } from './field-set.ts'
import type { Backend, Target } from './target.ts'

// Models apimachinery/pkg/util/managedfields/internal.

/** The manager's name: as asked, else the first word of its User-Agent. @throws StatusError 400 */
export const managerOf = ({ query, request }: Exchange): string => {
  const name = query.get('fieldManager') || (request.headers['user-agent'] ?? '').split('/', 1)[0] || 'unknown'
  if (name.length > 128) throw badRequest('fieldManager: Too long: may not be more than 128 bytes')
  return name
}

/** The entries to start from: the client's own where it changed them, none where it cleared them. */
const entriesOf = (old: KubeObject | undefined, object: Partial<KubeObject>): readonly ManagedFields[] => {
  const given = object.metadata?.managedFields
  const kept = old?.metadata.managedFields ?? []
  if (!Array.isArray(given)) return kept
  return given.filter(entry => typeof entry?.manager === 'string' && entry.manager !== '')
}

/** Entries without some fields; an entry that has none left goes. */
export const without = (entries: readonly ManagedFields[], lost: ReadonlySet<string>): ManagedFields[] =>
  entries.flatMap(entry => {
    const fields = fromFieldsV1(entry.fieldsV1)
    const left = [...fields].filter(field => !lost.has(field))
    if (left.length === fields.size) return entry
    return left.length > 0 ? { ...entry, fieldsV1: toFieldsV1(left) } : []
  })

/** The object with its managers told: whoever changes a field owns it. */
export const owned = (
  { clock }: Backend,
  exchange: Exchange,
  { resource, subresource }: Target,
  old: KubeObject | undefined,
  object: Partial<KubeObject>,
): Partial<KubeObject> => {
  const apiVersion = apiVersionOf(resource)
  // Defaults belong to whoever left them to the server.
  const filled = subresource === 'status' ? object : resource.defaults(clone(object) as KubeObject)
  const before = leavesOf(old ?? {}, resource, subresource)
  const after = leavesOf(filled, resource, subresource)
  const changed = [...after].filter(([key, value]) => !before.has(key) || !isEqual(before.get(key), value)).map(([key]) => key)
  const removed = [...before.keys()].filter(key => !after.has(key))
  const entries = entriesOf(old, object)
  const metadata = { ...object.metadata } as KubeObject['metadata']
  if (changed.length === 0 && removed.length === 0) {
    return { ...object, metadata: entries.length > 0 ? { ...metadata, managedFields: [...entries] } : metadata }
  }
  const manager = managerOf(exchange)
  const isOwn = (entry: ManagedFields) =>
    entry.manager === manager &&
    entry.operation === 'Update' &&
    entry.apiVersion === apiVersion &&
    entry.subresource === subresource
  const own = fromFieldsV1(entries.find(isOwn)?.fieldsV1)
  for (const key of changed) own.add(key)
  for (const key of removed) own.delete(key)
  const lost = new Set([...changed, ...removed])
  const managedFields = without(
    entries.filter(entry => !isOwn(entry)),
    lost,
  )
  if (own.size > 0) managedFields.push(entry(manager, 'Update', apiVersion, own, clock.now(), subresource))
  return { ...object, metadata: { ...metadata, managedFields } }
}

/** A metav1.ManagedFieldsEntry. */
export const entry = (
  manager: string,
  operation: ManagedFields['operation'],
  apiVersion: string,
  keys: Iterable<string>,
  now: number,
  subresource: string | undefined,
): ManagedFields => ({
  manager,
  operation,
  apiVersion,
  time: timestamp(now),
  fieldsType: 'FieldsV1',
  fieldsV1: toFieldsV1(keys),
  ...(subresource && { subresource }),
})
