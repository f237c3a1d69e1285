// Churns a practice cluster by HTTP clients for a time, looks at it all the while, leaves it alone and looks again.

import { setTimeout as sleep } from 'node:timers/promises'
import { startPracticeProcess } from '../../build/practice-process.ts'
import { createRandom } from '../../electron/practice/random.ts'
import { faultsAtRest, faultsNow, type Look, type Thing } from './invariants.ts'

export interface SoakReport {
  actions: number
  looks: number
  faults: string[]
  /** Bytes at the start of the churn and at the end. */
  rss: [number, number]
}

const deployments = '/apis/apps/v1/namespaces/default/deployments'
const replicaSets = '/apis/apps/v1/namespaces/default/replicasets'
const pods = '/api/v1/namespaces/default/pods'
const names = ['a', 'b', 'c', 'd']
const good = 'openresty/openresty:alpine'
const images = [good, 'redis:7', 'busybox:1.36', 'nosuch/image:1']
/** A cluster left alone must be as asked within this; graceful ends of programs that ignore SIGTERM take 30 s. */
const restMs = 90_000

const deploymentOf = (name: string, replicas: number, image: string) => {
  const labels = { app: name }
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 2, containers: [{ name: 'c', image }] } }
  return { metadata: { name }, spec: { replicas, selector: { matchLabels: labels }, template } }
}

export const soak = async (seconds: number, seed: number): Promise<SoakReport> => {
  const random = createRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const server = await startPracticeProcess(['--seed', String(seed)])
  const report: SoakReport = { actions: 0, looks: 0, faults: [], rss: [server.cost().rss, 0] }
  const send = async (method: string, path: string, body?: object, type?: string) => {
    const reply = await server.send(method, path, body && JSON.stringify(body), type)
    if (reply.code >= 500) report.faults.push(`${method} ${path}: ${reply.text}`)
    return reply
  }
  const list = async (path: string) =>
    JSON.parse((await send('GET', path)).text) as { metadata: { resourceVersion: string }; items: Thing[] }
  const look = async (): Promise<Look> => {
    const all = await list(pods)
    return {
      revision: Number(all.metadata.resourceVersion),
      pods: all.items,
      replicaSets: (await list(replicaSets)).items,
      deployments: (await list(deployments)).items,
    }
  }
  const patch = (name: string, spec: object) =>
    send('PATCH', `${deployments}/${name}`, { spec }, 'application/strategic-merge-patch+json')
  const setImage = (name: string, image: string) => patch(name, { template: { spec: { containers: [{ name: 'c', image }] } } })
  const any = async (path: string) => pick((await list(path)).items)?.metadata.name ?? 'nosuch'

  const actions = [
    () => send('POST', deployments, deploymentOf(pick(names), Math.floor(random() * 8), pick(images))),
    () => patch(pick(names), { replicas: Math.floor(random() * 12) }),
    () => setImage(pick(names), pick(images)),
    () => patch(pick(names), { paused: random() < 0.3 }),
    async () => send('DELETE', `${pods}/${await any(pods)}${random() < 0.3 ? '?gracePeriodSeconds=0' : ''}`),
    async () => send('DELETE', `${replicaSets}/${await any(replicaSets)}`),
    () => send('DELETE', `${deployments}/${pick(names)}?propagationPolicy=${pick(['Background', 'Foreground'])}`),
  ]
  try {
    const end = performance.now() + seconds * 1000
    const churn = async () => {
      while (performance.now() < end && report.faults.length === 0) {
        await pick(actions)()
        report.actions++
        await sleep(random() * 200)
      }
    }
    const watch = async () => {
      let before: Look | undefined
      while (performance.now() < end && report.faults.length === 0) {
        const now = await look()
        report.faults.push(...faultsNow(now, before))
        before = now
        report.looks++
        await sleep(100)
      }
    }
    await Promise.all([churn(), churn(), churn(), watch()])
    // Names still in foreground deletion cannot be asked for: what is there now, and stays, is asked to be sound.
    const asked = new Map<string, number>()
    for (const { metadata, spec } of (await look()).deployments) {
      if (metadata.deletionTimestamp) continue
      asked.set(metadata.name, spec?.replicas ?? 1)
      await patch(metadata.name, { paused: false })
      await setImage(metadata.name, good)
    }
    let faults = ['not looked at']
    for (let left = restMs; faults.length > 0 && left > 0 && report.faults.length === 0; left -= 500) {
      await sleep(500)
      faults = faultsAtRest(await look(), asked)
    }
    report.faults.push(...faults)
    report.rss[1] = server.cost().rss
  } finally {
    report.faults.push(...server.faults)
    await server.stop()
  }
  return report
}
