// A server on loopback whose answers can be spoilt: each fault is used up by the request that meets it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  /** The connection breaks after this part of the body. */
  | { kind: 'cut'; part: number }
  /** One byte is another. */
  | { kind: 'corrupt' }
  /** The whole file, whatever range was asked for. */
  | { kind: 'whole' }
  /** Nothing more comes after this part of the body. */
  | { kind: 'stall'; part: number }
  /** More than there is. */
  | { kind: 'long' }

export interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}

export interface Seen {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

export interface FaultyServer {
  url: string
  seen: Seen[]
  /** For requests whose path holds these words, in this order. */
  spoil(words: string, ...faults: Fault[]): void
  close(): Promise<void>
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

const send = (
  response: ServerResponse,
  request: IncomingMessage,
  { status = 200, headers = {}, body = '' }: Reply,
  fault: Fault | undefined,
) => {
  let bytes = Buffer.from(body)
  if (fault?.kind === 'corrupt') {
    bytes = Buffer.from(bytes)
    // In the middle, where JSON stays JSON.
    const middle = bytes.length >> 1
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
  }
  if (fault?.kind === 'long') bytes = Buffer.concat([bytes, bytes])
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const isRange = status === 200 && from > 0 && fault?.kind !== 'whole'
  if (isRange && from >= bytes.length) return response.writeHead(416).end()
  const part = isRange ? bytes.subarray(from) : bytes
  response.writeHead(isRange ? 206 : status, { 'content-length': part.length, ...headers })
  if (fault?.kind !== 'cut' && fault?.kind !== 'stall') return response.end(part)
  response.write(part.subarray(0, Math.floor(part.length * fault.part)), () => {
    if (fault.kind === 'cut') setTimeout(() => response.destroy(), 20)
  })
}

export const serveFaulty = async (answer: (request: Seen) => Reply | Promise<Reply>): Promise<FaultyServer> => {
  const seen: Seen[] = []
  const faults: { words: string; fault: Fault }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const met: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: await readBody(request),
      }
      seen.push(met)
      const at = faults.findIndex(({ words }) => met.url.includes(words))
      const [spoilt] = at < 0 ? [] : faults.splice(at, 1)
      const fault = spoilt?.fault
      if (fault?.kind === 'status') {
        response.writeHead(fault.status, fault.headers ?? {}).end()
        return
      }
      send(response, request, await answer(met), fault)
    })()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    spoil: (words, ...more) => {
      for (const fault of more) faults.push({ words, fault })
    },
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
