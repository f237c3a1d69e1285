import { beforeEach, describe, expect, test } from 'vitest'
import { isAllowed } from '../../../electron/practice/network/policies.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { networkPolicy } from '../../../electron/practice/resources/network-policy.ts'
import { createStore, type Store } from '../../../electron/practice/store.ts'
import { clusterForTests } from '../api/harness.ts'
import { kubectlAt, newest } from '../api/kubectl-at.ts'

const ips = { web: '10.42.0.2', shop: '10.42.0.3', other: '10.42.1.2', outside: '192.0.2.1' }
let store: Store
const put = (resource: string, name: string, namespace: string, rest: object) =>
  store.put(resource, { metadata: { name, namespace, ...(rest as { metadata?: object }).metadata }, ...rest } as KubeObject)
const pod = (name: keyof typeof ips, namespace: string) =>
  store.put('pods', {
    metadata: { name, namespace, labels: { app: name } },
    spec: { containers: [{ name, ports: [{ name: 'http', containerPort: 8080 }] }] },
    status: { podIP: ips[name] },
  } as unknown as KubeObject)
const policy = (name: string, spec: object) =>
  put('networkpolicies.networking.k8s.io', name, 'default', networkPolicy.defaults({ spec } as never))
const reach = (from: keyof typeof ips, to: keyof typeof ips, port = 8080) => isAllowed(store, ips[from], ips[to], port)

describe('policies', () => {
  beforeEach(() => {
    store = createStore()
    store.put('namespaces', { metadata: { name: 'default' } } as KubeObject)
    store.put('namespaces', { metadata: { name: 'far', labels: { team: 'far' } } } as unknown as KubeObject)
    pod('web', 'default')
    pod('shop', 'default')
    pod('other', 'far')
  })

  test('without any everything passes; a Pod that none is for stays open', () => {
    expect(reach('other', 'web')).toBe(true)
    policy('deny', { podSelector: { matchLabels: { app: 'web' } } })
    expect(reach('other', 'shop')).toBe(true)
    expect(reach('other', 'web')).toBe(false)
    expect(reach('shop', 'web')).toBe(false)
  })

  test('a node reaches its Pods, and a Pod itself', () => {
    policy('deny', { podSelector: {} })
    expect(isAllowed(store, undefined, ips.web, 8080)).toBe(true)
    expect(reach('web', 'web')).toBe(true)
  })

  test.each([
    ['Pods of its namespace', { podSelector: { matchLabels: { app: 'shop' } } }, ['shop']],
    ['all of its namespace', { podSelector: {} }, ['shop']],
    ['another namespace', { namespaceSelector: { matchLabels: { team: 'far' } } }, ['other']],
    [
      'some Pods of another namespace',
      { namespaceSelector: { matchLabels: { team: 'far' } }, podSelector: { matchLabels: { app: 'shop' } } },
      [],
    ],
    ['addresses', { ipBlock: { cidr: '10.42.0.0/16', except: ['10.42.1.0/24'] } }, ['shop']],
    ['addresses outside', { ipBlock: { cidr: '192.0.2.0/24' } }, ['outside']],
  ])('let in %s', (_, peer, expected) => {
    policy('some', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [peer] }] })
    expect((['shop', 'other', 'outside'] as const).filter(from => reach(from, 'web'))).toEqual(expected)
  })

  test.each([
    [[{ port: 8080 }], [8080]],
    [[{ port: 'http' }], [8080]],
    [[{ port: 80, endPort: 90 }], [80, 90]],
    [[{ protocol: 'UDP', port: 8080 }], []],
    [[], [80, 90, 443, 8080]],
  ])('let in by ports %j', (ports, expected) => {
    policy('ports', { podSelector: {}, ingress: [{ ports }] })
    expect([80, 90, 443, 8080].filter(port => reach('shop', 'web', port))).toEqual(expected)
  })

  test('add up, and hold what goes out too', () => {
    policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
    policy('in', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{}] })
    expect(reach('shop', 'web')).toBe(false)
    policy('out', {
      podSelector: { matchLabels: { app: 'shop' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
    })
    expect(reach('shop', 'web')).toBe(true)
    expect(reach('shop', 'other')).toBe(false)
  })
})

describe.skipIf(!newest)(`in a cluster${newest ? '' : ' (skipped: no kubectl on this machine)'}`, () => {
  const cluster = clusterForTests()
  const { run, good, apply } = kubectlAt(cluster)

  test('a forbidden connection gets no answer, and an allowed one does', async () => {
    for (const name of ['web', 'asker']) await good('run', name, '--image=openresty/openresty:alpine', `--labels=app=${name}`)
    await good('wait', 'pod/web', 'pod/asker', '--for=condition=Ready', '--timeout=30s')
    await good('expose', 'pod', 'web', '--port=80')
    const ask = () => run(['exec', 'asker', '--', 'curl', '-s', '-m', '2', 'http://web'])
    await expect.poll(async () => (await ask()).out, { timeout: 10_000 }).toContain('Welcome')
    const manifest = (ingress: object[]) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'web' },
      spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress },
    })
    await apply(manifest([]))
    expect((await ask()).code).toBe(28)
    expect(await good('get', 'netpol')).toMatch(/NAME +POD-SELECTOR +AGE\nweb +app=web +\d+s\n/)
    await apply(manifest([{ from: [{ podSelector: { matchLabels: { app: 'asker' } } }] }]))
    expect((await ask()).out).toContain('Welcome')
    expect(await good('describe', 'netpol', 'web')).toContain('PodSelector: app=asker')
    const wrong = await run(['apply', '-f', '-'], JSON.stringify(manifest([{ from: [{}] }])))
    expect(wrong.err).toContain('spec.ingress[0].from[0]: Required value: must specify a peer')
  }, 60_000)
})
