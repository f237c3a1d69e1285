// The pictures of single objects: what they read of a cluster, and that their stories keep to what Kubernetes promises.

import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../electron/contract/cluster.ts'
import type { DiagramId } from '../../../electron/contract/diagrams.ts'
import type { Words } from '../../../renderer/screens/talk/diagrams/diagram.ts'
import type { Drawing, Place } from '../../../renderer/screens/talk/diagrams/drawing.ts'
import { clusterFacts, storyFacts } from '../../../renderer/screens/talk/diagrams/facts.ts'
import { sumOf } from '../../../renderer/screens/talk/diagrams/objects/autoscaler.ts'
import { limitsOf } from '../../../renderer/screens/talk/diagrams/objects/deployment.ts'
import { rulesOf } from '../../../renderer/screens/talk/diagrams/objects/ingress.ts'
import { cutTo, mostTelling } from '../../../renderer/screens/talk/diagrams/objects/reading.ts'
import { entriesOf } from '../../../renderer/screens/talk/diagrams/objects/service.ts'
import { diagrams } from '../../../renderer/screens/talk/diagrams/registry.ts'
import { toldBy } from '../../../renderer/screens/talk/diagrams/story.ts'
import { kube, ownedBy, readyPod } from '../kube.ts'

/** Each key with what goes into it, so that figures can be read. */
const t = ((key: string, values: object = {}) => [key, ...Object.values(values)].join(' ')) as unknown as Words

