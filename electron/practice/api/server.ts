// The API server's door: HTTPS on loopback, a token, and a small table of routes.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { attributesOf } from '../auth/attributes.ts'
import type { Keeper } from '../memory/keeper.ts'
import type { Metrics } from '../metrics.ts'
import { badRequest, StatusError } from '../status-error.ts'
import type { Certificates } from './certificate.ts'
import { serveComponentStatuses } from './component-status.ts'
import { discover } from './discovery.ts'
import { holdUntil } from './durable.ts'
import { begin, type Exchange, forgetText, sendObject, sendStatus, sendText, statusOf } from './exchange.ts'
import { serveMetrics } from './metrics.ts'
import { openapi } from './openapi.ts'
import { forgetWhole } from './ownership.ts'
import { patch } from './patch.ts'
import { serveProxy } from './proxy.ts'
import { found, list, sendFound } from './read.ts'
import { createRequestCounts } from './request-counts.ts'
import { review } from './reviews.ts'
import { scale } from './scale.ts'
import { refuse } from './streams/handshake.ts'
import type { Streams } from './streams/index.ts'
import { bind, bindByName, evict, finalize, log } from './subresources.ts'
import { type Backend, type Target, targetOf } from './target.ts'
import { createToken } from './token-request.ts'
import { version } from './version.ts'
import { refuseEnding } from './versions.ts'
import { warnOf } from './warnings.ts'
import { watch } from './watch.ts'
import { create, remove, removeAll, update } from './write.ts'

export interface ServerOptions extends Backend {
  streams: Streams
  certificates: Certificates
  /** 0 takes a free one. */
  port: number
  /** What `kubectl top` reads; without it there is no metrics.k8s.io to ask. */
  metrics?: Metrics
  /** Answers `/practice/...`, what no real cluster has; without it there is none. */
  control?(exchange: Exchange): Promise<void>
  /** What keeps the state on disk; without it, answers wait for nothing. */
  keeper?: Pick<Keeper, 'check' | 'kept'>
}

export interface Server {
  port: number
  close(): Promise<void>
}

type Handler = (backend: Backend, exchange: Exchange, target: Target, stopping: AbortSignal) => void | Promise<void>

const isTrue = (text: string | null): boolean => text === 'true' || text === '1'

const show: Handler = (backend, exchange, target) => sendFound(backend, exchange, target, found(backend, target))
const listOrWatch: Handler = (backend, exchange, target, stopping) =>
  isTrue(exchange.query.get('watch')) ? watch(backend, exchange, target, stopping) : list(backend, exchange, target)
const upgradeOnly: Handler = () => {
  throw badRequest('Upgrade request required')
}

const onObject: Record<string, Handler> = { GET: show, PUT: update, PATCH: patch, DELETE: remove }
const onCollection: Record<string, Handler> = { GET: listOrWatch, POST: create, DELETE: removeAll }
const streaming: Record<string, Handler> = { GET: upgradeOnly, POST: upgradeOnly }
const onPod: Record<string, Record<string, Handler>> = {
  log: { GET: log },
  binding: { POST: bind },
  eviction: { POST: evict },
  exec: streaming,
  attach: streaming,
  ephemeralcontainers: { GET: show, PUT: update, PATCH: patch },
  portforward: streaming,
  resize: { GET: show, PUT: update, PATCH: patch },
}

const handlersOf = ({ key, name, subresource, resource }: Target): Record<string, Handler> | undefined => {
  if (name === undefined) return onCollection
  if (subresource === undefined) return onObject
  if (key === 'pods' && Object.hasOwn(onPod, subresource)) return onPod[subresource]
  if (key === 'serviceaccounts' && subresource === 'token') return { POST: createToken }
  if (key === 'namespaces' && subresource === 'finalize') return { PUT: finalize }
  if (subresource === 'status' && resource.subresources.includes('status')) return { GET: show, PUT: update, PATCH: patch }
  if (subresource === 'scale' && resource.subresources.includes('scale')) return { GET: scale, PUT: scale, PATCH: scale }
  return undefined
}

const notServed = () => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
const notAllowed = () =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

/** Anyone may ask whether the server lives. */
const open = new Set(['livez', 'readyz', 'healthz', 'version'])

