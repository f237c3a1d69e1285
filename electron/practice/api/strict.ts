// Strictness: fields that no type knows, and values of the wrong type, told in the API server's words.

import { isRecord } from '../is-record.ts'
import { type Field, type Message, message } from './schema/table.ts'

// Models sigs.k8s.io/json and apimachinery/pkg/runtime/serializer/json.

const goTypes = new Map([
  ['s', 'string'],
  ['i', 'int32'],
  ['l', 'int64'],
  ['f', 'float64'],
  ['b', 'bool'],
  ['y', '[]uint8'],
])

const jsonType = (value: unknown): string => {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'object' ? 'object' : typeof value
}

const fits = (type: string, value: unknown): boolean => {
  switch (type) {
    case 's':
    case 'y':
      return typeof value === 'string'
    case 'i':
      return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31
    case 'l':
      return Number.isInteger(value)
    case 'f':
      return typeof value === 'number'
    case 'b':
      return typeof value === 'boolean'
    case 'Time':
    case 'MicroTime':
    case 'Duration':
      return typeof value === 'string'
    case 'Quantity':
      return typeof value === 'string' || typeof value === 'number'
    case 'IntOrString':
      return typeof value === 'string' || Number.isInteger(value)
    default:
      return true
  }
}

const plainName = (type: string): string => type.slice(type.indexOf('.') + 1)

/** How Go writes a field's type: `int32`, `[]v1.Container`, `map[string]string`. */
const goType = ({ type, list, map }: Field): string => {
  const inner = goTypes.get(type) ?? `v1.${plainName(type)}`
  return list ? `[]${inner}` : map ? `map[string]${inner}` : inner
}

/** An object of its own, also inside another (a StatefulSet's claims): its Go type inlines TypeMeta; templates only carry metadata. */
export const isWhole = (type: Message): boolean => type.fields.has('metadata') && !/Template(Spec)?$/.test(type.name)

/** What every whole object says of itself. */
export const isTypeMeta = (name: string): boolean => name === 'apiVersion' || name === 'kind'

export interface Findings {
  /** Paths of fields that no type knows: `spec.template.spec.containers[0].imagee`. */
  unknown: string[]
  /** The first value of a wrong type, in the words of Go's JSON decoder. */
  mistyped: string | undefined
}

/** Looks through an object of a type. */
export const inspect = (object: Record<string, unknown>, type: Message): Findings => {
  const findings: Findings = { unknown: [], mistyped: undefined }

  const mistake = (holder: Message, path: string, value: unknown, expected: string) => {
    const field = path.replaceAll(/\[\d+\]/g, '')
    findings.mistyped ??= `json: cannot unmarshal ${jsonType(value)} into Go struct field ${plainName(holder.name)}.${field} of type ${expected}`
  }
  const value = (holder: Message, field: Field, given: unknown, path: string) => {
    if (given === null || given === undefined) return
    const inner = message(field.type)
    if (inner) {
      if (isRecord(given)) walk(given, inner, path)
      else mistake(holder, path, given, goType({ ...field, list: false, map: false }))
    } else if (!fits(field.type, given)) mistake(holder, path, given, goType({ ...field, list: false, map: false }))
  }
  const walk = (given: Record<string, unknown>, holder: Message, path: string) => {
    for (const [name, item] of Object.entries(given)) {
      const at = path ? `${path}.${name}` : name
      const field = holder.fields.get(name)
      if (!field) {
        if (!isTypeMeta(name) || !(path === '' || isWhole(holder))) findings.unknown.push(at)
      } else if (item === null || item === undefined) continue
      else if (field.list) {
        if (!Array.isArray(item)) mistake(holder, at, item, goType(field))
        else for (const [index, each] of item.entries()) value(holder, field, each, `${at}[${index}]`)
      } else if (field.map) {
        if (!isRecord(item)) mistake(holder, at, item, goType(field))
        else for (const [key, each] of Object.entries(item)) value(holder, field, each, `${at}.${key}`)
      } else value(holder, field, item, at)
    }
  }
  walk(object, type, '')
  return findings
}

/** Removes fields that no type knows, as decoding into Go structs does. */
export const prune = (object: Record<string, unknown>, type: Message, isRoot = true): void => {
  for (const [name, item] of Object.entries(object)) {
    const field = type.fields.get(name)
    if (!field) {
      if (!isTypeMeta(name) || !(isRoot || isWhole(type))) delete object[name]
      continue
    }
    const inner = message(field.type)
    if (item === null) delete object[name]
    else if (field.type === 's' && (field.list || field.map)) fillNulls(item)
    else if (!inner) continue
    else if (field.list || field.map) {
      for (const [key, each] of Object.entries(item as object)) {
        // In Go, null among structs is a struct of zeros.
        if (each === null) Reflect.set(item as object, key, {})
        else if (isRecord(each)) prune(each, inner, false)
      }
    } else if (isRecord(item)) prune(item, inner, false)
  }
}

/** In Go, null among strings is the empty string. */
const fillNulls = (strings: unknown): void => {
  if (!Array.isArray(strings) && !isRecord(strings)) return
  for (const [key, value] of Object.entries(strings)) if (value === null) Reflect.set(strings, key, '')
}
