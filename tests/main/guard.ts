// Stands before a practice cluster as somebody else's API server would: no doors but Kubernetes', and for one account only.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { parse, stringify } from 'yaml'
import type { Practice } from '../../electron/practice/practice.ts'

export interface Guarded {
  /** YAML that leads here, over plain HTTP. */
  kubeconfig: string
  /** What was asked for and not given, as `GET /practice/state`. */
  refused: string[]
  close(): Promise<void>
}

/** @param token of the account that comes through; the cluster's first by default */
export const guard = async (practice: Pick<Practice, 'server' | 'kubeconfig'>, token?: string): Promise<Guarded> => {
  const config = parse(practice.kubeconfig)
  token ??= String(config.users[0].user.token)
  const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64')
  const refused: string[] = []
  const pass = ({ method = '', url = '', headers }: IncomingMessage) =>
    request(new URL(url, practice.server), {
      method,
      headers: { ...headers, host: new URL(practice.server).host, authorization: `Bearer ${token}` },
      ca,
    })
  const mayPass = ({ method = '', url = '' }: IncomingMessage): boolean => {
    const isFine = !url.startsWith('/practice')
    if (!isFine) refused.push(`${method} ${url}`)
    return isFine
  }
  const refuse = (answer: ServerResponse): void => {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403, message: 'forbidden' }
    answer.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status))
  }

  const server = createServer((asked, answer) => {
    if (!mayPass(asked)) return refuse(answer)
    const passed = pass(asked)
    passed.on('response', given => {
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    answer.on('close', () => passed.destroy())
    asked.pipe(passed)
  })
  const open = new Set<Socket>()
  server.on('connection', socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  server.on('upgrade', (asked, socket: Socket, head) => {
    if (!mayPass(asked)) return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
    const passed = pass(asked)
    passed.on('upgrade', (given, other, early) => {
      const lines = Object.entries(given.headers).map(([name, value]) => `${name}: ${value}`)
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
      if (early.length > 0) socket.write(early)
      if (head.length > 0) other.write(head)
      socket.pipe(other).pipe(socket)
      socket.on('error', () => other.destroy())
      other.on('error', () => socket.destroy())
    })
    passed.on('response', given => void socket.end(`HTTP/1.1 ${given.statusCode} Refused\r\ncontent-length: 0\r\n\r\n`))
    passed.on('error', () => socket.destroy())
    passed.end()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  config.users[0].user = { token }
  config.clusters[0].cluster.server = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  delete config.clusters[0].cluster['certificate-authority-data']
  return {
    kubeconfig: stringify(config),
    refused,
    close: () =>
      new Promise(done => {
        server.close(() => done())
        for (const socket of open) socket.destroy()
      }),
  }
}
