// A thin line to one API server: JSON requests, and streams of JSON lines. Errors speak of what a user can act on.

import http from 'node:http'
import https from 'node:https'
import { type ClientOptions, WebSocket } from 'ws'
import { AppError } from '../contract/errors.ts'
import { createCredentials } from './credentials.ts'
import type { Access } from './kubeconfig.ts'

export interface Reply {
  status: number
  body: string
}

export interface Connection {
  readonly server: string
  /** One request; any HTTP status is a reply. @throws AppError cluster.unreachable, or request.cancelled after the signal */
  request(method: string, path: string, options?: { body?: unknown; signal?: AbortSignal; timeoutMs?: number }): Promise<Reply>
  /** A request whose answer must be good JSON. @throws AppError cluster.denied (401, 403), cluster.refused (other 4xx), cluster.unreachable */
  json(method: string, path: string, options?: { body?: unknown; signal?: AbortSignal; timeoutMs?: number }): Promise<unknown>
  /**
   * Reads an endless answer line by line until the server ends it; each line is one JSON value.
   * @throws AppError cluster.unreachable when the line breaks, cluster.denied
   */
  lines(path: string, onLine: (value: unknown) => void, options: { signal: AbortSignal; onOpen?(): void }): Promise<void>
  /** The same for an answer that is plain text: a log that is followed. @throws AppError cluster.unreachable, cluster.denied, cluster.refused */
  textLines(path: string, onLine: (line: string) => void, options: { signal: AbortSignal; onOpen?(): void }): Promise<void>
  /** An open WebSocket, paused: what came right behind its opening waits for the listeners, and for resume(). @throws AppError cluster.denied, cluster.refused, cluster.unreachable */
  socket(path: string, protocols: string[]): Promise<WebSocket>
  close(): void
}

/** A patch is a merge patch (RFC 7386): the one kind that every API server takes for every object. */
const typeOf = (method: string): string => (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json')

/** Dead peers are noticed by TCP after this long without an answer. */
const keepAliveMs = 15_000
const defaultTimeoutMs = 15_000

export const createConnection = (access: Access): Connection => {
  const server = new URL(access.cluster.server)
  const web = server.protocol === 'https:' ? https : http
  const agent = new web.Agent({ keepAlive: true, keepAliveMsecs: keepAliveMs })
  const credentials = createCredentials(access)

  const unreachable = (error: unknown): AppError =>
    new AppError('cluster.unreachable', { server: server.origin, message: wordsOf(error) }, { cause: error })

  const open = async (method: string, path: string, body: unknown, signal: AbortSignal): Promise<http.IncomingMessage> => {
    const options = await credentials().catch((error: unknown) => {
      throw new AppError('cluster.denied', { server: server.origin, message: wordsOf(error) }, { cause: error })
    })
    signal.throwIfAborted()
    const data = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const request = web.request(
        new URL(server.pathname.replace(/\/$/, '') + path, server),
        {
          agent,
          ...options,
          method,
          signal,
          headers: {
            ...options.headers,
            accept: 'application/json',
            'user-agent': 'kubernetes-hello-world',
            ...(data === undefined ? {} : { 'content-type': typeOf(method), 'content-length': Buffer.byteLength(data) }),
          },
        },
        resolve,
      )
      request.on('socket', socket => socket.setKeepAlive(true, keepAliveMs))
      request.on('error', reject)
      request.end(data)
    })
  }

  const request: Connection['request'] = async (method, path, { body, signal, timeoutMs = defaultTimeoutMs } = {}) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const response = await open(method, path, body, signal === undefined ? timeout : AbortSignal.any([signal, timeout]))
      return { status: response.statusCode ?? 0, body: await textOf(response) }
    } catch (error) {
      if (signal?.aborted) throw new AppError('request.cancelled', {}, { cause: error })
      if (error instanceof AppError) throw error
      throw unreachable(timeout.aborted ? new Error(`no answer in ${timeoutMs / 1000} s`) : error)
    }
  }

  const refused = ({ status, body }: Reply): AppError => {
    const message = messageOf(body) ?? `HTTP ${status}`
    const code = status === 401 || status === 403 ? 'cluster.denied' : status < 500 ? 'cluster.refused' : 'cluster.unreachable'
    return new AppError(code, { server: server.origin, status, message })
  }

  const textLines: Connection['textLines'] = async (path, onLine, { signal, onOpen }) => {
    try {
      const response = await open('GET', path, undefined, signal)
      if (response.statusCode !== 200) throw refused({ status: response.statusCode ?? 0, body: await textOf(response) })
      onOpen?.()
      response.setEncoding('utf8')
      let rest = ''
      for await (const chunk of response) {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (line !== '') onLine(line)
      }
    } catch (error) {
      if (signal.aborted) throw new AppError('request.cancelled', {}, { cause: error })
      throw error instanceof AppError ? error : unreachable(error)
    }
  }

  return {
    server: server.origin,
    request,
    json: async (method, path, options) => {
      const reply = await request(method, path, options)
      if (reply.status >= 300) throw refused(reply)
      try {
        return JSON.parse(reply.body)
      } catch (error) {
        throw unreachable(error)
      }
    },
    lines: (path, onLine, options) => textLines(path, line => onLine(JSON.parse(line)), options),
    textLines,
    socket: async (path, protocols) => {
      const options = await credentials()
      const url = new URL(server.pathname.replace(/\/$/, '') + path, server)
      url.protocol = server.protocol === 'https:' ? 'wss:' : 'ws:'
      const socket = new WebSocket(url, protocols, { ...options, handshakeTimeout: defaultTimeoutMs } as ClientOptions)
      return new Promise((resolve, reject) => {
        socket.on('open', () => {
          socket.pause()
          resolve(socket)
        })
        socket.on('error', error => reject(unreachable(error)))
        socket.on('unexpected-response', (_, response) => {
          void textOf(response).then(body => reject(refused({ status: response.statusCode ?? 0, body })), reject)
        })
      })
    },
    close: () => agent.destroy(),
  }
}

const textOf = async (response: http.IncomingMessage): Promise<string> => {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) text += chunk
  return text
}

/** The `message` of a Kubernetes Status, if the body is one. */
export const messageOf = (body: string): string | undefined => {
  try {
    const status: unknown = JSON.parse(body)
    return typeof status === 'object' && status !== null && 'message' in status ? String(status.message) : undefined
  } catch {
    return undefined
  }
}

const wordsOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
