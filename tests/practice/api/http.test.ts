import { describe, expect, test } from 'vitest'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const pods = '/api/v1/namespaces/default/pods'
const maps = '/api/v1/namespaces/default/configmaps'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const map = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more } })
const labels = { app: 'web' }
const deployment = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'web', image: 'busybox:1', env: [{ name: 'A', value: '1' }] }] },
    },
    ...spec,
  },
})

describe('the door', () => {
  test('knows its token; without one only health and version answer', async () => {
    const none = { authorization: undefined }
    for (const path of ['/livez', '/readyz', '/version'])
      expect((await cluster.send('GET', path, undefined, none)).code).toBe(200)
    for (const path of [pods, '/api', '/apis', '/openapi/v3', '/', '/nosuch']) {
      const { code, body } = await cluster.send('GET', path, undefined, none)
      expect([path, code, body.reason]).toEqual([path, 401, 'Unauthorized'])
    }
    const wrong = { authorization: `Bearer ${'x'.repeat(cluster.token.length)}` }
    expect((await cluster.send('GET', pods, undefined, wrong)).code).toBe(401)
  })

  test('answers what it does not serve with a Status', async () => {
    expect(await cluster.send('GET', '/apis/nosuch/v1/things')).toMatchObject({
      code: 404,
      body: { kind: 'Status', reason: 'NotFound' },
    })
    expect(await cluster.send('PUT', pods, {})).toMatchObject({ code: 405, body: { reason: 'MethodNotAllowed' } })
    expect(await cluster.send('GET', pods, undefined, { accept: 'text/html' })).toMatchObject({
      code: 406,
      body: { reason: 'NotAcceptable' },
    })
    expect(await cluster.send('GET', `${pods}/nosuch/exec`)).toMatchObject({
      code: 400,
      body: { message: 'Upgrade request required' },
    })
    expect(await cluster.send('GET', `${pods}/nosuch`)).toMatchObject({ code: 404, body: { message: 'pods "nosuch" not found' } })
  })

  test('discovery agrees in its two forms', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
    const aggregated = await cluster.send('GET', '/apis', undefined, { accept })
    expect(aggregated.headers['content-type']).toContain('as=APIGroupDiscoveryList')
    const groups = (await cluster.send('GET', '/apis')).body.groups as { name: string }[]
    const items = aggregated.body.items as { metadata: { name: string }; versions: { resources: { resource: string }[] }[] }[]
    expect(items.map(({ metadata }) => metadata.name)).toEqual(groups.map(({ name }) => name))
    const old = (await cluster.send('GET', '/apis/apps/v1')).body.resources as { name: string }[]
    const apps = items.find(({ metadata }) => metadata.name === 'apps')!.versions[0]!.resources.map(({ resource }) => resource)
    expect(old.map(({ name }) => name).filter(name => !name.includes('/'))).toEqual(apps)
  })
})

describe('fields', () => {
  const strict = '?fieldValidation=Strict'

  test('unknown ones are refused, warned of or dropped, as asked', async () => {
    const typo = { ...deployment('typo'), spec: { ...deployment('typo').spec, replica: 3 } }
    expect(await cluster.send('POST', deployments + strict, typo)).toMatchObject({
      code: 400,
      body: {
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
      },
    })
    const warned = await cluster.send('POST', `${deployments}?fieldValidation=Warn&dryRun=All`, typo)
    expect(warned.headers.warning).toContain('unknown field \\"spec.replica\\"')
    expect(warned.body.spec).not.toHaveProperty('replica')
    const ignored = await cluster.send('POST', `${deployments}?fieldValidation=Ignore&dryRun=All`, typo)
    expect(ignored).toMatchObject({ code: 201 })
    expect(ignored.headers.warning).toBeUndefined()
    const deep = structuredClone(deployment('deep'))
    Object.assign(deep.spec.template.spec.containers[0]!, { imagee: 'x' })
    const answer = await cluster.send('POST', deployments + strict, deep)
    expect(answer.body.message).toContain('unknown field "spec.template.spec.containers[0].imagee"')
  })

  test('a template has no kind of its own; the claims of a StatefulSet do', async () => {
    const app = { app: 'db' }
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }
    const set = (claims: object, template: object = {}) => ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        serviceName: 'db',
        selector: { matchLabels: app },
        template: { ...template, metadata: { labels: app }, spec: { containers: [{ name: 'db', image: 'redis' }] } },
        volumeClaimTemplates: [{ ...claim, ...claims }],
      },
    })
    const post = (body: object) =>
      cluster.send('POST', `${deployments.replace('deployments', 'statefulsets')}${strict}&dryRun=All`, body)
    expect(await post(set({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }))).toMatchObject({ code: 201 })
    expect((await post(set({}, { kind: 'PodTemplate' }))).body.message).toContain('unknown field "spec.template.kind"')
    expect((await post(set({ colour: 'red' }))).body.message).toContain('unknown field "spec.volumeClaimTemplates[0].colour"')
  })

  test('values of a wrong type are told as Go tells them', async () => {
    const wrong = await cluster.send('POST', deployments, deployment('wrong', { replicas: '3' }))
    expect(wrong).toMatchObject({
      code: 400,
      body: {
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      },
    })
  })
})

