// The talk's place: what all windows share, and what the next start finds again.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Position } from '../../electron/contract/talk.ts'
import type { Clock } from '../../electron/platform/clock.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { openJsonFile } from '../../electron/platform/json-file.ts'
import { createPlace, type KeptPlaces, keptPlaces, noPlaces, type Place } from '../../electron/services/talk-place.ts'
import { until } from '../rpc/suite.ts'

let folder = ''
let now = 0
const clock: Clock = { ...realClock, now: () => now }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-talk-'))
  now = 1_800_000_000_000
})
const opened: Place[] = []
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close()
  rmSync(folder, { recursive: true })
})

const path = () => join(folder, 'talk.json')
const open = async (deckName = '') => {
  const kept = await openJsonFile<KeptPlaces>({
    path: path(),
    schema: keptPlaces,
    initial: noPlaces,
    broken: 'settings.broken',
    clock,
  })
  const faults: unknown[] = []
  const place = createPlace({ deckName, kept, clock, report: fault => faults.push(fault) })
  opened.push(place)
  return { place, faults }
}
const written = async (text: string) =>
  until(() => {
    try {
      return readFileSync(path(), 'utf8').includes(text)
    } catch {
      return false
    }
  }, `${text} is on disk`)

describe('the place', () => {
  it('is the cover in a new home', async () => {
    const { place } = await open()
    expect(place.position.get()).toMatchObject({ slide: 'cover', blank: null, zoom: null, filter: 'none', isResumed: false })
  })

  it('is found again by the next start, with filter, plan and a timer that went on', async () => {
    const first = await open()
    first.place.aim({ minutes: 45, shares: { pod: 1000 } })
    first.place.go({ filter: 'contrast', timer: { startedAt: now, before: 3000 } })
    first.place.go({ slide: 'pod', blank: 'black' })
    await written('"slide": "pod"')
    now += 60_000
    const { place, faults } = await open()
    expect(place.position.get()).toMatchObject({
      slide: 'pod',
      blank: null,
      filter: 'contrast',
      timer: { startedAt: now - 60_000, before: 3000 },
      isResumed: true,
    })
    expect(place.plan.get()).toEqual({ minutes: 45, shares: { pod: 1000 } })
    expect(faults).toEqual([])
    place.go({ slide: 'cover' })
    expect(place.position.get().isResumed).toBe(false)
  })

  it('forgets a timer of yesterday, not the slide', async () => {
    const first = await open()
    first.place.go({ slide: 'pod', timer: { startedAt: now, before: 0 } })
    await written('"slide": "pod"')
    now += 20 * 3_600_000
    expect((await open()).place.position.get()).toMatchObject({ slide: 'pod', timer: { startedAt: null, before: 0 } })
  })

  it('keeps each deck’s place apart', async () => {
    const own = await open('/home/me/deck')
    own.place.go({ slide: 'hello' })
    await written('"slide": "hello"')
    expect((await open()).place.position.get().slide).toBe('cover')
    expect((await open('/home/me/deck')).place.position.get().slide).toBe('hello')
  })

  it('ends the zoom with a turn, not with a glance', async () => {
    const { place } = await open()
    const zoom = { x: 0, y: 0, width: 960 }
    place.go({ slide: 'pod' })
    place.go({ zoom })
    place.go({ blank: 'white' })
    place.go({ slide: 'pod' })
    expect(place.position.get()).toMatchObject({ zoom, blank: 'white' })
    place.go({ slide: 'service' })
    expect(place.position.get().zoom).toBeNull()
  })

  it('ends the zoom when something comes beside the slide, or goes: what was enlarged lies elsewhere then', async () => {
    const { place } = await open()
    const zoom = { x: 0, y: 0, width: 960 }
    for (const beside of ['terminal', 'nothing'] as const) {
      place.go({ zoom })
      place.go({ beside })
      expect(place.position.get()).toMatchObject({ beside, zoom: null })
    }
    place.go({ zoom })
    place.go({ beside: 'nothing' })
    expect(place.position.get().zoom).toEqual(zoom)
  })

  it('writes the last of many turns, not each of them', async () => {
    const { place } = await open()
    for (let n = 0; n < 300; n++) place.go({ slide: `slide-${n}` })
    await written('"slide-299"')
  })

  it('tells every window, the present place first', async () => {
    const { place } = await open()
    const stop = new AbortController()
    const seen: Position['slide'][] = []
    const reading = (async () => {
      for await (const { slide } of place.position.stream(stop.signal)) seen.push(slide)
    })()
    await until(() => seen.length === 1, 'the first place was told')
    place.go({ slide: 'pod' })
    await until(() => seen.length === 2, 'the turn was told')
    stop.abort()
    await reading
    expect(seen).toEqual(['cover', 'pod'])
  })
})
