import { afterEach, expect, test } from 'vitest'
import { deploymentOf, getDeployment, startCluster, type TestCluster } from './cluster.ts'

let cluster: TestCluster
afterEach(() => {
  cluster.stop()
  expect(cluster.errors).toEqual([])
})

const ready = (name: string) => getDeployment(cluster, name)?.status?.readyReplicas ?? 0
const setImage = (name: string, image: string) =>
  cluster.registry.modify('deployments.apps', 'default', name, copy => {
    const containers = (copy as ReturnType<typeof getDeployment>).spec.template.spec?.containers ?? []
    for (const container of containers) container.image = image
    return copy
  })
const scale = (name: string, replicas: number) =>
  cluster.registry.modify('deployments.apps', 'default', name, copy => ({
    ...copy,
    spec: { ...(copy.spec as object), replicas },
  }))

test('a Deployment of ten is Ready in under two seconds, spread evenly, each Pod with an IP of its own', async () => {
  cluster = startCluster()
  cluster.create('deployments.apps', 'web', deploymentOf('web', 10, 'web:1'))
  const took = await cluster.until('ten are ready', () => ready('web') === 10)
  expect(took).toBeLessThan(2000)
  expect(new Set(cluster.pods().map(pod => pod.status?.podIP)).size).toBe(10)
  expect(cluster.pods().filter(pod => pod.spec.nodeName === 'node1')).toHaveLength(5)
  await cluster.until('it says so', () =>
    getDeployment(cluster, 'web').status?.conditions?.some(({ reason }) => reason === 'NewReplicaSetAvailable'),
  )
  expect(cluster.events('web')).toEqual([
    expect.stringMatching(/^ScalingReplicaSet: Scaled up replica set web-\w+ from 0 to 10$/),
  ])
  const [set] = cluster.registry.store.list('replicasets.apps')
  const created = cluster.events(set?.metadata.name ?? '')
  expect(created).toHaveLength(10)
  expect(created.filter(text => text.includes('(combined from similar events): Created pod: web-'))).toHaveLength(1)
})

test('a Pod tells its start in the words and order of a real kubelet', async () => {
  cluster = startCluster()
  cluster.create('pods', 'web', { spec: { containers: [{ name: 'web', image: 'web:1', imagePullPolicy: 'IfNotPresent' }] } })
  const took = await cluster.until('it is ready', () =>
    cluster.pod('web').status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  )
  expect(took).toBeGreaterThan(300)
  expect(took).toBeLessThan(1000)
  expect(cluster.events('web')).toEqual([
    expect.stringMatching(/^Scheduled: Successfully assigned default\/web to node[12]$/),
    'Pulled: Container image "web:1" already present on machine and can be accessed by the pod',
    'Created: Container created',
    'Started: Container started',
  ])
})

test('scaling down, a deleted Pod that returns, a deleted ReplicaSet that returns, and a deleted Deployment that leaves nothing', async () => {
  cluster = startCluster()
  cluster.create('deployments.apps', 'web', deploymentOf('web', 10, 'web:1'))
  await cluster.until('ten are ready', () => ready('web') === 10)
  scale('web', 5)
  await cluster.until('five are left', () => cluster.pods().length === 5 && ready('web') === 5)

  const victim = cluster.pods()[0]?.metadata.name ?? ''
  cluster.registry.delete('pods', 'default', victim)
  await cluster.until(
    'another took its place',
    () => cluster.pods().length === 5 && ready('web') === 5 && !cluster.pods().some(pod => pod.metadata.name === victim),
  )

  const set = cluster.registry.store.list('replicasets.apps')[0]
  cluster.registry.delete('replicasets.apps', 'default', set?.metadata.name ?? '', { propagationPolicy: 'Background' })
  await cluster.until('the same ReplicaSet is back with new Pods', () => {
    const [again] = cluster.registry.store.list('replicasets.apps')
    return again && again.metadata.uid !== set?.metadata.uid && cluster.pods().length === 5 && ready('web') === 5
  })
  expect(cluster.registry.store.list('replicasets.apps')[0]?.metadata.name).toBe(set?.metadata.name)

  cluster.registry.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Background' })
  await cluster.until(
    'all is gone',
    () => cluster.pods().length === 0 && cluster.registry.store.list('replicasets.apps').length === 0,
  )
  expect(cluster.runtime.started.filter(({ running }) => running)).toEqual([])
})

