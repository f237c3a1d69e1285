// Label and field selectors: parsed from their text forms, matched against objects.

import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { FieldError } from './field-error.ts'
import { faultAt, invalidValue, labelsFaults, qualifiedNameFault, required } from './resources/faults.ts'
import { badRequest } from './status-error.ts'

// Models apimachinery/pkg/labels/selector.go and pkg/fields/selector.go.

type Labels = Readonly<Record<string, string>>

const meets = (labels: Labels, key: string, operator: string, values: readonly string[]): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0])
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0])
    default:
      return false
  }
}

/** Whether labels satisfy a metav1.LabelSelector. An empty selector matches all. */
export const matchesSelector = (selector: LabelSelector, labels: Labels): boolean =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
  (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => meets(labels, key, operator, values))

/** Faults of a metav1.LabelSelector. */
export const selectorFaults = (field: string, selector: LabelSelector): FieldError[] => [
  ...labelsFaults(`${field}.matchLabels`, selector.matchLabels),
  ...(selector.matchExpressions ?? []).flatMap(({ key, operator, values = [] }, index) => {
    const at = `${field}.matchExpressions[${index}]`
    const faults = faultAt(`${at}.key`, key, qualifiedNameFault(key))
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
      faults.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    } else if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)) {
      faults.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'))
    }
    return faults
  }),
]

interface Requirement {
  key: string
  operator: string
  values: string[]
}

const unparsable = (text: string, why: string) => badRequest(`unable to parse requirement: ${why} in ${JSON.stringify(text)}`)

const parseRequirement = (text: string): Requirement => {
  const set = /^([^\s!=,()<>]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text)
  if (set) {
    const values = set[3]!.split(',').map(value => value.trim())
    return { key: set[1]!, operator: set[2] === 'in' ? 'In' : 'NotIn', values }
  }
  const pair = /^([^\s!=,()<>]+)\s*(==|=|!=|>|<)\s*([^\s!=,()<>]*)$/.exec(text)
  if (pair) {
    const operators: Record<string, string> = { '=': 'In', '==': 'In', '!=': 'NotIn', '>': 'Gt', '<': 'Lt' }
    return { key: pair[1]!, operator: operators[pair[2]!]!, values: [pair[3]!] }
  }
  const bare = /^(!?)\s*([^\s!=,()<>]+)$/.exec(text)
  if (bare) return { key: bare[2]!, operator: bare[1] ? 'DoesNotExist' : 'Exists', values: [] }
  throw unparsable(text, 'found unexpected text')
}

/** Parses `a=b,c!=d,e in (f,g),!h`. @throws StatusError 400 */
export const parseLabelSelector = (text: string): ((labels: Labels) => boolean) => {
  const parts = text.match(/(?:\([^)]*\)?|[^,(])+/g) ?? []
  const requirements = parts
    .map(part => part.trim())
    .filter(Boolean)
    .map(parseRequirement)
  for (const { key } of requirements) {
    const fault = qualifiedNameFault(key)
    if (fault) throw badRequest(`unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(key)}: ${fault}`)
  }
  return labels => requirements.every(({ key, operator, values }) => meets(labels, key, operator, values))
}

/** Parses `metadata.name=a,status.phase!=Running` into terms. @throws StatusError 400 */
export const parseFieldSelector = (text: string): { field: string; equal: boolean; value: string }[] =>
  text
    .split(/(?<!\\),/)
    .filter(Boolean)
    .map(part => {
      const term = /^([^=!]+)(==|=|!=)(.*)$/s.exec(part)
      if (!term) throw badRequest(`invalid selector: ${JSON.stringify(text)}; can't understand ${JSON.stringify(part)}`)
      return { field: term[1]!.trim(), equal: term[2] !== '!=', value: term[3]!.replace(/\\([\\,=])/g, '$1') }
    })
