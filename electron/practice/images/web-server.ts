// A small web server in a container: one function answers, and each answer has its cost.

import http from 'node:http'
import { workFor } from './pace.ts'
import type { ContainerView, ProcessIO, Program, Socket } from './program.ts'

export interface WebAnswer {
  status?: number
  headers?: Readonly<Record<string, string>>
  body: string
}

export interface WebRequest {
  method: string
  /** Without the query. */
  path: string
  socket: Socket
}

export interface WebServerOptions {
  port(io: ProcessIO): number
  /** What an answer costs, in milliseconds of one core. */
  costMs: number
  answer(request: WebRequest, io: ProcessIO, container: ContainerView): WebAnswer
  /** What it says when it is ready. */
  greeting?(io: ProcessIO, container: ContainerView): string
  /** The line it writes about an answer. */
  log?(request: http.IncomingMessage, socket: Socket, answer: WebAnswer, container: ContainerView): string
}

type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => void

const listeners = new WeakMap<object, Listener>()
/** One for all containers: it speaks HTTP on connections that are handed to it, and listens nowhere. */
const shared = http.createServer((request, response) => listeners.get(request.socket)?.(request, response))

/** A server that runs until it is told to stop. */
export const webServer =
  (options: WebServerOptions): Program =>
  async (io, container) => {
    const ended = Promise.withResolvers<number>()
    const open = new Set<Socket>()
    const write = (text: string) => void Promise.resolve(io.stdout(text)).catch(() => {})
    const serve: Listener = (request, response) => {
      const socket = request.socket as unknown as Socket
      workFor(container, socket, options.costMs)
      const path = (request.url ?? '/').replace(/\?.*$/, '')
      const answer = options.answer({ method: request.method ?? 'GET', path, socket }, io, container)
      request.resume()
      response.writeHead(answer.status ?? 200, { ...answer.headers, 'Content-Length': Buffer.byteLength(answer.body) })
      response.end(request.method === 'HEAD' ? '' : answer.body)
      if (options.log) write(options.log(request, socket, answer, container))
    }
    let stop: () => void
    try {
      stop = container.listen(options.port(io), socket => {
        listeners.set(socket, serve)
        open.add(socket)
        socket.on('close', () => open.delete(socket))
        shared.emit('connection', socket)
      })
    } catch (error) {
      await io.stderr(`listen tcp :${options.port(io)}: bind: ${error instanceof Error ? error.message.toLowerCase() : error}\n`)
      return 1
    }
    if (options.greeting) write(options.greeting(io, container))
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGWINCH']) io.handle(signal, () => ended.resolve(0))
    io.signal.addEventListener('abort', () => ended.resolve(137), { once: true })
    const code = await ended.promise
    stop()
    for (const socket of open) socket.destroy()
    return code
  }
