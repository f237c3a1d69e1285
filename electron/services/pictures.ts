// The current cluster as it is now, then again after changes: for whoever thinks about the whole of it.

import { type Clusters, emptySnapshot, type Snapshot } from '../cluster/index.ts'
import type { Kind } from '../contract/cluster.ts'
import type { Clock } from '../platform/clock.ts'

export interface Picture {
  /** Empty while there is no cluster, or it has not been listed. */
  snapshot: Snapshot
  /** Asks for the same picture again after some milliseconds, if nothing changes before. */
  lookAgainIn(ms: number): void
}

export interface PicturesOptions {
  clusters: Clusters
  clock: Clock
  kinds: readonly Kind[]
  /** Between two of them: people read no faster, and a busy cluster costs no more than this often. */
  gapMs?: number
}

/** The first one at once; again also when a cluster is chosen, starts, or fails. */
export async function* pictures(
  { clusters, clock, kinds, gapMs = 100 }: PicturesOptions,
  signal: AbortSignal,
): AsyncGenerator<Picture> {
  let snapshot = emptySnapshot
  let feed: object | undefined
  let isNew = true
  let wake = (): void => {}
  let unsubscribe = (): void => {}
  let timer = new AbortController()
  const tell = (next: Snapshot): void => {
    snapshot = next
    isNew = true
    wake()
  }
  const follow = (): void => {
    const handle = clusters.current()
    const isOther = handle?.feed !== feed
    tell(isOther ? emptySnapshot : snapshot)
    if (!isOther) return
    unsubscribe()
    feed = handle?.feed
    unsubscribe = handle ? handle.feed.subscribe(kinds, event => tell(event.snapshot)) : () => {}
  }
  const stopFollowing = clusters.onTargets(follow)
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort)
  try {
    follow()
    while (!signal.aborted) {
      if (!isNew)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      if (signal.aborted) return
      isNew = false
      timer = new AbortController()
      const { signal: stays } = timer
      const lookAgainIn = (ms: number): void => {
        const again = (): void => {
          isNew = true
          wake()
        }
        // only its end cuts this sleep short
        void clock.sleep(ms, stays).then(again, () => undefined)
      }
      yield { snapshot, lookAgainIn }
      await clock.sleep(gapMs, signal).catch(() => undefined) // the loop looks at the signal
      if (isNew) timer.abort()
    }
  } finally {
    timer.abort()
    signal.removeEventListener('abort', onAbort)
    stopFollowing()
    unsubscribe()
  }
}
