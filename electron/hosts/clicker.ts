// The phone's clicker: a page and a WebSocket on one address of this machine, for whoever holds the key in its link. It serves a contract of its own.

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { AppError } from '../contract/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Stop, Transport } from '../rpc/transport.ts'
import { createSocketTransport } from '../rpc/transports/web-socket.ts'
import { securityHeaders } from './headers.ts'
import { createLimiter } from './limiter.ts'
import { answerRefusal, answerWith, checkSource, offeredProtocols, Refusal, refuse, refuseSocket } from './refusal.ts'
import { digest, isSame, secret } from './secrets.ts'

export interface PageFile {
  type: string
  text: string
}

export interface ClickerOptions {
  /** One of this machine's own: nothing listens anywhere else. */
  address: string
  clock: Clock
  /** The page's files by path, such as `/`; undefined for anything else. */
  readPage(path: string): Promise<PageFile | undefined>
  /** Serves one phone; see rpc/serve.ts. */
  serve(transport: Transport): Stop
  /** Told how many phones there are, whenever that changes. */
  onPhones(count: number): void
  /** Told of each refused request, for the log. */
  onRefused?(words: string): void
}

export interface Clicker {
  /** For the QR code. The key is in the fragment, which no server is sent. */
  url: string
  close(): Promise<void>
}

const subprotocol = 'khw.clicker.v1'

/** A presenter's, a helper's, and one that was left lying about. */
const maxPhones = 4
/** A tap is a hundred bytes. */
const maxMessage = 1024
/** Nobody taps faster; the page's own credit messages are among them. */
const messages = { most: 20, ms: 1_000 }
/** A page is three files. */
const requests = { most: 60, ms: 10_000 }
/** Of keys that do not fit, by one asker. */
const guesses = { most: 10, ms: 60_000 }
/** A phone that went out of reach gives its place back after two of these. */
const pingMs = 10_000

/** Everything comes from here, nothing is inline. */
const policy = (host: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ws://${host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** @throws AppError clicker.address where nothing can listen on that address */
export const startClicker = async (options: ClickerOptions): Promise<Clicker> => {
  const { address, clock, readPage, serve, onPhones, onRefused } = options
  const key = secret(16)
  const known = digest(key)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessage,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  })
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8 * 1024 })
  server.maxConnections = 32
  await listen(server, address)
  const host = `${address}:${(server.address() as AddressInfo).port}`
  const answer = answerWith({ ...securityHeaders([]), 'Content-Security-Policy': policy(host) })
  const asked = createLimiter(requests.most, requests.ms, clock)
  const guessed = createLimiter(guesses.most, guesses.ms, clock)

  const askerOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? ''

  /** Who guessed too often is not listened to, even with the right key. @throws Refusal */
  const admit = (request: IncomingMessage): void => {
    const asker = askerOf(request)
    if (guessed.isSpent(asker) || !asked.allows(asker)) throw new Refusal(429, 'too many requests')
  }

  /** @throws Refusal */
  const checkKey = (request: IncomingMessage, given: string | undefined): void => {
    if (given !== undefined && isSame(digest(given), known)) return
    guessed.allows(askerOf(request))
    throw new Refusal(401, 'no key')
  }

  server.on('request', async (request, response) => {
    try {
      admit(request)
      checkSource(request, host, false)
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, 'only GET and HEAD')
      const file = await readPage(request.url ?? '')
      if (file === undefined) throw new Refusal(404, 'no such file')
      answer(response, 200, { 'Content-Type': file.type, 'Content-Length': String(Buffer.byteLength(file.text)) }, file.text)
    } catch (error) {
      answerRefusal(response, answer, refuse(request, error, onRefused))
    }
  })

  const welcome = (phone: WebSocket): void => {
    let isHere = true
    const taps = createLimiter(messages.most, messages.ms, clock)
    const ping = setInterval(() => {
      if (!isHere) return phone.terminate()
      isHere = false
      phone.ping()
    }, pingMs)
    phone.on('pong', () => {
      isHere = true
    })
    // Before the contract hears it.
    phone.on('message', () => taps.allows('') || phone.close(1008, 'too fast'))
    phone.on('error', () => phone.terminate())
    phone.on('close', () => {
      clearInterval(ping)
      onPhones(sockets.clients.size)
    })
    serve(createSocketTransport(phone))
    onPhones(sockets.clients.size)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    try {
      admit(request)
      checkSource(request, host, true)
      if (request.url !== '/ws' || request.method !== 'GET') throw new Refusal(404, 'no such socket')
      const { names, token } = offeredProtocols(request)
      checkKey(request, token)
      if (!names.includes(subprotocol)) throw new Refusal(400, 'unknown protocol')
      if (sockets.clients.size >= maxPhones) throw new Refusal(503, 'too many phones')
      sockets.handleUpgrade(request, socket, head, welcome)
    } catch (error) {
      refuseSocket(socket, refuse(request, error, onRefused))
    }
  })

  return {
    url: `http://${host}/#${key}`,
    close: async () => {
      for (const phone of sockets.clients) phone.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const listen = (server: ReturnType<typeof createServer>, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', error => reject(new AppError('clicker.address', { address, reason: error.message }, { cause: error })))
    server.listen(0, address, resolve)
  })
