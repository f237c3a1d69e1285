import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { clusterForTests } from '../api/harness.ts'

const cluster = clusterForTests()
const file = join(import.meta.dirname, 'crontabs.yaml')
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** The definition of crontabs, in a group of its own. */
const definitionOf = (group: string) => {
  const definition = parse(readFileSync(file, 'utf8'))
  definition.metadata.name = `crontabs.${group}`
  definition.spec.group = group
  return definition
}

/** A group with its definition, served. */
const served = async (group: string, change: (definition: ReturnType<typeof definitionOf>) => void = () => {}) => {
  const definition = definitionOf(group)
  change(definition)
  const { code, headers } = await cluster.send('POST', definitions, definition)
  expect(code).toBe(201)
  const watch = cluster.watch(`${definitions}?watch=1&fieldSelector=metadata.name=crontabs.${group}`)
  for (;;) {
    const { object } = await watch.next()
    const { conditions } = object.status as { conditions: { type: string; status: string }[] | null }
    if (conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) break
  }
  watch.close()
  return { path: `/apis/${group}/v1/namespaces/default/crontabs`, headers }
}

const tab = (group: string, name: string, spec: object = {}) => ({
  apiVersion: `${group}/v1`,
  kind: 'CronTab',
  metadata: { name },
  spec: { cronSpec: '* * * * */5', ...spec },
})

describe('a definition', () => {
  test('makes a kind that is served at once, in every form of discovery', async () => {
    const { path } = await served('disc.example.com')
    expect(await cluster.send('GET', path)).toMatchObject({ code: 200, body: { kind: 'CronTabList', items: [] } })
    const { body } = await cluster.send('GET', '/apis/disc.example.com')
    expect(body).toMatchObject({ preferredVersion: { version: 'v1' }, versions: [{ version: 'v1' }, { version: 'v1beta1' }] })
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    const groups = (await cluster.send('GET', '/apis', undefined, { accept })).body.items as { metadata: { name: string } }[]
    expect(groups.find(({ metadata }) => metadata.name === 'disc.example.com')).toMatchObject({
      metadata: { name: 'disc.example.com' },
      versions: [{ version: 'v1', freshness: 'Current', resources: [{ resource: 'crontabs', shortNames: ['ct'] }] }, {}],
    })
    const v3 = (await cluster.send('GET', '/openapi/v3')).body.paths as Record<string, { serverRelativeURL: string }>
    const document = await cluster.send('GET', v3['apis/disc.example.com/v1']!.serverRelativeURL)
    const { components, paths } = document.body as Record<string, Record<string, never>>
    expect(components!.schemas!['com.example.disc.v1.CronTab']).toMatchObject({
      properties: { spec: { required: ['cronSpec'] } },
    })
    const { patch } = paths![`${path.replace('default', '{namespace}')}/{name}`]!
    expect(Object.keys((patch as { requestBody: { content: object } }).requestBody.content)).not.toContain(
      'application/strategic-merge-patch+json',
    )
  })

  test('is refused where it is wrong, in real words', async () => {
    const refuse = async (change: (definition: ReturnType<typeof definitionOf>) => void) => {
      const definition = definitionOf('bad.example.com')
      change(definition)
      const { code, body } = await cluster.send('POST', definitions, definition)
      return `${code} ${body.message}`
    }
    const is = 'CustomResourceDefinition.apiextensions.k8s.io "crontabs.bad.example.com" is invalid:'
    expect(await refuse(each => (each.spec.versions[1].storage = true))).toContain(
      'must have exactly one version marked as storage version',
    )
    expect(await refuse(each => (each.metadata.name = 'x.bad.example.com'))).toContain('must be spec.names.plural+"."+spec.group')
    expect(await refuse(each => delete each.spec.scope)).toBe(`422 ${is} spec.scope: Required value`)
    expect(await refuse(each => delete each.spec.versions[0].schema)).toBe(
      `422 ${is} spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required`,
    )
    expect(await refuse(each => (each.spec.conversion = { strategy: 'Webhook' }))).toContain('this cluster calls no webhooks')
    expect(
      await cluster.send('POST', `${definitions}?fieldValidation=Strict`, { ...definitionOf('bad.example.com'), typo: 1 }),
    ).toMatchObject({
      code: 400,
    })
  })

  test('with rules in CEL is taken with a warning', async () => {
    const { headers, path } = await served('cel.example.com', each => {
      each.spec.versions[0].schema.openAPIV3Schema.properties.spec['x-kubernetes-validations'] = [{ rule: 'self.replicas > 5' }]
    })
    expect(String(headers.warning)).toContain(
      'properties[spec].x-kubernetes-validations: this cluster keeps rules in CEL but does not try them',
    )
    expect(await cluster.send('POST', path, tab('cel.example.com', 'a'))).toMatchObject({ code: 201 })
  })

  test('takes its objects with it, those with finalizers first', async () => {
    const { path } = await served('gone.example.com')
    const held = tab('gone.example.com', 'held')
    await cluster.send('POST', path, { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } })
    await cluster.send('POST', path, tab('gone.example.com', 'free'))
    const watch = cluster.watch(`${definitions}?watch=1&fieldSelector=metadata.name=crontabs.gone.example.com`)
    expect(await cluster.send('DELETE', `${definitions}/crontabs.gone.example.com`)).toMatchObject({
      code: 200,
      body: { metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] } },
    })
    expect(await cluster.send('POST', path, tab('gone.example.com', 'late'))).toMatchObject({
      code: 405,
      body: { message: 'create not allowed while custom resource definition is terminating' },
    })
    for (let event = await watch.next(); ; event = await watch.next()) {
      const { conditions } = event.object.status as { conditions: { type: string; status: string; reason: string }[] }
      if (conditions.some(({ type, reason }) => type === 'Terminating' && reason === 'InstanceDeletionInProgress')) break
    }
    expect(await cluster.send('GET', `${path}/free`)).toMatchObject({ code: 404 })
    await cluster.send(
      'PATCH',
      `${path}/held`,
      { metadata: { finalizers: null } },
      { 'content-type': 'application/merge-patch+json' },
    )
    for (let { type } = await watch.next(); type !== 'DELETED'; ) ({ type } = await watch.next())
    watch.close()
    expect(await cluster.send('GET', path)).toMatchObject({
      code: 404,
      body: { message: 'the server could not find the requested resource' },
    })
  })

  test('whose names another one of its group has waits until that one goes', async () => {
    await served('names.example.com')
    const other = definitionOf('names.example.com')
    other.metadata.name = 'tabs.names.example.com'
    other.spec.names = { plural: 'tabs', singular: 'tab', kind: 'CronTab', listKind: 'TabList' }
    const watch = cluster.watch(`${definitions}?watch=1&fieldSelector=metadata.name=tabs.names.example.com`)
    await cluster.send('POST', definitions, other)
    const until = async (reason: string) => {
      for (;;) {
        const { conditions } = (await watch.next()).object.status as { conditions: { reason: string }[] | null }
        if (conditions?.some(each => each.reason === reason)) return
      }
    }
    await until('KindConflict')
    expect((await cluster.send('GET', '/apis/names.example.com/v1/tabs')).code).toBe(404)
    await cluster.send('DELETE', `${definitions}/crontabs.names.example.com`)
    await until('NoConflicts')
    watch.close()
    expect((await cluster.send('GET', '/apis/names.example.com/v1/tabs')).code).toBe(200)
  })
})

