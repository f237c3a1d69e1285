import { describe, expect, test } from 'vitest'
import { clusterForTests } from './harness.ts'
import { kubectlAt, newest } from './kubectl-at.ts'

const cluster = clusterForTests()
const { run, good } = kubectlAt(cluster)

test('items of lists do not say what they are; those of users’ kinds do', async () => {
  const { body } = await cluster.send('GET', '/api/v1/nodes')
  expect(body).toMatchObject({ kind: 'NodeList', apiVersion: 'v1' })
  expect(Object.keys(body.items![0]!)).toEqual(['metadata', 'spec', 'status'])
  const names = { plural: 'tabs', singular: 'tab', kind: 'Tab' }
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }]
  await cluster.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'tabs.example.com' },
    spec: { group: 'example.com', scope: 'Cluster', names, versions },
  })
  await expect
    .poll(async () => {
      await cluster.send('POST', '/apis/example.com/v1/tabs', {
        apiVersion: 'example.com/v1',
        kind: 'Tab',
        metadata: { name: 'a' },
      })
      return (await cluster.send('GET', '/apis/example.com/v1/tabs')).body.items
    })
    .toEqual([expect.objectContaining({ kind: 'Tab', apiVersion: 'example.com/v1' })])
})

test('documents of OpenAPI are kept by their content', async () => {
  const index = await cluster.send('GET', '/openapi/v3')
  expect(index.headers).toMatchObject({ 'cache-control': 'no-cache, private', 'content-type': 'text/plain; charset=utf-8' })
  const { paths } = index.body as unknown as { paths: Record<string, { serverRelativeURL: string }> }
  const address = paths['apis/apps/v1']!.serverRelativeURL
  const kept = await cluster.send('GET', address)
  expect(kept.headers).toMatchObject({ 'cache-control': 'public, immutable', vary: 'Accept' })
  expect(Date.parse(String(kept.headers.expires))).toBeGreaterThan(Date.now() + 300 * 86_400_000)
  expect(kept.headers.etag).toBe(`"${address.split('hash=')[1]}"`)
  const same = await cluster.send('GET', address, undefined, { 'if-none-match': String(kept.headers.etag) })
  expect([same.code, same.text]).toEqual([304, ''])
  const moved = await cluster.send('GET', '/openapi/v3/apis/apps/v1?hash=OLD')
  expect([moved.code, moved.headers.location]).toEqual([301, address])
  expect((await cluster.send('GET', '/openapi/v3/apis/apps/v1')).headers['cache-control']).toBe('no-cache, private')
})

test('a Binding gives the Pod that it names its node', async () => {
  const pods = '/api/v1/namespaces/default/pods'
  const containers = [{ name: 'c', image: 'busybox:1.36' }]
  await cluster.send('POST', pods, { metadata: { name: 'bound' }, spec: { schedulerName: 'mine', containers } })
  const binding = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name },
    target: { apiVersion: 'v1', kind: 'Node', name: 'node2' },
  })
  const to = '/api/v1/namespaces/default/bindings'
  expect((await cluster.send('POST', to, binding('nosuch'))).code).toBe(404)
  expect(await cluster.send('POST', to, binding('bound'))).toMatchObject({
    code: 201,
    body: { kind: 'Status', status: 'Success' },
  })
  expect((await cluster.send('GET', `${pods}/bound`)).body).toMatchObject({ spec: { nodeName: 'node2' } })
  expect((await cluster.send('POST', to, binding('bound'))).code).toBe(409)
})

describe.skipIf(!newest)(`kubectl${newest ? '' : ' (skipped: none on this machine)'}`, () => {
  test('gets componentstatuses, with the warning that they are old', async () => {
    const { out, err, code } = await run(['get', 'cs'])
    expect(err).toBe('Warning: v1 ComponentStatus is deprecated in v1.19+\n')
    expect(out.split('\n').map(line => line.trimEnd())).toEqual([
      'NAME                 STATUS    MESSAGE   ERROR',
      'controller-manager   Healthy   ok',
      'scheduler            Healthy   ok',
      'etcd-0               Healthy   ok',
      '',
    ])
    expect(code).toBe(0)
    expect(await good('get', 'componentstatus', 'etcd-0', '-o', 'jsonpath={.conditions[0].type}')).toBe('Healthy')
    expect((await run(['get', 'cs', 'nosuch'])).err).toContain(
      'Error from server (NotFound): componentstatuses "nosuch" not found',
    )
  })

  test('tells who one is, and what one may', async () => {
    expect((await good('auth', 'whoami')).replace(/ +/g, ' ')).toBe(
      'ATTRIBUTE VALUE\nUsername learner\nGroups [system:masters system:authenticated]\n',
    )
    expect((await good('auth', 'can-i', '--list')).replace(/ +/g, ' ')).toContain(
      'Resources Non-Resource URLs Resource Names Verbs\n*.* [] [] [*]\n [*] [] [*]\n',
    )
    expect(await good('auth', 'can-i', 'create', 'pods')).toBe('yes\n')
  })

  test('goes over from client-side to server-side apply, and loses nothing on the way', async () => {
    const deployment = (replicas: number) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'over' },
      spec: {
        replicas,
        selector: { matchLabels: { app: 'over' } },
        template: { metadata: { labels: { app: 'over' } }, spec: { containers: [{ name: 'c', image: 'busybox:1.36' }] } },
      },
    })
    const apply = (replicas: number, ...more: string[]) =>
      run(['apply', '-f', '-', ...more], JSON.stringify(deployment(replicas)))
    expect((await apply(0)).code).toBe(0)
    expect((await apply(1, '--server-side')).err).toContain('conflict with "kubectl-client-side-apply"')
    expect(await apply(1, '--server-side', '--force-conflicts')).toMatchObject({ code: 0, err: '' })
    const labels = await run(['get', 'deploy', 'over', '-o', 'jsonpath={.spec.replicas} {.spec.template.metadata.labels}'])
    expect(labels.out).toBe('1 {"app":"over"}')
    await run(['delete', 'deploy', 'over'])
  })
})
