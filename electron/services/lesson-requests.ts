// How many requests each Pod behind a lesson's Services has answered, read from its own access log: as true on any cluster.

import type { Handle, Snapshot } from '../cluster/index.ts'
import type { KubeObject } from '../contract/cluster.ts'
import type { RequestCount } from '../contract/lessons.ts'
import { type Attempt, isReady, under } from '../lessons/index.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'

/** A line of an access log in the common or combined format, for a request of somebody else than the kubelet or our own checks. */
export const isRequest = (line: string): boolean =>
  /"[A-Z]{3,7} \S+ HTTP\/[\d.]+" \d{3} /.test(line) && !/"(?:kube-probe\/[^"]*|kubernetes-hello-world)"/.test(line)

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {})

/** Ready Pods of the lesson that one of its own Services selects. */
export const podsServed = (own: readonly string[], snapshot: Snapshot): KubeObject[] => {
  const isOwn = under(new Set(own), snapshot)
  const services = (snapshot.get('Service') ?? []).filter(isOwn)
  return (snapshot.get('Pod') ?? []).filter(
    pod =>
      isOwn(pod) &&
      isReady(pod) &&
      services.some(({ metadata, spec }) => {
        const selector = Object.entries(record(record(spec).selector))
        const isSelected = selector.length > 0 && selector.every(([key, value]) => pod.metadata.labels?.[key] === value)
        return isSelected && metadata.namespace === pod.metadata.namespace
      }),
  )
}

/** One connection each: enough for any lesson, bearable for any cluster. */
const mostFollowed = 40
/** Told at most so often. */
const restMs = 100
const retryMs = 2_000

export interface RequestSource {
  /** The attempt and its cluster as they are now. */
  now(): Promise<{ handle: Handle; attempt: Attempt } | undefined>
  /** Tells that they may have changed. */
  listen(listener: () => void): () => void
  clock: Clock
  report(error: unknown): void
}

/** Counts until the signal fires; a Pod that is gone is no longer told. */
export async function* countRequests(source: RequestSource, signal: AbortSignal): AsyncGenerator<{ pods: RequestCount[] }> {
  const { clock, report } = source
  const counts = createChanging<ReadonlyMap<string, number>>(new Map())
  const followed = new Map<string, AbortController>()
  let of: Handle | undefined

  const add = (uid: string, count: number): void =>
    counts.set(new Map(counts.get()).set(uid, count === 0 ? 0 : (counts.get().get(uid) ?? 0) + count))

  const follow = async ({ connection }: Handle, pod: KubeObject, stop: AbortController): Promise<void> => {
    const { uid, namespace = 'default', name } = pod.metadata
    const container = record((record(pod.spec).containers as unknown[] | undefined)?.[0]).name
    const query = new URLSearchParams({ follow: 'true', tailLines: '5000', container: String(container) })
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log?${query}`
    const either = AbortSignal.any([signal, stop.signal])
    // its log is read from its beginning, whenever it is read
    add(uid, 0)
    try {
      await connection.textLines(path, line => isRequest(line) && add(uid, 1), { signal: either })
    } finally {
      await clock.sleep(retryMs, either).catch(() => undefined)
      if (followed.get(uid) === stop) followed.delete(uid)
    }
  }

  const sync = async (): Promise<void> => {
    const live = await source.now()
    if (live?.handle !== of) {
      for (const stop of followed.values()) stop.abort()
      followed.clear()
      counts.set(new Map())
      of = live?.handle
    }
    const { snapshot, record: progress } = live?.attempt ?? {}
    if (live === undefined || snapshot === undefined || signal.aborted) return
    const served = podsServed(progress?.own ?? [], snapshot).slice(0, mostFollowed)
    const uids = new Set(served.map(({ metadata }) => metadata.uid))
    for (const [uid, stop] of followed) if (!uids.has(uid)) stop.abort()
    if ([...counts.get().keys()].some(uid => !uids.has(uid)))
      counts.set(new Map([...counts.get()].filter(([uid]) => uids.has(uid))))
    for (const pod of served) {
      if (followed.has(pod.metadata.uid)) continue
      const stop = new AbortController()
      followed.set(pod.metadata.uid, stop)
      // a Pod that goes, or whose log may not be read, is simply not counted
      void follow(live.handle, pod, stop).catch(() => undefined)
    }
  }

  const syncNow = (): void => void sync().catch(report)
  const unlisten = source.listen(syncNow)
  syncNow()
  try {
    for await (const value of counts.stream(signal)) {
      yield { pods: [...value].map(([uid, count]) => ({ uid, count })) }
      await clock.sleep(restMs, signal).catch(() => undefined)
    }
  } finally {
    unlisten()
    for (const stop of followed.values()) stop.abort()
  }
}
