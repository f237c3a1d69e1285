// What the soak does to a cluster: makes, changes and deletes things of every kind, kills nodes, and goes back in time.

import type { Reply } from '../../build/practice-process.ts'
import { kinds, type Thing, tightPods } from './invariants.ts'

export interface Hands {
  send(method: string, path: string, body?: object, type?: string): Promise<Reply>
  list(path: string): Promise<Thing[]>
  random(): number
  /** Told before time is turned back, and after. */
  onRewind(): void
}

const merge = 'application/merge-patch+json'
export const strategic = 'application/strategic-merge-patch+json'
export const deployments = '/apis/apps/v1/namespaces/default/deployments'
const names = ['a', 'b', 'c', 'd']
export const good = 'openresty/openresty:alpine'
const images = [good, 'redis:7', 'busybox:1.36', 'nosuch/image:1']
const priority = 'urgent'
const custom = 'crontabs.stable.example.com'

const metadata = (name: string) => ({ name, labels: { app: name } })
const template = (app: string, image: string, more: object = {}) => ({
  metadata: { labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 2,
    containers: [{ name: 'c', image, resources: { requests: { cpu: '50m' } } }],
    ...more,
  },
})
const workload = (name: string, spec: object, image: string, more?: object) => ({
  metadata: metadata(name),
  spec: { ...spec, selector: { matchLabels: { app: name } }, template: template(name, image, more) },
})
/** Ends within seconds, well or badly. */
const jobSpec = (isGood: boolean) => ({
  backoffLimit: 1,
  template: {
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 2,
      containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', `sleep 2; exit ${isGood ? 0 : 1}`] }],
    },
  },
})
const definition = {
  metadata: { name: custom },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
}

