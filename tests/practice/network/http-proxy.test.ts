import { execFile } from 'node:child_process'
import http from 'node:http'
import net from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../../electron/platform/clock.ts'
import { type HttpProxy, startHttpProxy } from '../../../electron/practice/network/http-proxy.ts'
import { createNetwork } from '../../../electron/practice/network/network.ts'
import { createStore } from '../../../electron/practice/store.ts'

const network = createNetwork({ store: createStore(), clock: { now: realClock.now, sleep: async () => {} } })
const pod = network.allocate('node1')
const inside = http.createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (request.url === '/hang-up') return void request.socket.destroy()
  response.setHeader('X-Inside', 'yes')
  response.setHeader('Connection', 'X-Inside-Hop')
  response.end(
    `${request.method} ${request.url} host=${request.headers.host} proxy=${request.headers['proxy-connection'] ?? '-'} bytes=${Buffer.concat(chunks).length}`,
  )
})
const outside = http.createServer((request, response) =>
  response.end(`outside ${request.url} host=${request.headers.host} auth=${request.headers['proxy-authorization'] ?? '-'}`),
)
let proxy: HttpProxy
let viaUpstream: HttpProxy
let port = 0

beforeAll(async () => {
  network.listen(pod, 80, socket => void inside.emit('connection', socket))
  outside.on('connect', (request, socket, head) => {
    // The upstream proxy of these tests: it knows one place.
    if (request.url !== `known.example:1`) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    socket.write(`hello ${request.headers['proxy-authorization']} ${head}`)
    socket.end()
  })
  await new Promise<void>(resolve => outside.listen(0, '127.0.0.1', resolve))
  port = (outside.address() as net.AddressInfo).port
  proxy = await startHttpProxy(network)
  viaUpstream = await startHttpProxy(network, { upstream: `http://me:p%40ss@127.0.0.1:${port}` })
})
afterAll(async () => {
  await proxy.close()
  await viaUpstream.close()
  outside.closeAllConnections()
  outside.close()
})

const curl = async (...args: string[]) => {
  const env = { PATH: process.env.PATH, http_proxy: proxy.url, no_proxy: '' }
  try {
    const { stdout } = await promisify(execFile)('curl', ['-sS', '-m', '10', ...args], { env })
    return stdout
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return `${code} ${stdout}${stderr}`
  }
}
/** Raw bytes to the proxy, and what comes back. */
const raw = (text: string, to = proxy) =>
  new Promise<string>((resolve, reject) => {
    const socket = net.connect(Number(new URL(to.url).port), '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })

describe('cluster addresses', () => {
  it('are reached by curl as if they were near', async () => {
    expect(await curl(`http://${pod}/x?y=1`)).toBe(`GET /x?y=1 host=${pod} proxy=- bytes=0`)
    expect(await curl('-i', '--data-binary', 'x'.repeat(100_000), `http://${pod}/post`)).toMatch(
      /^HTTP\/1.1 200 OK\r\n[\s\S]*X-Inside: yes\r\n[\s\S]*bytes=100000$/,
    )
    expect(await curl('-H', 'Host: chosen', `http://${pod}/`)).toContain('host=chosen ')
  })

  it('are reached through CONNECT too', async () => {
    expect(await curl('-p', `http://${pod}/x`)).toContain('GET /x')
  })

  it('that nobody answers at are explained', async () => {
    expect(await curl(`http://${pod}:81/`)).toBe(
      `practice cluster: connection to ${pod} port 81 refused: nothing listens there\n`,
    )
    expect(await curl('-o', '/dev/null', '-w', '%{http_code}', `http://${pod}:81/`)).toBe('502')
    expect(await curl('http://10.42.0.99/')).toBe('practice cluster: no route to 10.42.0.99: no Pod has this IP now\n')
    expect(await curl('-w', '%{http_code}', 'http://10.43.0.99/')).toBe(
      'practice cluster: connection to 10.43.0.99 port 80 timed out: no Service has this IP now\n504',
    )
    expect(await curl('http://nosuch.default.svc.cluster.local/')).toBe(
      'practice cluster: cannot find the name nosuch.default.svc.cluster.local\n',
    )
    expect(await curl(`http://${pod}/hang-up`)).toBe(`practice cluster: ${pod} port 80 closed the connection without an answer\n`)
    expect(await curl('-p', `http://${pod}:81/`)).toMatch(/^56 .*502/)
  })
})

describe('everything else', () => {
  it('goes to the real network', async () => {
    expect(await curl(`http://127.0.0.1:${port}/real`)).toBe(`outside /real host=127.0.0.1:${port} auth=-`)
    expect(await curl('-p', `http://127.0.0.1:${port}/real`)).toContain('outside /real')
    expect(await curl('http://no-such-name.invalid/')).toBe('network: cannot find the name no-such-name.invalid\n')
  })

  it('goes through the learner’s own proxy where there is one; the cluster does not', async () => {
    const login = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
    const get = (url: string) => raw(`GET ${url} HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n`, viaUpstream)
    expect(await get('http://example.test/a')).toMatch(
      new RegExp(`outside http://example.test/a host=example.test auth=${login}\\r?\\n?`),
    )
    expect(await get(`http://${pod}/in`)).toContain('GET /in')
    expect(await raw('CONNECT known.example:1 HTTP/1.1\r\nHost: x\r\n\r\n', viaUpstream)).toBe(
      `HTTP/1.1 200 Connection established\r\n\r\nhello ${login} `,
    )
    expect(await raw('CONNECT other.example:1 HTTP/1.1\r\nHost: x\r\n\r\n', viaUpstream)).toMatch(
      /^HTTP\/1.1 403 .*[\s\S]*refused other.example:1: Forbidden\n$/,
    )
  })
})

describe('what is no request to a proxy', () => {
  it('is refused: a page that found this port by another name gets nothing', async () => {
    const answer = await raw(`GET /hello HTTP/1.1\r\nHost: ${pod}\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
    expect(answer).not.toContain('X-Inside')
    expect(await raw('CONNECT nonsense HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await raw('CONNECT [::1:80 HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
  })

  it('does not call itself', async () => {
    const own = new URL(proxy.url).port
    expect(await curl('-w', '%{http_code}', `http://127.0.0.1:${own}/`)).toMatch(/508$/)
    expect(await curl('-w', '%{http_code}', `http://localhost:${own}/`)).toMatch(/508$/)
  })

  it('listens on loopback only, and closes with connections open', async () => {
    const other = await startHttpProxy(network)
    expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const socket = net.connect(Number(new URL(other.url).port), '127.0.0.1')
    socket.on('error', () => {})
    await new Promise(resolve => socket.once('connect', resolve))
    socket.write(`CONNECT ${pod}:80 HTTP/1.1\r\nHost: x\r\n\r\n`)
    await new Promise(resolve => socket.once('data', resolve))
    await other.close()
    await new Promise(resolve => (socket.destroyed ? resolve(undefined) : socket.once('close', resolve)))
  })
})
