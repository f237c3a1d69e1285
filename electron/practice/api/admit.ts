// From a decoded body to an object of the kind that the path names: its kind, its fields, its name.

import { refuseEscalation } from '../auth/escalation.ts'
import { metadataOnly } from '../custom/message.ts'
import { pruneUnknown } from '../custom/schema.ts'
import { isRecord } from '../is-record.ts'
import type { KubeObject } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { badRequest, invalid } from '../status-error.ts'
import { type Exchange, warn } from './exchange.ts'
import { message, messageOf } from './schema/table.ts'
import { inspect, prune } from './strict.ts'
import type { Backend, Target } from './target.ts'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

/** What to do about unknown fields; kubectl asks for Strict. @throws StatusError 422 */
export const fieldValidationOf = (query: URLSearchParams): FieldValidation => {
  const asked = query.get('fieldValidation') || 'Warn'
  if (asked === 'Strict' || asked === 'Warn' || asked === 'Ignore') return asked
  const supported = 'supported values: "Ignore", "Strict", "Warn"'
  const message = `Unsupported value: ${JSON.stringify(asked)}: ${supported}`
  throw invalid('CreateOptions.meta.k8s.io', '', [{ field: 'fieldValidation', reason: 'FieldValueNotSupported', message }])
}

/** Whether nothing is to be stored. @throws StatusError 422 */
export const isDryRun = (values: readonly string[]): boolean => {
  for (const value of values) {
    if (value === 'All') continue
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: "All"`
    throw invalid('CreateOptions.meta.k8s.io', '', [{ field: 'dryRun', reason: 'FieldValueNotSupported', message }])
  }
  return values.length > 0
}

/** Checks an object's fields against its type; unknown ones are refused, warned of or dropped. @throws StatusError 400 */
export const checkFields = (
  exchange: Exchange,
  resource: Pick<Resource, 'kind' | 'group' | 'version' | 'custom'>,
  object: Record<string, unknown>,
  refuse = (why: string) =>
    badRequest(`${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: ${why}`),
): void => {
  const { custom } = resource
  const type = custom ? metadataOnly : messageOf(apiVersionOf(resource), resource.kind)
  if (!type) return
  const { unknown, mistyped } = inspect(custom ? { metadata: object.metadata } : object, type)
  if (mistyped) throw refuse(mistyped)
  if (custom) unknown.push(...pruneUnknown(object, custom.schema))
  const validation = fieldValidationOf(exchange.query)
  const told = unknown.map(path => `unknown field ${JSON.stringify(path)}`)
  if (told.length > 0 && validation === 'Strict') throw refuse(`strict decoding error: ${told.join(', ')}`)
  if (validation === 'Warn') for (const text of told) warn(exchange, text)
  if (!custom) prune(object, type)
  else if (isRecord(object.metadata)) prune(object.metadata, message('meta.ObjectMeta')!, false)
}

/** Lets nobody write a Role or a binding that gives more than they have. @throws StatusError 403, 404 */
export const checkGrant = (
  { auth }: Backend,
  { user }: Exchange,
  { key }: Target,
  object: Partial<KubeObject>,
  old?: KubeObject,
) => {
  if (user) refuseEscalation(auth.authorizer, { user, key, object: object as KubeObject, ...(old && { old }) })
}

/** Makes sure that a body is an object of the path's kind and place. @throws StatusError 400 */
export const admit = (exchange: Exchange, target: Target, body: Partial<KubeObject> | undefined): Partial<KubeObject> => {
  const { resource, namespace, name } = target
  if (!body) throw badRequest('the request body is empty')
  const expected = apiVersionOf(resource)
  const given = body.kind ?? resource.kind
  if (given !== resource.kind) {
    const version = JSON.stringify((body.apiVersion ?? expected).split('/').at(-1))
    throw badRequest(`${given} in version ${version} cannot be handled as a ${resource.kind}: no kind matches`)
  }
  if (body.apiVersion && body.apiVersion !== expected) {
    const why = `the API version in the data (${body.apiVersion}) does not match the expected API version (${expected})`
    throw badRequest(why)
  }
  checkFields(exchange, resource, body)
  const metadata = { ...(body.metadata ?? {}) } as KubeObject['metadata']
  if (resource.namespaced) {
    if (metadata.namespace && metadata.namespace !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
    }
    metadata.namespace = namespace
  }
  if (name !== undefined) {
    if (metadata.name && metadata.name !== name) {
      throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
    }
    metadata.name = name
  }
  return { ...body, apiVersion: expected, kind: resource.kind, metadata }
}
