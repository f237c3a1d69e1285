// The peer's process: starts a cluster of @ngrok/webernetes, makes Pods Ready and prints JSON lines of how far it is.

import { BaseImage, Cluster, type ProcessContext } from '@ngrok/webernetes'

class Idle extends BaseImage {
  static readonly imageName = 'bench'
  static readonly imageVersion = '1.0'
  readonly defaultCommand = ['idle']
  async exec(context: ProcessContext, argv: readonly string[]): Promise<number> {
    return argv[0] === 'idle' ? await context.waitUntilKilled() : await super.exec(context, argv)
  }
}

const tell = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`)
const [count, idleSeconds] = [Number(process.argv[2]), Number(process.argv[3])]
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
const namespace = 'default'
const cluster = new Cluster({ nodes: Math.max(3, Math.ceil(count / 100) + 1) })
cluster.registerImage(Idle)
await cluster.init()
tell({ bootMs: performance.now() })
const { corev1, appsv1 } = cluster.api
const createService = (name: string) =>
  corev1.createNamespacedService({ namespace, body: { metadata: { name, namespace }, spec: { ports: [{ port: 80 }] } } })

const start = performance.now()
const before = process.cpuUsage()
const labels = { app: 'bench' }
const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'bench:1.0' }] } }
await cluster.apply([
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'bench' },
    spec: { replicas: count, selector: { matchLabels: labels }, template },
  },
])
for (let ready = 0; ready < count; ) {
  await pause(50)
  const { status } = await appsv1.readNamespacedDeployment({ name: 'bench', namespace })
  ready = status?.readyReplicas ?? 0
  const { user, system } = process.cpuUsage(before)
  tell({ ready, ms: performance.now() - start, rss: process.memoryUsage().rss, cpuMs: (user + system) / 1000 })
}

// What it has no HTTP for is asked of its own client, in the same process.
const lists: number[] = []
for (let run = 0; run < 7; run++) {
  const began = performance.now()
  await corev1.listNamespacedPod({ namespace })
  lists.push(performance.now() - began)
}
tell({ listMs: lists.toSorted((a, b) => a - b)[3] })

const creates = 300
let next = 0
const began = performance.now()
const work = async () => {
  while (next < creates) await createService(`bench-${next++}`)
}
await Promise.all(Array.from({ length: 8 }, work))
tell({ createsEachSecond: creates / ((performance.now() - began) / 1000) })

const [watchers, changes] = [100, 20]
let heard = 0
const informers = Array.from({ length: watchers }, () =>
  cluster.informer('services', (_type: string, service: { metadata?: { name?: string } }) => {
    if (service.metadata?.name?.startsWith('heard-')) heard++
  }),
)
await pause(1000)
const asked = performance.now()
for (let index = 0; index < changes; index++) await createService(`heard-${index}`)
while (heard < watchers * changes && performance.now() - asked < 20_000) await pause(5)
if (heard >= watchers * changes) tell({ fanOutMs: performance.now() - asked })
await Promise.all(informers.map(informer => informer.stop()))

await pause(1000)
const idle = process.cpuUsage()
await pause(idleSeconds * 1000)
const { user, system } = process.cpuUsage(idle)
tell({ idlePercent: (user + system) / 1000 / (idleSeconds * 10) })
process.exit(0)
