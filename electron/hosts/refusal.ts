// Requests that are not for us: what every request must show, and how a refusal is answered and written down.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Why a request is not answered, and with which status. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, words: string) {
    super(words)
    this.status = status
  }
}

/** A link on another page, or a browser started by another program: the whole page is loaded, nothing is read by the other side. */
const isTopLevel = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'

/**
 * That a request means this very server, by `address:port`, and comes from no other page.
 * @throws Refusal
 */
export const checkSource = (request: IncomingMessage, host: string, needsOrigin: boolean): void => {
  // A rebound DNS name arrives here with its own name as Host.
  if (request.headers.host !== host) throw new Refusal(421, `this server is ${host}`)
  const from = request.headers.origin
  if (from === undefined ? needsOrigin : from !== `http://${host}`) throw new Refusal(403, 'wrong origin')
  const site = request.headers['sec-fetch-site']
  const isPage = site === 'none' && !needsOrigin
  if (site !== undefined && site !== 'same-origin' && !isPage && !isTopLevel(request)) throw new Refusal(403, 'wrong site')
}

/** What a thrown value is to the asker; `onRefused` hears more. */
export const refuse = (request: IncomingMessage, error: unknown, onRefused?: (words: string) => void): Refusal => {
  const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal error')
  const words = error instanceof Refusal ? error.message : String(error)
  onRefused?.(`${refusal.status} ${request.method} ${JSON.stringify(request.url?.slice(0, 200))}: ${words}`)
  return refusal
}

/** Ends a WebSocket's handshake with a refusal. */
export const refuseSocket = (socket: Duplex, { status, message }: Refusal): void => {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: ${message.length}\r\n\r\n${message}`)
}

/** The subprotocols that a page offers: ours, and the token as `auth.<token>`, which is never answered. */
export const offeredProtocols = (request: IncomingMessage): { names: string[]; token: string | undefined } => {
  const names = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
  return { names, token: names.find(name => name.startsWith('auth.'))?.slice('auth.'.length) }
}

export type Answer = (response: ServerResponse, status: number, own: Record<string, string>, body?: string | Uint8Array) => void

/** Answers with these headers, nothing kept unless said otherwise; HEAD gets no body. */
export const answerWith =
  (headers: Record<string, string>): Answer =>
  (response, status, own, body = '') => {
    response.writeHead(status, { 'Cache-Control': 'no-store', ...headers, ...own })
    response.end(response.req.method === 'HEAD' ? '' : body)
  }

/** Answers a refused request; what is left of its body is not worth reading. */
export const answerRefusal = (response: ServerResponse, answer: Answer, { status, message }: Refusal): void => {
  const own = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }
  if (!response.headersSent) answer(response, status, own, `${message}\n`)
}
