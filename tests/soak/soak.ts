// Churns a practice cluster by HTTP clients for a time, looks at it all the while, leaves it alone and looks again.

import { setTimeout as sleep } from 'node:timers/promises'
import { startPracticeProcess } from '../../build/practice-process.ts'
import { createRandom } from '../../electron/practice/random.ts'
import { calm, createActions, deployments, furnish, good, strategic } from './actions.ts'
import { faultsAtRest, faultsNow, kinds, type Lists, type Look, type Thing } from './invariants.ts'

export interface Weight {
  seconds: number
  revision: number
  /** Bytes in use after all garbage is collected, and bytes held. */
  heap: number
  rss: number
}

export interface SoakReport {
  actions: number
  /** How often each of them was answered with success. */
  done: Record<string, number>
  looks: number
  faults: string[]
  /** At the start, every half minute, and at the end. */
  weights: Weight[]
}

/** Cluster seconds in a second: minutes pass for cron, autoscalers and dead nodes. */
const speed = 5
/** A cluster left alone must be as asked within this: autoscalers wait five minutes before they take Pods away. */
const restMs = 150_000
const weighEveryMs = 30_000
/**
 * What a cluster may come to hold over all: two histories, each with its bound (the last 10,000 changes for watches, and 20,000
 * old states to go back to), twenty snapshots, and the Events of an hour, which the soak clears as an hour would.
 */
const mostHeap = 160 * 2 ** 20

export const soak = async (seconds: number, seed: number, onWeight: (weight: Weight) => void = () => {}): Promise<SoakReport> => {
  const random = createRandom(seed)
  const server = await startPracticeProcess(['--seed', String(seed), '--speed', String(speed), '--nodes', '3'])
  const report: SoakReport = { actions: 0, done: {}, looks: 0, faults: [], weights: [] }
  const began = performance.now()
  let rewinds = 0
  const send = async (method: string, path: string, body?: object, type?: string) => {
    const reply = await server.send(method, path, body && JSON.stringify(body), type)
    if (reply.code >= 500) report.faults.push(`${method} ${path}: ${reply.text}`)
    return reply
  }
  const read = async (path: string) =>
    JSON.parse((await send('GET', path)).text) as { metadata: { resourceVersion: string }; items: Thing[] }
  const list = async (path: string) => (await read(path)).items
  const look = async (): Promise<Look> => {
    const all = await read(kinds.pods)
    return { revision: Number(all.metadata.resourceVersion), pods: all.items }
  }
  const lookAtAll = async (): Promise<Look> => {
    const lists = {} as Lists
    for (const [kind, path] of Object.entries(kinds)) lists[kind as keyof Lists] = await list(path)
    return { ...(await look()), ...lists }
  }
  const weigh = async (): Promise<void> => {
    const { revision } = await look()
    const heap = await server.heap()
    const weight = { seconds: Math.round((performance.now() - began) / 1000), revision, heap, rss: server.cost().rss }
    report.weights.push(weight)
    onWeight(weight)
    const inUse = Math.round(heap / 2 ** 20)
    if (heap > mostHeap) report.faults.push(`${inUse} MiB in use after ${weight.seconds} s`)
  }
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const actions = createActions({ send, list, random, onRewind: () => rewinds++ })

  try {
    await furnish({ send })
    await weigh()
    const end = performance.now() + seconds * 1000
    const goesOn = () => performance.now() < end && report.faults.length === 0
    const churn = async () => {
      while (goesOn()) {
        const [name, act] = pick(actions)
        const reply = (await act()) as { code: number } | undefined
        if (reply && reply.code < 300) report.done[name] = (report.done[name] ?? 0) + 1
        report.actions++
        await sleep(random() * 200)
      }
    }
    const watch = async () => {
      let before: Look | undefined
      let seenRewinds = 0
      while (goesOn()) {
        const now = await look()
        report.faults.push(...faultsNow({ ...now, isRewound: seenRewinds !== rewinds }, before))
        seenRewinds = rewinds
        before = now
        report.looks++
        await sleep(100)
      }
    }
    const keepWeighing = async () => {
      for (let next = performance.now() + weighEveryMs; goesOn(); await sleep(200)) {
        if (performance.now() < next) continue
        next += weighEveryMs
        await send('DELETE', '/api/v1/namespaces/default/events')
        await weigh()
      }
    }
    await Promise.all([churn(), churn(), churn(), watch(), keepWeighing()])
    await furnish({ send })
    await calm({ send, list })
    // Names still in foreground deletion cannot be asked for: what is there now, and stays, is asked to be sound.
    const asked = new Map<string, number>()
    for (const { metadata, spec } of await list(deployments)) {
      if (metadata.deletionTimestamp) continue
      asked.set(metadata.name, spec?.replicas ?? 1)
      const template = { spec: { containers: [{ name: 'c', image: good }] } }
      await send('PATCH', `${deployments}/${metadata.name}`, { spec: { paused: false, template } }, strategic)
    }
    let faults = ['not looked at']
    for (let left = restMs; faults.length > 0 && left > 0 && report.faults.length === 0; left -= 1000) {
      await sleep(1000)
      faults = faultsAtRest(await lookAtAll(), asked)
    }
    report.faults.push(...faults)
    await weigh()
  } finally {
    report.faults.push(...server.faults)
    await server.stop()
  }
  return report
}
