// One HTTP request over a connection of the cluster's network, for wget, curl and proxy_pass.

import http from 'node:http'
import type { Duplex } from 'node:stream'

export interface HttpRequest {
  method: string
  path: string
  headers: http.OutgoingHttpHeaders
  body?: string | Uint8Array | AsyncIterable<Uint8Array>
}

/** Sends a request; the answer's body is still to be read. @throws Error ECONNRESET where the far end gives no answer */
export const sendRequest = (socket: Duplex, request: HttpRequest, signal?: AbortSignal): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const outgoing = http.request({
      createConnection: () => socket,
      method: request.method,
      path: request.path,
      headers: request.headers,
      setHost: false,
    })
    const stop = () => {
      outgoing.destroy()
      socket.destroy()
      reject(signal?.reason instanceof Error ? signal.reason : new Error('ended'))
    }
    signal?.addEventListener('abort', stop, { once: true })
    outgoing.on('error', reject)
    outgoing.on('response', answer => {
      answer.on('close', () => signal?.removeEventListener('abort', stop))
      resolve(answer)
    })
    void send(outgoing, request.body).catch(reject)
  })

const send = async (outgoing: http.ClientRequest, body: HttpRequest['body']): Promise<void> => {
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    for await (const chunk of body) outgoing.write(chunk)
  else if (body !== undefined) outgoing.write(body)
  outgoing.end()
}
