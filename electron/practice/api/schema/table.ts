// The fields of every Kubernetes type we may meet: one compact table for strict checks, protobuf, patches, apply and OpenAPI.
//
// A line is a type: `PodSpec volumes=1[]Volume~name!#name nodeName=10s`. A field is name=number, its shape (`*` pointer,
// `[]` list, `{}` map of string), its type (s string, i int32, l int64, f float64, b bool, y bytes, or a name), and marks:
// `~key` merged by that key in strategic patches (`~` alone: a merged list of scalars), `!` retainKeys,
// `#keys` a map-list in server-side apply (`#` alone: a set), `@` atomic. A field without a name is inlined.

import { apiextensions } from './apiextensions.ts'
import { apps } from './apps.ts'
import { authentication } from './authentication.ts'
import { authorization } from './authorization.ts'
import { autoscaling } from './autoscaling.ts'
import { autoscaling2 } from './autoscaling2.ts'
import { batch } from './batch.ts'
import { coordination } from './coordination.ts'
import { core } from './core.ts'
import { discovery } from './discovery.ts'
import { events } from './events.ts'
import { meta } from './meta.ts'
import { networking } from './networking.ts'
import { policy } from './policy.ts'
import { rbac } from './rbac.ts'
import { scheduling } from './scheduling.ts'
import { storage } from './storage.ts'

const tables = new Map(
  Object.entries({
    apiextensions,
    apps,
    authentication,
    authorization,
    autoscaling,
    autoscaling2,
    batch,
    coordination,
    core,
    discovery,
    events,
    meta,
    networking,
    policy,
    rbac,
    scheduling,
    storage,
  }),
)

export interface Field {
  name: string
  number: number
  /** A scalar's letter, a special name (`Time`, `Quantity`, `IntOrString`, `Any`, ...), or a message as `core.PodSpec`. */
  type: string
  pointer: boolean
  list: boolean
  map: boolean
  /** Strategic merge: undefined replaces, '' merges scalars, else the key that items merge by. */
  mergeKey?: string
  retainKeys: boolean
  /** Server-side apply: undefined is atomic, [] a set, else the keys of a map-list. */
  listKeys?: readonly string[]
  atomic: boolean
  /** The type itself, where it has no name in the tables. */
  inner?: Message
}

export interface Message {
  /** `core.PodSpec`. */
  name: string
  /** By JSON name, inlined types included. */
  fields: ReadonlyMap<string, Field>
  /** As on the wire of protobuf; an inlined type is a field with an empty name. */
  numbers: ReadonlyMap<number, Field>
}

const lines = new Map<string, Map<string, string>>()
const messages = new Map<string, Message | undefined>()

const lineOf = (home: string, type: string): string | undefined => {
  let table = lines.get(home)
  if (!table) {
    const rows = (tables.get(home) ?? '').trim().split('\n')
    table = new Map(rows.map(row => [row.split(' ', 1)[0]!, row]))
    lines.set(home, table)
  }
  return table.get(type)
}

const parseField = (token: string, home: string): Field => {
  const parts = /^([\w$-]*)=(\d+)(\*?)(\[\]|\{\})?(?:\*)?([\w.]+)(~(\w*))?(!)?(#([\w,]*))?(@)?$/.exec(token)
  if (!parts) throw new Error(`bad field in table: ${token}`)
  const [, name = '', number, pointer, shape, type = '', merge, mergeKey = '', retain, listed, keys = '', atomic] = parts
  const local = type.includes('.') || !lineOf(home, type) ? type : `${home}.${type}`
  return {
    name,
    number: Number(number),
    type: local,
    pointer: pointer === '*',
    list: shape === '[]',
    map: shape === '{}',
    ...(merge !== undefined && { mergeKey }),
    retainKeys: retain !== undefined,
    ...(listed !== undefined && { listKeys: keys ? keys.split(',') : [] }),
    atomic: atomic !== undefined,
  }
}

/** The type of a name such as `core.PodSpec`; undefined for scalars and what we have no table of. */
export const message = (name: string): Message | undefined => {
  if (messages.has(name)) return messages.get(name)
  const [home = '', type = ''] = name.split('.')
  const line = type ? lineOf(home, type) : undefined
  if (!line) {
    messages.set(name, undefined)
    return undefined
  }
  const numbers = new Map<number, Field>()
  const fields = new Map<string, Field>()
  for (const token of line.split(' ').slice(1)) {
    const field = parseField(token, home)
    if (field.number) numbers.set(field.number, field)
    if (field.name) fields.set(field.name, field)
    else for (const [inner, inlined] of message(field.type)?.fields ?? []) fields.set(inner, inlined)
  }
  const parsed = { name, fields, numbers }
  messages.set(name, parsed)
  return parsed
}

/** The type of a field's values; undefined for scalars. */
export const innerOf = (field: Field): Message | undefined => field.inner ?? message(field.type)

const homes = new Map([
  ['v1', 'core'],
  ['autoscaling/v2', 'autoscaling2'],
])

/** The package of a group and version: `apps/v1` is `apps`, `v1` is `core`. */
export const homeOf = (apiVersion: string): string => homes.get(apiVersion) ?? apiVersion.split(/[./]/)[0]!

/** The type of a kind: `apps/v1`, `Deployment`. */
export const messageOf = (apiVersion: string, kind: string): Message | undefined =>
  message(kind === 'DeleteOptions' || kind === 'Status' ? `meta.${kind}` : `${homeOf(apiVersion)}.${kind}`)

/** A kind that is served; a user's own has brought its type. */
export interface Typed {
  group: string
  version: string
  kind: string
  custom?: { message: Message }
}

/** The type of a kind that is served. */
export const typeOf = ({ group, version, kind, custom }: Typed): Message | undefined =>
  custom?.message ?? messageOf(group ? `${group}/${version}` : version, kind)
