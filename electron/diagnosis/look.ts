// What every rule looks at: one object, the cluster around it, and the words the cluster has for it.

import type { Event, Pod } from 'kubernetes-types/core/v1.js'
import type { Snapshot } from '../cluster/snapshot.ts'
import type { Kind, KubeObject } from '../contract/cluster.ts'
import type { Cause, Diagnosis } from '../contract/diagnosis.ts'

export type Facts = Diagnosis['facts']
export type Evidence = Diagnosis['evidence'][number]
export type Next = Diagnosis['next'][number]

/** What a rule finds; who asked adds the subject and its life. */
export interface Finding {
  cause: Cause
  facts: Facts
  evidence: Evidence[]
  next: Next[]
}

/** A rule says what is wrong, or nothing. The first that speaks is right. */
export type Rule<T> = (object: T, snapshot: Snapshot) => Finding | undefined

export const firstOf = <T>(rules: readonly Rule<T>[], object: T, snapshot: Snapshot): Finding | undefined => {
  for (const rule of rules) {
    const finding = rule(object, snapshot)
    if (finding) return finding
  }
  return undefined
}

/** The objects of one kind as their own type; a kind that is not watched is empty. */
export const all = <T extends object>(snapshot: Snapshot, kind: Kind): readonly (T & KubeObject)[] =>
  (snapshot.get(kind) ?? []) as unknown as readonly (T & KubeObject)[]

export const podsOf = (snapshot: Snapshot): readonly (Pod & KubeObject)[] => all<Pod>(snapshot, 'Pod')

/** An object's events, the newest first. */
export const eventsOf = (snapshot: Snapshot, { metadata }: KubeObject): readonly (Event & KubeObject)[] =>
  byObject(all<Event>(snapshot, 'Event')).get(metadata.uid) ?? []

type Events = readonly (Event & KubeObject)[]

/** Lists are never changed, so that each is sorted out once: many rules ask for many objects' events. */
const known = new WeakMap<Events, ReadonlyMap<string, Events>>()

const byObject = (events: Events): ReadonlyMap<string, Events> => {
  const found = known.get(events)
  if (found) return found
  const grouped = Map.groupBy(events, ({ involvedObject }) => involvedObject.uid ?? '')
  for (const group of grouped.values()) group.sort((a, b) => whenOf(b).localeCompare(whenOf(a)))
  known.set(events, grouped)
  return grouped
}

const whenOf = (event: Event): string =>
  event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? ''

/** The newest event with one of these reasons whose message fits. */
export const eventWith = (snapshot: Snapshot, object: KubeObject, reasons: readonly string[], fits = /(?:)/) =>
  eventsOf(snapshot, object).find(event => reasons.includes(event.reason ?? '') && fits.test(event.message ?? ''))

export const toEvidence = (event: Event): Evidence => ({
  text: event.message ?? '',
  from: `event ${event.reason ?? ''}, ${event.source?.component ?? event.reportingComponent ?? ''}`.replace(/, $/, ''),
  at: whenOf(event) || undefined,
})

/** A flag for kubectl where the namespace is not the usual one, with a space before it. */
export const inNamespace = (namespace: string | undefined): string =>
  namespace === undefined || namespace === 'default' ? '' : ` -n ${namespace}`

/** `kubectl <verb> <kind>/<name>`, in its namespace. */
export const kubectl = (verb: string, { kind, metadata }: KubeObject, rest = ''): string =>
  `kubectl ${verb} ${kind.toLowerCase()}/${metadata.name}${inNamespace(metadata.namespace)}${rest}`

export const describe = (object: KubeObject): Next => ({ command: kubectl('describe', object), say: 'describe' })

/** What stands above an object that we see: ReplicaSet, then Deployment; itself where nothing does. */
export const headOf = (snapshot: Snapshot, object: KubeObject): KubeObject => {
  const owner = object.metadata.ownerReferences?.[0]
  const above = owner && (snapshot.get(owner.kind as Kind) ?? []).find(({ metadata }) => metadata.uid === owner.uid)
  return above ? headOf(snapshot, above) : object
}
