// What is measured of a practice cluster, over HTTP as any client would: Pods Ready, lists, creates, watches, memory, idleness.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { type PracticeProcess, startPracticeProcess } from '../practice-process.ts'

const pods = '/api/v1/namespaces/default/pods'
const services = '/api/v1/namespaces/default/services'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
/** Of the kubelet's 110, so that system Pods and uneven placement never decide. */
const podsOnNode = 100

const labels = { app: 'bench' }
const deploymentOf = (replicas: number) => ({
  metadata: { name: 'bench' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'openresty/openresty:alpine' }] } },
  },
})

const must = async (server: PracticeProcess, method: string, path: string, body?: object): Promise<string> => {
  const { code, text } = await server.send(method, path, body && JSON.stringify(body))
  if (code >= 300) throw new Error(`${method} ${path}: ${text}`)
  return text
}

/** A cluster with room for so many Pods. */
export const clusterFor = (count: number): Promise<PracticeProcess> =>
  startPracticeProcess(['--nodes', String(Math.max(2, Math.ceil(count / podsOnNode) + 1))])

/** Milliseconds from the create of a Deployment until its status tells that all Pods are Ready. @throws Error after `limitMs` */
export const podsReady = async (server: PracticeProcess, count: number, limitMs: number): Promise<number> => {
  const start = performance.now()
  await must(server, 'POST', deployments, deploymentOf(count))
  for (;;) {
    const { status = {} } = JSON.parse(await must(server, 'GET', `${deployments}/bench`)) as {
      status?: { readyReplicas?: number }
    }
    const { readyReplicas = 0 } = status
    const spent = performance.now() - start
    if (readyReplicas >= count) return spent
    if (spent > limitMs) throw new Error(`${readyReplicas} of ${count} Pods Ready after ${Math.round(spent / 1000)} s`)
    await sleep(20)
  }
}

/** Milliseconds for each of some lists of all Pods, as objects. */
export const listPods = async (server: PracticeProcess, times: number): Promise<number[]> => {
  const spent: number[] = []
  for (let run = 0; run < times; run++) {
    const start = performance.now()
    await must(server, 'GET', pods)
    spent.push(performance.now() - start)
  }
  return spent
}

/** Services created in a second, by eight clients at once. */
export const createsEachSecond = async (server: PracticeProcess, count: number): Promise<number> => {
  let next = 0
  const work = async () => {
    while (next < count)
      await must(server, 'POST', services, { metadata: { name: `bench-${next++}` }, spec: { ports: [{ port: 80 }] } })
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: 8 }, work))
  return count / ((performance.now() - start) / 1000)
}

/** Milliseconds until every one of `watchers` has heard all of `changes`. */
export const fanOut = async (server: PracticeProcess, watchers: number, changes: number): Promise<number> => {
  const path = services
  const { metadata } = JSON.parse(await must(server, 'GET', path)) as { metadata: { resourceVersion: string } }
  const head = `GET ${path}?watch=1&resourceVersion=${metadata.resourceVersion} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.token}\r\n\r\n`
  const open = Promise.withResolvers<void>()
  const heard = Promise.withResolvers<void>()
  let opened = 0
  let events = 0
  const sockets = Array.from({ length: watchers }, () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', ca: server.ca, servername: 'localhost' }, () =>
      socket.write(head),
    )
    socket.setEncoding('latin1')
    let isOpen = false
    socket.on('data', (text: unknown) => {
      if (!isOpen && ++opened === watchers) open.resolve()
      isOpen = true
      events += String(text).split('{"type":"ADDED"').length - 1
      if (events >= watchers * changes) heard.resolve()
    })
    socket.on('error', heard.reject)
    return socket
  })
  await open.promise
  const start = performance.now()
  for (let index = 0; index < changes; index++)
    await must(server, 'POST', path, { metadata: { name: `heard-${index}` }, spec: { ports: [{ port: 80 }] } })
  await heard.promise
  const spent = performance.now() - start
  for (const socket of sockets) socket.destroy()
  return spent
}

/** Share of one processor used while nobody asks for anything, in percent. */
export const idleCpu = async (server: PracticeProcess, seconds: number): Promise<number> => {
  const before = server.cost().cpuMs
  await sleep(seconds * 1000)
  return (server.cost().cpuMs - before) / (seconds * 10)
}

/** How cost grows: the slope of the logarithms. 1 is linear. */
export const exponent = (points: readonly (readonly [number, number])[]): number => {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (index: 0 | 1) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const above = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return above / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
