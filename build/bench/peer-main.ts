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
const count = Number(process.argv[2])
const cluster = new Cluster({ nodes: Math.max(3, Math.ceil(count / 100) + 1) })
cluster.registerImage(Idle)
await cluster.init()
tell({ bootMs: performance.now() })
const start = performance.now()
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
  await new Promise(done => setTimeout(done, 50))
  const { status } = await cluster.api.appsv1.readNamespacedDeployment({ name: 'bench', namespace: 'default' })
  ready = status?.readyReplicas ?? 0
  tell({ ready, ms: performance.now() - start, rss: process.memoryUsage().rss })
}
process.exit(0)
