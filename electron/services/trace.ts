// The trace over the contract: the current cluster's writes, heard from its watches, told in the order of their revisions.

import { type Clusters, emptySnapshot, type Feed, type FeedEvent } from '../cluster/index.ts'
import { journeyOf, traceKinds } from '../cluster/trace/index.ts'
import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import { inOrder, type Journey, type TraceEvent } from '../contract/trace.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'

/** So many last writes are kept. */
const kept = 2000
/** Each kind has a watch of its own: what is told within this time is told in its order. */
const settleMs = 100

interface Trace {
  /** Null until its watches have told what there is. */
  cluster: string | null
  /** As they were heard. */
  journeys: readonly Journey[]
  /** How many there were, with those that are no longer kept. */
  total: number
}

/** Listens from the first reader on: a trace that nobody asks for costs a cluster nothing. */
export const createTraceService = ({
  clusters,
  clock,
}: {
  clusters: Clusters
  clock: Clock
}): { service: Services<AppContract>['trace']; close(): void } => {
  const trace = createChanging<Trace>({ cluster: null, journeys: [], total: 0 })
  const closed = new AbortController()
  let stopTargets: (() => void) | undefined
  let stopFeed = (): void => {}
  let feed: Feed | undefined
  let snapshot = emptySnapshot
  let waiting: Journey[] = []

  const tell = (): void => {
    const { cluster, journeys, total } = trace.get()
    const more = inOrder(waiting)
    waiting = []
    if (more.length > 0) trace.set({ cluster, journeys: [...journeys, ...more].slice(-kept), total: total + more.length })
  }
  const hear = (event: FeedEvent): void => {
    const { current } = clusters.targets()
    if (trace.get().cluster !== current) trace.set({ cluster: current, journeys: [], total: 0 })
    if (event.type === 'changes')
      for (const change of event.changes) {
        const journey = journeyOf(change, snapshot, clock.now())
        if (journey === undefined) continue
        // a sleep ends early only when the service is closed
        if (waiting.length === 0) void clock.sleep(settleMs, closed.signal).then(tell, () => undefined)
        waiting.push(journey)
      }
    snapshot = event.snapshot
  }
  const look = (): void => {
    const handle = clusters.current()
    if (handle?.feed === feed) return
    stopFeed()
    waiting = []
    trace.set({ cluster: null, journeys: [], total: 0 })
    feed = handle?.feed
    snapshot = emptySnapshot
    stopFeed = feed?.subscribe(traceKinds, hear) ?? (() => {})
  }
  const start = (): void => {
    stopTargets = clusters.onTargets(look)
    look()
  }

  const journeys = async function* (_: object, { signal }: { signal: AbortSignal }): AsyncGenerator<TraceEvent> {
    if (!stopTargets) start()
    let told: Trace | undefined
    for await (const now of trace.stream(signal)) {
      const isNext = told && told.cluster === now.cluster && told.total <= now.total
      const more = isNext && told ? now.total - told.total : Number.POSITIVE_INFINITY
      told = now
      if (more > now.journeys.length) yield { type: 'snapshot', cluster: now.cluster, journeys: inOrder(now.journeys) }
      else if (more > 0) yield { type: 'more', journeys: now.journeys.slice(-more) }
    }
  }
  return {
    service: { journeys },
    close: () => {
      closed.abort()
      stopTargets?.()
      stopFeed()
    },
  }
}