test('foreground deletion keeps the Deployment until its Pods are gone; orphaning leaves them', async () => {
  cluster = startCluster()
  cluster.create('deployments.apps', 'web', deploymentOf('web', 2, 'web:1'))
  cluster.create('deployments.apps', 'kept', deploymentOf('kept', 2, 'web:1'))
  await cluster.until('both are ready', () => ready('web') === 2 && ready('kept') === 2)
  cluster.registry.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Foreground' })
  let early = false
  await cluster.until('it is gone', () => {
    const hasPods = cluster.pods().some(({ metadata }) => metadata.labels?.app === 'web')
    if (hasPods && !getDeployment(cluster, 'web')) early = true
    return !getDeployment(cluster, 'web')
  })
  expect(early).toBe(false)
  cluster.registry.delete('deployments.apps', 'default', 'kept', { propagationPolicy: 'Orphan' })
  await cluster.until('it is gone', () => !getDeployment(cluster, 'kept'))
  const [set] = cluster.registry.store.list('replicasets.apps')
  expect(set?.metadata.ownerReferences ?? []).toEqual([])
  expect(cluster.pods()).toHaveLength(2)
})

test('a bad image stalls a rollout without harm, and going back heals it', async () => {
  cluster = startCluster()
  cluster.create('deployments.apps', 'web', deploymentOf('web', 3, 'web:1'))
  await cluster.until('three are ready', () => ready('web') === 3)
  setImage('web', 'web:nosuch')
  const isBad = (pod: { status?: { containerStatuses?: { state?: { waiting?: { reason?: string } } }[] } }) =>
    pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'ErrImagePull'
  await cluster.until('the new Pod fails to pull', () => cluster.pods().some(isBad))
  expect(cluster.pods()).toHaveLength(4)
  expect(ready('web')).toBe(3)
  const bad = cluster.pods().find(isBad)?.metadata.name ?? ''
  expect(cluster.events(bad).slice(1)).toEqual([
    'Pulling: Pulling image "web:nosuch"',
    'Failed: Failed to pull image "web:nosuch": failed to pull and unpack image "web:nosuch": not found',
    'Failed: Error: ErrImagePull',
  ])
  setImage('web', 'web:1')
  await cluster.until('the bad Pod is gone', () => cluster.pods().length === 3 && ready('web') === 3)
  const revisions = cluster.registry.store
    .list('replicasets.apps')
    .map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'])
  expect(revisions.sort()).toEqual(['2', '3'])
  expect(getDeployment(cluster, 'web').metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3')
})

test('a Recreate never runs old and new Pods together', async () => {
  cluster = startCluster()
  const body = deploymentOf('web', 2, 'web:1')
  cluster.create('deployments.apps', 'web', { ...body, spec: { ...(body.spec as object), strategy: { type: 'Recreate' } } })
  await cluster.until('two are ready', () => ready('web') === 2)
  setImage('web', 'web:2')
  const running = () => new Set(cluster.runtime.started.filter(each => each.running).map(({ spec }) => spec.image))
  let together = false
  await cluster.until('the new ones are ready', () => {
    if (running().size > 1) together = true
    return ready('web') === 2 && running().has('web:2')
  })
  expect(together).toBe(false)
})

test('deleting a Namespace empties it and frees every IP', async () => {
  cluster = startCluster()
  cluster.registry.create('namespaces', { metadata: { name: 'lab' } as never })
  cluster.create('deployments.apps', 'web', deploymentOf('web', 3, 'web:1'), 'lab')
  cluster.create('configmaps', 'own', { data: { a: 'b' } }, 'lab')
  await cluster.until('three run', () => cluster.pods('lab').filter(pod => pod.status?.phase === 'Running').length === 3)
  const { store } = cluster.registry
  expect(store.get('configmaps', 'lab', 'kube-root-ca.crt')).toMatchObject({ data: { 'ca.crt': 'PEM' } })
  cluster.registry.delete('namespaces', '', 'lab')
  await cluster.until('it is gone', () => !store.get('namespaces', '', 'lab'))
  for (const resource of ['pods', 'deployments.apps', 'replicasets.apps', 'configmaps', 'events', 'serviceaccounts'])
    expect(store.list(resource, 'lab')).toEqual([])
  for (const host of [2, 3, 4, 5]) expect(cluster.network.answers(`10.42.0.${host}`)).toBe(false)
})

test('Endpoints follow readiness, and a Pod that is told to end leaves them at once', async () => {
  cluster = startCluster()
  cluster.create('services', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })
  cluster.create('deployments.apps', 'web', deploymentOf('web', 3, 'web:1'))
  const addresses = () => {
    const { subsets = [] } = (cluster.registry.store.get('endpoints', 'default', 'web') ?? {}) as {
      subsets?: { addresses?: { ip: string }[] }[]
    }
    return subsets.flatMap(subset => subset.addresses ?? []).map(({ ip }) => ip)
  }
  await cluster.until('three addresses', () => addresses().length === 3)
  const [pod] = cluster.pods()
  cluster.registry.delete('pods', 'default', pod?.metadata.name ?? '')
  await cluster.until('it left', () => !addresses().includes(pod?.status?.podIP ?? ''), 300)
  expect(cluster.pod(pod?.metadata.name ?? '')).toBeDefined()
  await cluster.until('three again', () => addresses().length === 3)
  cluster.registry.delete('services', 'default', 'web')
  await cluster.until('gone with the Service', () => !cluster.registry.store.get('endpoints', 'default', 'web'))
})
