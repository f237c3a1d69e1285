// ResourceQuotas: how much a namespace may hold. controllers/quota-usage.ts counts, admission.ts refuses.

import type { ResourceQuotaSpec, ResourceQuotaStatus } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { isQuantity, quantityFault } from '../controllers/quantity.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { invalidValue, required } from './faults.ts'

export type ResourceQuotaObject = KubeObject & { spec: ResourceQuotaSpec; status?: ResourceQuotaStatus }

// Models kubernetes/pkg/printers/internalversion/printers.go, printResourceQuota.
const used = ({ status }: ResourceQuotaObject, limits: boolean): string =>
  Object.entries(status?.hard ?? {})
    .filter(([name]) => name.startsWith('limits.') === limits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${name}: ${status?.used?.[name] ?? '0'}/${hard}`)
    .join(', ')

// Models kubernetes/pkg/apis/core/validation/validation.go, validateResourceQuotaScopes and validateScopeSelector.
const scopeNames = ['BestEffort', 'CrossNamespacePodAffinity', 'NotBestEffort', 'NotTerminating', 'PriorityClass', 'Terminating']
const ofPods = ['pods', ...['', 'requests.', 'limits.'].flatMap(kind => [`${kind}cpu`, `${kind}memory`])]
const standard = [
  ...ofPods,
  ...['', 'requests.', 'limits.'].map(kind => `${kind}ephemeral-storage`),
  ...['services', 'configmaps', 'secrets', 'persistentvolumeclaims', 'replicationcontrollers', 'resourcequotas'],
  ...['requests.storage', 'services.nodeports', 'services.loadbalancers'],
]

/** Whether some resource of the quota cannot be told by this scope. */
const isUntold = ({ hard = {} }: ResourceQuotaSpec, scope: string): boolean =>
  Object.keys(hard).some(name => standard.includes(name) && !(scope === 'BestEffort' ? ['pods'] : ofPods).includes(name))

const scopesFaults = (spec: ResourceQuotaSpec): FieldError[] => {
  const { scopes = [] } = spec
  const fault = (why: string) => invalidValue('spec.scopes', scopes, why)
  const faults = scopes.flatMap(scope => [
    ...(scopeNames.includes(scope) ? [] : [fault('unsupported scope')]),
    ...(isUntold(spec, scope) ? [fault('unsupported scope applied to resource')] : []),
  ])
  for (const scope of ['BestEffort', 'Terminating'])
    if (scopes.includes(scope) && scopes.includes(`Not${scope}`)) faults.push(fault('conflicting scopes'))
  return faults
}

const selectorFaults = (spec: ResourceQuotaSpec): FieldError[] => {
  const { matchExpressions = [] } = spec.scopeSelector ?? {}
  return matchExpressions.flatMap(({ scopeName, operator, values = [] }) => {
    const at = 'spec.scopeSelector.matchExpressions'
    const faults: FieldError[] = []
    if (!scopeNames.includes(scopeName)) faults.push(invalidValue(`${at}.scopeName`, scopeName, 'unsupported scope'))
    else if (isUntold(spec, scopeName)) faults.push(invalidValue(at, spec.scopeSelector, 'unsupported scope applied to resource'))
    if (scopeName !== 'PriorityClass' && operator !== 'Exists')
      faults.push(
        invalidValue(
          `${at}.operator`,
          operator,
          "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      )
    const isList = operator === 'In' || operator === 'NotIn'
    if (isList && values.length === 0)
      faults.push(required(`${at}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"))
    if (!isList && values.length > 0)
      faults.push(
        invalidValue(`${at}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"),
      )
    if (!isList && operator !== 'Exists' && operator !== 'DoesNotExist')
      faults.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'))
    return faults
  })
}

export const resourceQuota: Resource<ResourceQuotaObject> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Request', type: 'string', description: 'Used of what may be asked for.', cell: object => used(object, false) },
    { name: 'Limit', type: 'string', description: 'Used of what limits may come to.', cell: object => used(object, true) },
    ageColumn,
  ],
  defaults(object) {
    object.spec ??= {}
    return object
  },
  validate({ spec }, old) {
    const faults = Object.entries(spec.hard ?? {}).flatMap(([name, value]) =>
      isQuantity(value) ? [] : [invalidValue(`spec.hard[${name}]`, value, quantityFault)],
    )
    if (old && !isEqual(spec.scopes ?? [], old.spec.scopes ?? []))
      faults.push(invalidValue('spec.scopes', spec.scopes ?? null, 'field is immutable'))
    return [...faults, ...scopesFaults(spec), ...selectorFaults(spec)]
  },
  beforeCreate(object) {
    object.status = {}
    return object
  },
}