const node = kube('Node', 'node1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } })
const draw = (id: DiagramId, objects: readonly KubeObject[], at?: string): Drawing => {
  const facts = clusterFacts([node, ...objects])
  if (!facts) throw new Error('there is a node')
  return diagrams[id].draw(facts, t, at)
}
const isIn = (id: DiagramId, objects: readonly KubeObject[]): boolean | undefined => {
  const facts = clusterFacts([node, ...objects])
  return facts && diagrams[id].isIn?.(facts)
}
const of = (drawing: Drawing | undefined, part: string): Place[] => drawing?.places.filter(place => place.part === part) ?? []
const labels = (drawing: Drawing | undefined, part: string) => of(drawing, part).map(({ label, state }) => `${label} ${state}`)
/** A story's pictures, one after each step. */
const told = (id: DiagramId): Drawing[] => {
  const { story, draw } = diagrams[id]
  return story.steps.map((_, step) => draw(storyFacts(toldBy(story, step)), t))
}

describe('what is read', () => {
  const strategy = (maxSurge: unknown, maxUnavailable: unknown) => ({ rollingUpdate: { maxSurge, maxUnavailable } })
  test.each([
    ['nothing said', 10, undefined, 8, 13],
    ['one replica', 1, undefined, 1, 2],
    ['one replica, and no surge', 1, strategy(0, '25%'), 0, 1],
    ['shares', 4, strategy('50%', '50%'), 2, 6],
    ['numbers', 4, strategy(1, 0), 4, 5],
    ['neither more nor less', 4, strategy(0, '0%'), 3, 4],
    ['all at once', 4, { type: 'Recreate' }, 0, 4],
  ])('limits with %s', (_what, replicas, given, least, most) => {
    expect(limitsOf(kube('Deployment', 'd', { spec: { replicas, strategy: given } }))).toEqual({ least, most })
  })

  test('rules of an Ingress: each path of each host, any host, and what catches the rest', () => {
    const backend = (name: string) => ({ service: { name } })
    const rules = rulesOf(
      kube('Ingress', 'i', {
        spec: {
          defaultBackend: backend('rest'),
          rules: [
            {
              host: 'a.example',
              http: {
                paths: [
                  { path: '/', backend: backend('web') },
                  { path: '/b', backend: backend('b') },
                ],
              },
            },
            { http: { paths: [{ backend: backend('any') }] } },
            { host: 'none.example' },
          ],
        },
      }),
    )
    expect(rules.map(({ matches, service }) => `${matches} > ${service}`)).toEqual([
      'a.example/ > web',
      'a.example/b > b',
      '*/ > any',
      '* > rest',
    ])
    expect(rulesOf(undefined)).toEqual([])
  })

  test.each([
    [4, 90, 50, 7.2],
    [2, 0, 30, 0],
    [3, undefined, 50, undefined],
  ])('%d replicas at %s of %d %% make %s', (currentReplicas, use, target, exact) => {
    const autoscaler = kube('HorizontalPodAutoscaler', 'h', {
      spec: { metrics: [{ resource: { name: 'cpu', target: { averageUtilization: target } } }] },
      status: {
        currentReplicas,
        currentMetrics: use === undefined ? null : [{ resource: { name: 'cpu', current: { averageUtilization: use } } }],
      },
    })
    expect(sumOf(autoscaler).exact).toBe(exact)
  })

  test('a Service’s list comes from its own slices, in an order that does not change with readiness', () => {
    const service = kube('Service', 's')
    const slice = (name: string, of: string, namespace: string, ...pods: [name: string, ready: boolean][]) =>
      kube('EndpointSlice', name, {
        metadata: { namespace, labels: { 'kubernetes.io/service-name': of } },
        ports: [{ port: 80 }],
        endpoints: pods.map(([pod, ready]) => ({ addresses: [`ip-${pod}`], conditions: { ready }, targetRef: { name: pod } })),
      })
    const objects = [
      service,
      ...['a', 'b', 'c'].map(name => kube('Pod', name)),
      slice('s-2', 's', 'default', ['c', true]),
      slice('s-1', 's', 'default', ['b', false], ['a', true]),
      slice('other', 'other', 'default', ['a', true]),
      slice('far', 's', 'elsewhere', ['a', true]),
      kube('EndpointSlice', 'empty', {
        metadata: { labels: { 'kubernetes.io/service-name': 's' } },
        endpoints: null,
        ports: null,
      }),
    ]
    expect(entriesOf(objects, service).map(({ address, isReady }) => `${address} ${isReady}`)).toEqual([
      'ip-a:80 true',
      'ip-b:80 false',
      'ip-c:80 true',
    ])
  })

  test('the newest is shown, before it what leaves and what is the cluster’s own', () => {
    const born = (name: string, minute: number, metadata: object = {}) =>
      kube('Pod', name, { metadata: { creationTimestamp: `2026-11-22T08:0${minute}:00Z`, ...metadata } })
    const all = [
      born('old', 1),
      born('new', 2),
      born('leaving', 3, { deletionTimestamp: 'now' }),
      born('system', 4, { namespace: 'kube-system' }),
    ]
    const chosen: string[] = []
    while (all.length > 0) {
      const next = mostTelling(all)
      if (!next) throw new Error('one of some is the most telling')
      chosen.push(next.metadata.name)
      all.splice(all.indexOf(next), 1)
    }
    expect(chosen).toEqual(['new', 'old', 'leaving', 'system'])
    expect(mostTelling([])).toBeUndefined()
  })

  test.each([
    ['short', 100, 'short'],
    ['a-long-name', 64, 'a-lo…'],
    ['ab', 1, 'a…'],
  ])('%s in %d is %s', (text, width, cut) => {
    expect(cutTo(text, width)).toBe(cut)
  })
})

describe('of a live cluster', () => {
  test('a rollout on the way: the current version is the one with the highest revision, each lane with its own Pods', () => {
    const deployment = kube('Deployment', 'web', { spec: { replicas: 4 } })
    const version = (name: string, revision: string, minute: number, replicas: number) =>
      kube('ReplicaSet', name, {
        metadata: {
          ...ownedBy(deployment),
          annotations: { 'deployment.kubernetes.io/revision': revision },
          creationTimestamp: `2026-11-22T08:0${minute}:00Z`,
        },
        spec: { replicas },
      })
    // Gone back to: older, but wanted again.
    const [old, current, gone] = [version('web-old', '3', 1, 3), version('web-new', '2', 2, 2), version('web-gone', '1', 0, 0)]
    const pod = (name: string, owner: KubeObject, status: object = readyPod) =>
      kube('Pod', name, { metadata: ownedBy(owner), status })
    const drawing = draw('deployment', [deployment, old, current, gone, pod('a', old), pod('b', old, {}), pod('c', current)])
    expect(of(drawing, 'new-replicaset')[0]?.note).toBe('old · object.readyOf 1 3')
    expect(of(drawing, 'old-replicaset')[0]?.note).toBe('new · object.readyOf 1 2')
    expect(drawing.dots?.map(({ pods }) => pods.map(({ name, state }) => `${name} ${state}`))).toEqual([
      ['a ready', 'b pending'],
      ['c ready'],
    ])
    expect(of(drawing, 'rollout-limits')[0]?.note).toBe('object.serving 2 3')
    expect([...(drawing.of ?? [])].toSorted()).toEqual(['Deployment/web', 'ReplicaSet/web-new', 'ReplicaSet/web-old'])
  })

  test('a Pod shows its node, address, volumes and containers, but not the token that everybody has', () => {
    const pod = kube('Pod', 'web', {
      spec: {
        nodeName: 'node1',
        containers: [{ name: 'app' }, { name: 'logs' }],
        volumes: [{ name: 'data' }, { name: 'kube-api-access-x' }],
      },
      status: {
        ...readyPod,
        podIP: '10.1.0.7',
        containerStatuses: [
          { name: 'app', ready: true, restartCount: 2, state: { running: {} } },
          { name: 'logs', ready: false, restartCount: 0, state: { waiting: { reason: 'CrashLoopBackOff' } } },
        ],
      },
    })
    const drawing = draw('pod', [pod])
    expect(labels(drawing, 'container')).toEqual(['app ready', 'logs failed'])
    expect(of(drawing, 'pod-network')[0]?.note).toBe('10.1.0.7')
    expect(of(drawing, 'pod-volume')[0]?.note).toBe('data')
    expect(of(drawing, 'kubelet')[0]?.id).toBe('kubelet/node1')
    expect(drawing.words?.map(({ text }) => text)).toEqual(['node1', 'object.restarts 2', 'object.restarts 0'])
  })

  test('a StatefulSet that wants no storage says so; one without its claim yet shows the claim’s name', () => {
    const set = (templates?: object[]) => kube('StatefulSet', 'db', { spec: { replicas: 2, volumeClaimTemplates: templates } })
    expect(labels(draw('statefulset', [set()]), 'persistentvolumeclaim')).toEqual([
      'object.noClaim undefined',
      'object.noClaim undefined',
    ])
    expect(labels(draw('statefulset', [set([{ metadata: { name: 'data' } }])]), 'persistentvolumeclaim')).toEqual([
      'data-db-0 undefined',
      'data-db-1 undefined',
    ])
  })

  test('a CronJob shows its newest Jobs, a Job by itself is shown without one', () => {
    const cronJob = kube('CronJob', 'clock', { spec: { schedule: '* * * * *' } })
    const job = (name: string, owner?: KubeObject) =>
      kube('Job', name, {
        metadata: owner ? ownedBy(owner) : { creationTimestamp: '2026-11-22T09:00:00Z' },
        status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] },
      })
    const ofClock = draw('job', [cronJob, ...['clock-1', 'clock-2', 'clock-3', 'clock-4'].map(name => job(name, cronJob))])
    expect(labels(ofClock, 'job')).toEqual(['2 ready', '3 ready', '4 ready'])
    const alone = draw('job', [cronJob, job('sum')])
    expect(labels(alone, 'job')).toEqual(['sum ready'])
    expect(of(alone, 'cronjob')[0]).toMatchObject({ note: 'object.noCronJob', isAbsent: true })
  })

  test('a node without the DaemonSet’s Pod is an empty place in its layer', () => {
    const set = kube('DaemonSet', 'agent')
    const pod = kube('Pod', 'agent-x2b4q', { metadata: ownedBy(set), spec: { nodeName: 'node1' }, status: readyPod })
    const drawing = draw('daemonset', [set, pod, kube('Node', 'tainted')])
    expect(labels(drawing, 'pod')).toEqual(['x2b4q ready', 'object.none undefined'])
  })

  test('more nodes than there is room for are counted', () => {
    const nodes = ['node2', 'node3', 'node4', 'node5', 'node6'].map(name => kube('Node', name))
    const drawing = draw('daemonset', [kube('DaemonSet', 'agent'), ...nodes])
    expect(of(drawing, 'node')).toHaveLength(4)
    expect(drawing.words?.map(({ text }) => text)).toContain('diagram.moreNodes 2')
  })

  test('a node’s picture is of the one that is asked for, else of the first, and can be turned where there are more', () => {
    const objects = [kube('Node', 'node2'), kube('Pod', 'web', { spec: { nodeName: 'node2' }, status: readyPod })]
    const shown = (at: string | undefined, among: readonly KubeObject[]) => {
      const drawing = draw('node', among, at)
      const { pager, dots } = drawing
      return [of(drawing, 'kubelet')[0]?.id, dots?.[0]?.pods.length, pager?.index, pager?.names.length]
    }
    expect(shown('node2', objects)).toEqual(['kubelet/node2', 1, 1, 2])
    expect(shown('gone', objects)).toEqual(['kubelet/node1', 0, 0, 2])
    expect(shown(undefined, [])).toEqual(['kubelet/node1', 0, undefined, undefined])
  })

  test.each<[DiagramId, string]>([
    ['pod', 'Pod'],
    ['deployment', 'Deployment'],
    ['statefulset', 'StatefulSet'],
    ['daemonset', 'DaemonSet'],
    ['job', 'Job'],
    ['job', 'CronJob'],
    ['hpa', 'HorizontalPodAutoscaler'],
    ['ingress', 'Ingress'],
  ])('%s is of the cluster where there is a %s, else of the story', (id, kind) => {
    expect(isIn(id, [])).toBe(false)
    expect(isIn(id, [kube(kind, 'x')])).toBe(true)
    // drawn from almost nothing, as it is in the moment in which it was written
    expect(draw(id, [kube(kind, 'x')]).places.length).toBeGreaterThan(4)
  })

  test('the API server’s own Service and those of the system are nobody’s picture', () => {
    expect(isIn('service', [kube('Service', 'kubernetes', { spec: { clusterIP: '10.1.0.1' } })])).toBe(false)
    expect(isIn('service', [kube('Service', 'dns', { metadata: { namespace: 'kube-system' }, spec: { selector: {} } })])).toBe(
      false,
    )
    expect(isIn('service', [kube('Service', 'web', { spec: { selector: { app: 'web' } } })])).toBe(true)
  })
})

