// The trace and the load of a real practice cluster, as a real kubectl changes it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clusters } from '../../electron/cluster/index.ts'
import { inOrder, type Journey, type TraceEvent } from '../../electron/contract/trace.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { createKubectlFinder } from '../../electron/platform/kubectl.ts'
import { loadOf } from '../../electron/services/cluster-load.ts'
import { createTraceService } from '../../electron/services/trace.ts'
import { first, kubectlOn, practiceClusters } from './practice-clusters.ts'

let folder: string
let clusters: Clusters
let trace: ReturnType<typeof createTraceService>
let kubectl: (...args: string[]) => Promise<string>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khw-trace-'))
  clusters = practiceClusters(folder)
  trace = createTraceService({ clusters, clock: realClock })
  const { path = '' } = (await createKubectlFinder()()) ?? {}
  kubectl = (...args) => kubectlOn(clusters, path, ...args)
  await clusters.use('practice')
  await clusters.ready()
})
afterEach(async () => {
  trace.close()
  await clusters.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Everything told, from the snapshot on, until it fits. */
const heardUntil = (fits: (all: Journey[]) => boolean): Promise<Journey[]> => {
  let all: Journey[] = []
  const add = async function* (signal: AbortSignal) {
    for await (const event of trace.service.journeys({}, { signal }) as AsyncIterable<TraceEvent>) {
      all = inOrder(event.type === 'snapshot' ? event.journeys : [...all, ...event.journeys])
      yield all
    }
  }
  return first(add, fits)
}
const told = ({ by, deed, kind }: Journey): string => `${by.role} ${deed} ${kind}`
test('a Deployment’s way is told write by write, in the order of its revisions, with who wrote each', async () => {
  const listening = heardUntil(all => all.some(journey => told(journey) === 'deployment-controller ready Deployment'))
  await first(
    signal => trace.service.journeys({}, { signal }) as AsyncIterable<TraceEvent>,
    event => event.type === 'snapshot' && event.cluster === 'practice',
  )
  await kubectl('create', 'deployment', 'hello', '--image=openresty/openresty:alpine')
  const all = await listening
  const chain = [
    'kubectl created Deployment',
    'deployment-controller created ReplicaSet',
    'replicaset-controller created Pod',
    'kube-scheduler scheduled Pod',
    'kubelet started Pod',
    'kubelet ready Pod',
    'replicaset-controller ready ReplicaSet',
    'deployment-controller ready Deployment',
  ]
  const at = chain.map(line => all.findIndex(journey => told(journey) === line))
  // Containers here run and are ready in one write, or in two.
  const found = at.filter((_, index) => chain[index] !== 'kubelet started Pod')
  expect(found).not.toContain(-1)
  expect(found).toEqual(found.toSorted((a, b) => a - b))
  expect(all.find(journey => told(journey) === 'kubectl created Deployment')?.client).toMatch(/^kubectl/)

  // Whoever asks later is told all that was kept, and who deleted what afterwards.
  const later = heardUntil(journeys => journeys.some(journey => told(journey) === 'kubelet gone Pod'))
  await kubectl('delete', 'deployment', 'hello', '--wait=false')
  const more = await later
  expect(more.slice(0, all.length).map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  const end = more.slice(all.length).map(told)
  expect(end).toEqual(
    expect.arrayContaining(['kubectl gone Deployment', 'garbage-collector gone ReplicaSet', 'garbage-collector leaving Pod']),
  )
})

test('the API server’s own figures: open watches, and requests a second', async () => {
  // Whoever listens to the trace keeps watches open.
  const stop = new AbortController()
  const listening = (async () => {
    for await (const event of trace.service.journeys({}, { signal: stop.signal })) expect(event.type).toBeDefined()
  })()
  const busy = await first(
    signal => loadOf(clusters, realClock, signal),
    load => (load?.watches ?? 0) > 10,
  )
  expect(busy?.requestsPerSecond).toBeGreaterThan(0)
  expect(await kubectl('get', '--raw', '/metrics')).toMatch(/^apiserver_longrunning_requests\{verb="WATCH"\} 1\d$/m)
  stop.abort()
  await listening
})
