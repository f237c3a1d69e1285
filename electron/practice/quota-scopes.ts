// Which Pods a ResourceQuota with scopes speaks for. Pure.

import type { Affinity, PodSpec, ResourceQuotaSpec } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from './object.ts'
import { qosClass } from './resources/quality.ts'

// Models kubernetes/pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc
interface Requirement {
  scopeName: string
  operator: string
  values?: readonly string[]
}

/** What a quota requires of a Pod for it to count. */
const requirementsOf = ({ scopes = [], scopeSelector }: ResourceQuotaSpec): Requirement[] => [
  ...scopes.map(scopeName => ({ scopeName, operator: 'Exists' })),
  ...(scopeSelector?.matchExpressions ?? []),
]

const looksElsewhere = ({ podAffinity, podAntiAffinity }: Affinity = {}): boolean =>
  [podAffinity, podAntiAffinity].some(affinity =>
    [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined),
  )

const meets = (spec: PodSpec, { scopeName, operator, values = [] }: Requirement): boolean => {
  switch (scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort'
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort'
    case 'CrossNamespacePodAffinity':
      return looksElsewhere(spec.affinity)
    case 'PriorityClass': {
      const name = spec.priorityClassName ?? ''
      if (operator === 'In') return values.includes(name)
      if (operator === 'NotIn') return !values.includes(name)
      return operator === 'Exists' ? name !== '' : name === ''
    }
    default:
      return false
  }
}

/** Whether an object counts for a quota; one with scopes speaks for Pods only. */
export const isInScope = (quota: ResourceQuotaSpec, resource: string, object: KubeObject): boolean => {
  const requirements = requirementsOf(quota)
  if (requirements.length === 0) return true
  return resource === 'pods' && requirements.every(each => meets(object.spec as PodSpec, each))
}