describe('stories', () => {
  test('a rollout and its way back: ten in the end, never fewer than eight in service, never more than thirteen', () => {
    const figures = told('deployment').map(drawing => {
      const [, serving = 0, there = 0] = (of(drawing, 'rollout-limits')[0]?.note ?? '').split(' ').map(Number)
      return { serving, there }
    })
    expect(Math.min(...figures.map(({ serving }) => serving))).toBe(8)
    const most = Math.max(...figures.map(({ there }) => there))
    expect([most > 10, most <= 13]).toEqual([true, true])
    expect(figures.at(-1)).toEqual({ serving: 10, there: 10 })
    const end = told('deployment').at(-1)
    expect(of(end, 'new-replicaset')[0]?.note).toBe('5d5f8c7b9 · object.readyOf 10 10')
    expect(of(end, 'old-replicaset')[0]?.note).toBe('7d9c6f5b8 · object.readyOf 0 0')
  })

  test('a StatefulSet: one ready before the next begins, and the claims outlive the Pod that dies', () => {
    const moments = told('statefulset').map(drawing =>
      of(drawing, 'pod')
        .map(({ state }) => state ?? '-')
        .join(' '),
    )
    expect(moments.filter((moment, index) => moment !== moments[index - 1])).toEqual([
      '- - -',
      'pending - -',
      'ready - -',
      'ready pending -',
      'ready ready -',
      'ready ready pending',
      'ready ready ready',
      'ready leaving ready',
      'ready - ready',
      'ready pending ready',
      'ready ready ready',
    ])
    for (const drawing of told('statefulset').slice(-5))
      expect(labels(drawing, 'persistentvolumeclaim')[1]).toBe('data-redis-1 ready')
  })

  test('a Service’s traffic goes to those on the list that are ready, and to no other', () => {
    const flows = told('service').map(drawing => [
      of(drawing, 'endpoint').map(({ state }) => state),
      drawing.ties?.slice(2).map(({ look }) => (look === 'flows' ? 'ready' : 'progressing')),
    ])
    for (const [rows, ties] of flows) expect(ties).toEqual(rows)
    expect(flows.map(([rows]) => rows?.join(' '))).toContain('ready progressing ready')
    expect(flows.at(-1)?.[0]).toEqual(['ready', 'ready', 'ready', 'ready'])
  })

  test('a DaemonSet ends with one Pod on each of three nodes', () => {
    const end = told('daemonset').at(-1)
    expect(of(end, 'pod').map(({ id, state }) => `${id} ${state}`)).toEqual([
      'pod/node1 ready',
      'pod/node2 ready',
      'pod/node3 ready',
    ])
  })

  test('a Job counts successes, not tries', () => {
    expect(told('job').map(drawing => of(drawing, 'job')[0]?.note)).toEqual([
      ...Array(6).fill('object.done 0 1'),
      ...Array(5).fill('object.done 1 1'),
    ])
    expect(labels(told('job').at(-1), 'pod')).toEqual(['q7fzn failed', 'm4cxd ready', 't2vkb ready'])
  })

  test('an autoscaler wants what its division says, rounded up, and its Pods follow', () => {
    for (const drawing of told('hpa')) {
      const { label = '', note = '' } = of(drawing, 'sum')[0] ?? {}
      const [, now, use, target] = /^(\d+) × (\d+)% ÷ (\d+)%/.exec(label)?.map(Number) ?? []
      expect(Number(note.split(' ').at(-1))).toBe(Math.ceil(((now ?? 0) * (use ?? 0)) / (target ?? 1)))
    }
    expect(told('hpa').map(({ dots }) => dots?.[0]?.pods.length)).toEqual([4, 4, 8, 8, 8, 8, 8, 8, 4, 4])
  })

  test('an Ingress leads to Services that have somebody ready; the others are a dead end', () => {
    const ways = told('ingress').map(drawing => drawing.ties?.slice(1).map(({ look }) => look))
    expect(ways).toEqual([
      ['flows', 'flows'],
      ['flows', 'flows', 'flows'],
      ['flows', 'limit', 'flows'],
      ['flows', 'flows', 'flows'],
    ])
  })

  test('a bare Pod keeps its address through a container’s restart, and is not remade', () => {
    const pods = told('pod')
    const address = pods.map(drawing => of(drawing, 'pod-network')[0]?.note)
    expect(address).toEqual(['object.noAddress', 'object.noAddress', ...Array(5).fill('10.1.77.5'), 'object.noAddress'])
    expect(labels(pods[4], 'container')[0]).toBe('openresty failed')
    expect(pods[5]?.words?.map(({ text }) => text)).toContain('object.restarts 1')
    expect(of(pods.at(-1), 'pod')[0]).toMatchObject({ isAbsent: true, note: 'object.gone' })
  })
})
