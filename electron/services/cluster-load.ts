// How busy the current cluster's API server is, asked again every few seconds while somebody listens.

import type { Clusters, Handle } from '../cluster/index.ts'
import { type Counts, countsOf } from '../cluster/load.ts'
import type { Load } from '../contract/cluster.ts'
import type { Clock } from '../platform/clock.ts'

/** A real cluster's metrics are a megabyte or two: seldom enough for them, often enough for a talk. */
const everyMs = 3_000

/** Undefined where the server does not say, or does not tell us. */
const ask = async ({ connection }: Handle, signal: AbortSignal): Promise<Counts | undefined> => {
  const { status, body } = await connection.request('GET', '/metrics', { signal })
  return status === 200 ? countsOf(body) : undefined
}

export async function* loadOf(clusters: Clusters, clock: Clock, signal: AbortSignal): AsyncGenerator<Load | null> {
  yield null
  let before: { handle: Handle; at: number; requests: number } | undefined
  while (!signal.aborted) {
    const handle = clusters.current()
    // A cluster that does not answer is told of elsewhere; here its load is unknown.
    const counts = handle && (await ask(handle, signal).catch(() => undefined))
    const at = clock.now()
    if (signal.aborted) return
    if (!handle || !counts) {
      yield null
      before = undefined
    } else {
      if (before?.handle === handle && counts.requests >= before.requests)
        yield { watches: counts.watches, requestsPerSecond: (counts.requests - before.requests) / ((at - before.at) / 1000) }
      before = { handle, at, requests: counts.requests }
    }
    await clock.sleep(everyMs, signal).catch(() => undefined) // only the signal ends it early
  }
}
