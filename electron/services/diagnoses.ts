// Why things are not ready, told as it changes: all troubles of the current cluster, one object's, and a diagnosis' command.

import type { Clusters, Snapshot } from '../cluster/index.ts'
import type { Look } from '../contract/cluster.ts'
import type { Cause, Diagnosis } from '../contract/diagnosis.ts'
import { AppError } from '../contract/errors.ts'
import { diagnose, diagnoseAll, diagnosisKinds, lifeIn } from '../diagnosis/diagnose.ts'
import type { Clock } from '../platform/clock.ts'
import { type Picture, pictures } from './pictures.ts'

/** A Service whose Pods are just starting is no trouble yet: these causes must last so many milliseconds to be told among all. */
const patience: Partial<Record<Cause, number>> = { 'service.noMatch': 1500, 'service.noneReady': 5000, 'dns.down': 5000 }

export interface Diagnoses {
  all(signal: AbortSignal): AsyncGenerator<Diagnosis[]>
  look(uid: string, signal: AbortSignal): AsyncGenerator<Look>
  /** The words of a command that a page names by its place. @throws AppError diagnosis.gone where the trouble is another by now */
  command(place: { uid: string; cause: Cause; index: number }, signal: AbortSignal): Promise<string>
}

export const createDiagnoses = ({ clusters, clock }: { clusters: Clusters; clock: Clock }): Diagnoses => ({
  all: signal => changesOf(settled(pictures({ clusters, clock, kinds: diagnosisKinds }, signal), clock)),
  look: (uid, signal) => changesOf(lookedAt(pictures({ clusters, clock, kinds: diagnosisKinds }, signal), uid)),
  command: async ({ uid, cause, index }, signal) => {
    await clusters.ready(signal)
    for await (const { snapshot } of pictures({ clusters, clock, kinds: diagnosisKinds }, signal)) {
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
