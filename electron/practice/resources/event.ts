// Events: what happened to other objects, for people to read.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { age, nameColumn } from './columns.ts'
import { invalidValue } from './faults.ts'

interface Reference {
  apiVersion?: string
  kind?: string
  name?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  fieldPath?: string
}

export type EventObject = KubeObject & {
  involvedObject?: Reference
  reason?: string
  message?: string
  type?: string
  count?: number
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  eventTime?: string | null
  series?: { count?: number; lastObservedTime?: string } | null
  source?: { component?: string; host?: string }
  reportingComponent?: string
  reportingInstance?: string
}

const lower = (kind: string | undefined): string => (kind ?? '').toLowerCase()

const firstSeen = (event: EventObject): string | undefined => event.firstTimestamp ?? event.eventTime ?? undefined

// Models kubernetes/pkg/printers/internalversion/printers.go, printEvent.
const lastSeen = (event: EventObject): string | undefined =>
  event.series?.lastObservedTime ?? event.lastTimestamp ?? firstSeen(event)

export const event: Resource<EventObject> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    {
      name: 'Last Seen',
      type: 'string',
      description: 'When it happened last.',
      cell: (object, now) => age(lastSeen(object), now),
    },
    { name: 'Type', type: 'string', description: 'Normal or Warning.', cell: ({ type }) => type ?? '' },
    { name: 'Reason', type: 'string', description: 'Why, in one word.', cell: ({ reason }) => reason ?? '' },
    {
      name: 'Object',
      type: 'string',
      description: 'What it happened to.',
      cell: ({ involvedObject: about }) => (about?.name ? `${lower(about.kind)}/${about.name}` : lower(about?.kind)),
    },
    {
      name: 'Subobject',
      type: 'string',
      description: 'Which part of the object.',
      wide: true,
      cell: ({ involvedObject }) => involvedObject?.fieldPath ?? '',
    },
    {
      name: 'Source',
      type: 'string',
      description: 'Who tells it.',
      wide: true,
      cell: ({ source, reportingComponent = '', reportingInstance }) => {
        const [component, host] = source?.component ? [source.component, source.host] : [reportingComponent, reportingInstance]
        return host ? `${component}, ${host}` : component
      },
    },
    { name: 'Message', type: 'string', description: 'What happened.', cell: ({ message }) => (message ?? '').trim() },
    {
      name: 'First Seen',
      type: 'string',
      description: 'When it happened first.',
      wide: true,
      cell: (object, now) => age(firstSeen(object), now),
    },
    {
      name: 'Count',
      type: 'integer',
      description: 'How often it happened.',
      wide: true,
      cell: ({ series, count }) => series?.count ?? (count || 1),
    },
    { ...nameColumn, wide: true },
  ],
  defaults: object => object,
  validate({ involvedObject, metadata }) {
    const namespace = involvedObject?.namespace || 'default'
    if (namespace === metadata.namespace) return []
    return [invalidValue('involvedObject.namespace', involvedObject?.namespace ?? '', 'does not match event.namespace')]
  },
  fields: ({ involvedObject: about = {}, reason = '', type = '', source, reportingComponent = '' }) => ({
    'involvedObject.kind': about.kind ?? '',
    'involvedObject.namespace': about.namespace ?? '',
    'involvedObject.name': about.name ?? '',
    'involvedObject.uid': about.uid ?? '',
    'involvedObject.apiVersion': about.apiVersion ?? '',
    'involvedObject.resourceVersion': about.resourceVersion ?? '',
    'involvedObject.fieldPath': about.fieldPath ?? '',
    reason,
    type,
    reportingComponent,
    source: source?.component ?? reportingComponent,
  }),
}
