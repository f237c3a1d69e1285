import { expect, test } from 'vitest'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const labels = { app: 'web' }
const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'web', image: 'busybox:1.36', command: ['sleep', '86400'] }] },
    },
  },
})

interface Entry {
  manager: string
  operation: string
  subresource?: string
  fieldsV1: Record<string, Record<string, unknown>>
}
const managersOf = (object: unknown) => (object as { metadata: { managedFields: Entry[] } }).metadata.managedFields
const named = (entries: Entry[]) =>
  entries.map(({ manager, operation, subresource = '' }) => [manager, operation, subresource].join(' ').trim())

const applied = (manager: string, body: object, query = '') =>
  cluster.send('PATCH', `${deployments}/web?fieldManager=${manager}${query}`, body, {
    'content-type': 'application/apply-patch+yaml',
  })

test('what controllers and the kubelet write is theirs', async () => {
  const watch = cluster.watch('/api/v1/namespaces/default/pods?watch=1')
  expect((await applied('me', deployment(1))).code).toBe(201)
  for (;;) if (((await watch.next()).object.status as { phase?: string } | undefined)?.phase === 'Running') break
  watch.close()
  const pods = (await cluster.send('GET', '/api/v1/namespaces/default/pods')).body.items!
  const entries = managersOf(pods[0])
  expect(named(entries)).toEqual(['kube-controller-manager Update', 'kubelet Update status'])
  const [made, run] = entries
  expect(made!.fieldsV1['f:metadata']).toMatchObject({ 'f:generateName': {}, 'f:labels': { '.': {}, 'f:app': {} } })
  // Neither what admission put in nor the node is anybody's.
  expect(Object.keys(made!.fieldsV1['f:spec']!)).toEqual([
    'f:containers',
    'f:dnsPolicy',
    'f:enableServiceLinks',
    'f:restartPolicy',
    'f:schedulerName',
    'f:securityContext',
    'f:terminationGracePeriodSeconds',
  ])
  expect(run!.fieldsV1['f:status']).toMatchObject({
    'f:phase': {},
    'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:lastProbeTime': {}, 'f:status': {} } },
  })
  // Once read, always the same.
  const { name } = (pods[0] as unknown as { metadata: { name: string } }).metadata
  const again = (await cluster.send('GET', `/api/v1/namespaces/default/pods/${name}`)).body
  expect(managersOf(again)).toEqual(entries)
  await expect
    .poll(async () => named(managersOf((await cluster.send('GET', `${deployments}/web`)).body)))
    .toEqual(['me Apply', 'kube-controller-manager Update status'])
  const [, status] = managersOf((await cluster.send('GET', `${deployments}/web`)).body)
  expect(status!.fieldsV1).toMatchObject({
    'f:metadata': { 'f:annotations': { '.': {}, 'f:deployment.kubernetes.io/revision': {} } },
    'f:status': {},
  })
})

test('what was there from the first is the API server’s, and nodes are their kubelet’s', async () => {
  const at = async (path: string) => named(managersOf((await cluster.send('GET', path)).body))
  expect(await at('/api/v1/namespaces/default')).toEqual(['kube-apiserver Update'])
  expect(await at('/api/v1/namespaces/default/services/kubernetes')).toEqual(['kube-apiserver Update'])
  expect(await at('/api/v1/nodes/node1')).toEqual(['kubelet Update', 'kube-controller-manager Update'])
})

test('watches, Tables and metadata alone tell owners, too', async () => {
  const path = '/api/v1/namespaces/default/services'
  const entries = managersOf((await cluster.send('GET', `${path}/kubernetes`)).body)
  const watch = cluster.watch(`${path}?watch=1`)
  expect(managersOf((await watch.next()).object)).toEqual(entries)
  watch.close()
  const as = async (form: string) =>
    (await cluster.send('GET', path, undefined, { accept: `application/json;as=${form};v=v1;g=meta.k8s.io` })).body
  expect(managersOf(((await as('Table')).rows as { object: object }[])[0]!.object)).toEqual(entries)
  expect(managersOf((await as('PartialObjectMetadataList')).items![0])).toEqual(entries)
})

