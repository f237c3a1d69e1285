// The cluster domain over the contract: targets, the current cluster's objects in frames, a Pod's last log lines.

import { type Clusters, type FeedEvent, keyOf } from '../cluster/index.ts'
import type { Change, Kind, ObjectsEvent } from '../contract/cluster.ts'
import type { Services } from '../contract/define.ts'
import { AppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import type { Clock } from '../platform/clock.ts'
import { createChanging } from '../terminal/changing.ts'

export interface ClusterServiceDeps {
  clusters: Clusters
  clock: Clock
}

/** One picture on a screen; changes within it are told together. */
const frameMs = 16

export const createClusterService = ({ clusters, clock }: ClusterServiceDeps): Services<AppContract>['cluster'] => {
  const targets = createChanging(clusters.targets())
  clusters.onTargets(() => targets.set(clusters.targets()))

  return {
    targets: async function* (_, { signal }) {
      await clusters.refresh()
      yield* targets.stream(signal)
    },
    use: async ({ id }) => {
      await clusters.use(id)
      return {}
    },
    stop: async ({ id }) => {
      await clusters.stop(id)
      return {}
    },
    objects: ({ kinds }, { signal }) => objects(clusters, clock, kinds, signal),
    logs: async ({ namespace, pod, container, tail }, { signal }) => {
      const { connection } = await clusters.ready(signal)
      const query = new URLSearchParams({ tailLines: String(tail), ...(container === undefined ? {} : { container }) })
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query}`
      const { status, body } = await connection.request('GET', path, { signal })
      if (status >= 300) throw new AppError('cluster.refused', { server: connection.server, status, message: body.slice(0, 300) })
      return { text: body }
    },
  }
}

/** What has happened since the reader last took an event: a whole picture, or the newest state of each object. */
interface Pending {
  snapshot?: ObjectsEvent
  changes: Map<string, Change>
}

/** A slow reader gets fewer, larger events: what waits for it never outgrows the cluster itself. */
async function* objects(
  clusters: Clusters,
  clock: Clock,
  kinds: readonly Kind[],
  signal: AbortSignal,
): AsyncGenerator<ObjectsEvent> {
  let pending: Pending = { changes: new Map() }
  let wake = (): void => {}
  let cluster: string | null = null
  let feed: object | undefined
  let unsubscribe = (): void => {}

  const tell = (event: FeedEvent): void => {
    if (event.type === 'snapshot') {
      const all = kinds.flatMap(kind => [...(event.snapshot.get(kind) ?? [])])
      pending = { snapshot: { type: 'snapshot', cluster: cluster ?? '', objects: all }, changes: new Map() }
    } else for (const change of event.changes) pending.changes.set(keyOf(change.object), change)
    wake()
  }
  const follow = (): void => {
    const { current } = clusters.targets()
    const handle = clusters.current()
    // an empty picture at once, so that no screen shows the last cluster under the next one's name
    if (current !== null && current !== cluster) {
      cluster = current
      pending = { snapshot: { type: 'snapshot', cluster, objects: [] }, changes: new Map() }
      wake()
    }
    if (handle?.feed === feed) return
    unsubscribe()
    unsubscribe = (): void => {}
    feed = handle?.feed
    if (handle !== undefined) unsubscribe = handle.feed.subscribe(kinds, tell)
  }
  const stopFollowing = clusters.onTargets(follow)
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort)
  try {
    follow()
    while (!signal.aborted) {
      if (pending.snapshot === undefined && pending.changes.size === 0) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
        if (!signal.aborted && pending.snapshot === undefined) await clock.sleep(frameMs)
        continue
      }
      const { snapshot, changes } = pending
      pending = { changes: new Map() }
      if (snapshot !== undefined) yield snapshot
      if (changes.size > 0) yield { type: 'changes', changes: [...changes.values()] }
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    stopFollowing()
    unsubscribe()
  }
}
