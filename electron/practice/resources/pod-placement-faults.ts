// What can be wrong with where a Pod wants to go: node affinity, Pod affinity, spread, gates.

import type {
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
  TopologySpreadConstraint,
} from 'kubernetes-types/core/v1.js'
import type { FieldError } from '../field-error.ts'
import { selectorFaults } from '../selectors.ts'
import { duplicate, faultAt, forbiddenValue, invalidValue, qualifiedNameFault, required, unsupported } from './faults.ts'

// Models kubernetes/pkg/apis/core/validation/validation.go, validateAffinity and validateTopologySpreadConstraints.
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

const weightFaults = (field: string, weight: number): FieldError[] =>
  weight >= 1 && weight <= 100 ? [] : [invalidValue(field, weight, 'must be in the range 1-100')]

const keyFaults = (field: string, key: string | undefined): FieldError[] =>
  key ? faultAt(field, key, qualifiedNameFault(key)) : [required(field, 'can not be empty')]

const valuesFaults = (field: string, operator: string, values: readonly string[]): FieldError[] => {
  if (operator === 'In' || operator === 'NotIn')
    return values.length > 0 ? [] : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
  if (operator === 'Exists' || operator === 'DoesNotExist')
    return values.length === 0
      ? []
      : [forbiddenValue(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
  if (operator === 'Gt' || operator === 'Lt')
    return values.length === 1
      ? []
      : [required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
  return [invalidValue(`${field}.operator`, operator, 'not a valid selector operator')]
}

const nodeTermFaults = (field: string, { matchExpressions = [], matchFields = [] }: NodeSelectorTerm): FieldError[] => [
  ...matchExpressions.flatMap(({ key, operator, values = [] }, index) => {
    const at = `${field}.matchExpressions[${index}]`
    return [...valuesFaults(at, operator, values), ...faultAt(`${at}.key`, key, qualifiedNameFault(key))]
  }),
  ...matchFields.flatMap(({ key, operator, values = [] }, index) => {
    const at = `${field}.matchFields[${index}]`
    if (operator !== 'In' && operator !== 'NotIn')
      return [invalidValue(`${at}.operator`, operator, 'not a valid selector operator')]
    if (values.length !== 1)
      return [required(`${at}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")]
    return key === 'metadata.name' ? [] : [invalidValue(`${at}.key`, key, 'not a valid field selector key')]
  }),
]

const podTermFaults = (field: string, { labelSelector, namespaceSelector, topologyKey }: PodAffinityTerm): FieldError[] => [
  ...(labelSelector ? selectorFaults(`${field}.labelSelector`, labelSelector) : []),
  ...(namespaceSelector ? selectorFaults(`${field}.namespaceSelector`, namespaceSelector) : []),
  ...keyFaults(`${field}.topologyKey`, topologyKey),
]

const podAffinityFaults = (field: string, affinity: PodAffinity = {}): FieldError[] => [
  ...(affinity[REQUIRED] ?? []).flatMap((term, index) => podTermFaults(`${field}.${REQUIRED}[${index}]`, term)),
  ...(affinity[PREFERRED] ?? []).flatMap(({ weight, podAffinityTerm }, index) => {
    const at = `${field}.${PREFERRED}[${index}]`
    return [...weightFaults(`${at}.weight`, weight), ...podTermFaults(`${at}.podAffinityTerm`, podAffinityTerm ?? {})]
  }),
]

const affinityFaults = (field: string, { nodeAffinity = {}, podAffinity, podAntiAffinity }: NonNullable<PodSpec['affinity']>) => {
  const faults: FieldError[] = []
  const terms = nodeAffinity[REQUIRED]?.nodeSelectorTerms
  const at = `${field}.nodeAffinity.${REQUIRED}.nodeSelectorTerms`
  if (nodeAffinity[REQUIRED] && !terms?.length) faults.push(required(at, 'must have at least one node selector term'))
  for (const [index, term] of (terms ?? []).entries()) faults.push(...nodeTermFaults(`${at}[${index}]`, term))
  for (const [index, { weight, preference }] of (nodeAffinity[PREFERRED] ?? []).entries()) {
    const preferred = `${field}.nodeAffinity.${PREFERRED}[${index}]`
    faults.push(...weightFaults(`${preferred}.weight`, weight), ...nodeTermFaults(`${preferred}.preference`, preference ?? {}))
  }
  faults.push(...podAffinityFaults(`${field}.podAffinity`, podAffinity))
  faults.push(...podAffinityFaults(`${field}.podAntiAffinity`, podAntiAffinity))
  return faults
}

const spreadFaults = (
  field: string,
  constraints: readonly (TopologySpreadConstraint & { minDomains?: number })[],
): FieldError[] => {
  const seen = new Set<string>()
  return constraints.flatMap(({ maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector }, index) => {
    const at = `${field}[${index}]`
    const faults: FieldError[] = []
    const positive = 'must be greater than zero'
    if (!(maxSkew > 0)) faults.push(invalidValue(`${at}.maxSkew`, maxSkew ?? 0, positive))
    faults.push(...keyFaults(`${at}.topologyKey`, topologyKey))
    if (!['DoNotSchedule', 'ScheduleAnyway'].includes(whenUnsatisfiable))
      faults.push(unsupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway']))
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`
    if (seen.has(pair)) faults.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair))
    seen.add(pair)
    if (minDomains !== undefined && minDomains <= 0) faults.push(invalidValue(`${at}.minDomains`, minDomains, positive))
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
      const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
      faults.push(invalidValue(`${at}.minDomains`, minDomains, why))
    }
    return labelSelector ? [...faults, ...selectorFaults(`${at}.labelSelector`, labelSelector)] : faults
  })
}

/** Faults of a Pod's spec at a path such as `spec`. */
export const placementFaults = (spec: PodSpec, field: string): FieldError[] => [
  ...(spec.affinity ? affinityFaults(`${field}.affinity`, spec.affinity) : []),
  ...spreadFaults(`${field}.topologySpreadConstraints`, spec.topologySpreadConstraints ?? []),
  ...(spec.schedulingGates?.length && spec.nodeName
    ? [forbiddenValue(`${field}.nodeName`, 'cannot be set until all schedulingGates have been cleared')]
    : []),
]
