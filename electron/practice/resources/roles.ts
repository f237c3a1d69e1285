// RBAC: Roles and who has them; auth/ reads them at every request.

import type { AggregationRule, PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Column, Resource } from '../resource.ts'
import { ageColumn, createdColumn, nameColumn } from './columns.ts'
import { invalidValue, required, unsupported } from './faults.ts'

export type RoleObject = KubeObject & { rules?: PolicyRule[]; aggregationRule?: AggregationRule }
export type BindingObject = KubeObject & { subjects?: Subject[]; roleRef: RoleRef }

const group = 'rbac.authorization.k8s.io'
const common = { group, version: 'v1', shortNames: [], categories: [], subresources: [] } as const

// Models kubernetes/pkg/apis/rbac/validation/validation.go; names of RBAC objects may hold more than others'.
const nameFault = (name: string): string | undefined => {
  if (name === '.' || name === '..') return `may not be '${name}'`
  const bad = ['/', '%'].find(each => name.includes(each))
  return bad && `may not contain '${bad}'`
}

const ruleFaults = (isNamespaced: boolean, rules: readonly PolicyRule[] = []): FieldError[] =>
  rules.flatMap((rule, index) => {
    const at = `rules[${index}]`
    const faults = rule.verbs?.length ? [] : [required(`${at}.verbs`, 'verbs must contain at least one value')]
    if (rule.nonResourceURLs?.length) {
      if (!isNamespaced) return faults
      const why = 'namespaced rules cannot apply to non-resource URLs'
      return [...faults, invalidValue(`${at}.nonResourceURLs`, rule.nonResourceURLs, why)]
    }
    if (!rule.apiGroups?.length) {
      faults.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'))
    }
    if (!rule.resources?.length) faults.push(required(`${at}.resources`, 'resource rules must supply at least one resource'))
    return faults
  })

const subjectFaults = (subjects: readonly Subject[] = []): FieldError[] =>
  subjects.flatMap(({ kind, name, namespace }, index) => {
    const at = `subjects[${index}]`
    const faults = name ? [] : [required(`${at}.name`)]
    const kinds = ['ServiceAccount', 'User', 'Group']
    if (!kinds.includes(kind)) return [...faults, unsupported(`${at}.kind`, kind, kinds)]
    return kind === 'ServiceAccount' && !namespace ? [...faults, required(`${at}.namespace`)] : faults
  })

const roleKind = (kind: 'Role' | 'ClusterRole'): Resource<RoleObject> => ({
  ...common,
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced: kind === 'Role',
  columns: [nameColumn, createdColumn],
  nameFault,
  defaults: object => object,
  validate: ({ rules }) => ruleFaults(kind === 'Role', rules),
})

const names = (kind: string): Column<BindingObject> => ({
  name: kind === 'ServiceAccount' ? 'ServiceAccounts' : `${kind}s`,
  type: 'string',
  description: `Bound ${kind}s.`,
  wide: true,
  cell: ({ subjects = [] }) =>
    subjects
      .filter(subject => subject.kind === kind)
      .map(({ namespace, name }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
      .join(', '),
})

const bindingKind = (kind: 'RoleBinding' | 'ClusterRoleBinding'): Resource<BindingObject> => ({
  ...common,
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced: kind === 'RoleBinding',
  columns: [
    nameColumn,
    {
      name: 'Role',
      type: 'string',
      description: 'What it grants.',
      cell: ({ roleRef }) => `${roleRef?.kind}/${roleRef?.name}`,
    },
    ageColumn,
    names('User'),
    names('Group'),
    names('ServiceAccount'),
  ],
  nameFault,
  // Models kubernetes/pkg/apis/rbac/v1/defaults.go.
  defaults(object) {
    if (object.roleRef) object.roleRef.apiGroup ||= group
    for (const subject of object.subjects ?? []) {
      if (subject.kind !== 'ServiceAccount') subject.apiGroup ||= group
    }
    return object
  },
  validate(object, old) {
    const faults = subjectFaults(object.subjects)
    if (!object.roleRef?.name) faults.push(required('roleRef.name'))
    const kinds = kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole']
    if (!kinds.includes(object.roleRef?.kind)) faults.push(unsupported('roleRef.kind', object.roleRef?.kind ?? '', kinds))
    if (old && !isEqual(old.roleRef, object.roleRef)) {
      faults.push(invalidValue('roleRef', object.roleRef, 'cannot change roleRef'))
    }
    return faults
  },
})

export const role = roleKind('Role')
export const clusterRole = roleKind('ClusterRole')
export const roleBinding = bindingKind('RoleBinding')
export const clusterRoleBinding = bindingKind('ClusterRoleBinding')
