// Who may do what: RBAC, read from the Roles and bindings in the store whenever somebody asks.

import type { PolicyRule, Subject } from 'kubernetes-types/rbac/v1.js'
import type { KubeObject } from '../object.ts'
import type { BindingObject, RoleObject } from '../resources/roles.ts'
import { StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import { type Attributes, isOnResource } from './attributes.ts'
import { allows, isSubject } from './rules.ts'
import { MASTERS, type User } from './user.ts'

// Models kubernetes/plugin/pkg/auth/authorizer/rbac/rbac.go and kubernetes/pkg/registry/rbac/validation/rule.go

export interface Verdict {
  isAllowed: boolean
  /** Which binding allowed it, in Kubernetes' words. */
  reason?: string
}

export interface Authorizer {
  decide(user: User, attributes: Attributes): Verdict
  /** @throws StatusError 403 in Kubernetes' words */
  demand(user: User, attributes: Attributes): void
  /** All that a user may do in a namespace and beside it. */
  rulesOf(user: User, namespace: string): PolicyRule[]
  /** All that a binding gives to whom it names; undefined where its Role is none. */
  grantedBy(binding: BindingObject): readonly PolicyRule[] | undefined
}

interface Grant {
  rules: readonly PolicyRule[]
  reason: string
}

const told = ({ kind, name, namespace }: Subject): string => `${kind} "${name}${namespace ? `/${namespace}` : ''}"`

export const createAuthorizer = (store: Store): Authorizer => {
  const grantedBy = ({ metadata, roleRef }: BindingObject): readonly PolicyRule[] | undefined => {
    const isCluster = roleRef.kind === 'ClusterRole'
    const key = `${isCluster ? 'clusterroles' : 'roles'}.rbac.authorization.k8s.io`
    const role = store.get(key, isCluster ? '' : (metadata.namespace ?? ''), roleRef.name) as RoleObject | undefined
    return role && (role.rules ?? [])
  }

  /** What bindings give a user, one after the other: first those of the whole cluster. */
  function* grants(user: User, namespace: string): Generator<Grant> {
    const list = (kind: string, within?: string) =>
      store.list(`${kind}.rbac.authorization.k8s.io`, within) as readonly KubeObject[] as readonly BindingObject[]
    const bindings = [...list('clusterrolebindings'), ...(namespace ? list('rolebindings', namespace) : [])]
    for (const binding of bindings) {
      const place = binding.metadata.namespace ?? ''
      const subject = binding.subjects?.find(each => isSubject(user, each, place))
      if (!subject) continue
      const { kind, name } = binding.roleRef
      const of = `${place ? 'RoleBinding' : 'ClusterRoleBinding'} "${binding.metadata.name}${place ? `/${place}` : ''}"`
      yield { rules: grantedBy(binding) ?? [], reason: `RBAC: allowed by ${of} of ${kind} "${name}" to ${told(subject)}` }
    }
  }

  const decide = (user: User, attributes: Attributes): Verdict => {
    if (user.groups.includes(MASTERS)) return { isAllowed: true }
    const namespace = isOnResource(attributes) ? attributes.namespace : ''
    for (const { rules, reason } of grants(user, namespace))
      if (rules.some(rule => allows(rule, attributes))) return { isAllowed: true, reason }
    return { isAllowed: false }
  }

  return {
    decide,
    demand(user, attributes) {
      if (!decide(user, attributes).isAllowed) throw denied(user, attributes)
    },
    rulesOf: (user, namespace) => [...grants(user, namespace)].flatMap(({ rules }) => rules),
    grantedBy,
  }
}

// Models apiserver/pkg/endpoints/handlers/responsewriters/errors.go

const denied = ({ name: username }: User, attributes: Attributes): StatusError => {
  const { verb } = attributes
  if (!isOnResource(attributes)) {
    const why = `User ${JSON.stringify(username)} cannot ${verb} path ${JSON.stringify(attributes.path)}`
    return new StatusError(403, 'Forbidden', `forbidden: ${why}`, {})
  }
  const { group, resource, subresource, namespace, name } = attributes
  const what = subresource ? `${resource}/${subresource}` : resource
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const why = `User ${JSON.stringify(username)} cannot ${verb} resource "${what}" in API group "${group}" ${where}`
  const qualified = group ? `${resource}.${group}` : resource
  return new StatusError(403, 'Forbidden', `${qualified}${name ? ` "${name}"` : ''} is forbidden: ${why}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: resource,
  })
}
