// Fills ClusterRoles that are made of others: their rules are those of all that their selectors match.

import type { PolicyRule } from 'kubernetes-types/rbac/v1.js'
import { isEqual } from '../clone.ts'
import type { RoleObject } from '../resources/roles.ts'
import { matchesSelector } from '../selectors.ts'
import type { Controller, ControllerContext } from './controller.ts'

// Models kubernetes/pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go

const roles = 'clusterroles.rbac.authorization.k8s.io'

/** The rules of an aggregated role, each once, by the names of those it is made of. */
export const decideRules = (role: RoleObject, all: readonly RoleObject[]): PolicyRule[] => {
  const selectors = role.aggregationRule?.clusterRoleSelectors ?? []
  const parts = all
    .filter(({ metadata }) => metadata.name !== role.metadata.name)
    .filter(({ metadata }) => selectors.some(selector => matchesSelector(selector, metadata.labels ?? {})))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const rules: PolicyRule[] = []
  for (const rule of parts.flatMap(part => part.rules ?? [])) if (!rules.some(known => isEqual(known, rule))) rules.push(rule)
  return rules
}

export const clusterRoleAggregation = ({ registry }: ControllerContext): Controller => {
  const all = () => registry.store.list(roles) as readonly RoleObject[]
  return {
    name: 'clusterrole-aggregation',
    watches: {
      // Any change may concern any aggregated role; there are few.
      [roles]: () => all().flatMap(({ metadata, aggregationRule }) => (aggregationRule ? [metadata.name] : [])),
    },
    reconcile: name => {
      const role = registry.store.get(roles, '', name) as RoleObject | undefined
      if (!role?.aggregationRule) return undefined
      const rules = decideRules(role, all())
      if (!isEqual(rules, role.rules ?? [])) registry.modify(roles, '', name, copy => ({ ...copy, rules }) as RoleObject)
      return undefined
    },
  }
}