describe('an object of a custom kind', () => {
  test('is defaulted, pruned, checked and counted', async () => {
    const { path } = await served('obj.example.com')
    const warned = await cluster.send(
      'POST',
      `${path}?fieldValidation=Warn`,
      tab('obj.example.com', 'a', { typo: 1, free: { any: 1 } }),
    )
    expect(warned.headers.warning).toContain('unknown field \\"spec.typo\\"')
    expect(warned.body).toMatchObject({
      metadata: { generation: 1 },
      spec: { image: 'busybox:1.36', replicas: 1, free: { any: 1 } },
    })
    expect(warned.body.spec).not.toHaveProperty('typo')
    const strict = await cluster.send('POST', `${path}?fieldValidation=Strict`, tab('obj.example.com', 'b', { typo: 1 }))
    expect(strict).toMatchObject({
      code: 400,
      body: {
        message: 'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.typo"',
      },
    })
    expect(await cluster.send('POST', path, tab('obj.example.com', 'b', { replicas: 11 }))).toMatchObject({
      code: 422,
      body: {
        message:
          'CronTab.obj.example.com "b" is invalid: spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
      },
    })
    const merge = { 'content-type': 'application/merge-patch+json' }
    const labelled = await cluster.send('PATCH', `${path}/a`, { metadata: { labels: { x: 'y' } } }, merge)
    expect(labelled.body).toMatchObject({ metadata: { generation: 1, labels: { x: 'y' } } })
    const changed = await cluster.send('PATCH', `${path}/a`, { spec: { replicas: 2 }, status: { replicas: 9 } }, merge)
    expect(changed.body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 } })
    expect(changed.body).not.toHaveProperty('status')
    const status = await cluster.send('PATCH', `${path}/a/status`, { spec: { replicas: 7 }, status: { replicas: 9 } }, merge)
    expect(status.body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 }, status: { replicas: 9 } })
    expect(await cluster.send('PATCH', `${path}/a/status`, { status: { replicas: 'x' } }, merge)).toMatchObject({ code: 422 })
    expect(await cluster.send('GET', `${path}/a/scale`)).toMatchObject({
      body: { kind: 'Scale', spec: { replicas: 2 }, status: { replicas: 9 } },
    })
    expect(await cluster.send('PATCH', `${path}/a/scale`, { spec: { replicas: 30 } }, merge)).toMatchObject({ code: 422 })
    const strategic = { 'content-type': 'application/strategic-merge-patch+json' }
    expect(await cluster.send('PATCH', `${path}/a`, {}, strategic)).toMatchObject({
      code: 415,
      body: { reason: 'UnsupportedMediaType' },
    })
  })

  test('is one object in all its versions', async () => {
    const { path } = await served('two.example.com')
    const old = path.replace('/v1/', '/v1beta1/')
    const watch = cluster.watch(`${old}?watch=1`)
    await cluster.send('POST', path, tab('two.example.com', 'a'))
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { apiVersion: 'two.example.com/v1beta1' } })
    const read = await cluster.send('GET', `${old}/a`)
    expect(read.headers.warning).toContain('two.example.com/v1beta1 CronTab is deprecated; use two.example.com/v1 CronTab')
    expect(read.body).toMatchObject({ apiVersion: 'two.example.com/v1beta1', spec: { replicas: 1 } })
    const put = await cluster.send('PUT', `${old}/a`, { ...read.body, spec: { cronSpec: '1 1 1 1 1', image: 'other' } })
    expect(put).toMatchObject({ code: 200, body: { apiVersion: 'two.example.com/v1beta1' } })
    expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { apiVersion: 'two.example.com/v1beta1' } })
    watch.close()
    const stored = cluster.practice.registry.store.get('crontabs.two.example.com', 'default', 'a')
    expect(stored).toMatchObject({ apiVersion: 'two.example.com/v1', spec: { image: 'other' } })
  })

  test('merges its lists by their keys under server-side apply', async () => {
    const { path } = await served('ssa.example.com')
    const apply = (manager: string, ports: object[]) =>
      cluster.send('PATCH', `${path}/a?fieldManager=${manager}`, tab('ssa.example.com', 'a', { ports }), {
        'content-type': 'application/apply-patch+yaml',
      })
    expect((await apply('one', [{ name: 'a', port: 1 }])).code).toBe(201)
    const both = await apply('two', [{ name: 'b', port: 2 }])
    expect(both.body).toMatchObject({
      spec: {
        ports: [
          { name: 'a', port: 1 },
          { name: 'b', port: 2 },
        ],
      },
    })
    expect(await apply('two', [{ name: 'a', port: 3 }])).toMatchObject({
      code: 409,
      body: { message: 'Apply failed with 1 conflict: conflict with "one": .spec.ports[name="a"].port' },
    })
    expect((await apply('two', [])).body).toMatchObject({ spec: { ports: [{ name: 'a', port: 1 }] } })
  })

  test('goes with its owner and with its namespace', async () => {
    const { path } = await served('own.example.com')
    await cluster.send('POST', '/api/v1/namespaces', { metadata: { name: 'own' } })
    const inside = path.replace('default', 'own')
    const watch = cluster.watch(`${inside}?watch=1`)
    const owner = (await cluster.send('POST', inside, tab('own.example.com', 'owner'))).body.metadata as { uid: string }
    const ownerReferences = [{ apiVersion: 'own.example.com/v1', kind: 'CronTab', name: 'owner', uid: owner.uid }]
    const owned = tab('own.example.com', 'owned')
    await cluster.send('POST', inside, { ...owned, metadata: { ...owned.metadata, ownerReferences } })
    await cluster.send('POST', inside, tab('own.example.com', 'other'))
    await cluster.send('DELETE', `${inside}/owner`)
    const gone: string[] = []
    const next = async () => {
      for (let event = await watch.next(); ; event = await watch.next())
        if (event.type === 'DELETED') return gone.push(event.object.metadata.name!)
    }
    await next()
    await next()
    expect(gone).toEqual(['owner', 'owned'])
    await cluster.send('DELETE', '/api/v1/namespaces/own')
    await next()
    expect(gone[2]).toBe('other')
    watch.close()
  })
})
