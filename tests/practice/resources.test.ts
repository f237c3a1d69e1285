import { beforeEach, describe, expect, test } from 'vitest'
import type { KubeObject, ObjectMeta } from '../../electron/practice/object.ts'
import { createRandom } from '../../electron/practice/random.ts'
import { createRegistry, type Registry } from '../../electron/practice/registry.ts'
import type { Resource } from '../../electron/practice/resource.ts'
import { age } from '../../electron/practice/resources/columns.ts'
import { resources } from '../../electron/practice/resources/index.ts'
import { createStore } from '../../electron/practice/store.ts'

const now = Date.parse('2026-05-01T10:00:00Z')
const clock = { now: () => now, sleep: async () => {} }
let registry: Registry
const meta = (name: string) => ({ name, namespace: 'default' }) as ObjectMeta
const cells = (object: KubeObject, wide = false) => {
  const resource = resources.find(each => each.kind === object.kind) as Resource
  return resource.columns.filter(column => wide || !column.wide).map(column => column.cell(object, now))
}

beforeEach(() => {
  registry = createRegistry({ store: createStore(), resources, clock, random: createRandom(1) })
  registry.create('namespaces', { metadata: { name: 'default' } as ObjectMeta })
})

describe('Pod', () => {
  const spec = { containers: [{ name: 'openresty', image: 'openresty/openresty:latest', ports: [{ containerPort: 80 }] }] }

  test('gets the defaults and the admission of a real server', () => {
    const pod = registry.create('pods', { metadata: meta('openresty'), spec }) as KubeObject & { spec: Record<string, unknown> }
    const volume = (pod.spec.volumes as { name: string }[])[0]!.name
    expect(volume).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
    expect(pod.spec).toMatchObject({
      containers: [
        {
          imagePullPolicy: 'Always',
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          volumeMounts: [{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: volume, readOnly: true }],
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      serviceAccount: 'default',
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
        { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
      ],
    })
    expect(pod.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' })
    expect(cells(pod, true)).toEqual(['openresty', '0/1', 'Pending', '0', '0s', '<none>', '<none>', '<none>', '<none>'])
  })

  test('shows the state that matters most', () => {
    const pod = registry.create('pods', { metadata: meta('p'), spec })
    const show = (status: object, metadata: object = {}) =>
      cells({ ...pod, status, metadata: { ...pod.metadata, ...metadata } } as KubeObject).slice(1, 4)
    const statuses = (state: object, more: object = {}) => ({
      phase: 'Running',
      containerStatuses: [{ name: 'openresty', state, ...more }],
    })
    expect(show(statuses({ running: {} }, { ready: true }))).toEqual(['1/1', 'Running', '0'])
    expect(show(statuses({ waiting: { reason: 'ImagePullBackOff' } }))).toEqual(['0/1', 'ImagePullBackOff', '0'])
    const crashed = {
      restartCount: 3,
      lastState: { terminated: { exitCode: 1, finishedAt: '2026-05-01T09:59:20Z' } },
    }
    expect(show(statuses({ waiting: { reason: 'CrashLoopBackOff' } }, crashed))).toEqual([
      '0/1',
      'CrashLoopBackOff',
      '3 (40s ago)',
    ])
    expect(show(statuses({ terminated: { exitCode: 7 } }))).toEqual(['0/1', 'ExitCode:7', '0'])
    expect(show(statuses({ running: {} }, { ready: true }), { deletionTimestamp: 'x' })).toEqual(['1/1', 'Terminating', '0'])
    expect(show({ phase: 'Pending', initContainerStatuses: [{ name: 'i', state: { running: {} } }] })[1]).toMatch(/^Init:0\//)
  })
})

describe('Service', () => {
  const create = (name: string, spec: object) =>
    registry.create('services', { metadata: meta(name), spec }) as KubeObject & {
      spec: { clusterIP?: string; ports: { nodePort?: number; targetPort?: unknown }[] }
    }
  const ports = [{ port: 80 }]

  test('gets an address of its own', () => {
    const made = create('a', { ports, selector: { app: 'a' } })
    expect(made.spec.clusterIP).toMatch(/^10\.43\.\d+\.\d+$/)
    expect(made.spec.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }])
    expect(cells(made, true)).toEqual(['a', 'ClusterIP', made.spec.clusterIP, '<none>', '80/TCP', '0s', 'app=a'])
    expect(() => create('b', { ports, clusterIP: made.spec.clusterIP })).toThrow('provided IP is already allocated')
    expect(() => create('c', { ports, clusterIP: '192.168.0.1' })).toThrow('not in the valid range')
    expect(create('d', { ports, clusterIP: 'None' }).spec.clusterIP).toBe('None')
  })

  test('node ports lie in their range, stay, collide and go', () => {
    const made = create('a', { type: 'NodePort', ports })
    const { nodePort } = made.spec.ports[0]!
    expect(nodePort).toBeGreaterThanOrEqual(30_000)
    expect(nodePort).toBeLessThanOrEqual(32_767)
    const again = registry.modify('services', 'default', 'a', copy => ({ ...copy, spec: { ...(copy.spec as object), ports } }))
    expect(again).toMatchObject({ spec: { ports: [{ nodePort }] } })
    expect(() => create('b', { type: 'NodePort', ports: [{ port: 80, nodePort }] })).toThrow('provided port is already allocated')
    expect(() => create('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })).toThrow(
      'The range of valid ports is 30000-32767',
    )
    const plain = registry.modify('services', 'default', 'a', copy => ({
      ...copy,
      spec: { ...(copy.spec as object), type: 'ClusterIP' },
    }))
    expect((plain as typeof made).spec.ports[0]).not.toHaveProperty('nodePort')
  })

  test('a LoadBalancer shows that it waits, then its external addresses', () => {
    const made = create('a', { type: 'LoadBalancer', ports })
    expect(cells(made)[3]).toBe('<pending>')
    const given = registry.modify('services', 'default', 'a', copy => ({
      ...copy,
      spec: { ...(copy.spec as object), externalIPs: ['10.210.0.2'] },
    }))
    expect(cells(given!)[3]).toBe('10.210.0.2')
  })

  test('needs a name that DNS can carry', () => {
    expect(() => create('1a', { ports })).toThrow('a DNS-1035 label must')
  })
})

describe('Deployment', () => {
  const labels = { app: 'web' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } }
  const create = (spec: object) => registry.create('deployments.apps', { metadata: meta('web'), spec })

  test("the template gets a Pod's defaults but not its admission", () => {
    const made = create({ selector: { matchLabels: labels }, template }) as KubeObject & { spec: { template: { spec: object } } }
    expect(made.spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    })
    expect(made.spec.template.spec).not.toHaveProperty('enableServiceLinks')
    expect(made.spec.template.spec).not.toHaveProperty('serviceAccountName')
    expect(cells(made, true)).toEqual(['web', '0/1', 0, 0, '0s', 'web', 'nginx:1.27', 'app=web'])
  })

  test.each([
    [{ template }, 'spec.selector: Required value'],
    [{ selector: { matchLabels: { app: 'other' } }, template }, '`selector` does not match template `labels`'],
    [{ selector: {}, template }, 'empty selector is invalid for deployment'],
    [
      { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [] } } },
      'spec.template.spec.containers: Required value',
    ],
    [
      { selector: { matchLabels: labels }, template, replicas: -1 },
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      { selector: { matchLabels: labels }, template, strategy: { type: 'Fast' } },
      'Unsupported value: "Fast": supported values: "Recreate", "RollingUpdate"',
    ],
  ])('refuses %j', (spec, why) => {
    expect(() => create(spec)).toThrow(why)
  })
})

test.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [125, '2m5s'],
  [600, '10m'],
  [10_800, '3h'],
  [11_100, '3h5m'],
  [100_000, '27h'],
  [200_000, '2d7h'],
  [800_000, '9d'],
  [70_000_000, '2y80d'],
])('an age of %i seconds reads %s', (seconds, text) => {
  expect(age(new Date(now - seconds * 1000).toISOString(), now)).toBe(text)
})
