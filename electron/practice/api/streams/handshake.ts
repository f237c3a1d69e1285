// From an upgrade request to a wire: which protocol both sides know, the answer that starts it, or the Status that refuses it.

import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { badRequest, type Status, StatusError } from '../../status-error.ts'

export type Wire =
  | { kind: 'websocket'; protocol: string }
  /** SPDY within the binary messages of a WebSocket. */
  | { kind: 'tunnel'; protocol: string }
  | { kind: 'spdy'; protocol: string }

/** What one kind of request can speak, the best first. */
export interface Spoken {
  websocket: readonly string[]
  tunnel: readonly string[]
  spdy: readonly string[]
}

/** kubectl sends at most 32 KiB at once; other clients send what their input gives. */
const maxMessageBytes = 16 * 1024 * 1024

const listOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap(value => value.split(','))
    .map(value => value.trim())
    .filter(Boolean)

/** Chooses the wire. @throws StatusError 400 without an upgrade that we know, 403 without a protocol in common */
export function negotiate(request: IncomingMessage, spoken: Spoken): Wire {
  const upgrade = request.headers.upgrade?.toLowerCase()
  if (upgrade === 'websocket') {
    const offered = listOf(request.headers['sec-websocket-protocol'])
    const tunnel = spoken.tunnel.find(protocol => offered.includes(protocol))
    if (tunnel) return { kind: 'tunnel', protocol: tunnel }
    if (offered.length === 0) return { kind: 'websocket', protocol: '' }
    return { kind: 'websocket', protocol: common(offered, spoken.websocket) }
  }
  if (upgrade === 'spdy/3.1') {
    return { kind: 'spdy', protocol: common(listOf(request.headers['x-stream-protocol-version']), spoken.spdy) }
  }
  throw badRequest('Upgrade request required')
}

function common(offered: string[], known: readonly string[]): string {
  const protocol = known.find(name => offered.includes(name))
  if (protocol) return protocol
  const message = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${known.join(' ')}]`
  throw new StatusError(403, 'Forbidden', message)
}

/** Answers 101 and gives the WebSocket; undefined where its handshake is at fault, which is answered here too. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, wire: Wire): WebSocket | undefined {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    handleProtocols: offered => (offered.has(wire.protocol) ? wire.protocol : false),
  })
  if (wire.kind === 'tunnel') {
    // The name holds a slash, which ws takes for a fault (RFC 6455 asks for a token): it is kept from ws, and answered for it.
    delete request.headers['sec-websocket-protocol']
    server.on('headers', headers => headers.push(`Sec-WebSocket-Protocol: ${wire.protocol}`))
  }
  let accepted: WebSocket | undefined
  server.handleUpgrade(request, socket, head, webSocket => {
    accepted = webSocket
  })
  return accepted
}

/** Answers 101; the socket speaks SPDY from here on. */
export function acceptSpdy(socket: Duplex, head: Buffer, wire: Wire): Duplex {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1']
  socket.write(`${[...lines, `X-Stream-Protocol-Version: ${wire.protocol}`].join('\r\n')}\r\n\r\n`)
  if (head.length > 0) socket.unshift(head)
  return socket
}

/** Answers a Status instead of the upgrade, and closes. */
export function refuse(socket: Duplex, status: Status): void {
  const body = JSON.stringify(status)
  const head = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
