import { expect, test } from 'vitest'
import { clusterForTests } from '../api/harness.ts'
import { kubectlFor } from './kubectl.ts'

const cluster = clusterForTests()
const { kubectl, until } = kubectlFor(cluster)
const renewed = async (node: string) =>
  Date.parse(await kubectl(`get lease ${node} -n kube-node-lease -ojsonpath={.spec.renewTime}`))

test('nodes renew their Leases every ten seconds, a new one from its start, one without power no more', async () => {
  expect(await kubectl('get leases -n kube-node-lease -ojsonpath={.items[*].spec.holderIdentity}')).toBe('node1 node2')
  expect(await kubectl('describe node node1')).toMatch(
    /Lease:\s+HolderIdentity:\s+node1\n\s+AcquireTime:\s+<unset>\n\s+RenewTime:\s+\w+/,
  )
  const first = await renewed('node1')
  const { nodes, clock } = cluster.practice
  nodes.add()
  expect(await kubectl('get lease node3 -n kube-node-lease -ojsonpath={.spec.leaseDurationSeconds}')).toBe('40')
  nodes.kill('node2')
  const silent = await renewed('node2')
  clock.setSpeed(100)
  await until(() => kubectl('get node node2'), /NotReady/)
  clock.setSpeed(1)
  expect(await renewed('node2')).toBe(silent)
  const since = (await renewed('node1')) - first
  expect(since).toBeGreaterThanOrEqual(40_000)
  expect(clock.now() - (await renewed('node1'))).toBeLessThan(12_000)
  nodes.revive('node2')
  await kubectl('wait --for=condition=Ready node/node2 --timeout=10s')
  expect(await renewed('node2')).toBeGreaterThan(silent + 40_000)
  await kubectl('delete node node3')
  await until(() => kubectl('get leases -n kube-node-lease -oname'), /^\S+node1\n\S+node2$/)
}, 60_000)
