// RFC 6902 patches, with the errors that Kubernetes gives for them.

import { clone, isEqual } from '../clone.ts'
import { isRecord } from '../is-record.ts'
import { badRequest, StatusError } from '../status-error.ts'

interface Operation {
  op: string
  path: string
  from?: string
  value?: unknown
}

// Models github.com/evanphx/json-patch as apiserver/pkg/endpoints/handlers/patch.go uses it.

/** An object or a list inside the document, and a key in it. */
interface Place {
  holder: Record<string, unknown> | unknown[]
  key: string
}

const failure = (why: string): StatusError =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {
    causes: [{ reason: 'UnexpectedServerResponse', message: why }],
  })

const keysOf = (pointer: string): string[] => {
  if (pointer !== '' && !pointer.startsWith('/'))
    throw badRequest(`error decoding patch: ${JSON.stringify(pointer)} is no JSON pointer`)
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const child = (holder: unknown, key: string): unknown => {
  if (Array.isArray(holder)) return /^(0|[1-9]\d*)$/.test(key) ? holder[Number(key)] : undefined
  return isRecord(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
}

const placeOf = (root: { '': unknown }, pointer: string, op: string): Place => {
  const keys = ['', ...keysOf(pointer)]
  let holder: unknown = root
  for (const key of keys.slice(0, -1)) holder = child(holder, key)
  if (!isRecord(holder) && !Array.isArray(holder))
    throw failure(`${op} operation does not apply: doc is missing path: "${pointer}": missing value`)
  const key = keys.at(-1)!
  if (key === '__proto__') throw failure(`${op} operation does not apply: "${pointer}" is not allowed`)
  return { holder, key }
}

const read = (root: { '': unknown }, pointer: string, op: string): unknown => {
  const { holder, key } = placeOf(root, pointer, op)
  const value = child(holder, key)
  if (value === undefined) throw failure(`${op} operation does not apply: doc is missing key: ${pointer}: missing value`)
  return value
}

const add = (root: { '': unknown }, pointer: string, value: unknown, op: string): void => {
  const { holder, key } = placeOf(root, pointer, op)
  if (!Array.isArray(holder)) {
    holder[key] = value
    return
  }
  const index = key === '-' ? holder.length : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN
  if (!(index <= holder.length))
    throw failure(`${op} operation does not apply: Unable to access invalid index: ${key}: invalid index referenced`)
  holder.splice(index, 0, value)
}

const remove = (root: { '': unknown }, pointer: string, op: string): void => {
  read(root, pointer, op)
  const { holder, key } = placeOf(root, pointer, op)
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

const replace = (root: { '': unknown }, pointer: string, value: unknown): void => {
  read(root, pointer, 'replace')
  const { holder, key } = placeOf(root, pointer, 'replace')
  if (Array.isArray(holder)) holder[Number(key)] = value
  else holder[key] = value
}

// As upstream: a patch of copies could otherwise grow a document without bound.
const mostOperations = 10_000

/** Checks the shape of a patch. @throws StatusError 400, 413 */
export const parseOperations = (patch: unknown): Operation[] => {
  if (!Array.isArray(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  if (patch.length > mostOperations) {
    const why = `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`
    throw new StatusError(413, 'RequestEntityTooLarge', why)
  }
  return patch.map(item => {
    if (!isRecord(item) || typeof item.op !== 'string' || typeof item.path !== 'string') {
      throw badRequest('error decoding patch: every operation needs an op and a path')
    }
    const { op, path, from, value } = item
    return { op, path, ...(typeof from === 'string' && { from }), value }
  })
}

/** Applies operations to a copy. @throws StatusError 422 */
export const jsonPatch = (document: unknown, operations: readonly Operation[]): unknown => {
  const root = { '': clone(document) }
  for (const { op, path, from = '', value } of operations) {
    if (op === 'add') add(root, path, clone(value), op)
    else if (op === 'remove') remove(root, path, op)
    else if (op === 'replace') replace(root, path, clone(value))
    else if (op === 'copy') add(root, path, clone(read(root, from, op)), op)
    else if (op === 'move') {
      const moved = read(root, from, op)
      remove(root, from, op)
      add(root, path, moved, op)
    } else if (op === 'test') {
      const { holder, key } = placeOf(root, path, op)
      if (!isEqual(child(holder, key) ?? null, value ?? null)) throw failure(`testing value ${path} failed: test failed`)
    } else throw failure(`Unexpected kind: ${op}`)
  }
  return root['']
}