describe('patches', () => {
  const type = (name: string) => ({ 'content-type': `application/${name}+json` })
  interface Spec {
    replicas: number
    template: { spec: { containers: { name: string; image: string; env: { name: string; value: string }[] }[] } }
  }

  test('strategic merge patches lists by key, deletes and orders', async () => {
    await cluster.send('POST', deployments, deployment('smp'))
    const send = async (containers: object[], more: object = {}) => {
      const body = { spec: { template: { spec: { containers, ...more } } } }
      const answer = await cluster.send('PATCH', `${deployments}/smp`, body, type('strategic-merge-patch'))
      expect(answer.code, answer.text).toBe(200)
      return (answer.body.spec as Spec).template.spec.containers
    }
    const env = [{ name: 'B', value: '2' }]
    expect(await send([{ name: 'web', env }])).toMatchObject([
      { image: 'busybox:1', env: [{ name: 'A' }, { name: 'B', value: '2' }] },
    ])
    expect(await send([{ name: 'web', env: [{ name: 'A', $patch: 'delete' }] }])).toMatchObject([{ env: [{ name: 'B' }] }])
    const two = await send([{ name: 'side', image: 'busybox:2' }], {
      '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }],
    })
    expect(two.map(({ name }) => name)).toEqual(['side', 'web'])
    expect((await send([{ $patch: 'replace' }, { name: 'only', image: 'busybox:3' }])).map(({ name }) => name)).toEqual(['only'])
  })

  test('finalizers are a merged list of scalars', async () => {
    await cluster.send('POST', maps, map('list', { finalizers: ['a.b/c', 'a.b/d'] }))
    const send = (metadata: object) => cluster.send('PATCH', `${maps}/list`, { metadata }, type('strategic-merge-patch'))
    expect(await send({ finalizers: ['a.b/e'] })).toMatchObject({
      body: { metadata: { finalizers: ['a.b/c', 'a.b/d', 'a.b/e'] } },
    })
    const gone = await send({ '$deleteFromPrimitiveList/finalizers': ['a.b/c', 'a.b/d', 'a.b/e'] })
    expect((gone.body.metadata as { finalizers?: string[] }).finalizers ?? []).toEqual([])
  })

  test('merge patches replace lists; JSON patches test before they change', async () => {
    await cluster.send('POST', maps, { ...map('m'), data: { a: '1', b: '2' } })
    const merged = await cluster.send('PATCH', `${maps}/m`, { data: { a: null, c: '3' } }, type('merge-patch'))
    expect(merged.body.data).toEqual({ b: '2', c: '3' })
    const send = (operations: unknown) => cluster.send('PATCH', `${maps}/m`, operations, type('json-patch'))
    const moved = await send([
      { op: 'test', path: '/data/b', value: '2' },
      { op: 'move', from: '/data/b', path: '/data/d~1e' },
      { op: 'copy', from: '/data/c', path: '/data/f' },
      { op: 'remove', path: '/data/c' },
    ])
    expect(moved.code).toBe(422)
    const fine = await send([
      { op: 'move', from: '/data/b', path: '/data/d' },
      { op: 'add', path: '/data/e', value: '5' },
    ])
    expect(fine.body.data).toEqual({ c: '3', d: '2', e: '5' })
    expect(await send([{ op: 'test', path: '/data/d', value: 'x' }])).toMatchObject({
      code: 422,
      body: { details: { causes: [{ message: 'testing value /data/d failed: test failed' }] } },
    })
    expect((await send([{ op: 'remove', path: '/data/nosuch' }])).code).toBe(422)
    expect((await send({})).code).toBe(400)
    expect((await cluster.send('PATCH', `${maps}/m`, '{}', { 'content-type': 'text/plain' })).code).toBe(415)
  })

  test('server-side apply owns, shares, conflicts, forces and lets go', async () => {
    const apply = (manager: string, data: object, force = false) =>
      cluster.send(
        'PATCH',
        `${maps}/ssa?fieldManager=${manager}&force=${force}`,
        { ...map('ssa'), data },
        {
          'content-type': 'application/apply-patch+yaml',
        },
      )
    expect((await apply('one', { a: '1', b: '1' })).code).toBe(201)
    expect(await apply('two', { a: '2' })).toMatchObject({
      code: 409,
      body: {
        message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
        details: { causes: [{ reason: 'FieldManagerConflict', field: '.data.a' }] },
      },
    })
    expect((await apply('two', { a: '2' }, true)).body.data).toEqual({ a: '2', b: '1' })
    // One no longer says b, and a belongs to two: b goes, a stays.
    expect((await apply('one', {})).body.data).toEqual({ a: '2' })
    const noop = await apply('two', { a: '2' })
    const again = await apply('two', { a: '2' })
    expect(again.body.metadata).toEqual(noop.body.metadata)
    const edited = await cluster.send('PATCH', `${maps}/ssa?fieldManager=editor`, { data: { a: '3' } }, type('merge-patch'))
    const { managedFields } = edited.body.metadata as { managedFields: { manager: string }[] }
    expect(managedFields.map(({ manager }) => manager)).toEqual(['one', 'editor'])
    expect(managedFields[1]).toMatchObject({ operation: 'Update', fieldsV1: { 'f:data': { 'f:a': {} } } })
    expect((await apply('two', { a: '4' })).body.message).toContain('conflict with "editor" using v1: .data.a')
  })
})

