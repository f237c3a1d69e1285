// A practice cluster in this process, and plain HTTPS requests to it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { createPractice, type Practice } from '../../../electron/practice/practice.ts'

export interface Answer {
  code: number
  headers: Record<string, string | string[] | undefined>
  text: string
  body: Record<string, unknown> & { items?: Record<string, unknown>[] }
}

export interface Cluster {
  practice: Practice
  /** A folder that holds the kubeconfig `config`, removed at the end. */
  folder: string
  ca: string
  token: string
  /** Sends a request; a body that is no string or bytes goes as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string | undefined>): Promise<Answer>
  /** Opens a watch and gives its events one by one. */
  watch(path: string, headers?: Record<string, string>): { next(): Promise<WatchEvent>; close(): void }
}

export interface WatchEvent {
  type: string
  object: Record<string, unknown> & { metadata: { name?: string; resourceVersion: string; annotations?: Record<string, string> } }
}

const parse = (text: string): Answer['body'] => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** Starts a cluster for the tests of a file. */
export const clusterForTests = (): Cluster => {
  const cluster = {} as Cluster
  const faults: unknown[] = []

  beforeAll(async () => {
    const practice = await createPractice({ seed: 7, onError: (where, error) => faults.push(where, error) })
    const folder = mkdtempSync(join(tmpdir(), 'practice-api-'))
    writeFileSync(join(folder, 'config'), practice.kubeconfig)
    const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(practice.kubeconfig)?.[1] ?? ''
    const ca = Buffer.from(field('certificate-authority-data'), 'base64').toString()
    const token = field('token')
    const options = (headers: Record<string, string | undefined>) => {
      const all: Record<string, string | undefined> = { authorization: `Bearer ${token}`, ...headers }
      return {
        ca,
        headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<string, string>,
      }
    }
    cluster.send = (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const content = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body ?? '')
        const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(content as string)
        // Told for every method: Node leaves it out for some, and the body would be read as the next request.
        const length = { 'content-length': String(bytes.length) }
        const type = body === undefined ? length : { ...length, 'content-type': 'application/json' }
        const call = request(`${practice.server}${path}`, { method, ...options({ ...type, ...headers }) }, response => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(parts).toString()
            resolve({ code: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) })
          })
        })
        call.on('error', reject)
        call.end(bytes)
      })
    cluster.watch = (path, headers = {}) => {
      const events: WatchEvent[] = []
      let wake = () => {}
      let rest = ''
      const call = request(`${practice.server}${path}`, options(headers), response => {
        response.setEncoding('utf8')
        response.on('error', () => {})
        response.on('data', (text: string) => {
          const lines = (rest + text).split('\n')
          rest = lines.pop() ?? ''
          events.push(...lines.filter(Boolean).map(line => JSON.parse(line) as WatchEvent))
          wake()
        })
        response.on('end', () => {
          events.push({ type: 'END', object: { metadata: { resourceVersion: '' } } })
          wake()
        })
      })
      call.on('error', () => {})
      call.end()
      return {
        async next() {
          while (events.length === 0) await new Promise<void>(resolve => (wake = resolve))
          return events.shift()!
        },
        close: () => call.destroy(),
      }
    }
    Object.assign(cluster, { practice, folder, ca, token })
  })

  afterAll(async () => {
    await cluster.practice?.stop()
    rmSync(cluster.folder, { recursive: true, force: true })
    expect(faults).toEqual([])
  })
  return cluster
}
