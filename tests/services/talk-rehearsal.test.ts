// Rehearsals over the contract: followed, kept with each turn, and forgotten when asked.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Rehearsals } from '../../electron/contract/talk.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { type JsonFile, openJsonFile } from '../../electron/platform/json-file.ts'
import { createPlace, noPlaces, type Place } from '../../electron/services/talk-place.ts'
import { createTalkRehearsal, type KeptRuns, keptRuns, noRuns } from '../../electron/services/talk-rehearsal.ts'
import { until } from '../rpc/suite.ts'

let folder = ''
let now = 0
let place: Place
const clock = { ...realClock, now: () => now }
const context = () => ({ signal: new AbortController().signal })
const report = (error: unknown) => {
  throw error
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-rehearsal-'))
  now = 1_000_000
  place = createPlace({ deckName: '', kept: { value: noPlaces, set: async () => {} }, clock, report })
})
afterEach(async () => {
  // Writes wait for one another: after one more, all are done.
  for (const file of files) await file.set(file.value)
  files = []
  rmSync(folder, { recursive: true })
})

const path = () => join(folder, 'rehearsals.json')
const written = (text: string) =>
  until(() => existsSync(path()) && readFileSync(path(), 'utf8').includes(text), `${text} is on disk`)
let files: JsonFile<KeptRuns>[] = []
const open = async (deckName = '') => {
  const kept = await openJsonFile<KeptRuns>({ path: path(), schema: keptRuns, initial: noRuns, broken: 'settings.broken', clock })
  files.push(kept)
  return createTalkRehearsal({ deckName, keptRuns: kept, place, clock, report })
}
const state = async (rehearsal: Awaited<ReturnType<typeof open>>): Promise<Rehearsals> => {
  for await (const told of rehearsal.rehearsals({}, context())) return told
  throw new Error('no state')
}

it('starts the timer, times the slides, holds the timer at the end, and is there after a restart', async () => {
  const rehearsal = await open()
  await rehearsal.rehearse({ action: 'start' }, context())
  expect(place.position.get().timer).toEqual({ startedAt: 1_000_000, before: 0 })
  now += 30_000
  place.go({ slide: 'pod' })
  now += 60_000
  await rehearsal.rehearse({ action: 'stop' }, context())
  const run = { at: 1_000_000, took: { cover: 30_000, pod: 60_000 } }
  expect(await state(rehearsal)).toEqual({ now: null, runs: [run] })
  expect(place.position.get().timer).toEqual({ startedAt: null, before: 90_000 })
  await written('60000')
  expect((await state(await open())).runs).toEqual([run])
  expect((await state(await open('/another/deck'))).runs).toEqual([])
})

it('loses no more than the last slide when it is cut off', async () => {
  const rehearsal = await open()
  await rehearsal.rehearse({ action: 'start' }, context())
  now += 30_000
  place.go({ slide: 'pod' })
  now += 5_000
  place.go({ slide: 'service' })
  await written('"service": 0')
  expect((await state(await open())).runs).toEqual([{ at: 1_000_000, took: { cover: 30_000, pod: 5_000, service: 0 } }])
  // The one that goes on is told once, not among those that are over.
  expect((await state(rehearsal)).runs).toEqual([])
})

it('keeps ten, and forgets them all', async () => {
  const rehearsal = await open()
  for (let n = 0; n < 12; n++) {
    now += 1000
    await rehearsal.rehearse({ action: 'start' }, context())
    await rehearsal.rehearse({ action: 'stop' }, context())
  }
  expect((await state(rehearsal)).runs).toHaveLength(10)
  expect((await state(rehearsal)).runs[0]?.at).toBe(1_012_000)
  await rehearsal.forgetRehearsals({}, context())
  expect(await state(rehearsal)).toEqual({ now: null, runs: [] })
  // To stop what has not begun is nothing.
  await rehearsal.rehearse({ action: 'stop' }, context())
  expect((await state(rehearsal)).runs).toEqual([])
})
