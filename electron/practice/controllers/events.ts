// Records Events as client-go's recorder does: repeats are counted, floods of similar ones combined, spam dropped.

import type { Clock } from '../../platform/clock.ts'
import type { KubeObject } from '../object.ts'
import { timestamp } from '../object.ts'
import type { Registry } from '../registry.ts'
import { StatusError } from '../status-error.ts'
import type { RecordEvent } from './controller.ts'
import { createSeriesRecorder } from './events-series.ts'

// Models client-go/tools/record/events_cache.go
const SIMILAR_LIMIT = 10
const SIMILAR_WINDOW_MS = 600_000
const SPAM_BURST = 25
const SPAM_REFILL_MS = 300_000
/** The one component that writes Events in the newer way. */
const SCHEDULER = 'default-scheduler'
/** Where the control plane runs. */
const CONTROL_PLANE = 'node1'
/** Entries kept in each cache; the oldest go first. */
const CACHE_SIZE = 4096

/** Gives the recorder of a component, as `kubelet` on `node1`. */
export interface Recorder {
  (component: string, host?: string): RecordEvent
  /** What repeats is counted from the start again: the cluster has gone to another time. */
  forget(): void
}

export interface RecorderOptions {
  registry: Registry
  clock: Clock
  random: () => number
}

interface Similar {
  messages: Set<string>
  last: number
}
interface Seen {
  name: string
  count: number
  namespace: string
}

/** As metav1.MicroTime is served: `micros` (0 to 999) below the clock's millisecond. */
export const microTime = (ms: number, micros = 0): string =>
  `${new Date(ms).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`

const remember = <V>(cache: Map<string, V>, key: string, value: V): V => {
  cache.delete(key)
  cache.set(key, value)
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? '')
  return value
}

/** The process in which a component of a real cluster runs: who owns the fields that it writes. */
export const managerOf = (component: string): string => {
  if (component === 'kubelet') return component
  return component === SCHEDULER ? 'kube-scheduler' : 'kube-controller-manager'
}

/** One set of caches for each component, as each real component has its own process. */
export const createRecorder = ({ registry, clock, random }: RecorderOptions): Recorder => {
  // The clock has milliseconds: Events of the same one are numbered, so that they sort as they happened.
  let last = 0
  let micros = 0
  const tick = (now: number): number => {
    micros = now === last ? Math.min(micros + 1, 999) : 0
    last = now
    return micros
  }
  /** `name.` and the time in nanoseconds as hex; random below the microsecond. */
  const uniqueName = ({ metadata }: KubeObject, now: number, micro: number) => {
    const nanos = BigInt(Math.floor(now)) * 1_000_000n + BigInt(micro * 1000 + Math.floor(random() * 1000))
    return `${metadata.name}.${nanos.toString(16)}`
  }

  const create = (events: Registry, event: Partial<KubeObject>) => {
    try {
      events.create('events', event)
    } catch (error) {
      // As upstream: an Event that its namespace no longer takes is dropped, since nobody could read it.
      if (!(error instanceof StatusError && (error.status.code === 403 || error.status.code === 404))) throw error
    }
  }
  const stamp = (object: KubeObject, now: number) => {
    const micro = tick(now)
    return { name: uniqueName(object, now, micro), time: microTime(now, micro) }
  }

  /** All that recorders remember. */
  const caches: { clear(): void }[] = []
  const cache = <V>(): Map<string, V> => {
    const made = new Map<string, V>()
    caches.push(made)
    return made
  }

  const recorderOf = (component: string, host?: string): RecordEvent => {
    const events = registry.as(managerOf(component))
    if (component === SCHEDULER) {
      const now = () => clock.now()
      return createSeriesRecorder({ events, component, host: CONTROL_PLANE, now, stamp, create, known: cache() })
    }
    const similar = cache<Similar>()
    const seen = cache<Seen>()
    const spam = cache<{ tokens: number; at: number }>()

    const combine = (key: string, message: string, now: number): boolean => {
      const known = similar.get(key)
      const entry = known && now - known.last <= SIMILAR_WINDOW_MS ? known : { messages: new Set<string>(), last: now }
      remember(similar, key, entry)
      entry.messages.add(message)
      entry.last = now
      if (entry.messages.size < SIMILAR_LIMIT) return false
      entry.messages.delete(entry.messages.values().next().value ?? '')
      return true
    }
    const isSpam = (key: string, now: number): boolean => {
      const bucket = spam.get(key) ?? { tokens: SPAM_BURST, at: now }
      const tokens = Math.min(SPAM_BURST, bucket.tokens + (now - bucket.at) / SPAM_REFILL_MS)
      remember(spam, key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
      return tokens < 1
    }

    return (object, type, reason, message, fieldPath) => {
      const now = clock.now()
      const micro = tick(now)
      const { uid, name, namespace = '' } = object.metadata
      const about = `${object.kind}/${namespace}/${name}/${uid}/${fieldPath ?? ''}`
      const group = `${about}/${type}/${reason}`
      const isCombined = combine(group, message, now)
      const key = isCombined ? group : `${group}/${message}`
      const text = isCombined ? `(combined from similar events): ${message}` : message
      const old = seen.get(key)
      const entry = remember(seen, key, {
        name: old?.name ?? uniqueName(object, now, micro),
        count: (old?.count ?? 0) + 1,
        namespace: namespace || 'default',
      })
      if (isSpam(about, now)) return

      if (old) {
        const stored = events.modify('events', entry.namespace, entry.name, event => {
          event.count = entry.count
          event.message = text
          event.lastTimestamp = timestamp(now)
          return event
        })
        if (stored) return
        entry.count = 1
      }
      create(events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: entry.name, namespace: entry.namespace } as KubeObject['metadata'],
        involvedObject: {
          kind: object.kind,
          ...(namespace && { namespace }),
          name,
          uid,
          apiVersion: object.apiVersion,
          resourceVersion: object.metadata.resourceVersion,
          ...(fieldPath && { fieldPath }),
        },
        reason,
        message: text,
        type,
        count: entry.count,
        firstTimestamp: timestamp(now),
        lastTimestamp: timestamp(now),
        // A legacy Event has none; set here so that a picture can show phases shorter than a second.
        eventTime: microTime(now, micro),
        source: { component, ...(host && { host }) },
        reportingComponent: component,
        reportingInstance: host ?? '',
      })
    }
  }
  return Object.assign(recorderOf, {
    forget() {
      for (const each of caches) each.clear()
    },
  })
}
