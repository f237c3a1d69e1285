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
import { answerRefusal, answerWith, checkSource, offeredProtocols, Refusal, refuse, refuseSocket } from './refusal.ts'
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

/** The subprotocol that we speak; the token travels beside it. */
const subprotocol = 'khw.v1'

/** Pages send little: the largest message is a paste into the terminal. */
const maxMessage = 8 * 1024 * 1024
const maxBody = 1024
const maxPages = 32

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
  const answer = answerWith(securityHeaders(["'self'", `ws://${host}`]))

  const checkToken = (token: string | undefined) => {
    if (token === undefined || !sessions.isValid(token)) throw new Refusal(401, 'no session')
  }

  /** All there is to ask for beside the page's own files. */
  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    // Exchanges a one-time code for a session token.
    'POST /session': async (request, response) => {
      checkSource(request, host, true)
      if (request.headers['content-type'] !== 'application/json') throw new Refusal(415, 'JSON expected')
      const token = sessions.exchange(readCode(await readBody(request)))
      if (token === undefined) throw new Refusal(403, 'code unknown, used or expired')
      answer(response, 200, { 'Content-Type': 'application/json' }, JSON.stringify({ token }))
    },
    // Tells a page that cannot connect whether its session is over (401) or the line is down.
    'GET /session': async (request, response) => {
      checkSource(request, host, false)
      checkToken(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1])
      answer(response, 204, {})
    },
  }

  const sendFile = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    checkSource(request, host, false)
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, 'only GET and HEAD')
    const asset = await readAsset(path === '/' ? 'index.html' : path.slice(1))
    if (asset === undefined) throw new Refusal(404, 'no such file')
    const own = { 'Content-Type': asset.type, 'Cache-Control': cacheControl(asset.isHashed) }
    answer(response, 200, { ...own, 'Content-Length': String(asset.bytes.byteLength) }, asset.bytes)
  }

  server.on('request', async (request, response) => {
    try {
      const path = (request.url ?? '').split('?', 1)[0] ?? ''
      const name = `${request.method} ${path}`
      const route = Object.hasOwn(routes, name) ? routes[name] : undefined
      await (route ? route(request, response) : sendFile(request, response, path))
    } catch (error) {
      answerRefusal(response, answer, refuse(request, error, onRefused))
    }
  })

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    try {
      checkSource(request, host, true)
      if (request.url !== '/ws' || request.method !== 'GET') throw new Refusal(404, 'no such socket')
      const { names, token } = offeredProtocols(request)
      checkToken(token)
      if (!names.includes(subprotocol)) throw new Refusal(400, 'unknown protocol')
      if (sockets.clients.size >= maxPages) throw new Refusal(503, 'too many pages')
      sockets.handleUpgrade(request, socket, head, page => {
        serve(createSocketTransport(page))
      })
    } catch (error) {
      refuseSocket(socket, refuse(request, error, onRefused))
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
