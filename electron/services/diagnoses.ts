// Why things are not ready, told as it changes: all troubles of the current cluster, one object's, and a diagnosis' command.

import type { Clusters } from '../cluster/index.ts'
import { emptySnapshot, type Snapshot } from '../cluster/index.ts'
import type { Look } from '../contract/cluster.ts'
import type { Cause, Diagnosis } from '../contract/diagnosis.ts'
import { AppError } from '../contract/errors.ts'
import { diagnose, diagnoseAll, diagnosisKinds, lifeIn } from '../diagnosis/diagnose.ts'
import type { Clock } from '../platform/clock.ts'

/** People read no faster; a busy cluster costs no more than this often. */
const gapMs = 100
/** A Service whose Pods are just starting is no trouble yet: these causes must last so long to be told among all. */
const patience: Partial<Record<Cause, number>> = { 'service.noMatch': 1500, 'service.noneReady': 1500, 'dns.down': 1500 }

export interface Diagnoses {
  all(signal: AbortSignal): AsyncGenerator<Diagnosis[]>
  look(uid: string, signal: AbortSignal): AsyncGenerator<Look>
  /** The words of a command that a page names by its place. @throws AppError diagnosis.gone where the trouble is another by now */
  command(place: { uid: string; cause: Cause; index: number }, signal: AbortSignal): Promise<string>
}

export const createDiagnoses = ({ clusters, clock }: { clusters: Clusters; clock: Clock }): Diagnoses => ({
  all: signal => changesOf(settled(pictures(clusters, clock, signal), clock)),
  look: (uid, signal) => changesOf(lookedAt(pictures(clusters, clock, signal), uid)),
  command: async ({ uid, cause, index }, signal) => {
    await clusters.ready(signal)
    for await (const { snapshot } of pictures(clusters, clock, signal)) {
      if (snapshot.size === 0) continue
      const object = find(snapshot, uid)
      const found = object && diagnose(object, snapshot)
      const next = found?.cause === cause ? found.next[index] : undefined
      if (next === undefined) break
      return next.command
    }
    throw new AppError('diagnosis.gone')
  },
})

const find = (snapshot: Snapshot, uid: string) => {
  for (const kind of diagnosisKinds) {
    const object = kind === 'Event' ? undefined : snapshot.get(kind)?.find(({ metadata }) => metadata.uid === uid)
    if (object) return object
  }
  return undefined
}

async function* lookedAt(all: AsyncIterable<Picture>, uid: string): AsyncGenerator<Look> {
  for await (const { snapshot } of all) {
    const object = find(snapshot, uid)
    yield { trouble: (object && diagnose(object, snapshot)) ?? null, life: object ? lifeIn(object, snapshot) : [] }
  }
}

/** Holds back what may be over in a moment; what was there at the first look is told at once. */
async function* settled(all: AsyncIterable<Picture>, clock: Clock): AsyncGenerator<Diagnosis[]> {
  let since: Map<string, number> | undefined
  for await (const { snapshot, lookAgainIn } of all) {
    const now = clock.now()
    const before = since
    since = new Map()
    const told: Diagnosis[] = []
    for (const trouble of diagnoseAll(snapshot)) {
      const key = `${trouble.subject.uid} ${trouble.cause}`
      const from = before === undefined ? 0 : (before.get(key) ?? now)
      since.set(key, from)
      const left = from + (patience[trouble.cause] ?? 0) - now
      if (left <= 0) told.push(trouble)
      else lookAgainIn(left)
    }
    if (snapshot.size === 0) since = undefined
    yield told
  }
}

/** Leaves out what is the same as the one before. */
async function* changesOf<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
  let before: string | undefined
  for await (const value of values) {
    const text = JSON.stringify(value)
    if (text === before) continue
    before = text
    yield value
  }
}

interface Picture {
  /** Empty while there is no cluster, or it has not been listed. */
  snapshot: Snapshot
  /** Asks for the same picture again after some milliseconds, if nothing changes before. */
  lookAgainIn(ms: number): void
}

/** The current cluster as it is now, then again after changes, but not more often than people read. */
async function* pictures(clusters: Clusters, clock: Clock, signal: AbortSignal): AsyncGenerator<Picture> {
  let snapshot = emptySnapshot
  let feed: object | undefined
  let isNew = true
  let wake = (): void => {}
  let unsubscribe = (): void => {}
  const tell = (next: Snapshot): void => {
    snapshot = next
    isNew = true
    wake()
  }
  const follow = (): void => {
    const handle = clusters.current()
    if (handle?.feed === feed) return
    unsubscribe()
    feed = handle?.feed
    tell(emptySnapshot)
    unsubscribe = handle ? handle.feed.subscribe(diagnosisKinds, event => tell(event.snapshot)) : () => {}
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
      const timer = new AbortController()
      const lookAgainIn = (ms: number): void => {
        const again = (): void => {
          isNew = true
          wake()
        }
        // only its end cuts this sleep short
        void clock.sleep(ms, timer.signal).then(again, () => undefined)
      }
      yield { snapshot, lookAgainIn }
      await clock.sleep(gapMs, signal).catch(() => undefined) // the loop looks at the signal
      if (isNew) timer.abort()
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    stopFollowing()
    unsubscribe()
  }
}
