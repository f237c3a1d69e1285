// Fuzzes a practice cluster in its own process and tells what it did and what went wrong.

import { startPracticeProcess } from '../../build/practice-process.ts'
import { createRandom } from '../../electron/practice/random.ts'
import { createGenerator, type Wild } from './generate.ts'
import { misbehave } from './wire.ts'

export interface FuzzReport {
  requests: number
  connections: number
  /** How often each code was answered. */
  codes: Record<string, number>
  problems: string[]
  seconds: number
  /** Bytes in use after each part of the run, when all that it made was deleted and the garbage collected. */
  heaps: number[]
}

const parallel = 16
const parts = 10
/** Collections that hold what the run makes, Events last. */
const made = [
  ...['pods', 'services', 'configmaps', 'secrets', 'endpoints', 'serviceaccounts', 'persistentvolumeclaims'].map(
    each => `/api/v1/namespaces/default/${each}`,
  ),
  ...['apps/v1/namespaces/default/deployments', 'apps/v1/namespaces/default/replicasets'].map(each => `/apis/${each}`),
  '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  '/api/v1/namespaces/default/events',
]
/** Share of the count that is spent on broken connections. */
const wireShare = 0.04
const pod = {
  metadata: { name: 'still', labels: { keep: 'it' } },
  spec: { containers: [{ name: 'c', image: 'busybox', command: ['sleep', '86400'] }] },
}

/** A refusal that real API servers, too, tell as 500 without a reason; all else of 500 is a crash. */
const isUntyped = (text: string): boolean =>
  text.includes('"message":"failed to create typed patch object (') && !text.includes('"reason"')

const complaint = ({ method, path }: Wild, code: number, text: string): string | undefined => {
  if (code >= 500 && code !== 504 && !(code === 500 && isUntyped(text))) return `${code} ${text.slice(0, 300)}`
  if (code < 400 || method === 'HEAD') return undefined
  try {
    const status = JSON.parse(text) as { kind?: string; code?: number; status?: string }
    if (status.kind === 'Status' && status.code === code && status.status === 'Failure') return undefined
  } catch {
    // Told below.
  }
  return `no Status with ${code} for ${path}: ${text.slice(0, 300)}`
}

/** Sends `count` requests and broken connections; the same seed draws the same ones. */
export const fuzz = async (count: number, seed: number, progress: (done: number) => void = () => {}): Promise<FuzzReport> => {
  const random = createRandom(seed)
  const next = createGenerator(random)
  const server = await startPracticeProcess(['--seed', String(seed)])
  const report: FuzzReport = { requests: 0, connections: 0, codes: {}, problems: [], seconds: 0, heaps: [] }
  const start = performance.now()
  const one = async () => {
    if (random() < wireShare) {
      report.connections++
      return misbehave(server, random, pod.metadata.name)
    }
    report.requests++
    const wild = next()
    const { method, path, type, body } = wild
    const shown = `${method} ${path} ${type} ${Buffer.from(body).toString('latin1').slice(0, 400)}`
    try {
      const { code, text } = await server.send(method, path, body, type)
      report.codes[code] = (report.codes[code] ?? 0) + 1
      const wrong = complaint(wild, code, text)
      if (wrong) report.problems.push(`${wrong}\n  ${shown}`)
    } catch (error) {
      // A body that is refused unread may be cut off while it is still being sent.
      if (body.length < 1_000_000) report.problems.push(`${String(error)}\n  ${shown}`)
    }
  }
  try {
    await server.send('POST', '/api/v1/namespaces/default/pods', JSON.stringify(pod))
    let done = 0
    const workUntil = async (end: number) => {
      while (done < end && server.faults.length === 0 && report.problems.length < 20) {
        done++
        await one()
      }
    }
    for (let part = 1; part <= parts; part++) {
      await Promise.all(Array.from({ length: parallel }, () => workUntil(Math.ceil((count * part) / parts))))
      for (const path of made) await server.send('DELETE', `${path}?gracePeriodSeconds=0&labelSelector=keep%21%3Dit`)
      report.heaps.push(await server.heap())
      progress(done)
    }
    const { code } = await server.send('GET', '/readyz')
    if (code !== 200) report.problems.push(`not ready afterwards: ${code}`)
  } finally {
    report.problems.push(...server.faults)
    await server.stop()
    report.seconds = (performance.now() - start) / 1000
  }
  return report
}
