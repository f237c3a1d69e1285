// Records Events in the newer way of events.k8s.io, as the scheduler does: what repeats is told as a series.
// Models client-go/tools/events/event_broadcaster.go and event_recorder.go

import type { KubeObject } from '../object.ts'
import type { Registry } from '../registry.ts'
import type { RecordEvent } from './controller.ts'

/** A series that was not added to for so long is over: its end is written, and the next is another. */
const overAfterMs = 6 * 60_000
/** A series that goes on is written this often. */
const refreshMs = 30 * 60_000

/** What it was doing, by the reason that it gives. */
const actions: Readonly<Record<string, string>> = {
  Scheduled: 'Binding',
  FailedScheduling: 'Scheduling',
  Preempted: 'Preempting',
}

export interface Series {
  namespace: string
  name: string
  count: number
  last: number
  written: number
}

export interface SeriesOptions {
  events: Registry
  component: string
  /** The machine that it runs on. */
  host: string
  now(): number
  /** A name that no other Event has, and the time as metav1.MicroTime is served. */
  stamp(object: KubeObject, now: number): { name: string; time: string }
  /** Carries out a create; an Event that its namespace no longer takes is dropped. */
  create(events: Registry, event: Partial<KubeObject>): void
  /** What it remembers, empty at first. */
  known: Map<string, Series>
}

export const createSeriesRecorder = (options: SeriesOptions): RecordEvent => {
  const { events, component, host, now: clock, stamp, create, known } = options

  const write = (series: Series, time: string): boolean => {
    const { namespace, name, count, last } = series
    series.written = last
    return (
      events.modify('events', namespace, name, event => ({ ...event, series: { count, lastObservedTime: time } })) !== undefined
    )
  }
  const sweep = (now: number) => {
    for (const [key, series] of known) {
      // The longest unheard comes first.
      if (now - series.last < overAfterMs) return
      known.delete(key)
      if (series.written < series.last) write(series, new Date(series.last).toISOString().replace('Z', '000Z'))
    }
  }

  return (object, type, reason, note) => {
    const now = clock()
    sweep(now)
    const { uid, name, namespace = '', resourceVersion } = object.metadata
    const action = actions[reason] ?? reason
    const key = [type, action, reason, object.kind, namespace, name, uid, resourceVersion].join('/')
    const { name: eventName, time } = stamp(object, now)
    const series = known.get(key)
    if (series) {
      series.count++
      series.last = now
      known.delete(key)
      known.set(key, series)
      // The second time makes it a series; those after it are only counted, and written now and then.
      if (series.count > 2 && now - series.written < refreshMs) return
      if (write(series, time)) return
      known.delete(key)
    }
    const home = namespace || 'default'
    known.set(key, { namespace: home, name: eventName, count: 1, last: now, written: now })
    create(events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, namespace: home } as KubeObject['metadata'],
      involvedObject: {
        kind: object.kind,
        ...(namespace && { namespace }),
        name,
        uid,
        apiVersion: object.apiVersion,
        resourceVersion,
      },
      reason,
      message: note,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type,
      eventTime: time,
      action,
      reportingComponent: component,
      reportingInstance: `${component}-${host}`,
    })
  }
}
