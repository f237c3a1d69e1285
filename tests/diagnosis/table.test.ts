// Troubles in the words of real clusters that a practice cluster cannot be brought into: each fires, and its healthy twin does not.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import { type Cause, causeIds, isUnfinished, wordsOf } from '../../electron/contract/diagnosis.ts'
import { diagnose, diagnoseAll } from '../../electron/diagnosis/diagnose.ts'
import { readReasons } from '../../electron/diagnosis/pod-scheduling.ts'
import { object, pod, snapshotOf } from '../lessons/objects.ts'
import { troubles } from './troubles.ts'

const node = (name: string, status = 'True', more: object[] = []) =>
  object('Node', name, { status: { conditions: [{ type: 'Ready', status, message: 'kubelet says so' }, ...more] } })
const unscheduled = (message: string, spec: object = {}) =>
  object('Pod', 'web', {
    spec: { containers: [{ name: 'main', image: 'web' }], ...spec },
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] },
  })
const event = (about: KubeObject, reason: string, message: string) =>
  object('Event', `${about.metadata.name}.${reason}`, {
    involvedObject: { uid: about.metadata.uid },
    reason,
    message,
    lastTimestamp: '2026-11-22T10:00:10Z',
  })
const container = (state: object, more: object = {}) =>
  object('Pod', 'web', {
    spec: { nodeName: 'node1', containers: [{ name: 'main', image: 'web', resources: { limits: { memory: '64Mi' } } }] },
    status: {
      phase: 'Pending',
      containerStatuses: [{ name: 'main', image: 'web', imageID: '', ready: false, restartCount: 1, state, ...more }],
    },
  })
const claim = (spec: object, phase: string) => object('PersistentVolumeClaim', 'data', { spec, status: { phase } })
const storageClass = object('StorageClass', 'fast', { provisioner: 'example.com/disk' })
const service = (name: string, namespace: string) =>
  object('Service', name, { namespace, spec: { selector: { 'k8s-app': 'kube-dns' }, ports: [{ port: 53 }] } })