test('an object that cannot be applied is told as the merging library tells it', async () => {
  const body = deployment(1) as { spec: { template: { spec: { containers: object[] } } } }
  const [container] = body.spec.template.spec.containers
  body.spec.template.spec.containers = [{ ...container, imagee: 'x' }]
  const head = 'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): '
  const one = await applied('me', body)
  expect([one.code, one.body.reason]).toEqual([500, undefined])
  expect(one.body.message).toBe(`${head}.spec.template.spec.containers[name="web"].imagee: field not declared in schema`)
  const core = await cluster.send(
    'PATCH',
    '/api/v1/namespaces/default/configmaps/c?fieldManager=me',
    { dat: {} },
    {
      'content-type': 'application/apply-patch+yaml',
    },
  )
  expect(core.body.message).toBe(
    'failed to create typed patch object (default/c; /v1, Kind=ConfigMap): .dat: field not declared in schema',
  )
  const two = await applied('me', { ...body, spec: { ...body.spec, replicas: 'two', replica: 2 } })
  expect(two.body.message).toBe(
    `${head}errors:\n  .spec.replicas: expected numeric (int or float), got string\n  .spec.template.spec.containers[name="web"].imagee: field not declared in schema\n  .spec.replica: field not declared in schema`,
  )
})

test('an applied field that an autoscaler or scale has set conflicts', async () => {
  const merge = { 'content-type': 'application/merge-patch+json', 'user-agent': 'kubectl/v1' }
  await cluster.send('PATCH', `${deployments}/web/scale`, { spec: { replicas: 2 } }, merge)
  expect((await applied('me', deployment(3))).body.message).toBe(
    'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
  )
  const controllers = cluster.practice.registry.as('kube-controller-manager', 'scale')
  controllers.modify('deployments.apps', 'default', 'web', copy => ({ ...copy, spec: { ...(copy.spec as object), replicas: 4 } }))
  expect((await applied('me', deployment(3))).body.message).toBe(
    'Apply failed with 1 conflict: conflict with "kube-controller-manager" with subresource "scale" using apps/v1: .spec.replicas',
  )
  const { replicas: _, ...spec } = deployment(0).spec
  expect((await applied('me', { ...deployment(0), spec })).body).toMatchObject({ spec: { replicas: 4 } })
  const forced = await applied('me', deployment(1), '&force=true')
  expect(forced).toMatchObject({ code: 200, body: { spec: { replicas: 1 } } })
  expect(named(managersOf(forced.body))).not.toContain('kube-controller-manager Update scale')
})

test('a client that writes back what it read keeps the others', async () => {
  const { body } = await cluster.send('GET', `${deployments}/web`)
  const { resourceVersion: _, ...metadata } = body.metadata as Record<string, unknown>
  const annotations = { ...(metadata.annotations as object), a: 'b' }
  const changed = { ...body, metadata: { ...metadata, annotations } }
  const put = await cluster.send('PUT', `${deployments}/web`, changed, { 'user-agent': 'curl/8' })
  expect(put.code).toBe(200)
  expect(named(managersOf(put.body))).toEqual(expect.arrayContaining([...named(managersOf(body)), 'curl Update']))
})

test('owners are kept over a return to a snapshot', async () => {
  const at = `${deployments}/web`
  const owners = async () => named(managersOf((await cluster.send('GET', at)).body))
  // Told before it is left, and only after.
  for (const isTold of [true, false]) {
    const mark = { ...(isTold && { 'a/told': '1' }), 'a/mark': String(isTold) }
    cluster.practice.registry.as(`marker-${isTold}`).modify('deployments.apps', 'default', 'web', copy => {
      copy.metadata.labels = { ...copy.metadata.labels, ...mark }
      return copy
    })
    if (isTold) expect(await owners()).toContain('marker-true Update')
    const name = `told ${isTold}`
    expect((await cluster.send('POST', '/practice/snapshots', { name })).code).toBe(201)
    expect((await cluster.send('DELETE', `${at}?propagationPolicy=Background`)).code).toBe(200)
    await expect.poll(async () => (await cluster.send('GET', at)).code).toBe(404)
    expect((await cluster.send('POST', `/practice/snapshots/${name.replace(' ', '%20')}/restore`)).code).toBe(200)
    expect(await owners()).toEqual(expect.arrayContaining(['me Apply', 'marker-true Update', `marker-${isTold} Update`]))
  }
})
