// PATCH: JSON patch, merge patch, strategic merge patch and server-side apply.

import { clone } from '../clone.ts'
import { isRecord } from '../is-record.ts'
import type { KubeObject } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { badRequest, invalid, StatusError } from '../status-error.ts'
import { checkFields, checkGrant, isDryRun } from './admit.ts'
import { apply } from './apply.ts'
import { mediaType, parseJson, parseYaml, readBody } from './body.ts'
import type { Exchange } from './exchange.ts'
import { goText } from './go-text.ts'
import { jsonPatch, parseOperations } from './json-patch.ts'
import { owned } from './managed-fields.ts'
import { partOf } from './parts.ts'
import { found, sendFound } from './read.ts'
import { messageOf } from './schema/table.ts'
import { mergePatch, strategicMerge } from './strategic-merge.ts'
import type { Backend, Target } from './target.ts'
import { storable } from './versions.ts'
import { warnOfObject } from './warnings.ts'

/** Turns a body into a function from the old object to the new one. @throws StatusError 400, 415, 422 */
export const readPatch = async (
  exchange: Exchange,
  resource: Pick<Resource, 'group' | 'version' | 'kind' | 'custom'>,
): Promise<{ change: (old: KubeObject) => unknown; text: string }> => {
  const type = mediaType(exchange)
  const body = await readBody(exchange)
  if (type === 'application/json-patch+json') {
    const operations = parseOperations(parseJson(body))
    return { change: old => jsonPatch(old, operations), text: JSON.stringify(operations) }
  }
  const isStrategic = type === 'application/strategic-merge-patch+json'
  if ((isStrategic && resource.custom) || (!isStrategic && type !== 'application/merge-patch+json')) {
    // Nobody told how the lists of a custom kind merge.
    const strategic = resource.custom ? '' : ', application/strategic-merge-patch+json'
    const known = `application/json-patch+json, application/merge-patch+json${strategic}, application/apply-patch+yaml`
    const why = 'the body of the request was in an unknown format - accepted media types include'
    throw new StatusError(415, 'UnsupportedMediaType', `${why}: ${known}`)
  }
  const patch = parseJson(body)
  if (!isRecord(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}')
  const change = (old: KubeObject) =>
    isStrategic ? strategicMerge(old, patch, messageOf(apiVersionOf(resource), resource.kind)) : mergePatch(old, patch)
  return { change, text: isStrategic ? goText(patch) : JSON.stringify(patch) }
}

/** Answers PATCH of an object or its status. */
export const patch = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const { resource, key, name = '' } = target
  if (mediaType(exchange) === 'application/apply-patch+yaml') {
    const applied = await parseYaml(await readBody(exchange))
    const { object, code } = apply(backend, exchange, target, applied)
    warnOfObject(exchange, target, object)
    return sendFound(backend, exchange, target, object, code)
  }
  const { change, text } = await readPatch(exchange, resource)
  const dryRun = isDryRun(exchange.query.getAll('dryRun'))
  const old = found(backend, target)
  // A private copy: unknown fields are pruned from what shares parts with the stored object.
  const changed = clone(change(old))
  if (!isRecord(changed)) throw badRequest('the patch leaves no object')
  checkFields(exchange, resource, changed, why => {
    const message = `Invalid value: ${JSON.stringify(text)}: ${why}`
    return invalid('', '', [{ field: 'patch', reason: 'FieldValueInvalid', message }])
  })
  const object = changed as KubeObject
  if (!isRecord(object.metadata) || object.metadata.name !== name || (object.metadata.namespace ?? '') !== target.namespace) {
    throw badRequest(`the name of the object (${object.metadata?.name}) does not match the name on the URL (${name})`)
  }
  const named = owned(backend, exchange, target, old, object) as KubeObject
  warnOfObject(exchange, target, named as KubeObject)
  checkGrant(backend, exchange, target, named, old)
  const options = { dryRun, ...partOf(target, named, old) }
  sendFound(backend, exchange, target, backend.registry.update(key, storable(target, named, old), options))
}
