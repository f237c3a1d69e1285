import { afterEach, expect, test } from 'vitest'
import { controllerOf } from '../../../electron/practice/object.ts'
import { createRandom } from '../../../electron/practice/random.ts'
import { deploymentOf, fastClock, getDeployment, startCluster, type TestCluster } from './cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

/** What must hold at every moment. */
const invariants = () => {
  const pods = cluster.pods()
  const live = pods.filter(({ spec, status }) => status?.podIP && !spec.hostNetwork && status.phase === 'Running')
  expect(new Set(live.map(({ status }) => status?.podIP)).size, 'no IP twice').toBe(live.length)
  const running = cluster.runtime.started.filter(each => each.running).map(({ spec }) => `${spec.podUid}/${spec.name}`)
  expect(new Set(running).size, 'no container twice').toBe(running.length)
}

test('after a churn of every kind the cluster is what was asked for, and nothing else is left', { timeout: 60_000 }, async () => {
  const random = createRandom(42)
  cluster = startCluster({
    clock: fastClock(20),
    images: { 'bad:1': ({ clock, exit }) => void clock.sleep(200).then(() => exit(1)) },
  })
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)]
  const names = ['a', 'b', 'c']
  const asked = new Map<string, { replicas: number; image: string }>()
  const actions = [
    (name: string) => {
      if (asked.has(name)) return
      asked.set(name, { replicas: 3, image: 'web:1' })
      if (!getDeployment(cluster, name)) cluster.create('deployments.apps', name, deploymentOf(name, 3, 'web:1'))
    },
    (name: string) => {
      const want = asked.get(name)
      if (!want) return
      want.replicas = Math.floor(random() * 9)
      cluster.registry.modify('deployments.apps', 'default', name, copy => ({
        ...copy,
        spec: { ...(copy.spec as object), replicas: want.replicas },
      }))
    },
    (name: string) => {
      const want = asked.get(name)
      if (!want) return
      want.image = pick(['web:1', 'web:2', 'web:3', 'bad:1', 'web:nosuch']) ?? 'web:1'
      cluster.registry.modify('deployments.apps', 'default', name, copy => {
        const container = (copy as ReturnType<typeof getDeployment>).spec.template.spec?.containers[0]
        if (container) container.image = want.image
        return copy
      })
    },
    () => {
      const pod = pick(cluster.pods())
      if (pod) cluster.registry.delete('pods', 'default', pod.metadata.name, random() < 0.3 ? { gracePeriodSeconds: 0 } : {})
    },
    () => {
      const set = pick(cluster.registry.store.list('replicasets.apps'))
      if (set) cluster.registry.delete('replicasets.apps', 'default', set.metadata.name, { propagationPolicy: 'Background' })
    },
    (name: string) => {
      if (!asked.delete(name)) return
      cluster.registry.delete('deployments.apps', 'default', name, {
        propagationPolicy: random() < 0.5 ? 'Background' : 'Foreground',
      })
    },
  ]
  for (let step = 0; step < 250; step++) {
    const name = pick(names) ?? 'a'
    // A name in foreground deletion is not asked for again until it is gone.
    if (!(getDeployment(cluster, name) && !asked.has(name))) pick(actions)?.(name)
    invariants()
    if (random() < 0.7) await cluster.clock.sleep(random() * 600)
  }
  for (const name of names) actions[0]?.(name)
  for (const [name, want] of asked) {
    want.image = 'web:final'
    if (getDeployment(cluster, name))
      cluster.registry.modify('deployments.apps', 'default', name, copy => {
        const container = (copy as ReturnType<typeof getDeployment>).spec.template.spec?.containers[0]
        if (container) container.image = 'web:final'
        return copy
      })
  }

  await cluster.until('names in deletion are free', () =>
    names.every(name => !getDeployment(cluster, name)?.metadata.deletionTimestamp),
  )
  for (const [name, want] of asked)
    if (!getDeployment(cluster, name)) cluster.create('deployments.apps', name, deploymentOf(name, want.replicas, 'web:final'))
  await cluster.until(
    'all is as asked',
    () =>
      [...asked].every(([name, want]) => (getDeployment(cluster, name)?.status?.availableReplicas ?? 0) === want.replicas) &&
      cluster.pods().length === [...asked.values()].reduce((sum, { replicas }) => sum + replicas, 0),
    30_000,
  )
  invariants()
  const uids = new Set(cluster.pods().map(({ metadata }) => metadata.uid))
  await cluster.until('only wanted containers run', () =>
    cluster.runtime.started.filter(({ running }) => running).every(({ spec }) => uids.has(spec.podUid)),
  )
  for (const pod of cluster.pods()) {
    const owner = cluster.registry.store.get('replicasets.apps', 'default', controllerOf(pod)?.name ?? '')
    expect(owner?.metadata.uid, 'no orphan').toBe(controllerOf(pod)?.uid)
    expect(pod.spec.containers[0]?.image).toBe('web:final')
  }
  const answering = Array.from({ length: 253 }, (_, index) => [`10.42.0.${index + 2}`, `10.42.1.${index + 2}`]).flat()
  await cluster.until('no IP is lost', () => answering.filter(ip => cluster.network.answers(ip)).length === uids.size)
  expect(cluster.errors).toEqual([])
})
