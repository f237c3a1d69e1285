// Questions about who may do what, answered at once and never stored: access reviews, rules, tokens, and who one is.

import type { PolicyRule } from 'kubernetes-types/rbac/v1.js'
import type { Attributes } from '../auth/attributes.ts'
import type { Auth } from '../auth/auth.ts'
import type { User } from '../auth/user.ts'
import { isRecord } from '../is-record.ts'
import { invalidValue } from '../resources/faults.ts'
import { badRequest, invalid } from '../status-error.ts'
import { readObject } from './body.ts'
import { type Exchange, sendObject } from './exchange.ts'

// Models kubernetes/pkg/registry/authorization and authentication

interface Asked {
  user: User
  auth: Auth
  kind: string
  spec: Readonly<Record<string, unknown>>
  /** Of a review that lies in one. */
  namespace: string
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : [])

/** @throws StatusError 422 where it is not exactly one of the two */
const attributesOf = ({ spec, kind, namespace }: Asked): Attributes => {
  const { resourceAttributes: on, nonResourceAttributes: at } = spec
  const fault = (field: string, why: string) =>
    invalid(`${kind}.authorization.k8s.io`, '', [invalidValue(`spec.${field}`, null, why)])
  if (isRecord(on) && isRecord(at))
    throw fault('nonResourceAttributes', 'cannot be specified in combination with resourceAttributes')
  if (isRecord(at)) return { verb: text(at.verb), path: text(at.path) }
  if (!isRecord(on))
    throw fault('resourceAttributes', 'exactly one of nonResourceAttributes or resourceAttributes must be specified')
  return {
    verb: text(on.verb),
    group: text(on.group),
    resource: text(on.resource),
    subresource: text(on.subresource),
    namespace: namespace || text(on.namespace),
    name: text(on.name),
  }
}

const decide = (asked: Asked, user: User) => {
  const attributes = attributesOf(asked)
  const { isAllowed, reason } = asked.auth.authorizer.decide(user, attributes)
  return { allowed: isAllowed, ...(reason !== undefined && { reason }) }
}

/** The user that a SubjectAccessReview asks about. */
const subjectOf = ({ spec }: Asked): User => ({ name: text(spec.user), groups: texts(spec.groups) })

const rules = ({ user, auth, spec }: Asked) => {
  const namespace = text(spec.namespace)
  if (!namespace) throw badRequest('no namespace on request')
  const found = auth.authorizer.rulesOf(user, namespace)
  const isOnPath = (rule: PolicyRule) => (rule.nonResourceURLs?.length ?? 0) > 0
  return {
    resourceRules: found.filter(rule => !isOnPath(rule)),
    nonResourceRules: found.filter(isOnPath),
    incomplete: false,
  }
}

const infoOf = ({ name, uid, groups, extra }: User) => ({
  username: name,
  ...(uid !== undefined && { uid }),
  groups,
  ...(extra && { extra }),
})

const reviewToken = ({ auth, spec }: Asked) => {
  const user = auth.tokens.read(text(spec.token))
  return user ? { authenticated: true, user: infoOf(user) } : { authenticated: false, error: 'invalid bearer token' }
}

const reviews: Readonly<Record<string, { kind: string; status(asked: Asked): object }>> = {
  'authorization.k8s.io/selfsubjectaccessreviews': {
    kind: 'SelfSubjectAccessReview',
    status: asked => decide(asked, asked.user),
  },
  'authorization.k8s.io/subjectaccessreviews': {
    kind: 'SubjectAccessReview',
    status: asked => decide(asked, subjectOf(asked)),
  },
  'authorization.k8s.io/localsubjectaccessreviews': {
    kind: 'LocalSubjectAccessReview',
    status: asked => decide(asked, subjectOf(asked)),
  },
  'authorization.k8s.io/selfsubjectrulesreviews': { kind: 'SelfSubjectRulesReview', status: rules },
  'authentication.k8s.io/selfsubjectreviews': {
    kind: 'SelfSubjectReview',
    status: ({ user }) => ({ userInfo: infoOf(user) }),
  },
  'authentication.k8s.io/tokenreviews': { kind: 'TokenReview', status: reviewToken },
}

/** Answers POST of a review; false where the path names none. */
export const review = async (exchange: Exchange, user: User, auth: Auth): Promise<boolean> => {
  const { path } = exchange
  const [root, group = '', version, ...rest] = path
  const isLocal = rest.length === 3 && rest[0] === 'namespaces' && rest[2] === 'localsubjectaccessreviews'
  const plural = isLocal ? rest[2] : rest.length === 1 && rest[0] !== 'localsubjectaccessreviews' ? rest[0] : undefined
  const name = `${group}/${plural}`
  const known = root === 'apis' && version === 'v1' && Object.hasOwn(reviews, name) ? reviews[name] : undefined
  if (!known || exchange.method !== 'POST') return false
  const given = await readObject(exchange)
  const { kind } = known
  const spec = isRecord(given?.spec) ? given.spec : {}
  const status = known.status({ user, auth, kind, spec, namespace: isLocal ? (rest[1] ?? '') : '' })
  const shown = given?.spec ? { spec } : {}
  sendObject(exchange, 201, { kind, apiVersion: `${group}/v1`, metadata: { ...given?.metadata }, ...shown, status })
  return true
}
