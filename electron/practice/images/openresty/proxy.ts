// proxy_pass: the request goes on to another server of the cluster's network.

import { sendRequest } from '../http-client.ts'
import { concat } from '../streams.ts'
import { errorCode, strerror } from '../words.ts'
import { type Exchange, scopeOf } from './exchange.ts'
import type { ServeHost } from './serve-host.ts'
import { fill } from './variables.ts'

const hop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'proxy-connection', 'upgrade', 'te', 'trailer'])
const turns = new WeakMap<readonly string[], number>()

/** Linux' numbers of what a connection can fail with. */
const errno: Readonly<Record<string, number>> = { ECONNREFUSED: 111, EHOSTUNREACH: 113, ETIMEDOUT: 110, ECONNRESET: 104 }

export const passOn = async (exchange: Exchange, target: string, host: ServeHost) => {
  const filled = fill(target, exchange, host)
  const match = /^http:\/\/([^/:?]+)(?::(\d+))?(\/[^?]*)?(?:\?(.*))?$/s.exec(filled)
  if (!match) {
    host.errorLog('error', `invalid URL prefix in "${filled}"`, exchange)
    return { type: 'error', code: 500 } as const
  }
  const [, name = '', port, path] = match
  const group = host.configuration.upstreams.get(name)
  let [address, number] = [name, Number(port ?? 80)]
  if (group && group.length > 0) {
    const turn = turns.get(group) ?? 0
    turns.set(group, turn + 1)
    const [member = '', memberPort = '80'] = group[turn % group.length]!.split(':')
    ;[address, number] = [member, Number(memberPort)]
  }
  const prefix = exchange.location?.path ?? '/'
  const query = exchange.args ? `?${exchange.args}` : ''
  const uri =
    path === undefined || target.includes('$')
      ? (path ?? exchange.request.url ?? '/')
      : path + encodeURI(exchange.uri.slice(prefix.length)) + query
  const headers: Record<string, string | string[]> = {}
  for (const [key, value] of Object.entries(exchange.request.headers))
    if (value !== undefined && !hop.has(key)) headers[key] = value
  headers.host = port ? `${name}:${port}` : name
  headers.connection = 'close'
  for (const { name: header, value } of scopeOf(exchange).proxyHeaders) {
    const text = fill(value, exchange, host)
    if (text === '') delete headers[header.toLowerCase()]
    else headers[header.toLowerCase()] = text
  }
  try {
    const socket = await host.container.dial(address, number)
    const answer = await sendRequest(socket, {
      method: exchange.request.method ?? 'GET',
      path: uri,
      headers,
      body: exchange.request,
    })
    const chunks: Uint8Array[] = []
    for await (const chunk of answer) chunks.push(chunk as Uint8Array)
    exchange.status = answer.statusCode ?? 502
    for (const [key, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !hop.has(key) && !['content-length', 'content-type', 'server', 'date'].includes(key))
        exchange.response.setHeader(key, value)
    }
    const contentType = answer.headers['content-type']
    return { type: 'answer', answer: { ...(contentType && { contentType }), body: concat(chunks) } } as const
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    const why =
      code === 'ENOTFOUND'
        ? `${address} could not be resolved (3: Host not found)`
        : `connect() failed (${errno[code] ?? 0}: ${strerror(error)}) while connecting to upstream`
    host.errorLog('error', why, exchange)
    return { type: 'error', code: code === 'ETIMEDOUT' ? 504 : 502 } as const
  }
}
