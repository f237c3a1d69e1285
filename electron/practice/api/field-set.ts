// Which fields an object has, and their text forms: metav1.FieldsV1 and `.spec.containers[name="web"].image`.

import { isRecord } from '../is-record.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { type Field, innerOf, type Message, typeOf } from './schema/table.ts'

// Models sigs.k8s.io/structured-merge-diff/fieldpath.

/** Path elements as FieldsV1 writes them: `f:name`, `k:{"name":"web"}`, `v:"x"`, and `.` for a list's item itself. */
export type Path = readonly string[]

/** Leaves by their path (joined), with their values. */
export type Leaves = Map<string, unknown>

const glue = '\u0000'
export const pathKey = (path: Path): string => path.join(glue)
export const pathOf = (key: string): Path => key.split(glue)

/** What the server itself writes is nobody's. */
const unowned = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
])

/** The element of an item in a map-list. */
export const itemElement = (item: Record<string, unknown>, keys: readonly string[]): string => {
  // A port's protocol is part of its key even where it is left to its default.
  const values = [...keys].sort().map(key => [key, item[key] ?? (key === 'protocol' ? 'TCP' : undefined)])
  return `k:${JSON.stringify(Object.fromEntries(values.filter(([, value]) => value !== undefined)))}`
}

/** Lists that every Pod has from the first, empty: nobody comes to own the list itself. */
const everPresent = new Set(['containers'])

const isOwnable = ({ name, type, map, list, pointer, listKeys }: Field): boolean =>
  map || (list ? listKeys !== undefined && !everPresent.has(name) : pointer && !/^[a-z]$|^[A-Z]/.test(type))

const addValue = (leaves: Leaves, path: Path, value: unknown, field: Field | undefined, marks: boolean): void => {
  if (value === null && marks && field?.name === 'lastProbeTime') leaves.set(pathKey(path), value)
  if (value === null || value === undefined) return
  const isAtomic = field?.atomic ?? false
  const isFull = typeof value === 'object' && Object.keys(value).length > 0
  if (marks && field && !isAtomic && isFull && isOwnable(field)) leaves.set(pathKey([...path, '.']), true)
  if (Array.isArray(value)) {
    const keys = field?.listKeys
    if (!keys || isAtomic) leaves.set(pathKey(path), value)
    else if (keys.length === 0) for (const item of value) leaves.set(pathKey([...path, `v:${JSON.stringify(item)}`]), item)
    else {
      for (const item of value.filter(isRecord)) {
        const at = [...path, itemElement(item, keys)]
        // An owner is one thing, not three fields.
        if (field.type === 'meta.OwnerReference') {
          leaves.set(pathKey(at), item)
          continue
        }
        leaves.set(pathKey([...at, '.']), true)
        addFields(leaves, at, item, innerOf(field), marks)
      }
    }
  } else if (isRecord(value) && !isAtomic && Object.keys(value).length > 0) {
    addFields(leaves, path, value, field && !field.map ? innerOf(field) : undefined, marks)
  } else leaves.set(pathKey(path), value)
}

const addFields = (
  leaves: Leaves,
  path: Path,
  object: Record<string, unknown>,
  type: Message | undefined,
  marks: boolean,
): void => {
  for (const [name, value] of Object.entries(object))
    addValue(leaves, [...path, `f:${name}`], value, type?.fields.get(name), marks)
}

/** The leaves that managers can own, and with `marks` the maps and lists that hold them: of the status for its subresource, else of everything but the status. */
export const leavesOf = (
  object: Partial<KubeObject>,
  resource: Resource,
  subresource: string | undefined,
  marks = false,
): Leaves => {
  const leaves: Leaves = new Map()
  const type = typeOf(resource)
  for (const [name, value] of Object.entries(object)) {
    const isMeta = name === 'metadata' && isRecord(value)
    const isStatus = subresource === 'status'
    if (name === 'apiVersion' || name === 'kind' || ((name === 'status') !== isStatus && !(isStatus && isMeta))) continue
    // Who writes a status may annotate.
    const isOwnable = (key: string) => (isStatus ? key === 'annotations' : !unowned.has(key))
    const owned = isMeta ? Object.fromEntries(Object.entries(value).filter(([key]) => isOwnable(key))) : value
    if (isMeta && Object.keys(owned as object).length === 0) continue
    addValue(leaves, [`f:${name}`], owned, type?.fields.get(name), marks)
  }
  return leaves
}

/** FieldsV1 of a set of paths. */
export const toFieldsV1 = (keys: Iterable<string>): Record<string, unknown> => {
  const root: Record<string, unknown> = {}
  for (const key of [...keys].sort()) {
    let at = root
    for (const element of pathOf(key)) {
      if (!Object.hasOwn(at, element)) at[element] = {}
      at = at[element] as Record<string, unknown>
    }
  }
  return root
}

/** The paths of FieldsV1. */
export const fromFieldsV1 = (fields: unknown, path: Path = [], found = new Set<string>()): Set<string> => {
  const entries = isRecord(fields) ? Object.entries(fields) : []
  if (entries.length === 0 && path.length > 0) found.add(pathKey(path))
  for (const [element, inner] of entries) fromFieldsV1(inner, [...path, element], found)
  return found
}

/** `.spec.containers[name="web"].image`. */
export const pathText = (path: Path): string =>
  path
    .map(element => {
      const rest = element.slice(2)
      if (element.startsWith('f:')) return `.${rest}`
      if (element.startsWith('v:')) return `[=${rest}]`
      if (!element.startsWith('k:')) return ''
      const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>)
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
    })
    .join('')
