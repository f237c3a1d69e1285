// Kubernetes' own error: a metav1.Status with its reasons and words, thrown inside and served as it is.

import type { FieldError } from './field-error.ts'

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: Record<string, unknown>
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: { name?: string; group?: string; kind?: string; uid?: string; causes?: StatusCause[]; retryAfterSeconds?: number }
  code: number
}

export class StatusError extends Error {
  readonly status: Status

  constructor(code: number, reason: string, message: string, details?: Status['details']) {
    super(message)
    this.name = 'StatusError'
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code,
    }
  }
}

const split = (resource: string) => {
  const [kind = '', ...group] = resource.split('.')
  return { ...(group.length > 0 && { group: group.join('.') }), kind }
}

// Models kubernetes/apimachinery/pkg/api/errors/errors.go; `resource` is a resource key such as `pods` or `deployments.apps`.

export const notFound = (resource: string, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${resource} "${name}" not found`, { name, ...split(resource) })

export const alreadyExists = (resource: string, name: string): StatusError =>
  new StatusError(409, 'AlreadyExists', `${resource} "${name}" already exists`, { name, ...split(resource) })

export const conflict = (resource: string, name: string, why: string): StatusError =>
  new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${resource} "${name}": ${why}`, { name, ...split(resource) })

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message)

export const forbidden = (resource: string, name: string, why: string): StatusError =>
  new StatusError(403, 'Forbidden', `${resource} "${name}" is forbidden: ${why}`, { name, ...split(resource) })

/** The watch's starting revision is older than what is kept. */
export const expired = (asked: number, oldest: number): StatusError =>
  new StatusError(410, 'Expired', `too old resource version: ${asked} (${oldest})`)

/** 422 with one cause for each fault; `kind` is the Kind with its group: `Deployment.apps`. */
export const invalid = (kind: string, name: string, faults: readonly FieldError[]): StatusError => {
  const texts = [...new Set(faults.map(({ field, message }) => `${field}: ${message}`))]
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    name,
    ...split(kind),
    causes: faults.map(({ field, reason, message }) => ({ reason, message, field })),
  })
}
