import { afterEach, expect, test } from 'vitest'
import { deploymentOf, getDeployment, startCluster, type TestCluster } from './cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

// The goal is 3 s on an idle machine; the bound leaves room for a busy one and still fails on anything quadratic.
test('a thousand Pods on five nodes are Ready in seconds, and gone in seconds', { timeout: 40_000 }, async () => {
  cluster = startCluster({ nodes: 5, podsPerNode: 250 })
  cluster.create('deployments.apps', 'web', deploymentOf('web', 1000, 'web:1'))
  await cluster.until('all are ready', () => getDeployment(cluster, 'web').status?.readyReplicas === 1000, 10_000)
  const { store } = cluster.registry
  const perNode = new Map<string, number>()
  for (const { spec } of cluster.pods()) perNode.set(spec.nodeName ?? '', (perNode.get(spec.nodeName ?? '') ?? 0) + 1)
  expect([...perNode.values()]).toEqual([200, 200, 200, 200, 200])
  // Not one Event for each Pod made: the recorder combines and then drops.
  const set = store.list('replicasets.apps')[0]?.metadata.name ?? ''
  expect(cluster.events(set).length).toBeLessThanOrEqual(10)
  cluster.registry.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Background' })
  await cluster.until('all are gone', () => cluster.pods().length === 0, 10_000)
  expect(cluster.errors).toEqual([])
})
