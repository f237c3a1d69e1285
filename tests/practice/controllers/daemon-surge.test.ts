import { afterEach, expect, test } from 'vitest'
import type { DaemonSet } from '../../../electron/practice/controllers/daemon-set-decision.ts'
import { isReady } from '../../../electron/practice/controllers/pod.ts'
import { startCluster, type TestCluster } from '../kubelet/cluster.ts'

let cluster: TestCluster
afterEach(() => {
  cluster.stop()
  expect(cluster.errors).toEqual([])
})

test('a DaemonSet that may surge is renewed without a node being left alone', async () => {
  cluster = startCluster()
  const container = { name: 'd', image: 'app:1', imagePullPolicy: 'IfNotPresent' }
  cluster.create('daemonsets.apps', 'd', {
    spec: {
      selector: { matchLabels: { app: 'd' } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels: { app: 'd' } }, spec: { containers: [container] } },
    },
  })
  const status = () => (cluster.registry.store.get('daemonsets.apps', 'default', 'd') as DaemonSet).status
  await cluster.until('both nodes are served', () => status()?.numberAvailable === 2)
  let fewest = 2
  let most = 2
  cluster.registry.store.watch('pods', undefined, () => {
    const serving = cluster.pods().filter(pod => isReady(pod) && !pod.metadata.deletionTimestamp)
    fewest = Math.min(fewest, new Set(serving.map(({ spec }) => spec.nodeName)).size)
    most = Math.max(most, cluster.pods().filter(({ metadata }) => !metadata.deletionTimestamp).length)
  })
  cluster.registry.modify('daemonsets.apps', 'default', 'd', copy => {
    ;(copy as DaemonSet).spec.template.spec!.containers[0]!.image = 'app:2'
    return copy
  })
  const images = () => cluster.pods().map(({ spec }) => spec.containers[0]?.image)
  await cluster.until('all are new', () => images().join() === 'app:2,app:2')
  await cluster.until('it says so', () => status()?.updatedNumberScheduled === 2 && status()?.numberAvailable === 2)
  expect({ fewest, most }).toEqual({ fewest: 2, most: 3 })
}, 30_000)
