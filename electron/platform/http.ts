// Requests to servers on the network: through the proxies of the environment, after redirects, again where it was only a bad moment.

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { AppError } from '../contract/errors.ts'
import type { Clock } from './clock.ts'

export interface Ask {
  method?: 'GET' | 'POST' | 'HEAD'
  headers?: Readonly<Record<string, string>>
  body?: string
  signal?: AbortSignal
}

export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  /** Must be read to its end or destroyed. */
  body: IncomingMessage
}

export interface Http {
  /** Any status but those that pass by themselves (429, 5xx). @throws AppError bundle.network */
  ask(url: string, ask?: Ask): Promise<Answer>
  /** The whole body, up to `limit` bytes. @throws AppError bundle.network */
  text(url: string, ask?: Ask, limit?: number): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>
}

export interface HttpOptions {
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case. */
  env: Readonly<Record<string, string | undefined>>
  clock: Clock
  /** Milliseconds without a byte, then the connection is given up. */
  silence?: number
}

/** Half a second, then twice as long each time: about 15 s in all. */
const waits = [500, 1000, 2000, 4000, 8000]
const mostRedirects = 10
/** Longer than this nobody waits in front of a screen. */
const longestWait = 60_000

const passing = (status: number): boolean => status === 429 || (status >= 500 && status !== 501)

/** Seconds or a date, as servers write it. */
export const retryAfter = (value: string | undefined, now: number): number | undefined => {
  if (value === undefined) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestWait)
}

/** The system's own words: `ECONNREFUSED`, or OpenSSL's about a certificate. */
export const networkProblem = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return [code, error.message].filter((words, at, all) => words !== '' && all.indexOf(words) === at).join(': ')
}

export const createHttp = ({ env, clock, silence = 30_000 }: HttpOptions): Http => {
  const proxyEnv = env as NodeJS.ProcessEnv
  const agents = { 'http:': new HttpAgent({ proxyEnv }), 'https:': new HttpsAgent({ proxyEnv }) }

  const once = (url: URL, { method = 'GET', headers, body, signal }: Ask): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const isPlain = url.protocol === 'http:'
      const options = { method, headers: { 'user-agent': 'kubernetes-hello-world', ...headers }, signal }
      const agent = isPlain ? agents['http:'] : agents['https:']
      const request = (isPlain ? httpRequest : httpsRequest)(url, { ...options, agent }, response =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response }),
      )
      request.setTimeout(silence, () => request.destroy(new Error(`no answer for ${silence / 1000} s`)))
      request.on('error', reject)
      request.end(body)
    })

  const follow = async (from: URL, ask: Ask): Promise<Answer> => {
    let url = from
    let { headers = {} } = ask
    for (let count = 0; count <= mostRedirects; count++) {
      const answer = await once(url, { ...ask, headers })
      const { location } = answer.headers
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer
      answer.body.destroy()
      const next = new URL(location, url)
      // What proves who we are is for the first server only: storage behind it takes it for a mistake.
      if (next.origin !== url.origin)
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
      url = next
    }
    throw new Error(`more than ${mostRedirects} redirects`)
  }

  const ask = async (address: string, given: Ask = {}): Promise<Answer> => {
    const url = new URL(address)
    for (let attempt = 0; ; attempt++) {
      let wait = waits[attempt]
      let problem: string
      try {
        const answer = await follow(url, given)
        if (!passing(answer.status)) return answer
        answer.body.destroy()
        problem = `HTTP ${answer.status}`
        wait = wait === undefined ? undefined : (retryAfter(answer.headers['retry-after'], clock.now()) ?? wait)
      } catch (error) {
        given.signal?.throwIfAborted()
        problem = networkProblem(error)
      }
      if (wait === undefined) throw new AppError('bundle.network', { host: url.host, problem })
      await clock.sleep(wait, given.signal)
    }
  }

  const text: Http['text'] = async (url, given, limit = 16 * 1024 * 1024) => {
    const { status, headers, body } = await ask(url, given)
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of body) {
        size += (chunk as Buffer).length
        if (size > limit) throw new Error(`more than ${limit} bytes`)
        chunks.push(chunk as Buffer)
      }
    } catch (error) {
      given?.signal?.throwIfAborted()
      throw new AppError('bundle.network', { host: new URL(url).host, problem: networkProblem(error) }, { cause: error })
    }
    return { status, headers, body: Buffer.concat(chunks) }
  }
  return { ask, text }
}
