// The cluster domain over the contract: targets, the current cluster's objects in frames, a Pod's last log lines, an object's text and end.

import { stringify } from 'yaml'
import { type Clusters, type FeedEvent, keyOf, pathOf } from '../cluster/index.ts'
import type { Change, Kind, KubeObject, ObjectsEvent } from '../contract/cluster.ts'
import type { Services } from '../contract/define.ts'
import { isLook, isUnfinished } from '../contract/diagnosis.ts'
import { AppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import { loadOf } from './cluster-load.ts'
import { createDiagnoses } from './diagnoses.ts'
import type { TerminalService } from './terminal.ts'

export interface ClusterServiceDeps {
  clusters: Clusters
  clock: Clock
  terminal: Pick<TerminalService, 'sessions' | 'type' | 'draft'>
}

/** One picture on a screen; changes within it are told together. */
const frameMs = 16

export const createClusterService = ({ clusters, clock, terminal }: ClusterServiceDeps): Services<AppContract>['cluster'] => {
  const targets = createChanging(clusters.targets())
  clusters.onTargets(() => targets.set(clusters.targets()))
  const diagnoses = createDiagnoses({ clusters, clock })

  /** A terminal speaks to the cluster that it was opened for: a command for another one must not run there. */
  const type = async (id: string, line: string): Promise<void> => {
    const { current } = clusters.targets()
    const cluster = await clusterOf(terminal, id)
    if (cluster !== current) throw new AppError('lesson.elsewhere', { terminal: id, cluster: cluster ?? '' })
    // what is unfinished, or would change a cluster that is not practice, waits for the user's own Enter
    if (isLook(line) || (current === 'practice' && !isUnfinished(line))) await terminal.type(id, line)
    else if (!isUnfinished(line)) await terminal.draft(id, line)
    else await terminal.draft(id, line.replace(/(?<=[ :=])\w+$/, ''))
  }

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
    diagnoses: (_, { signal }) => diagnoses.all(signal),
    load: (_, { signal }) => loadOf(clusters, clock, signal),
    look: ({ uid }, { signal }) => diagnoses.look(uid, signal),
    act: async ({ terminal: id, ...place }, { signal }) => {
      await type(id, await diagnoses.command(place, signal))
      return {}
    },
    enter: async ({ namespace, pod, container, by, terminal: id }) => {
      const place = `${word(pod)}${namespace === 'default' ? '' : ` -n ${word(namespace)}`}`
      const of = container === undefined ? '' : ` -c ${word(container)}`
      await type(id, by === 'exec' ? `kubectl exec -it ${place}${of} -- sh` : `kubectl logs -f --tail=100 ${place}${of}`)
      return {}
    },
    yaml: async ({ kind, namespace, name }, { signal }) => {
      const { connection } = await clusters.ready(signal)
      const object = (await connection.json('GET', pathOf(kind, namespace, name), { signal })) as KubeObject
      const { managedFields: _, ...metadata } = object.metadata
      return { text: stringify({ ...object, metadata }, { lineWidth: 0 }) }
    },
    delete: async ({ cluster, kind, namespace, name, uid, confirm }) => {
      const handle = await clusters.ready()
      if (handle.id !== cluster) throw new AppError('cluster.unknown', { id: cluster })
      if (handle.id !== 'practice' && confirm !== name) throw new AppError('cluster.unconfirmed', { name })
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid } }
      await handle.connection.json('DELETE', pathOf(kind, namespace, name), { body })
      return {}
    },
  }
}

/** Kubernetes' own names, and nothing that a shell would take for more. @throws AppError request.invalid */
const word = (name: string): string => {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new AppError('request.invalid', { problem: name })
  return name
}

const clusterOf = async (terminal: Pick<TerminalService, 'sessions'>, id: string): Promise<string | null> => {
  for await (const sessions of terminal.sessions({}, { signal: AbortSignal.timeout(1_000) }))
    return sessions.find(session => session.id === id)?.cluster ?? null
  return null
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
