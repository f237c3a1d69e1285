import { describe, expect, test } from 'vitest'
import type { Kind, KubeObject } from '../../electron/contract/cluster.ts'
import { drawLinks, placeBoxes } from '../../renderer/screens/labs/drawing/boxes.ts'
import { chartedOf } from '../../renderer/screens/labs/drawing/chart.ts'
import { graphOf } from '../../renderer/screens/labs/drawing/graph.ts'
import { belongsTo } from '../../renderer/screens/labs/drawing/mine.ts'
import { emptyTimeline, reduceTimeline } from '../../renderer/state/timeline.ts'
import { object, pod } from '../lessons/objects.ts'

const own = (each: KubeObject, owner: KubeObject): KubeObject => ({
  ...each,
  metadata: {
    ...each.metadata,
    ownerReferences: [{ kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, controller: true }],
  },
})

const graph = (...objects: KubeObject[]) => {
  const timeline = reduceTimeline(emptyTimeline, { type: 'snapshot', cluster: 'practice', objects }, 0)
  const byKind = new Map<Kind, Map<string, KubeObject>>()
  for (const each of objects) {
    const kind = each.kind as Kind
    byKind.set(kind, new Map(byKind.get(kind)).set(each.metadata.uid, each))
  }
  return graphOf({
    workloads: [...timeline.workloads.values()],
    pods: [...timeline.pods.values()],
    objects: byKind,
    isOurs: () => true,
  })
}
const told = ({ things, links }: ReturnType<typeof graph>) => ({
  things: things.map(({ kind, name, note, under, mountedBy }) =>
    [kind, name, note, under ?? mountedBy].filter(Boolean).join(' '),
  ),
  links: links.map(({ from, type, pod }) => `${from} ${type} ${pod}`),
})

describe('owners', () => {
  test.each<[Kind, object, object, string | undefined]>([
    ['ReplicationController', { replicas: 1, selector: { app: 'web' } }, {}, 'app=web'],
    ['DaemonSet', {}, { desiredNumberScheduled: 2, numberReady: 1 }, '1/2'],
    ['Job', { completions: 6 }, { succeeded: 4 }, '4/6'],
    ['StatefulSet', { replicas: 1 }, {}, undefined],
    ['ReplicaSet', { replicas: 1, selector: { matchLabels: { app: 'web' } } }, {}, 'app=web'],
  ])('a %s has a box and a line to its Pod', (kind, spec, status, note) => {
    const owner = object(kind, 'web', { uid: 'o', spec, status })
    expect(told(graph(owner, own(pod('web-1', { uid: 'p' }), owner)))).toEqual({
      things: [[kind, 'web', note].filter(Boolean).join(' ')],
      links: ['o owns p'],
    })
  })

  test('a CronJob stands above its Jobs, an autoscaler above what it scales; each tree in one piece', () => {
    const clock = object('CronJob', 'clock', { uid: 'c', spec: { schedule: '* * * * *' } })
    const strike = own(object('Job', 'clock-1', { uid: 'j' }), clock)
    const web = object('Deployment', 'web', { uid: 'd', spec: { replicas: 1 } })
    const set = own(object('ReplicaSet', 'web-5', { uid: 'rs' }), web)
    const scaler = object('HorizontalPodAutoscaler', 'web', {
      uid: 'h',
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'web' },
        metrics: [{ resource: { target: { averageUtilization: 50 } } }],
      },
      status: { currentMetrics: [{ resource: { current: { averageUtilization: 7 } } }] },
    })
    const pods = [own(pod('clock-1-x', { uid: 'p' }), strike), own(pod('web-5-x', { uid: 'q' }), set)]
    expect(told(graph(clock, web, strike, set, scaler, ...pods)).things).toEqual([
      'HorizontalPodAutoscaler web 7%/50%',
      'Deployment web h',
      'ReplicaSet web-5 d',
      'CronJob clock * * * * *',
      'Job clock-1 0/1 c',
    ])
  })

  test('a ReplicaSet whose Pods are all gone is not drawn, one of its own is', () => {
    const web = object('Deployment', 'web', { uid: 'd' })
    const old = own(object('ReplicaSet', 'web-1', { uid: 'old' }), web)
    const bare = object('ReplicaSet', 'bare', { uid: 'bare' })
    expect(told(graph(web, old, bare)).things).toEqual(['Deployment web', 'ReplicaSet bare'])
  })

  test('two that own each other are not drawn, and end nothing', () => {
    const [a, b] = [object('Job', 'a', { uid: 'a' }), object('Job', 'b', { uid: 'b' })]
    const pods = [own(pod('x'), own(a, b)), own(pod('y'), own(b, a))]
    expect(told(graph(own(a, b), own(b, a), ...pods)).things).toEqual([])
  })
})

describe('Services', () => {
  const service = object('Service', 'web', { uid: 's', spec: { selector: { app: 'web' } } })
  const to = (...uids: string[]) => uids.map(uid => ({ targetRef: { uid } }))

  test('serve the Pods in their endpoints, and only select those that are not Ready', () => {
    const endpoints = object('Endpoints', 'web', { subsets: [{ addresses: to('a'), notReadyAddresses: to('b') }] })
    expect(told(graph(service, endpoints, pod('a', { uid: 'a' }), pod('b', { uid: 'b' }), pod('c', { uid: 'c' })))).toEqual({
      things: ['Service web app=web'],
      links: ['s serves a', 's selects b'],
    })
  })

  test('find nothing through the endpoints of another namespace, or with none', () => {
    const elsewhere = object('Endpoints', 'web', { namespace: 'other', subsets: [{ addresses: to('a') }] })
    expect(told(graph(service, elsewhere, pod('a', { uid: 'a' }))).links).toEqual([])
  })
})