const exchangeOf = (request: IncomingMessage, response: ServerResponse): Exchange => {
  const [path = '', ...query] = (request.url ?? '').split('?')
  let parts: string[]
  try {
    parts = path.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(path)}`)
  }
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
  return { request, response, method, path: parts, query: new URLSearchParams(query.join('?')) }
}

/** Starts serving on 127.0.0.1. @throws Error EADDRINUSE where the port is taken */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  const { registry, streams, certificates, auth } = options
  const stopping = new AbortController()
  const counts = createRequestCounts()

  const route = async (exchange: Exchange): Promise<void> => {
    const { path, method, query } = exchange
    const [root = ''] = path
    const isRead = method === 'GET'
    if (root === 'version' && isRead) return sendObject(exchange, 200, version)
    if (open.has(root) && isRead) return health(exchange, root)
    const user = auth.identify(exchange.request.headers)
    exchange.user = user
    auth.authorizer.demand(user, attributesOf(method, path, query))
    if (root === 'metrics' && path.length === 1 && isRead) return counts.answer(exchange)
    if (root === 'openapi' && isRead && openapi(exchange, registry.resources)) return
    if (root === 'practice' && options.control) return options.control(exchange)
    if (root !== 'api' && root !== 'apis') {
      if (path.length > 0 || !isRead) throw notServed()
      return sendObject(exchange, 200, {
        paths: ['/api', '/apis', '/healthz', '/livez', '/metrics', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
      })
    }
    if (isRead && discover(exchange, registry.resources)) return
    if (options.metrics && serveMetrics(options, exchange, options.metrics)) return
    if (serveComponentStatuses(exchange, options.clock.now())) return
    if (await serveProxy(options, exchange)) return
    const target = targetOf(path, registry.resources)
    if (!target) {
      if ((await review(exchange, user, auth)) || (await bindByName(options, exchange))) return
      throw notServed()
    }
    const handlers = handlersOf(target)
    if (!handlers) throw notServed()
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined
    if (!handler || (method === 'POST' && target.resource.namespaced && !target.namespace)) throw notAllowed()
    warnOf(exchange, target)
    refuseEnding(target, method)
    await handler(options, exchange, target, stopping.signal)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let exchange: Exchange = { request, response, method: '', path: [], query: new URLSearchParams() }
    begin(response)
    try {
      exchange = exchangeOf(request, response)
      counts.follow(exchange)
      if (options.keeper && exchange.method !== 'GET') {
        await options.keeper.check()
        holdUntil(response, options.keeper.kept)
      }
      await route(exchange)
    } catch (error) {
      // What has begun can only be cut off; a client that left is told nothing.
      if (response.headersSent || response.destroyed) response.destroy()
      else sendStatus(exchange, statusOf(error))
      // The rest of a body that was refused unread.
      if (!request.complete) request.resume()
    }
  }

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    try {
      const { method, path, query } = exchangeOf(request, null as unknown as ServerResponse)
      const user = auth.identify(request.headers)
      // A WebSocket begins with GET, and does what POST does: both must be allowed, as since Kubernetes 1.35.
      for (const each of new Set([method, 'POST'])) auth.authorizer.demand(user, attributesOf(each, path, query))
      const target = targetOf(path, registry.resources)
      const kind = (['exec', 'attach', 'portforward'] as const).find(each => each === target?.subresource)
      if (target?.key !== 'pods' || !kind || !target.name) throw notServed()
      found(options, target)
      streams.upgrade(request, socket, head, { kind, namespace: target.namespace, pod: target.name, query })
    } catch (error) {
      refuse(socket, statusOf(error))
    }
  }

  registry.store.watch('*', undefined, ({ previous }) => {
    if (!previous) return
    forgetText(previous)
    forgetWhole(previous)
  })
  const server = createServer({ cert: certificates.certificate, key: certificates.key, ALPNProtocols: ['http/1.1'] }, answer)
  server.on('upgrade', upgrade)
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  // Longer than clients keep idle connections, so that none is closed under a request that is on its way.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopping.abort()
      streams.close()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

const health = (exchange: Exchange, root: string): void => {
  const isVerbose = exchange.query.has('verbose')
  const checks = ['ping', 'log', 'etcd', 'poststarthook/start-system-namespaces-controller']
  const text = isVerbose ? `${checks.map(check => `[+]${check} ok\n`).join('')}${root} check passed\n` : 'ok'
  sendText(exchange, 200, text, 'text/plain; charset=utf-8')
}
