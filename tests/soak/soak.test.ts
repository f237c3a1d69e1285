import { expect, test } from 'vitest'
import { faultsAtRest, faultsNow, type Look, type Thing } from './invariants.ts'
import { soak } from './soak.ts'

test('some seconds of churn by HTTP clients leave the cluster as asked', async () => {
  const { actions, looks, faults } = await soak(4, 3)
  expect(faults).toEqual([])
  expect(actions).toBeGreaterThan(10)
  expect(looks).toBeGreaterThan(3)
}, 120_000)

test('faults are seen: an IP twice, a revision that falls, an orphan, a Pod too many', () => {
  const pod = (name: string, revision: string): Thing => ({
    metadata: { name, uid: name, resourceVersion: revision },
    status: { phase: 'Running', podIP: '10.42.0.2' },
  })
  const look = (revision: number, ...pods: Thing[]): Look => ({ revision, pods, replicaSets: [], deployments: [] })
  expect(faultsNow(look(9, pod('a', '3'), pod('b', '4')), undefined)).toEqual(['two running Pods have 10.42.0.2'])
  expect(faultsNow(look(9, pod('a', '3')), look(10, pod('a', '4')))).toEqual(['revision fell from 10 to 9', 'Pod a went back'])
  expect(faultsAtRest(look(9, pod('a', '3')), new Map())).toEqual(['a is an orphan', '1 Pods where 0 were asked'])
})
