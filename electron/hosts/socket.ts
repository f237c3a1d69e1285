// The contract for browsers: HTTP and WebSocket on 127.0.0.1, open only to a page that we served and that holds a session token.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { AppError } from '../contract/errors.ts'
import type { ReadAsset } from '../platform/assets.ts'
import type { Clock } from '../platform/clock.ts'
import type { Stop, Transport } from '../rpc/transport.ts'
import { createSocketTransport } from '../rpc/transports/web-socket.ts'
import { cacheControl, securityHeaders } from './headers.ts'
import { createSessions } from './sessions.ts'

export interface SocketHostOptions {
  /** 0: any free port. */
  port: number
  readAsset: ReadAsset
  clock: Clock
  /** Serves one page's connection; see rpc/serve.ts. */
  serve(transport: Transport): Stop
  codeLifetime?: number
  /** Told of each refused request, for the log. */
  onRefused?(words: string): void
}

export interface SocketHost {
  port: number
  /** A link that opens one page, once, within the code's lifetime. The code is in the fragment, which no server is sent. */
  link(): string
  close(): Promise<void>
}

/** The subprotocol that we speak; the token travels as a second one, `auth.<token>`, and is never answered. */
const subprotocol = 'khw.v1'

/** Pages send little: the largest message is a paste into the terminal. */
const maxMessage = 8 * 1024 * 1024
const maxBody = 1024
const maxPages = 32

class Refusal extends Error {
  readonly status: number
  constructor(status: number, words: string) {
    super(words)
    this.status = status
  }
}

/** @throws AppError port.taken */
export const startSocketHost = async (options: SocketHostOptions): Promise<SocketHost> => {
  const { readAsset, clock, serve, codeLifetime, onRefused } = options
  const sessions = createSessions({ clock, codeLifetime })
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessage,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  })
  const server = createServer({ requestTimeout: 30_000 })
  await listen(server, options.port)
  const { port } = server.address() as AddressInfo
  const host = `127.0.0.1:${port}`
  const origin = `http://${host}`
  const headers = securityHeaders(["'self'", `ws://${host}`])

  /** What every request must show: that it means this very server and comes from no other page. */
  const checkSource = (request: IncomingMessage, needsOrigin: boolean) => {
    // A rebound DNS name arrives here with its own name as Host.
    if (request.headers.host !== host) throw new Refusal(421, `this server is ${host}`)
    const from = request.headers.origin
    if (from === undefined ? needsOrigin : from !== origin) throw new Refusal(403, 'wrong origin')
    const site = request.headers['sec-fetch-site']
    const isPage = site === 'none' && !needsOrigin
    if (site !== undefined && site !== 'same-origin' && !isPage && !isTopLevel(request)) throw new Refusal(403, 'wrong site')
  }

  const checkToken = (token: string | undefined) => {
    if (token === undefined || !sessions.isValid(token)) throw new Refusal(401, 'no session')
  }

  /** All there is to ask for beside the page's own files. */
  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    // Exchanges a one-time code for a session token.
    'POST /session': async (request, response) => {
      checkSource(request, true)
      if (request.headers['content-type'] !== 'application/json') throw new Refusal(415, 'JSON expected')
      const token = sessions.exchange(readCode(await readBody(request)))
      if (token === undefined) throw new Refusal(403, 'code unknown, used or expired')
      answer(response, 200, { 'Content-Type': 'application/json' }, JSON.stringify({ token }))
    },
    // Tells a page that cannot connect whether its session is over (401) or the line is down.
    'GET /session': async (request, response) => {
      checkSource(request, false)
      checkToken(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1])
      answer(response, 204, {})
    },
  }

  const sendFile = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    checkSource(request, false)
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, 'only GET and HEAD')
    const asset = await readAsset(path === '/' ? 'index.html' : path.slice(1))
    if (asset === undefined) throw new Refusal(404, 'no such file')
    const own = { 'Content-Type': asset.type, 'Cache-Control': cacheControl(asset.isHashed) }
    answer(response, 200, { ...own, 'Content-Length': String(asset.bytes.byteLength) }, asset.bytes)
  }

  const answer = (response: ServerResponse, status: number, own: Record<string, string>, body: string | Uint8Array = '') => {
    response.writeHead(status, { 'Cache-Control': 'no-store', ...headers, ...own })
    response.end(response.req.method === 'HEAD' ? '' : body)
  }

  const refuse = (request: IncomingMessage, error: unknown): Refusal => {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal error')
    const words = error instanceof Refusal ? error.message : String(error)
    onRefused?.(`${refusal.status} ${request.method} ${JSON.stringify(request.url?.slice(0, 200))}: ${words}`)
    return refusal
  }

  server.on('request', async (request, response) => {
    try {
      const path = (request.url ?? '').split('?', 1)[0] ?? ''
      const name = `${request.method} ${path}`
      const route = Object.hasOwn(routes, name) ? routes[name] : undefined
      await (route ? route(request, response) : sendFile(request, response, path))
    } catch (error) {
      const { status, message } = refuse(request, error)
      // What is left of a refused body is not worth reading.
      const own = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }
      if (!response.headersSent) answer(response, status, own, `${message}\n`)
    }
  })

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    try {
      checkSource(request, true)
      if (request.url !== '/ws' || request.method !== 'GET') throw new Refusal(404, 'no such socket')
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
      checkToken(offered.find(name => name.startsWith('auth.'))?.slice('auth.'.length))
      if (!offered.includes(subprotocol)) throw new Refusal(400, 'unknown protocol')
      if (sockets.clients.size >= maxPages) throw new Refusal(503, 'too many pages')
      sockets.handleUpgrade(request, socket, head, page => {
        serve(createSocketTransport(page))
      })
    } catch (error) {
      const { status, message } = refuse(request, error)
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: ${message.length}\r\n\r\n${message}`)
    }
  })

  return {
    port,
    link: () => `${origin}/#k=${sessions.issueCode()}`,
    close: async () => {
      for (const page of sockets.clients) page.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** A link on another page, or a browser started by another program: the whole page is loaded, nothing is read by the other side. */
const isTopLevel = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'

const listen = (server: ReturnType<typeof createServer>, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', error => reject(new AppError('port.taken', { port, reason: error.message }, { cause: error })))
    server.listen(port, '127.0.0.1', resolve)
  })

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBody) throw new Refusal(413, 'too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const readCode = (body: string): string => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new Refusal(400, 'not JSON')
  }
  if (typeof value !== 'object' || value === null || !('code' in value) || typeof value.code !== 'string')
    throw new Refusal(400, 'no code')
  return value.code
}
