// POST, PUT and DELETE.

import type { KubeObject } from '../object.ts'
import { apiVersionOf, type DeleteOptions } from '../registry.ts'
import { badRequest, forbidden, invalid, type Status, StatusError } from '../status-error.ts'
import { admit, checkGrant, isDryRun } from './admit.ts'
import { readObject } from './body.ts'
import { type Exchange, jsonOf, sendObject, sendText } from './exchange.ts'
import { owned } from './managed-fields.ts'
import { partOf } from './parts.ts'
import { found, selected, sendFound } from './read.ts'
import type { Backend, Target } from './target.ts'
import { shown, storable } from './versions.ts'
import { warnOfObject } from './warnings.ts'

/** Answers POST. */
export const create = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const object = admit(exchange, target, await readObject(exchange))
  const dryRun = isDryRun(exchange.query.getAll('dryRun'))
  const named = owned(backend, exchange, target, undefined, object)
  warnOfObject(exchange, target, named as KubeObject)
  checkGrant(backend, exchange, target, named)
  sendFound(backend, exchange, target, backend.registry.create(target.key, storable(target, named), { dryRun }), 201)
}

/** Answers PUT, of an object or of its status. */
export const update = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const object = admit(exchange, target, await readObject(exchange)) as KubeObject
  const dryRun = isDryRun(exchange.query.getAll('dryRun'))
  const old = found(backend, target)
  const named = owned(backend, exchange, target, old, object) as KubeObject
  warnOfObject(exchange, target, named as KubeObject)
  checkGrant(backend, exchange, target, named, old)
  const options = { dryRun, ...partOf(target, named, old) }
  const stored = backend.registry.update(target.key, storable(target, named, old) as KubeObject, options)
  sendFound(backend, exchange, target, stored)
}

const policies = ['Background', 'Foreground', 'Orphan'] as const

// Models apimachinery/pkg/apis/meta/v1/validation, ValidateDeleteOptions. The body counts; the query is for those without one.
const deleteOptionsOf = async (exchange: Exchange): Promise<DeleteOptions> => {
  const body = (await readObject(exchange)) as Record<string, unknown> | undefined
  if (body?.kind !== undefined && body.kind !== 'DeleteOptions') {
    throw badRequest(`${String(body.kind)} in version "v1" cannot be handled as a DeleteOptions`)
  }
  const { query } = exchange
  const policy = body?.propagationPolicy ?? query.get('propagationPolicy') ?? undefined
  const orphan = body?.orphanDependents ?? query.get('orphanDependents') ?? undefined
  const grace = body?.gracePeriodSeconds ?? query.get('gracePeriodSeconds') ?? undefined
  const dryRun = isDryRun(Array.isArray(body?.dryRun) ? body.dryRun.map(String) : query.getAll('dryRun'))
  const chosen = policies.find(each => each === policy)
  if (policy !== undefined && policy !== '' && !chosen) {
    const message = `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`
    throw invalid('DeleteOptions.meta.k8s.io', '', [{ field: 'propagationPolicy', reason: 'FieldValueNotSupported', message }])
  }
  const propagationPolicy = chosen ?? (orphan === true || orphan === 'true' ? 'Orphan' : undefined)
  const gracePeriodSeconds = grace === undefined || grace === null ? undefined : Number(grace)
  if (Number.isNaN(gracePeriodSeconds)) throw badRequest(`invalid gracePeriodSeconds: ${JSON.stringify(grace)}`)
  const { uid, resourceVersion } = (body?.preconditions ?? {}) as { uid?: string; resourceVersion?: string }
  return {
    dryRun,
    ...(propagationPolicy && { propagationPolicy }),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...((uid || resourceVersion) && { preconditions: { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) } }),
  }
}

const isStatus = (result: KubeObject | Status): result is Status => result.kind === 'Status'

// Models apiserver/pkg/admission/plugin/namespace/lifecycle.
const immortal = new Set(['default', 'kube-public', 'kube-system'])

/** Answers DELETE of one object. */
export const remove = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const options = await deleteOptionsOf(exchange)
  const { key, name = '' } = target
  if (key === 'namespaces' && immortal.has(name)) throw forbidden(key, name, 'this namespace may not be deleted')
  const result = backend.registry.delete(target.key, target.namespace, target.name ?? '', options)
  if (isStatus(result)) sendObject(exchange, 200, result)
  else sendText(exchange, 200, jsonOf(shown(target.resource, result)))
}

/** Answers DELETE of a collection: everything that the selectors leave. */
export const removeAll = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  // As upstream, where namespaces go only one by one.
  if (target.key === 'namespaces') {
    throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
  }
  const options = await deleteOptionsOf(exchange)
  const { registry } = backend
  const items = selected(backend, target, exchange.query)
  for (const { metadata } of items) {
    if (registry.store.get(target.key, metadata.namespace ?? '', metadata.name)) {
      registry.delete(target.key, metadata.namespace ?? '', metadata.name, options)
    }
  }
  const kind = target.resource.listKind ?? `${target.resource.kind}List`
  const metadata = { resourceVersion: String(registry.store.revision) }
  sendObject(exchange, 200, { kind, apiVersion: apiVersionOf(target.resource), metadata, items })
}
