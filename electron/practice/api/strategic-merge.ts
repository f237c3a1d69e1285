// Strategic merge patches: like JSON merge patches, but lists merge by a key of their items. Also the plain merge patch.

import { clone, isEqual } from '../clone.ts'
import { isRecord } from '../is-record.ts'
import { badRequest } from '../status-error.ts'
import { type Field, type Message, message } from './schema/table.ts'

type Fields = Record<string, unknown>

// Models apimachinery/pkg/util/strategicpatch/patch.go.

const orderPrefix = '$setElementOrder/'
const deletePrefix = '$deleteFromPrimitiveList/'

const set = (object: Fields, key: string, value: unknown): void => {
  if (key !== '__proto__') object[key] = value
}

/** RFC 7386: objects merge, null deletes, everything else replaces. */
export const mergePatch = (original: unknown, patch: unknown): unknown => {
  if (!isRecord(patch)) return patch
  const merged: Fields = isRecord(original) ? { ...original } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else set(merged, key, mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value))
  }
  return merged
}

const listOf = (value: unknown, what: string): unknown[] => {
  if (!Array.isArray(value)) throw badRequest(`invalid patch: ${what} must be a list`)
  return value
}

/** Applies a strategic merge patch to an object of a type; unknown types merge plainly. @throws StatusError 400 */
export const strategicMerge = (original: Fields, patch: Fields, type: Message | undefined): Fields => {
  const { $patch: directive, $retainKeys: retained, ...changes } = patch
  if (directive === 'replace') return changes
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') throw badRequest(`Unknown patch type: ${String(directive)}`)
  let merged: Fields = { ...original }
  if (retained !== undefined) {
    const keep = new Set(listOf(retained, '$retainKeys'))
    merged = Object.fromEntries(Object.entries(merged).filter(([key]) => keep.has(key)))
  }
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(orderPrefix)) {
      const name = key.slice(orderPrefix.length)
      // Without items of its own in the patch, the list is only put in order.
      if (Object.hasOwn(changes, name) || !Array.isArray(merged[name])) continue
      set(merged, name, mergeList(merged[name] as unknown[], [], listOf(value, key), type?.fields.get(name)))
    } else if (key.startsWith(deletePrefix)) {
      const name = key.slice(deletePrefix.length)
      const gone = listOf(value, key)
      if (Array.isArray(merged[name]))
        set(
          merged,
          name,
          (merged[name] as unknown[]).filter(item => !gone.some(each => isEqual(each, item))),
        )
    } else if (value === null) delete merged[key]
    else set(merged, key, mergeField(merged, key, value, changes, type?.fields.get(key)))
  }
  return merged
}

const mergeField = (merged: Fields, key: string, value: unknown, changes: Fields, field: Field | undefined): unknown => {
  const before = Object.hasOwn(merged, key) ? merged[key] : undefined
  if (isRecord(value)) {
    const inner = field && !field.map ? message(field.type) : undefined
    return strategicMerge(isRecord(before) ? before : {}, value, inner)
  }
  if (!Array.isArray(value) || field?.mergeKey === undefined) return clone(value)
  const order = changes[`${orderPrefix}${key}`]
  return mergeList(
    Array.isArray(before) ? before : [],
    value,
    order === undefined ? undefined : listOf(order, orderPrefix + key),
    field,
  )
}

const mergeList = (before: unknown[], patch: unknown[], order: unknown[] | undefined, field: Field | undefined): unknown[] => {
  const key = field?.mergeKey
  if (key === undefined) return patch.length > 0 ? patch : before
  if (key === '') {
    const union = [...before, ...patch.filter(item => !before.includes(item))]
    return order ? inOrder(union, before, order, item => item) : union
  }
  const items = patch.map(item => {
    if (!isRecord(item)) throw badRequest(`invalid patch: items of ${field?.name} must be objects`)
    return item
  })
  const isReplaced = items.some(item => item.$patch === 'replace')
  if (isReplaced) return items.filter(item => item.$patch === undefined).map(item => clone(item))
  const keyOf = (item: unknown): unknown => (isRecord(item) ? item[key] : undefined)
  let merged: unknown[] = [...before]
  const inner = message(field!.type)
  for (const item of items) {
    const id = keyOf(item)
    if (id === undefined) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
    const at = merged.findIndex(each => isEqual(keyOf(each), id))
    if (item.$patch === 'delete') merged = merged.filter(each => !isEqual(keyOf(each), id))
    else if (at < 0) merged.push(strategicMerge({}, item, inner))
    else merged[at] = strategicMerge(merged[at] as Fields, item, inner)
  }
  return order ? inOrder(merged, before, order.map(keyOf), keyOf) : merged
}

/** Items named in `order` in that order; the others where they stood among them. */
const inOrder = (items: unknown[], before: unknown[], order: unknown[], keyOf: (item: unknown) => unknown): unknown[] => {
  const place = (list: unknown[], key: unknown) => list.findIndex(each => isEqual(each, key))
  const ordered = items
    .filter(item => place(order, keyOf(item)) >= 0)
    .sort((a, b) => place(order, keyOf(a)) - place(order, keyOf(b)))
  const others = items.filter(item => place(order, keyOf(item)) < 0)
  const old = before.map(keyOf)
  const merged: unknown[] = []
  while (others.length > 0 || ordered.length > 0) {
    if (others.length === 0) merged.push(ordered.shift())
    else if (ordered.length === 0) merged.push(others.shift())
    else {
      const [left, right] = [place(old, keyOf(others[0])), place(old, keyOf(ordered[0]))]
      merged.push(left >= 0 && right >= 0 && left < right ? others.shift() : ordered.shift())
    }
  }
  return merged
}
