// Nobody gives more than they have: what a Role or a binding would grant is held against what its writer holds.

import type { PolicyRule } from 'kubernetes-types/rbac/v1.js'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { BindingObject, RoleObject } from '../resources/roles.ts'
import { forbidden, notFound } from '../status-error.ts'
import type { Authorizer } from './authorizer.ts'
import { allows } from './rules.ts'
import { MASTERS, type User } from './user.ts'

// Models kubernetes/pkg/registry/rbac/{role,rolebinding,clusterrole,clusterrolebinding}/policybased/storage.go

const group = 'rbac.authorization.k8s.io'
const roles = new Set([`roles.${group}`, `clusterroles.${group}`])
const bindings = new Set([`rolebindings.${group}`, `clusterrolebindings.${group}`])
const everything: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
]

/** A rule as many, each of one verb on one thing. Models component-helpers/auth/rbac/validation/policy_comparator.go */
const singles = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): PolicyRule[] =>
  (verbs ?? []).flatMap(verb => [
    ...(apiGroups ?? []).flatMap(apiGroup =>
      (resources ?? []).flatMap(resource => {
        const one = { apiGroups: [apiGroup], resources: [resource], verbs: [verb] }
        return resourceNames?.length ? resourceNames.map(name => ({ ...one, resourceNames: [name] })) : [one]
      }),
    ),
    ...(nonResourceURLs ?? []).map(path => ({ nonResourceURLs: [path], verbs: [verb] })),
  ])

const covers = (
  held: readonly PolicyRule[],
  { verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule,
): boolean => {
  const verb = verbs[0]!
  if (nonResourceURLs) return held.some(rule => allows(rule, { verb, path: nonResourceURLs[0]! }))
  const [resource = '', subresource = ''] = resources![0]!.split('/')
  const attributes = { verb, group: apiGroups![0]!, resource, subresource, namespace: '', name: resourceNames?.[0] ?? '' }
  return held.some(rule => allows(rule, attributes))
}

const quoted = (values: readonly string[]): string => `[${values.map(value => JSON.stringify(value)).join(' ')}]`

const text = ({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string => {
  const parts = { APIGroups: apiGroups, Resources: resources, NonResourceURLs: nonResourceURLs, ResourceNames: resourceNames }
  const told = Object.entries({ ...parts, Verbs: verbs }).flatMap(([name, values]) =>
    values ? [`${name}:${quoted(values)}`] : [],
  )
  return `{${told.join(', ')}}`
}

/** What is missing, with the verbs on one thing together, in the order of its text. */
const described = (missing: readonly PolicyRule[]): string => {
  const together = new Map<string, PolicyRule>()
  for (const rule of missing) {
    const key = rule.nonResourceURLs ? text(rule) : text({ ...rule, verbs: [] })
    const verbs = [...(together.get(key)?.verbs ?? []), ...rule.verbs]
    together.set(key, { ...rule, verbs })
  }
  return [...together.values()].map(text).sort().join('\n')
}

const rulesIn = (object: RoleObject): PolicyRule[] => (object.aggregationRule ? everything : (object.rules ?? []))

/** Whether only what the garbage collector writes differs. */
const isUnchanged = (object: KubeObject, old: KubeObject): boolean => {
  const said = ({ metadata, ...rest }: KubeObject) => ({ ...rest, labels: metadata.labels, annotations: metadata.annotations })
  return isEqual(said(object), said(old))
}

/**
 * Refuses a Role that gives, or a binding to, more than its writer has; `escalate` and `bind` are the verbs that allow it.
 *
 * @param key of the kind written, `resource.group`
 * @throws StatusError 403 in Kubernetes' words, 404 where a binding names no Role
 */
export const refuseEscalation = (
  authorizer: Authorizer,
  { user, key, object, old }: { user: User; key: string; object: KubeObject; old?: KubeObject },
): void => {
  const isBinding = bindings.has(key)
  if ((!isBinding && !roles.has(key)) || user.groups.includes(MASTERS) || (old && isUnchanged(object, old))) return
  const { name, namespace = '' } = object.metadata
  const [resource = ''] = key.split('.')
  const may = (verb: string, what: string, of: string) =>
    authorizer.decide(user, { verb, group, resource: what, subresource: '', namespace, name: of }).isAllowed
  let wanted: readonly PolicyRule[]
  if (isBinding) {
    const { roleRef } = object as BindingObject
    const what = roleRef?.kind === 'ClusterRole' ? 'clusterroles' : 'roles'
    if (!roleRef?.name || may('bind', what, roleRef.name)) return
    const granted = authorizer.grantedBy(object as BindingObject)
    if (!granted) throw notFound(`${what}.${group}`, roleRef.name)
    wanted = granted
  } else {
    if (may('escalate', resource, name)) return
    wanted = rulesIn(object)
  }
  const held = authorizer.rulesOf(user, namespace)
  const missing = wanted.flatMap(singles).filter(rule => !covers(held, rule))
  if (missing.length === 0) return
  const who = `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)})`
  throw forbidden(key, name, `${who} is attempting to grant RBAC permissions not currently held:\n${described(missing)}`)
}
