// Writes an answer with nginx' headers in nginx' order.

import { type ClientRequest, STATUS_CODES } from 'node:http'
import type { Exchange } from './exchange.ts'
import { scopeOf } from './exchange.ts'
import { statusWords } from './pages.ts'
import { fill, type Surroundings } from './variables.ts'

export interface Answer {
  contentType?: string
  body: Uint8Array | string
  /** Its length is not told ahead: sent in chunks. */
  chunked?: boolean
  headers?: Readonly<Record<string, string>>
}

/** Node has this method on every outgoing message; its types tell of it only on requests. */
const rawNames = (response: unknown) => (response as Pick<ClientRequest, 'getRawHeaderNames'>).getRawHeaderNames()

/** Codes whose answers get the headers of add_header without `always`. */
const usual = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308])

export const respond = (exchange: Exchange, answer: Answer, around: Surroundings, serverHeader: string): Promise<void> => {
  const { request, response, status } = exchange
  const bytes = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body) : answer.body
  // Set earlier, by Lua code or a redirect: they take their places among nginx' own.
  const own = new Map(rawNames(response).map(name => [name.toLowerCase(), { name, value: response.getHeader(name) }]))
  for (const name of own.keys()) response.removeHeader(name)
  const put = (name: string, value: string | undefined) => {
    const set = own.get(name.toLowerCase())?.value
    own.delete(name.toLowerCase())
    const text = set === undefined ? value : String(set)
    if (text !== undefined) response.setHeader(name, text)
  }
  const bare = status === 204 || status === 304
  response.sendDate = false
  response.statusCode = status
  response.statusMessage = statusWords[status] ?? STATUS_CODES[status] ?? ''
  put('Server', serverHeader)
  put('Date', new Date(around.container.now()).toUTCString())
  put('Content-Type', bare ? undefined : answer.contentType)
  if (!bare && !answer.chunked) put('Content-Length', String(bytes.length))
  else if (!bare && request.httpVersion === '1.1' && !own.has('content-length')) put('Transfer-Encoding', 'chunked')
  const extra = { ...answer.headers }
  put('Location', undefined)
  put('Last-Modified', extra['Last-Modified'])
  put(
    'Connection',
    request.headers.connection?.toLowerCase() === 'close' || (request.httpVersion === '1.0' && !request.headers.connection)
      ? 'close'
      : 'keep-alive',
  )
  for (const [name, value] of Object.entries(extra)) if (name !== 'Last-Modified') put(name, value)
  for (const { name, value } of own.values()) if (value !== undefined) response.setHeader(name, value)
  for (const { name, value, always } of scopeOf(exchange).headers) {
    const text = fill(value, exchange, around)
    if ((always || usual.has(status)) && text !== '') response.appendHeader(name, text)
  }
  return new Promise(resolve => {
    response.on('close', () => resolve())
    if (request.method === 'HEAD' || bare) return void response.end(() => resolve())
    exchange.bytesSent = bytes.length
    response.end(bytes, () => resolve())
  })
}
