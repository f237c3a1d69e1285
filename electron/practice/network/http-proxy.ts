// The door for the learner's own terminal: an HTTP proxy on loopback that leads cluster addresses into the simulated
// network and everything else to the real one (or the learner's own proxy).

import http from 'node:http'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { type Network, networkError } from './network.ts'

export interface HttpProxy {
  url: string
  close(): Promise<void>
}

export interface HttpProxyOptions {
  /** The learner's own proxy, for everything outside the cluster: `http://[user:password@]host:port`. */
  upstream?: string
  /** The port to have if it is free: shells that were given an earlier proxy's address then find this one. */
  port?: number
}

/** Headers of one hop, never passed on (RFC 9110 section 7.6.1). */
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
])

const passOn = (headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders => {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/))
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name) && !named.has(name)))
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** What went wrong, for someone who looks at curl's output. */
const explain = (error: unknown, host: string, port: number, inCluster: boolean): [status: number, text: string] => {
  const where = inCluster ? 'practice cluster' : 'network'
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return [502, `${where}: connection to ${host} port ${port} refused: nothing listens there`]
    case 'EHOSTUNREACH':
      return [502, `${where}: no route to ${host}: no Pod has this IP now`]
    case 'ETIMEDOUT':
      return [504, `${where}: connection to ${host} port ${port} timed out: no Service has this IP now`]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [502, `${where}: cannot find the name ${host}`]
    case 'ECONNRESET':
    case 'EPIPE':
      return [502, `${where}: ${host} port ${port} closed the connection without an answer`]
    default:
      return [502, `${where}: ${host} port ${port}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

const parseUpstream = (upstream: string | undefined) => {
  if (!upstream) return undefined
  const url = new URL(upstream.includes('://') ? upstream : `http://${upstream}`)
  const login = url.username ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined
  return {
    host: url.hostname,
    port: Number(url.port || 80),
    headers: login ? { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` } : {},
  }
}

const splitAuthority = (authority: string): { host: string; port: number } | undefined => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s]+)):(\d{1,5})$/i.exec(authority)
  const port = Number(match?.[3])
  return match && port > 0 && port < 65_536 ? { host: (match[1] ?? match[2])!, port } : undefined
}

const say = (response: http.ServerResponse, status: number, text: string) => {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(`${text}\n`)
}

/** Starts on 127.0.0.1, by default with a port of the system's choice. Only requests meant for a proxy are answered. */
export const startHttpProxy = async (network: Network, options: HttpProxyOptions = {}): Promise<HttpProxy> => {
  const upstream = parseUpstream(options.upstream)
  let ownPort = 0
  const isItself = (host: string, port: number) => port === ownPort && /^(127\.|localhost$|::1$|0\.0\.0\.0$)/i.test(host)

  const dialOutside = (host: string, port: number): Promise<Duplex> =>
    new Promise((resolve, reject) => {
      const socket = net.connect({ host, port })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(socket)
      })
    })

  const forward = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    // A page in a browser cannot send this form: so no page can reach the cluster, whatever name it found for 127.0.0.1.
    if (!/^http:\/\//i.test(request.url ?? '')) {
      return say(response, 400, 'This is an HTTP proxy of a practice cluster: use it as http_proxy, do not open it as a page.')
    }
    const target = URL.parse(request.url ?? '')
    if (!target) return say(response, 400, `practice cluster: not an address: ${request.url}`)
    const host = target.hostname.replace(/^\[|\]$/g, '')
    const port = Number(target.port || 80)
    if (isItself(host, port)) return say(response, 508, 'practice cluster: the proxy was asked to call itself')
    const inCluster = network.has(host)
    const viaUpstream = !inCluster && upstream !== undefined
    try {
      const socket = inCluster
        ? await network.dial({}, host, port)
        : await dialOutside(viaUpstream ? upstream.host : host, viaUpstream ? upstream.port : port)
      const outgoing = http.request({
        createConnection: () => socket,
        method: request.method ?? 'GET',
        path: viaUpstream ? target.href : `${target.pathname}${target.search}`,
        headers: {
          ...passOn(request.headers),
          host: (inCluster && request.headers.host) || target.host,
          ...(viaUpstream && upstream.headers),
          connection: 'close',
        },
        setHost: false,
      })
      outgoing.on('response', answer => {
        response.writeHead(
          answer.statusCode ?? 502,
          answer.statusMessage,
          answer.rawHeaders.filter((_, index, all) => {
            const name = all[index - (index % 2)]!.toLowerCase()
            return !hopHeaders.has(name)
          }),
        )
        answer.on('error', () => response.destroy())
        answer.pipe(response)
      })
      outgoing.on('error', error => say(response, ...explain(error, host, port, inCluster)))
      response.on('close', () => {
        outgoing.destroy()
        socket.destroy()
      })
      request.pipe(outgoing)
    } catch (error) {
      say(response, ...explain(error, host, port, inCluster))
    }
  }

  const refuse = (socket: Duplex, status: number, text: string) => {
    const body = `${text}\n`
    socket.end(
      `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? 'Error'}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  }

  const join = (client: Duplex, far: Duplex, head: Buffer) => {
    if (head.length > 0) far.write(head)
    for (const [a, b] of [
      [client, far],
      [far, client],
    ] as const) {
      a.pipe(b)
      a.on('error', () => b.destroy())
      a.on('close', () => b.destroy())
    }
  }

  const tunnel = async (request: http.IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy())
    const target = splitAuthority(request.url ?? '')
    if (!target) return refuse(client, 400, `practice cluster: not an address: ${request.url}`)
    const { host, port } = target
    if (isItself(host, port)) return refuse(client, 508, 'practice cluster: the proxy was asked to call itself')
    const inCluster = network.has(host)
    try {
      if (!inCluster && upstream) return await tunnelUpstream(target, client, head)
      const far = inCluster ? await network.dial({}, host, port) : await dialOutside(host, port)
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      join(client, far, head)
    } catch (error) {
      refuse(client, ...explain(error, host, port, inCluster))
    }
  }

  const tunnelUpstream = ({ host, port }: { host: string; port: number }, client: Duplex, head: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!upstream) return reject(networkError('ENOTFOUND', host, port))
      const path = `${host.includes(':') ? `[${host}]` : host}:${port}`
      const outgoing = http.request({
        host: upstream.host,
        port: upstream.port,
        method: 'CONNECT',
        path,
        headers: { host: path, ...upstream.headers },
      })
      outgoing.once('error', reject)
      outgoing.once('connect', (answer, far: Duplex, early: Buffer) => {
        outgoing.off('error', reject)
        if (answer.statusCode !== 200) {
          far.destroy()
          refuse(
            client,
            answer.statusCode ?? 502,
            `network: the proxy ${upstream.host}:${upstream.port} refused ${path}: ${answer.statusMessage}`,
          )
        } else {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n')
          if (early.length > 0) client.write(early)
          join(client, far, head)
        }
        resolve()
      })
      outgoing.end()
    })

  const server = http.createServer((request, response) => void forward(request, response))
  server.on('connect', (request, socket: Duplex, head) => void tunnel(request, socket, head))
  server.on('clientError', (_, socket) => socket.destroy())
  const open = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(options.port ?? 0).catch((error: unknown) => {
    if (!options.port) throw error
    return listen(0)
  })
  const address = server.address()
  ownPort = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${ownPort}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
