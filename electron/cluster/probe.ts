// Asks a Pod or a Service over HTTP, as a learner's curl would: through the practice network, or through the API server elsewhere.

import http from 'node:http'
import type { KubeObject } from '../contract/cluster.ts'
import { toAppError } from '../contract/errors.ts'
import { type Connection, messageOf } from './connection.ts'

/** What it answered; `error` in place of `status` when nothing did. */
export interface Answer {
  status?: number
  body?: string
  error?: string
}

/** Sends GET to a port and path of a Pod or a Service. Never rejects: no answer is an answer too. */
export type Probe = (of: KubeObject, port: number, path: string, signal: AbortSignal) => Promise<Answer>

const timeoutMs = 5_000
/** Enough for any page that a lesson looks at. */
const longestBody = 64 * 1024

/** Through the API server's proxy to Pods and Services: works wherever kubectl does, with the same rights. */
export const probeThroughApi =
  (connection: Connection): Probe =>
  async ({ kind, metadata: { namespace = 'default', name } }, port, path, signal) => {
    try {
      const plural = kind === 'Service' ? 'services' : 'pods'
      const url = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}:${port}/proxy${path}`
      const reply = await connection.request('GET', url, { signal, timeoutMs })
      // the API server's own words where it could not reach it
      const refusal = reply.status >= 500 ? messageOf(reply.body) : undefined
      if (refusal !== undefined) return { error: refusal }
      return { status: reply.status, body: reply.body.slice(0, longestBody) }
    } catch (error) {
      const { code, details } = toAppError(error)
      return { error: String(details.message ?? code) }
    }
  }

/** The proxy's own words where nothing in the cluster answered. */
const proxyRefusal = /^practice cluster: (.+)/

/** Through the practice cluster's HTTP proxy, to the Pod's or Service's own address. */
export const probeThroughProxy =
  (proxy: string): Probe =>
  async ({ spec, status }, port, path, signal) => {
    const { podIP } = (status ?? {}) as { podIP?: string }
    const address = podIP ?? ((spec ?? {}) as { clusterIP?: string }).clusterIP
    if (address === undefined) return { error: 'no address yet' }
    const { hostname, port: proxyPort } = new URL(proxy)
    return new Promise(resolve => {
      const request = http.get(
        {
          hostname,
          port: proxyPort,
          path: `http://${address}:${port}${path}`,
          // by its name, an access log tells our question from a learner's
          headers: { host: `${address}:${port}`, 'user-agent': 'kubernetes-hello-world' },
          agent: false,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        },
        response => {
          let body = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            if (body.length < longestBody) body += chunk
          })
          response.on('end', () => {
            const refusal = proxyRefusal.exec(body)?.[1]
            resolve(refusal === undefined ? { status: response.statusCode ?? 0, body } : { error: refusal })
          })
          response.on('error', error => resolve({ error: error.message }))
        },
      )
      request.on('error', error => resolve({ error: error.message }))
    })
  }
