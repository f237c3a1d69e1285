import { join } from 'node:path'
import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { expect, test } from 'vitest'
import type { NodeObject, Pod } from '../../../electron/practice/controllers/kinds.ts'
import { noUsage, requestsOf, type Usage, usageOf } from '../../../electron/practice/controllers/pod-requests.ts'
import { createReady } from '../../../electron/practice/controllers/ready-keys.ts'
import {
  decidePlacement,
  type Placement,
  type SchedulingView,
} from '../../../electron/practice/controllers/scheduler-decision.ts'
import { isRuling } from '../../../electron/practice/controllers/scheduler-pod-affinity.ts'
import { goldenTests } from '../golden.ts'

interface Scheduling {
  pod: Pod
  nodes: {
    node: NodeObject
    usage?: { pods?: number; cpu?: number; memory?: number; hostPorts?: string[]; byOwner?: Record<string, number> }
  }[]
}

const givenUsage = ({ cpu = 0, memory = 0, pods = 0, ...given }: Scheduling['nodes'][number]['usage'] = {}): Usage => ({
  ...noUsage(),
  ...{ pods, cpu, memory, assumedCpu: cpu, assumedMemory: memory },
  hostPorts: new Map((given.hostPorts ?? []).map(port => [port, 1])),
  byOwner: new Map(Object.entries(given.byOwner ?? {})),
})

const alone = { ruling: [], nominated: [], budgets: [], volumes: [], labelsOf: () => ({}) }
const first = () => 0

/** A Pod in few words. */
type Short = Omit<Partial<PodSpec>, 'containers'> & {
  namespace?: string
  labels?: Record<string, string>
  requests?: Record<string, string>
  ports?: NonNullable<PodSpec['containers'][number]['ports']>
  startTime?: string
  nominated?: string
  leaving?: boolean
}

const podOf = (name: string, short: Short, nodeName?: string): Pod => {
  const { namespace = 'default', labels, requests, ports, startTime, nominated, leaving, ...spec } = short
  return {
    metadata: {
      name,
      uid: name,
      namespace,
      ...(labels && { labels }),
      ...(leaving && { deletionTimestamp: '2026-11-22T14:18:00Z' }),
    },
    spec: {
      ...spec,
      ...(nodeName && { nodeName }),
      containers: [{ name: 'a', ...(requests && { resources: { requests } }), ...(ports && { ports }) }],
    },
    status: {
      ...(startTime && { startTime }),
      ...(nominated && { nominatedNodeName: nominated }),
      ...(leaving && { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }] }),
    },
  } as unknown as Pod
}

interface Compact {
  pod: Short
  kept?: string
  nodes: Record<
    string,
    { labels?: Record<string, string>; taints?: object[]; room?: Record<string, string>; pods?: Record<string, Short> }
  >
  namespaces?: Record<string, Record<string, string>>
  nominated?: Record<string, Short>
  volumes?: SchedulingView['volumes']
  budgets?: { spec: object; status: object }[]
}

const viewOf = ({ nodes, namespaces = {}, nominated = {}, volumes = [], budgets = [] }: Compact): SchedulingView => {
  const infos = Object.entries(nodes).map(([name, { labels, taints, room, pods: given = {} }]) => {
    const pods = Object.entries(given).map(([podName, short]) => podOf(podName, short, name))
    const node = {
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
      spec: { ...(taints && { taints }) },
      status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...room } },
    } as unknown as NodeObject
    return { node, usage: usageOf(pods), pods: () => pods }
  })
  return {
    nodes: infos,
    ruling: infos.flatMap(({ pods }) => pods()).filter(isRuling),
    nominated: Object.entries(nominated).map(([name, short]) => podOf(name, short)),
    volumes,
    budgets: budgets.map(each => ({
      metadata: { name: 'b', namespace: 'default' },
      ...each,
    })) as unknown as SchedulingView['budgets'],
    labelsOf: namespace => namespaces[namespace] ?? {},
  }
}

const shown = (placement: Placement) =>
  'preempt' in placement && placement.preempt
    ? { ...placement, preempt: { ...placement.preempt, victims: placement.preempt.victims.map(({ metadata }) => metadata.name) } }
    : placement

goldenTests(join(import.meta.dirname, 'golden-scheduler'), {
  scheduler: ({ pod, nodes }: Scheduling) => {
    const { cpu, memory, hostPorts } = requestsOf(pod)
    const infos = nodes.map(({ node, usage }) => ({ node, usage: givenUsage(usage), pods: () => [] }))
    return { requests: { cpu, memory, hostPorts }, placement: decidePlacement(pod, { ...alone, nodes: infos }, first) }
  },
  placement: (input: Compact) => shown(decidePlacement(podOf('p', input.pod), viewOf(input), first, input.kept)),
})

test('keys of a higher order come first, equals in the order they came', () => {
  const ranks: Record<string, number> = { low: -1, high: 7 }
  const ready = createReady({ order: key => ranks[key] ?? 0 })
  for (const key of ['low', 'a', 'high', 'b', 'a']) ready.add(key)
  const taken: string[] = []
  for (let key = ready.first(); key !== undefined; key = ready.first()) {
    taken.push(key)
    ready.delete(key)
  }
  expect(taken).toEqual(['high', 'a', 'b', 'low'])
  expect(ready.size).toBe(0)
})
