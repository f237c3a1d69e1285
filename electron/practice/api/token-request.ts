// The door beside a ServiceAccount at which its tokens are given out.

import { AUDIENCE } from '../auth/tokens.ts'
import { isRecord } from '../is-record.ts'
import { timestamp } from '../object.ts'
import { invalidValue } from '../resources/faults.ts'
import { badRequest, conflict, invalid } from '../status-error.ts'
import { readObject } from './body.ts'
import { type Exchange, sendObject } from './exchange.ts'
import { found } from './read.ts'
import type { Backend, Target } from './target.ts'

// Models kubernetes/pkg/registry/core/serviceaccount/storage/token.go

const DEFAULT_SECONDS = 3600
const LEAST_SECONDS = 600
const MOST_SECONDS = 2 ** 32

/** Answers POST of `token`. */
export const createToken = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const { registry, auth, clock } = backend
  const { metadata } = found(backend, target)
  const { namespace, name = '' } = target
  const body = await readObject(exchange)
  const spec: Readonly<Record<string, unknown>> = isRecord(body?.spec) ? body.spec : {}
  const seconds = spec.expirationSeconds === undefined ? DEFAULT_SECONDS : Number(spec.expirationSeconds)
  const fault = (why: string) =>
    invalid('TokenRequest.authentication.k8s.io', name, [invalidValue('spec.expirationSeconds', seconds, why)])
  if (!(seconds >= LEAST_SECONDS)) throw fault('may not specify a duration less than 10 minutes')
  if (seconds > MOST_SECONDS) throw fault('may not specify a duration larger than 2^32 seconds')
  const given = Array.isArray(spec.audiences) ? spec.audiences.map(String) : []
  const audiences = given.length > 0 ? given : [AUDIENCE]

  const boundTo = () => {
    const { boundObjectRef: to } = spec
    if (!isRecord(to)) return undefined
    const { kind } = to
    if (kind !== 'Pod' && kind !== 'Secret')
      throw badRequest(`cannot bind token for serviceaccount "${name}" to object of kind ${kind}`)
    const resource = registry.resource(kind === 'Pod' ? 'pods' : 'secrets')
    const object = found(backend, { resource, key: resource.plural, namespace, name: String(to.name ?? '') })
    const { uid } = object.metadata
    if (to.uid && to.uid !== uid)
      throw conflict(
        resource.plural,
        object.metadata.name,
        `the UID in the bound object reference (${to.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      )
    return { kind, name: object.metadata.name, uid } as const
  }
  const bound = boundTo()
  const { token, expires = 0 } = auth.tokens.issue({ namespace, account: metadata, seconds, audiences, ...(bound && { bound }) })
  sendObject(exchange, 201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(clock.now()) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: timestamp(expires * 1000) },
  })
}