describe('volumes', () => {
  const mounts = (name: string, volume: object, owner?: KubeObject) => {
    const each = pod(name, { uid: name, spec: { volumes: [volume] } })
    return owner ? own(each, owner) : each
  }
  const map = object('ConfigMap', 'page', { uid: 'm' })
  const ofMap = { configMap: { name: 'page' } }

  test('a claim stands above its volume and has a line to the Pod that mounts it', () => {
    const claim = object('PersistentVolumeClaim', 'data', {
      uid: 'c',
      spec: { volumeName: 'pv-1' },
      status: { phase: 'Bound', capacity: { storage: '1Gi' } },
    })
    const volume = object('PersistentVolume', 'pv-1', {
      uid: 'v',
      namespace: undefined,
      spec: { capacity: { storage: '1Gi' } },
      status: { phase: 'Bound' },
    })
    expect(told(graph(claim, volume, mounts('a', { persistentVolumeClaim: { claimName: 'data' } })))).toEqual({
      things: ['PersistentVolumeClaim data Bound 1Gi', 'PersistentVolume pv-1 Bound 1Gi c'],
      links: ['c mounts a'],
    })
  })

  test('what all Pods of a workload mount has one line, to the workload', () => {
    const set = object('ReplicaSet', 'web', { uid: 'rs' })
    const all = [mounts('a', ofMap, set), mounts('b', ofMap, set)]
    expect(told(graph(map, set, ...all)).things).toContain('ConfigMap page rs')
    const some = told(graph(map, set, mounts('a', ofMap, set), own(pod('b'), set)))
    expect(some.things).toContain('ConfigMap page')
    expect(some.links).toContain('m mounts a')
  })

  test('a ConfigMap that nothing mounts is not drawn', () => {
    expect(graph(map, pod('a')).things).toEqual([])
  })
})

describe('whose an object is', () => {
  const isOurs = belongsTo({
    namespace: 'lab-red',
    creates: ['namespace/lab-red', 'namespace/lab-blue', 'pv/shelf', 'pod/web -n elsewhere', 'pod -l app=sick -n third'],
  })
  test.each([
    ['anything', 'lab-red', true],
    ['anything', 'lab-blue', true],
    ['shelf', '', true],
    ['web-6686c4dc6f-k24vh', 'elsewhere', true],
    ['website', 'elsewhere', false],
    ['web', 'default', false],
    ['lab-red', '', false],
    ['sick', 'third', false],
  ])('%s in "%s": %s', (name, namespace, expected) => expect(isOurs(name, namespace)).toBe(expected))
})

test('what scales by itself is charted before what does not, and what is there before what is gone', () => {
  const samples = [{ at: 0, wanted: 1, ready: 1, available: 1 }]
  const of = (uid: string, more: object = {}) => ({ uid, kind: 'Deployment', name: uid, namespace: 'default', samples, ...more })
  const three = [of('web'), of('crowd'), of('old', { gone: 5 })]
  expect(chartedOf(three, new Set(['web']))?.uid).toBe('web')
  expect(chartedOf(three, new Set())?.uid).toBe('crowd')
  expect(chartedOf([of('old', { gone: 5 })], new Set())?.uid).toBe('old')
  expect(chartedOf([of('job', { samples: [] })], new Set())).toBeUndefined()
})

describe('boxes and lines', () => {
  const many = (count: number) =>
    graph(...Array.from({ length: count }, (_, at) => object('StatefulSet', `set-${at}`, { uid: `s${at}` })))

  test.each([
    [3, 'full'],
    [8, 'small'],
    [12, 'line'],
    [40, 'line'],
  ])('%d of them stand in order and never on each other, %s', (count, form) => {
    const boxes = placeBoxes({ graph: many(count), rows: new Map(), rooms: ['default'], bottom: 460 })
    expect(boxes.map(box => box.form)).toEqual(Array(count).fill(form))
    for (const [index, box] of boxes.slice(1).entries())
      expect(box.y).toBeGreaterThanOrEqual((boxes[index]?.y ?? 0) + (boxes[index]?.height ?? 0))
    if (count < 40) expect((boxes.at(-1)?.y ?? 0) + (boxes.at(-1)?.height ?? 0)).toBeLessThanOrEqual(460)
  })

  test('each namespace has its boxes together, under its name', () => {
    const of = (name: string, namespace: string) => object('Deployment', name, { uid: `${namespace}/${name}`, namespace })
    const both = graph(of('a', 'red'), of('a', 'blue'), of('b', 'red'))
    const boxes = placeBoxes({ graph: both, rows: new Map(), rooms: ['blue', 'red'], bottom: 460 })
    expect(boxes.map(({ uid, room }) => [uid, room])).toEqual([
      ['blue/a', 'blue'],
      ['red/a', 'red'],
      ['red/b', undefined],
    ])
  })

  test('two hundred Pods of one owner are two paths: those that stay and those that leave', () => {
    const set = object('ReplicaSet', 'web', { uid: 'rs' })
    const pods = Array.from({ length: 200 }, (_, at) => own(pod(`p${at}`, { uid: `p${at}` }), set))
    const crowd = graph(set, ...pods)
    const rows = new Map(pods.map(({ metadata }, at) => [metadata.uid, at * 5]))
    const boxes = placeBoxes({ graph: crowd, rows, rooms: ['default'], bottom: 1000 })
    const links = drawLinks({ graph: crowd, boxes, rows, leaving: new Set(['p7']), boxX: 0, nameX: 200, apart: 0 })
    expect(links.map(({ type, isLeaving, ends }) => [type, isLeaving, ends.length])).toEqual([
      ['owns', false, 199],
      ['owns', true, 1],
    ])
  })
})