describe('lists', () => {
  test('come in pages that a watch can go on from', async () => {
    for (const name of ['p1', 'p2', 'p3']) await cluster.send('POST', maps, map(name, { labels: { page: 'yes' } }))
    const path = `${maps}?labelSelector=page%3Dyes&limit=2`
    const first = (await cluster.send('GET', path)).body as {
      metadata: { continue: string; resourceVersion: string }
      items: unknown[]
    }
    await cluster.send('POST', maps, map('p4', { labels: { page: 'yes' } }))
    const second = (await cluster.send('GET', `${path}&continue=${first.metadata.continue}`)).body
    expect(first.items).toMatchObject([{ metadata: { name: 'p1' } }, { metadata: { name: 'p2' } }])
    expect(second.items).toMatchObject([{ metadata: { name: 'p3' } }])
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion })
    expect((await cluster.send('GET', `${path}&continue=broken`)).code).toBe(400)
  })

  test('selectors choose', async () => {
    const named = async (query: string) => {
      const { code, body } = await cluster.send('GET', `${maps}?${query}`)
      return code === 200 ? body.items!.map(({ metadata }) => (metadata as { name: string }).name) : code
    }
    expect(await named('labelSelector=page,page!=no&fieldSelector=metadata.name!=p1')).toEqual(['p2', 'p3', 'p4'])
    expect(await named('labelSelector=page+in+(no,yes)&fieldSelector=metadata.name=p3')).toEqual(['p3'])
    expect(await named('labelSelector=!page&fieldSelector=metadata.name=kube-root-ca.crt')).toEqual(['kube-root-ca.crt'])
    expect(await named('labelSelector=a=b=c')).toBe(400)
    expect(await named('fieldSelector=data=x')).toBe(400)
  })

  test('a collection is deleted by selector', async () => {
    const gone = await cluster.send('DELETE', `${maps}?labelSelector=page=yes`)
    expect(gone.body.items).toHaveLength(4)
    expect((await cluster.send('GET', `${maps}?labelSelector=page`)).body.items).toEqual([])
  })
})
