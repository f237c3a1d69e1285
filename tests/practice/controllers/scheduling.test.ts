import { expect, test } from 'vitest'
import { clusterForTests } from '../api/harness.ts'
import { kubectlFor, sleeper as pod } from './kubectl.ts'

const cluster = clusterForTests()
const { kubectl, apply, until } = kubectlFor(cluster)

const priorityClass = (name: string, value: number, more: object = {}) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  ...more,
})

test('a more important Pod makes the least important leave, is nominated, and runs', async () => {
  await apply('classes', priorityClass('low', 10), priorityClass('high', 1000))
  await apply('low', pod('low-1', { cpu: '3', priorityClassName: 'low' }), pod('low-2', { cpu: '3' }))
  await kubectl('wait --for=condition=Ready pod/low-1 pod/low-2 --timeout=15s')
  await apply('high', pod('high', { cpu: '2', priorityClassName: 'high' }))
  await kubectl('wait --for=condition=Ready pod/high --timeout=15s')
  expect(await kubectl('get pods -oname')).toBe('pod/high\npod/low-1')
  const uid = await kubectl('get pod high -ojsonpath={.metadata.uid}')
  const node = await kubectl('get pod high -ojsonpath={.spec.nodeName}')
  const told = async (reason: string) =>
    kubectl(`get events --field-selector=reason=${reason} -ojsonpath={.items[*].involvedObject.name}|{.items[*].message}`)
  expect(await told('Preempted')).toBe(`low-2|Preempted by pod ${uid} on node ${node}`)
  expect(await told('FailedScheduling')).toBe('high|0/2 nodes are available: 2 Insufficient cpu.')
  await apply('patient', priorityClass('patient', 2000, { preemptionPolicy: 'Never' }))
  await apply('waits', pod('waits', { cpu: '4', priorityClassName: 'patient' }))
  await until(() => kubectl('describe pod waits'), /preemption: not eligible due to preemptionPolicy=Never\./)
  await kubectl('delete pod high low-1 waits')
}, 60_000)

test('of Pods that wait for room the most important comes first', async () => {
  await apply(
    'fill',
    pod('full-1', { cpu: '4', priorityClassName: 'high' }),
    pod('full-2', { cpu: '4', priorityClassName: 'high' }),
  )
  await kubectl('wait --for=condition=Ready pod/full-1 pod/full-2 --timeout=15s')
  await apply('queue', pod('first', { cpu: '4' }), pod('second', { cpu: '4', priorityClassName: 'low' }))
  await until(
    () => kubectl('get pods -ojsonpath={.items[*].status.conditions[0].reason}'),
    /^Unschedulable Unschedulable$|Unschedulable.*Unschedulable/,
  )
  await kubectl('delete pod full-1')
  await kubectl('wait --for=condition=Ready pod/second --timeout=15s')
  expect(await kubectl('get pod first -ojsonpath={.status.phase}')).toBe('Pending')
  await kubectl('delete pod first second full-2')
}, 60_000)

test('Pods that keep apart wait, in the real words, until another node comes', async () => {
  const labels = { app: 'apart' }
  const podAntiAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
    ],
  }
  const affinity = { podAntiAffinity }
  await apply('apart', ...['a', 'b', 'c'].map(name => pod(name, { labels, affinity })))
  await until(
    () => kubectl('get events --field-selector=reason=FailedScheduling -ojsonpath={.items[*].message}'),
    /0\/2 nodes are available: 2 node\(s\) didn't match pod anti-affinity rules\. no new claims to deallocate, preemption: 0\/2 nodes are available: 2 No preemption victims found for incoming pod\./,
  )
  cluster.practice.nodes.add()
  await kubectl('wait --for=condition=Ready pod/a pod/b pod/c --timeout=15s')
  const nodes = await kubectl('get pods -l app=apart -ojsonpath={.items[*].spec.nodeName}')
  expect(nodes.split(' ').sort()).toEqual(['node1', 'node2', 'node3'])
  await kubectl('delete pod a b c')
}, 60_000)

test('a Pod that wants a companion waits for it', async () => {
  const required = [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'host' } } }]
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } }
  await apply('guest', pod('guest', { affinity }))
  await until(() => kubectl('describe pod guest'), /3 node\(s\) didn't match pod affinity rules\./)
  await apply('host', pod('host', { labels: { app: 'host' } }))
  await kubectl('wait --for=condition=Ready pod/host pod/guest --timeout=15s')
  const where = await kubectl('get pod host guest -ojsonpath={.items[*].spec.nodeName}')
  expect(new Set(where.split(' ')).size).toBe(1)
  await kubectl('delete pod host guest')
}, 60_000)

test('Pods are spread over zones as they demand', async () => {
  await kubectl('label node node1 node2 zone=east')
  await kubectl('label node node3 zone=west')
  const topologySpreadConstraints = [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'wide' } } },
  ]
  const metadata = { labels: { app: 'wide' } }
  const { spec } = pod('', { topologySpreadConstraints })
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'wide' } }
  const selector = { matchLabels: { app: 'wide' } }
  await apply('wide', { ...deployment, spec: { replicas: 6, selector, template: { metadata, spec } } })
  await kubectl('rollout status deployment/wide --timeout=20s')
  const nodes = (await kubectl('get pods -l app=wide -ojsonpath={.items[*].spec.nodeName}')).split(' ')
  expect(nodes.filter(node => node === 'node3')).toHaveLength(3)
  await kubectl('delete deployment wide')
  await kubectl('delete pods -l app=wide')
}, 60_000)

test('a gated Pod is not looked at until its gates are gone', async () => {
  await apply('gated', pod('gated', { schedulingGates: [{ name: 'example.com/wait' }] }))
  expect(await kubectl('get pod gated --no-headers')).toMatch(/^gated\s+0\/1\s+SchedulingGated\s/)
  await expect(
    kubectl('patch pod gated --type=json -p', '[{"op":"add","path":"/spec/schedulingGates/-","value":{"name":"b"}}]'),
  ).rejects.toThrow("spec.schedulingGates: Forbidden: only deletion is allowed, but found new scheduling gate 'b'")
  await kubectl('patch pod gated -p', '{"spec":{"nodeSelector":{"kubernetes.io/hostname":"node2"}}}')
  await kubectl('patch pod gated --type=json -p', '[{"op":"remove","path":"/spec/schedulingGates"}]')
  await kubectl('wait --for=condition=Ready pod/gated --timeout=15s')
  expect(await kubectl('get pod gated -ojsonpath={.spec.nodeName}')).toBe('node2')
  await kubectl('delete pod gated')
}, 60_000)

test('what cannot be meant is refused in the real words', async () => {
  const spec = {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, podAffinityTerm: { topologyKey: '' } }],
      },
    },
    topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'Never' }],
  }
  const refused = await apply('wrong', pod('wrong', spec)).catch((error: Error) => error.message)
  for (const words of [
    'requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
    'preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
    'podAffinityTerm.topologyKey: Required value: can not be empty',
    'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
    'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
  ])
    expect(refused).toContain(words)
})
