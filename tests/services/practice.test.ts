// The practice cluster's clock as windows see it, whenever they are opened.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clusters } from '../../electron/cluster/index.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { createPracticeService } from '../../electron/services/practice.ts'
import { first, practiceClusters } from './practice-clusters.ts'

const context = { signal: new AbortController().signal }
const reported: unknown[] = []
let folder: string
let clusters: Clusters
let practice: ReturnType<typeof createPracticeService>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khw-practice-'))
  clusters = practiceClusters(folder)
  practice = createPracticeService({ clusters, clock: realClock, setAside: () => {}, report: error => reported.push(error) })
  await clusters.use('practice')
})
afterAll(async () => {
  practice.close()
  await clusters.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What a window that opens now is told first. */
const opened = () =>
  first(
    signal => practice.service.state({}, { signal }),
    state => state !== null,
  )

test('a window that opens later sees the time as it is then; a held cluster’s time stands', async () => {
  const early = await opened()
  expect(Math.abs(early!.clock.now - Date.now())).toBeLessThan(1000)
  await sleep(1500)
  expect((await opened())!.clock.now - early!.clock.now).toBeGreaterThanOrEqual(1500)

  await practice.service.clock({ speed: 100 }, context)
  const fast = await opened()
  await sleep(500)
  expect((await opened())!.clock.now - fast!.clock.now).toBeGreaterThanOrEqual(50_000)

  await practice.service.clock({ action: 'pause' }, context)
  const held = await opened()
  await sleep(500)
  expect(await opened()).toEqual(held)
  expect(reported).toEqual([])
})
