import { expect, test } from 'vitest'
import { discover, type Machine } from '../../electron/cluster/discover.ts'
import { accessOf, httpProxyOf, mergeKubeconfigs, parseKubeconfig, writeKubeconfig } from '../../electron/cluster/kubeconfig.ts'
import { AppError } from '../../electron/contract/errors.ts'

const config = (name: string, extra = '') => `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
- name: ${name}-cluster
  cluster: { server: 'https://${name}:6443', certificate-authority: pki/ca.crt }
users:
- name: ${name}-user
  user: { token: ${name}-token }
contexts:
- name: ${name}
  context: { cluster: ${name}-cluster, user: ${name}-user, namespace: ${name}-ns }
${extra}`

const codeOf = (action: () => unknown): unknown => {
  try {
    action()
  } catch (error) {
    return error instanceof AppError ? { code: error.code, ...error.details } : error
  }
  return undefined
}

test('paths in a kubeconfig are taken from its own folder', () => {
  const access = accessOf(parseKubeconfig(config('a'), '/home/x/.kube/config'), 'x')
  expect(access).toMatchObject({ context: 'a', namespace: 'a-ns', user: { token: 'a-token' } })
  expect(access.cluster['certificate-authority']).toBe('/home/x/.kube/pki/ca.crt')
})

test('files are merged as kubectl does: the first to set a name wins', () => {
  const first = parseKubeconfig(config('a'), '/a')
  const second = parseKubeconfig(config('a').replaceAll('https://a', 'https://other'), '/b')
  const merged = mergeKubeconfigs([first, second, parseKubeconfig(config('b'), '/c')])
  expect([...merged.contexts.keys()]).toEqual(['a', 'b'])
  expect(accessOf(merged, 'x').cluster.server).toBe('https://a:6443')
  expect(accessOf(merged, 'x', 'b').user.token).toBe('b-token')
})

test('one context written out is a kubeconfig of its own', () => {
  const merged = mergeKubeconfigs([parseKubeconfig(config('a'), '/a'), parseKubeconfig(config('b'), '/b')])
  const alone = parseKubeconfig(writeKubeconfig(accessOf(merged, 'x', 'b')), '/c')
  expect([...alone.contexts.keys()]).toEqual(['b'])
  expect(accessOf(alone, 'x')).toMatchObject({
    namespace: 'b-ns',
    cluster: { server: 'https://b:6443' },
    user: { token: 'b-token' },
  })
})

test('the proxy of a practice cluster is found beside its server', () => {
  const text = config('a').replace(
    'certificate-authority: pki/ca.crt',
    'extensions: [{ name: http-proxy, extension: { url: http://127.0.0.1:1 } }]',
  )
  expect(httpProxyOf(accessOf(parseKubeconfig(text, '/a'), 'x'))).toBe('http://127.0.0.1:1')
  expect(httpProxyOf(accessOf(parseKubeconfig(config('a'), '/a'), 'x'))).toBeUndefined()
})

test.each([
  ['broken YAML', 'clusters: [', { line: 1 }],
  ['a wrong shape', 'clusters: hello', { message: expect.stringContaining('clusters') }],
  [
    'a server that is no text',
    'clusters: [{ name: a, cluster: { server: 7 } }]',
    { message: expect.stringContaining('clusters.0') },
  ],
])('%s is a broken kubeconfig', (_, text, details) => {
  expect(codeOf(() => parseKubeconfig(text, '/x'))).toMatchObject({ code: 'kubeconfig.broken', path: '/x', ...details })
})

test('a context that names what is not there is broken', () => {
  const broken = config('a', '').replace('cluster: a-cluster', 'cluster: gone')
  expect(codeOf(() => accessOf(parseKubeconfig(broken, '/x'), '/x'))).toMatchObject({ message: 'cluster "gone" not found' })
})

const machine = (files: Record<string, string>, microk8s?: () => string): Machine => ({
  env: { KUBECONFIG: Object.keys(files).join(':') },
  home: '/home/x',
  read: async path => files[path],
  microk8sConfig: async () => microk8s?.(),
})

test('targets: practice always, MicroK8s where it answers, every context; a broken file hides no other', async () => {
  const found = await discover(machine({ '/a': config('a'), '/b': 'contexts: 7', '/c': config('c') }, () => config('m')))
  expect(found.map(({ target }) => [target.id, target.state, target.error?.code])).toEqual([
    ['practice', 'stopped', undefined],
    ['microk8s', 'stopped', undefined],
    ['context:a', 'stopped', undefined],
    ['context:c', 'stopped', undefined],
    ['context:/b', 'failed', 'kubeconfig.broken'],
  ])
})

test('no kubeconfig at all leaves practice; a MicroK8s that refuses says why', async () => {
  const refuse = () => {
    throw new AppError('cluster.denied', { message: 'not in the group' })
  }
  const found = await discover({ ...machine({}, refuse), env: {} })
  expect(found.map(({ target }) => [target.id, target.error])).toEqual([
    ['practice', undefined],
    ['microk8s', { code: 'cluster.denied', details: { message: 'not in the group' } }],
  ])
})
