// Who set which field: kept in metadata.managedFields for every write that comes over HTTP.

import { clone, isEqual } from '../clone.ts'
import type { KubeObject, ManagedFields } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import { badRequest } from '../status-error.ts'
import type { Exchange } from './exchange.ts'
import { leavesOf } from './field-set.ts'
import { afterUpdate, managersOf } from './ownership.ts'
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
  // What a patch left as it was stored is what our components have written since, too.
  if (!Array.isArray(given) || (old && isEqual(given, old.metadata.managedFields))) return old ? managersOf(old) : []
  return given.filter(entry => typeof entry?.manager === 'string' && entry.manager !== '')
}

/** The object with its managers told: whoever changes a field owns it. */
export const owned = (
  { clock }: Backend,
  exchange: Exchange,
  { resource, subresource }: Target,
  old: KubeObject | undefined,
  object: Partial<KubeObject>,
): Partial<KubeObject> => {
  // Defaults belong to whoever left them to the server.
  const filled = subresource === 'status' ? object : resource.defaults(clone(object) as KubeObject)
  const before = leavesOf(old ?? {}, resource, subresource, true)
  const after = leavesOf(filled, resource, subresource, true)
  const writer = { manager: managerOf(exchange), apiVersion: apiVersionOf(resource), subresource, now: clock.now() }
  const managedFields = [...afterUpdate(entriesOf(old, object), before, after, writer)]
  const { managedFields: _, ...metadata } = { ...object.metadata } as KubeObject['metadata']
  return { ...object, metadata: { ...metadata, ...(managedFields.length > 0 && { managedFields }) } }
}
