// Events of events.k8s.io: the same objects as the core group's, in newer words.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { event } from './event.ts'

// Models kubernetes/pkg/apis/events/v1/conversion.go: each field's name here, and there.
const words: readonly (readonly [here: string, core: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]
const toHere = new Map(words.map(([here, core]) => [core, here]))
const toCore = new Map(words)

const renamed = (object: KubeObject, names: ReadonlyMap<string, string>, apiVersion: string): KubeObject => {
  const fields = Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value])
  return { ...(Object.fromEntries(fields) as KubeObject), apiVersion }
}

const read = (object: KubeObject): KubeObject => renamed(object, toHere, 'events.k8s.io/v1')

const write = (object: KubeObject): KubeObject => {
  const core = renamed(object, toCore, 'v1')
  // An Event is about something, even where it is about nothing.
  return { ...core, involvedObject: core.involvedObject ?? {} }
}

const fieldNames = new Map([
  ['reportingComponent', 'reportingController'],
  ['reason', 'reason'],
  ['type', 'type'],
])

const base = event as unknown as Resource

export const eventV1: Resource = {
  ...base,
  group: 'events.k8s.io',
  version: 'v1',
  columns: base.columns.map(column => ({ ...column, cell: (object, now) => column.cell(write(object), now) })),
  storedAs: { key: 'events', read, write },
  defaults: object => object,
  validate: () => [],
  fields(object) {
    const found = Object.entries(base.fields?.(write(object)) ?? {}).flatMap(([name, value]) => {
      const here = name.startsWith('involvedObject.') ? name.replace('involvedObject', 'regarding') : fieldNames.get(name)
      return here ? [[here, value] as const] : []
    })
    return Object.fromEntries(found)
  },
}