/** What the cluster has before the churn, and must have again at rest: time may be turned back to before it. */
export const furnish = async ({ send }: Pick<Hands, 'send'>): Promise<void> => {
  await send('POST', '/api/v1/namespaces', { metadata: { name: 'tight' } })
  await send('POST', '/api/v1/namespaces/tight/resourcequotas', {
    metadata: { name: 'q' },
    spec: { hard: { pods: `${tightPods}` } },
  })
  await send('POST', '/apis/apps/v1/namespaces/tight/deployments', workload('tight', { replicas: tightPods + 3 }, good))
  await send('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: priority }, value: 1000 })
}

/** Ends what has no rest of its own: jobs that come every minute, greedy Pods, dead and cordoned nodes. */
export const calm = async ({ send, list }: Pick<Hands, 'send' | 'list'>): Promise<void> => {
  for (const { metadata } of await list(kinds.nodes)) {
    await send('POST', `/practice/nodes/${metadata.name}/revive`)
    await send('POST', `/practice/nodes/${metadata.name}/uncordon`)
  }
  await send('DELETE', `${deployments}/greedy`)
  for (const { metadata } of await list(kinds.cronJobs))
    await send('PATCH', `/apis/batch/v1/namespaces/default/cronjobs/${metadata.name}`, { spec: { suspend: true } }, merge)
}

export const createActions = ({ send, list, random, onRewind }: Hands): (readonly [string, () => Promise<unknown>])[] => {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const upTo = (most: number) => Math.floor(random() * most)
  const patch = (name: string, spec: object) => send('PATCH', `${deployments}/${name}`, { spec }, strategic)
  const any = async (path: string) =>
    pick((await list(path)).filter(each => each.metadata.namespace !== 'tight'))?.metadata.name ?? 'nosuch'
  const policy = () => `propagationPolicy=${pick(['Background', 'Foreground'])}`
  const root = (group: string, plural: string) => `/apis/${group}/namespaces/default/${plural}`
  const removeAny = (path: string, kind: string) => async () => send('DELETE', `${path}/${await any(kind)}?${policy()}`)
  const [jobs, crons, sets] = [root('batch/v1', 'jobs'), root('batch/v1', 'cronjobs'), root('apps/v1', 'daemonsets')]
  const [states, budgets] = [root('apps/v1', 'statefulsets'), root('policy/v1', 'poddisruptionbudgets')]
  const scalers = root('autoscaling/v2', 'horizontalpodautoscalers')
  const pods = '/api/v1/namespaces/default/pods'
  const tabs = root('stable.example.com/v1', 'crontabs')
  const node = (verb: string) => async () => send('POST', `/practice/nodes/${await any(kinds.nodes)}/${verb}`)
  const snapshots = '/practice/snapshots'

  return [
    ['deploy', () => send('POST', deployments, workload(pick(names), { replicas: upTo(8) }, pick(images)))],
    ['scale', () => patch(pick(names), { replicas: upTo(12) })],
    ['image', () => patch(pick(names), { template: { spec: { containers: [{ name: 'c', image: pick(images) }] } } })],
    ['pause', () => patch(pick(names), { paused: random() < 0.3 })],
    ['pod', async () => send('DELETE', `${pods}/${await any(kinds.pods)}${random() < 0.3 ? '?gracePeriodSeconds=0' : ''}`)],
    ['evict', async () => evict(await any(kinds.pods))],
    ['set', removeAny(root('apps/v1', 'replicasets'), kinds.replicaSets)],
    ['undeploy', () => send('DELETE', `${deployments}/${pick(names)}?${policy()}`)],
    ['daemons', () => send('POST', sets, workload('daemon', {}, pick([good, 'redis:7'])))],
    ['no daemons', removeAny(sets, kinds.daemonSets)],
    ['state', () => send('POST', states, workload(pick(['s', 't']), { replicas: upTo(4), serviceName: 's' }, good))],
    ['no state', removeAny(states, kinds.statefulSets)],
    [
      'job',
      () => send('POST', jobs, { metadata: { generateName: 'job-' }, spec: { ...jobSpec(random() < 0.7), completions: 2 } }),
    ],
    ['no job', removeAny(jobs, kinds.jobs)],
    ['cron', () => send('POST', crons, { metadata: metadata('cron'), spec: cronSpec(random() < 0.8) })],
    ['no cron', removeAny(crons, kinds.cronJobs)],
    ['budget', () => send('POST', budgets, budget(pick(names)))],
    ['no budget', removeAny(budgets, kinds.budgets)],
    ['autoscale', () => send('POST', scalers, scaler(pick(names), 1 + upTo(3)))],
    ['no autoscale', removeAny(scalers, kinds.autoscalers)],
    // Asks for most of a node: others must go, and come back when it goes.
    ['greedy', () => send('POST', deployments, workload('greedy', { replicas: 1 + upTo(2) }, good, greedy))],
    ['not greedy', () => send('DELETE', `${deployments}/greedy`)],
    ['define', () => send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)],
    [
      'custom',
      () => send('POST', tabs, { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { generateName: 'tab-' } }),
    ],
    ['customs', () => send('DELETE', tabs)],
    ['undefine', () => send('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${custom}`)],
    ['kill', node('kill')],
    ['revive', node('revive')],
    ['revive', node('revive')],
    ['drain', node('drain')],
    ['uncordon', node('uncordon')],
    ['uncordon', node('uncordon')],
    ['snapshot', () => send('POST', snapshots, { name: pick(names) })],
    ['no snapshot', () => send('DELETE', `${snapshots}/${pick(names)}`)],
    ['restore', () => back(`${snapshots}/${pick(names)}/restore`)],
    ['rewind', () => back('/practice/rewind', { seconds: 1 + upTo(30) })],
  ]

  async function back(path: string, body?: object): Promise<unknown> {
    // Else little would ever grow.
    if (random() < 0.7) return undefined
    onRewind()
    const reply = await send('POST', path, body)
    onRewind()
    return reply
  }
  async function evict(name: string): Promise<unknown> {
    return send('POST', `${pods}/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } })
  }
}

const greedy = {
  priorityClassName: priority,
  containers: [{ name: 'c', image: good, resources: { requests: { cpu: '3500m' } } }],
}
const cronSpec = (isGood: boolean) => ({ schedule: '* * * * *', jobTemplate: { spec: jobSpec(isGood) } })
const budget = (app: string) => ({
  metadata: { name: app },
  spec: { minAvailable: 2, selector: { matchLabels: { app } } },
})
const scaler = (name: string, minReplicas: number) => ({
  metadata: { name },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas,
    maxReplicas: minReplicas + 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
  },
})