const starting = object('Pod', 'coredns', {
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  spec: { nodeName: 'node1', containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
})
const sandboxed = container({ waiting: { reason: 'ContainerCreating' } })
const unmounted = container({ waiting: { reason: 'ContainerCreating' } })
const provisioned = claim({ storageClassName: 'fast' }, 'Pending')
const scaler = (reason: string) =>
  object('HorizontalPodAutoscaler', 'web', {
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
    status: {
      conditions: [{ type: 'ScalingActive', status: 'False', reason, message: 'no metrics returned from resource metrics API' }],
    },
  })

const finished = (type: string, reason: string) =>
  object('Job', 'sum', {
    spec: {},
    status: { conditions: [{ type, status: 'True', reason, message: 'so says the controller' }] },
  })

type Case = [cause: Cause, sick: KubeObject, around: KubeObject[], healthy: KubeObject]

const bound = pod('web', { spec: { nodeName: 'node1', containers: [] } })
const wait = (words: string): Case[0] extends never ? never : KubeObject =>
  unscheduled(
    `0/2 nodes are available: ${words}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`,
  )

const cases: Case[] = [
  [
    'image.sandbox',
    sandboxed,
    [
      event(
        sandboxed,
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: failed to get sandbox image "registry.k8s.io/pause:3.10": failed to pull image',
      ),
    ],
    unmounted,
  ],
  [
    'image.other',
    container({ waiting: { reason: 'ErrImagePull', message: 'something went wrong' } }),
    [],
    container({ waiting: { reason: 'ContainerCreating' } }),
  ],
  ['scheduling.taint', wait('2 node(s) had untolerated taint {gpu: true}'), [node('node1')], bound],
  ['scheduling.spread', wait("2 node(s) didn't match pod topology spread constraints"), [node('node1')], bound],
  ['scheduling.cordoned', wait('2 node(s) were unschedulable'), [node('node1')], bound],
  ['scheduling.ports', wait("2 node(s) didn't have free ports for the requested pod ports"), [node('node1')], bound],
  [
    'scheduling.nodesNotReady',
    wait('2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }'),
    [node('node1')],
    bound,
  ],
  ['scheduling.other', wait('2 node(s) had their own reasons'), [node('node1')], bound],
  ['scheduling.noNodes', unscheduled('no nodes available to schedule pods'), [], bound],
  [
    'crash.outOfMemory',
    container({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } }),
    [],
    bound,
  ],
  ['crash.cannotStart', container({ waiting: { reason: 'RunContainerError', message: 'mount denied' } }), [], bound],
  [
    'volume.mount',
    unmounted,
    [event(unmounted, 'FailedAttachVolume', 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-0')],
    sandboxed,
  ],
  ['claim.noDefaultClass', claim({}, 'Pending'), [storageClass], claim({}, 'Bound')],
  [
    'claim.provisioning',
    provisioned,
    [storageClass, event(provisioned, 'ProvisioningFailed', 'failed to provision volume: no space left')],
    claim({ storageClassName: 'fast' }, 'Pending'),
  ],
  ['claim.lost', claim({ volumeName: 'pv-1' }, 'Lost'), [], claim({ volumeName: 'pv-1' }, 'Bound')],
  ['autoscaler.noMetrics', scaler('FailedGetResourceMetric'), [], scaler('ScalingDisabled')],
  ['node.notReady', node('node1', 'Unknown'), [], node('node1')],
  ['node.notReady', pod('web', { spec: { nodeName: 'node2', containers: [] } }), [node('node2', 'Unknown')], bound],
  [
    'node.pressure',
    node('node1', 'True', [{ type: 'DiskPressure', status: 'True', message: 'kubelet has disk pressure' }]),
    [],
    node('node1'),
  ],
  [
    'node.evicted',
    object('Pod', 'web', {
      spec: { nodeName: 'node1', containers: [] },
      status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
    }),
    [],
    bound,
  ],
  ['job.failed', finished('Failed', 'BackoffLimitExceeded'), [], finished('Complete', '')],
  ['dns.down', service('kube-dns', 'kube-system'), [starting], service('kube-dns', 'elsewhere')],
]

const cause = (sick: KubeObject, around: readonly KubeObject[]) => diagnose(sick, snapshotOf(sick, ...around))

test.each(cases.map(each => [each[0], each] as const))(
  '%s fires, and does not for its healthy twin',
  (name, [, sick, around, healthy]) => {
    const told = cause(sick, around)
    expect(told).toMatchObject({ cause: name })
    expect(told?.evidence[0]?.text).toBeTruthy()
    expect(cause(healthy, around)?.cause).not.toBe(name)
  },
)

test('every cause of the catalogue has a state that shows it, and one beside it that does not', () => {
  const mended = troubles.filter(({ patch, mend }) => patch !== undefined || mend !== undefined).map(trouble => trouble.cause)
  const beside = new Set([...mended, ...cases.map(([name]) => name)])
  expect(Object.keys(causeIds).filter(name => !beside.has(name as Cause))).toEqual([])
})

test('every cause of the catalogue has a trouble that shows it', () => {
  const shown = new Set([...troubles.map(trouble => trouble.cause), ...cases.map(([name]) => name)])
  expect(Object.keys(causeIds).filter(name => !shown.has(name as Cause))).toEqual([])
  expect(new Set(Object.values(causeIds)).size).toBe(Object.keys(causeIds).length)
})

test.each(['zh-CN', 'en'])('every cause and every command has its words in %s', language => {
  const words = JSON.parse(readFileSync(new URL(`../../resources/locales/${language}/diagnosis.json`, import.meta.url), 'utf8'))
  for (const name of Object.keys(causeIds)) {
    const told = name.split('.').reduce((place, key) => place?.[key], words.causes)
    expect(told, name).toMatchObject({ title: expect.stringMatching(/./), so: expect.stringMatching(/./) })
  }
  const says = new Set(cases.flatMap(([, sick, around]) => cause(sick, around)?.next.map(({ say }) => say) ?? []))
  for (const say of says) expect(words.next[say], say).toBeTruthy()
})

test.each(['zh-CN', 'en'])('a fact that is not known leaves no gap in a sentence of %s', language => {
  const words = JSON.parse(readFileSync(new URL(`../../resources/locales/${language}/diagnosis.json`, import.meta.url), 'utf8'))
  const lonely = { ...service('web', 'default'), spec: { selector: { app: 'web' }, ports: [] } }
  const found = diagnose(lonely, snapshotOf(lonely))
  expect(found).toMatchObject({ cause: 'service.noMatch', facts: { pod: '' } })
  expect(found && wordsOf(found).so).toBe('diagnosis:causes.service.noMatch.soBare')
  expect(words.causes.service.noMatch.soBare).not.toContain('{{pod}}')
  expect(wordsOf({ cause: 'service.noMatch', facts: { pod: 'web-1' } }).so).toBe('diagnosis:causes.service.noMatch.so')
})

test('a Pod of a second version is offered the way back and the image before; of a first version, neither', () => {
  const deployment = object('Deployment', 'web', { uid: 'd' })
  const version = (name: string, revision: string, image: string) => {
    const set = object('ReplicaSet', name, {
      uid: name,
      owner: deployment,
      spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
    })
    return { ...set, metadata: { ...set.metadata, annotations: { 'deployment.kubernetes.io/revision': revision } } }
  }
  const sick = { ...container({ waiting: { reason: 'ErrImagePull', message: 'web:nosuch: not found' } }) }
  const fresh = { ...sick, metadata: { ...sick.metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'b', uid: 'b' }] } }
  const commands = (...sets: KubeObject[]) =>
    diagnose(fresh, snapshotOf(fresh, deployment, ...sets))?.next.map(({ command }) => command)
  expect(commands(version('a', '1', 'web:1.0'), version('b', '2', 'web'))?.slice(0, 2)).toEqual([
    'kubectl rollout undo deployment/web',
    'kubectl set image deployment/web main=web:1.0',
  ])
  const [only] = commands(version('b', '1', 'web')) ?? []
  expect(only).toBe('kubectl set image deployment/web main=web:TAG')
  expect(isUnfinished(only ?? '')).toBe(true)
  expect(isUnfinished('kubectl rollout undo deployment/web')).toBe(false)
})

test('the reason of most nodes counts, and a comma in a taint does not split it', () => {
  const message =
    '0/5 nodes are available: 1 Insufficient cpu, 3 node(s) had untolerated taint {key: a,b}, 1 node(s) were unschedulable. preemption: 0/5'
  expect(readReasons(message).map(({ count, cause: each }) => [count, each])).toEqual([
    [3, 'scheduling.taint'],
    [1, 'scheduling.resources'],
    [1, 'scheduling.cordoned'],
  ])
})

test('a workload’s many Pods with one cause are one trouble', () => {
  const set = object('ReplicaSet', 'web-1', { spec: { replicas: 3 } })
  const sick = ['a', 'b', 'c'].map(name =>
    object('Pod', name, { owner: set, ...{ spec: { containers: [] }, status: wait('2 Insufficient cpu').status as object } }),
  )
  const found = diagnoseAll(snapshotOf(set, node('node1'), ...sick))
  expect(found.map(each => each.cause)).toEqual(['scheduling.resources'])
})

test('a healthy cluster has nothing to tell', () => {
  expect(diagnoseAll(snapshotOf(node('node1'), pod('web', { spec: { nodeName: 'node1', containers: [] } })))).toEqual([])
})
