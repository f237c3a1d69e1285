// Whether a Role's rules allow something. Pure.

import type { PolicyRule, Subject } from 'kubernetes-types/rbac/v1.js'
import { type Attributes, isOnResource, type PathAttributes, type ResourceAttributes } from './attributes.ts'
import { accountName, type User } from './user.ts'

// Models kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go

const holds = (list: readonly string[] | undefined, value: string): boolean =>
  list?.some(each => each === '*' || each === value) ?? false

const coversResource = (rule: PolicyRule, { resource, subresource }: ResourceAttributes): boolean => {
  const full = subresource ? `${resource}/${subresource}` : resource
  return (
    rule.resources?.some(each => each === '*' || each === full || (subresource !== '' && each === `*/${subresource}`)) ?? false
  )
}

const coversPath = (rule: PolicyRule, { path }: PathAttributes): boolean =>
  rule.nonResourceURLs?.some(
    each => each === '*' || each === path || (each.endsWith('*') && path.startsWith(each.slice(0, -1))),
  ) ?? false

export const allows = (rule: PolicyRule, attributes: Attributes): boolean => {
  if (!holds(rule.verbs, attributes.verb)) return false
  if (!isOnResource(attributes)) return coversPath(rule, attributes)
  const isNamed = !rule.resourceNames?.length || rule.resourceNames.includes(attributes.name)
  return holds(rule.apiGroups, attributes.group) && coversResource(rule, attributes) && isNamed
}

/** @param namespace of the binding, which a ServiceAccount without one lies in */
export const isSubject = ({ name, groups }: User, subject: Subject, namespace: string): boolean => {
  if (subject.kind === 'User') return subject.name === name
  if (subject.kind === 'Group') return groups.includes(subject.name)
  return subject.kind === 'ServiceAccount' && name === accountName(subject.namespace || namespace, subject.name)
}
