// How kinds word what is wrong with an object: field errors and the formats of names, labels and ports.

import type { FieldError } from '../field-error.ts'

// Models apimachinery/pkg/util/validation/field/errors.go.

const shown = (value: unknown): string => JSON.stringify(value) ?? 'null'

export const required = (field: string, detail = ''): FieldError => ({
  field,
  reason: 'FieldValueRequired',
  message: detail ? `Required value: ${detail}` : 'Required value',
})

export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${shown(value)}: ${detail}`,
})

export const forbiddenValue = (field: string, detail: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
})

export const duplicate = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${shown(value)}`,
})

export const missing = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueNotFound',
  message: `Not found: ${shown(value)}`,
})

export const unsupported = (field: string, value: unknown, allowed: readonly string[]): FieldError => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown(value)}: supported values: ${allowed.map(shown).join(', ')}`,
})

/** A fault unless `value` is undefined or one of `allowed`. */
export const oneOf = (field: string, value: string | undefined, allowed: readonly string[]): FieldError[] =>
  value === undefined || allowed.includes(value) ? [] : [unsupported(field, value, allowed)]

/** Faults of a count such as `replicas`. */
export const notNegative = (field: string, value: number | undefined): FieldError[] =>
  value !== undefined && value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : []

/** Faults of a port number. */
export const portFaults = (field: string, value: number): FieldError[] =>
  value >= 1 && value <= 65535 ? [] : [invalidValue(field, value, 'must be between 1 and 65535, inclusive')]

// Models apimachinery/pkg/util/validation/validation.go.

const regexFault = (message: string, format: string, ...examples: string[]): string =>
  `${message} (e.g. ${examples.map(example => `'${example}', `).join(' or ')}regex used for validation is '${format}')`

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelExpression = new RegExp(`^${label}$`)
const subdomainExpression = new RegExp(`^${subdomain}$`)
const label1035Expression = new RegExp(`^${label1035}$`)
const qualifiedExpression = new RegExp(`^${qualified}$`)
const tooLong = (limit: number) => `must be no more than ${limit} characters`

/** What is wrong with a DNS subdomain, as most names are. */
export const subdomainFault = (name: string): string | undefined => {
  if (name.length > 253) return tooLong(253)
  if (subdomainExpression.test(name)) return undefined
  return regexFault(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    subdomain,
    'example.com',
  )
}

/** What is wrong with a DNS label, as the names of namespaces, containers and volumes are. */
export const labelFault = (name: string): string | undefined => {
  if (name.length > 63) return tooLong(63)
  if (labelExpression.test(name)) return undefined
  if (subdomainExpression.test(name)) return 'must not contain dots'
  return regexFault(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    label,
    'my-name',
    '123-abc',
  )
}

/** What is wrong with the name of a Service, which must start with a letter. */
export const label1035Fault = (name: string): string | undefined => {
  if (name.length > 63) return tooLong(63)
  if (label1035Expression.test(name)) return undefined
  return regexFault(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    label1035,
    'my-name',
    'abc-123',
  )
}

/** What is wrong with a label's or an annotation's key: an optional DNS prefix and a name. */
export const qualifiedNameFault = (key: string): string | undefined => {
  const parts = key.split('/')
  const name = parts.at(-1)!
  const words = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
  if (parts.length > 2) {
    return `a valid label key ${regexFault(words, qualified, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`
  }
  if (parts.length === 2) {
    if (!parts[0]) return 'prefix part must be non-empty'
    const fault = subdomainFault(parts[0])
    if (fault) return `prefix part ${fault}`
  }
  if (!name) return 'name part must be non-empty'
  if (name.length > 63) return `name part ${tooLong(63)}`
  return qualifiedExpression.test(name) ? undefined : `name part ${regexFault(words, qualified, 'MyName', 'my.name', '123-abc')}`
}

/** What is wrong with a label's value. */
export const labelValueFault = (value: string): string | undefined => {
  if (value.length > 63) return tooLong(63)
  if (value === '' || qualifiedExpression.test(value)) return undefined
  return regexFault(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    `(${qualified})?`,
    'MyValue',
    'my_value',
    '12345',
  )
}

/** What is wrong with a port's name. */
export const portNameFault = (name: string): string | undefined => {
  if (name.length > 15) return tooLong(15)
  if (!/^[-a-z0-9]+$/.test(name)) return 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'
  if (!/[a-z]/.test(name)) return 'must contain at least one letter (a-z)'
  if (name.includes('--')) return 'must not contain consecutive hyphens'
  return name.startsWith('-') || name.endsWith('-') ? 'must not begin or end with a hyphen' : undefined
}

/** What is wrong with the name of an environment variable. */
export const envNameFault = (name: string): string | undefined =>
  /^[\x20-\x3c\x3e-\x7e]+$/.test(name)
    ? undefined
    : "a valid environment variable name must consist only of printable ASCII characters other than '='"

/** Faults of a map of labels. */
export const labelsFaults = (field: string, labels: Readonly<Record<string, string>> | undefined): FieldError[] =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => {
    const [keyFault, valueFault] = [qualifiedNameFault(key), labelValueFault(value)]
    return [
      ...(keyFault ? [invalidValue(field, key, keyFault)] : []),
      ...(valueFault ? [invalidValue(field, value, valueFault)] : []),
    ]
  })

/** The fault of a name at a field, as a list. */
export const faultAt = (field: string, value: string, fault: string | undefined): FieldError[] =>
  fault === undefined ? [] : [invalidValue(field, value, fault)]
