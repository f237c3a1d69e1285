// The web host under attack: each test is something that a page, a program or another user on this machine could try.

import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket as Socket } from 'ws'
import { type SocketHost, startSocketHost } from '../../electron/hosts/socket.ts'
import { openAssets } from '../../electron/platform/assets.ts'
import type { Clock } from '../../electron/platform/clock.ts'
import { connect } from '../../electron/rpc/connect.ts'
import { serve } from '../../electron/rpc/serve.ts'
import { createReconnectingTransport } from '../../electron/rpc/transports/reconnecting.ts'
import { createSocketTransport } from '../../electron/rpc/transports/web-socket.ts'
import { contract, createSample } from '../rpc/sample.ts'
import { until } from '../rpc/suite.ts'

let folder = ''
let host: SocketHost
let origin = ''
let now = 0
let refused: string[] = []
const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('not here')) }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khw-host-'))
  mkdirSync(join(folder, 'page/assets'), { recursive: true })
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(folder, 'page/assets/app-1a2b3c4d.js'), 'export {}')
  writeFileSync(join(folder, 'page/.hidden'), 'hidden')
  writeFileSync(join(folder, 'secret.html'), 'secret')
  now = 1_000_000
  refused = []
  const { services } = createSample()
  host = await startSocketHost({
    port: 0,
    readAsset: openAssets(join(folder, 'page')),
    clock,
    serve: transport => serve(contract, services, transport),
    onRefused: words => refused.push(words),
  })
  origin = `http://127.0.0.1:${host.port}`
})
afterEach(async () => {
  await host.close()
  rmSync(folder, { recursive: true })
})

type Answer = { status: number; headers: IncomingHttpHeaders; body: string }
const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: host.port, method, path, headers }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })

const codeOf = (link: string) => link.split('#k=')[1] ?? ''
const json = { 'Content-Type': 'application/json' }
const exchange = (code: string, headers: Record<string, string> = {}) =>
  ask('POST', '/session', { Origin: origin, ...json, ...headers }, JSON.stringify({ code }))
const openSession = async () => (JSON.parse((await exchange(codeOf(host.link()))).body) as { token: string }).token

/** How an upgrade ended: the chosen subprotocol, or the status of the refusal. */
const upgrade = (protocols: string[], headers: Record<string, string> = { Origin: origin }, path = '/ws') =>
  new Promise<string | number>(resolve => {
    const socket = new Socket(`ws://127.0.0.1:${host.port}${path}`, protocols, { headers })
    socket.on('open', () => {
      resolve(socket.protocol)
      socket.terminate()
    })
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('error', () => {})
  })

describe('the page', () => {
  it('is served with a strict policy', async () => {
    const { status, headers, body } = await ask('GET', '/')
    expect([status, body]).toEqual([200, '<!doctype html><title>page</title>'])
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    })
    expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([])
  })

  it('keeps hashed files for ever, and sends HEAD no body', async () => {
    const { headers } = await ask('GET', '/assets/app-1a2b3c4d.js')
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable', 'content-type': /javascript/ })
    expect(await ask('HEAD', '/')).toMatchObject({ status: 200, body: '' })
  })

  it.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/..\\secret.html',
    '//secret.html',
    '/.hidden',
    '/assets',
    '/assets/',
    '/index.html/',
    '/index.html%00.js',
    '/__proto__',
    '/constructor',
    'http://127.0.0.1/secret.html',
    '*',
  ])('gives nothing for %s', async path => {
    const { status, body } = await ask('GET', path)
    expect(status).toBe(404)
    expect(body).not.toContain('secret')
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('knows no %s', async method => {
    expect((await ask(method, '/')).status).toBe(405)
    expect((await ask(method, '/index.html', { Origin: origin })).status).toBe(405)
  })

  it('listens on the loopback address only', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find(address => address?.family === 'IPv4' && !address.internal)?.address
    // Another loopback address stands in where the machine has no network.
    const socket = connectTcp(host.port, outside ?? '127.0.0.2')
    const [error] = await once(socket, 'error')
    expect(error.code).toMatch(/ECONNREFUSED|EHOSTUNREACH/)
  })
})

/** Every way in, asked so that only the given headers can make it fail. */
const doors: Record<string, (headers: Record<string, string>, token: string) => Promise<number | string>> = {
  'GET /': async headers => (await ask('GET', '/', headers)).status,
  'GET /assets': async headers => (await ask('GET', '/assets/app-1a2b3c4d.js', headers)).status,
  'GET /session': async (headers, token) =>
    (await ask('GET', '/session', { Authorization: `Bearer ${token}`, ...headers })).status,
  'POST /session': async headers => (await exchange(codeOf(host.link()), headers)).status,
  'WebSocket /ws': (headers, token) => upgrade(['khw.v1', `auth.${token}`], { Origin: origin, ...headers }),
}

describe.each(Object.entries(doors))('%s', (name, knock) => {
  it('opens for our own page', async () => {
    expect([200, 204, 'khw.v1']).toContain(await knock({}, await openSession()))
  })

  it.each(['evil.test', 'localhost', '127.0.0.1', '127.0.0.1:1', 'rebind.test:PORT', 'localhost:PORT', '[::1]:PORT'])(
    'refuses Host %j',
    async value => {
      expect(await knock({ Host: value.replace('PORT', String(host.port)) }, await openSession())).toBe(421)
    },
  )

  it.each([
    'http://evil.test',
    'http://127.0.0.1:1',
    'http://127.0.0.1',
    'http://localhost:PORT',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:PORT.evil.test',
    'http://127.0.0.1:PORT/',
    'null',
    'file://',
    '',
  ])('refuses Origin %j', async value => {
    expect(await knock({ Origin: value.replace('PORT', String(host.port)) }, await openSession())).toBe(403)
  })

  it.each(['same-site', 'cross-site'])('refuses Sec-Fetch-Site %s', async value => {
    expect(await knock({ 'Sec-Fetch-Site': value }, await openSession())).toBe(403)
  })

  it('writes each refusal down, without the secret', async () => {
    const token = await openSession()
    await knock({ Host: 'evil.test' }, token)
    expect(refused).toHaveLength(1)
    expect(refused[0]).toContain('421')
    expect(refused[0]).not.toContain(token)
  })

  if (name.startsWith('GET /session') || name.startsWith('WebSocket'))
    it.each(['', 'x', 'A'.repeat(43), 'undefined'])('refuses the token %j', async token => {
      await openSession()
      expect(await knock({}, token)).toBe(401)
    })
})

describe('a page opened from elsewhere', () => {
  it('may be a link on another page', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
    expect((await ask('GET', '/', headers)).status).toBe(200)
  })

  it('may not be a frame', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' }
    expect((await ask('GET', '/', headers)).status).toBe(403)
  })
})

describe('the one-time code', () => {
  it('is long, and stands in the fragment', () => {
    expect(host.link()).toMatch(new RegExp(`^${origin}/#k=[\\w-]{43}$`))
    expect(host.link()).not.toBe(host.link())
  })

  it('opens once', async () => {
    const code = codeOf(host.link())
    expect((await exchange(code)).status).toBe(200)
    expect((await exchange(code)).status).toBe(403)
  })

  it('opens once, also for two who ask at the same moment', async () => {
    const code = codeOf(host.link())
    const statuses = (await Promise.all([exchange(code), exchange(code), exchange(code)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 403, 403])
  })

  it('lives 30 seconds', async () => {
    const [late, timely] = [codeOf(host.link()), codeOf(host.link())]
    now += 29_999
    expect((await exchange(timely)).status).toBe(200)
    now += 1
    expect((await exchange(late)).status).toBe(403)
  })

  it('opens nothing by itself', async () => {
    const code = codeOf(host.link())
    expect((await ask('GET', '/session', { Authorization: `Bearer ${code}` })).status).toBe(401)
    expect(await upgrade(['khw.v1', `auth.${code}`])).toBe(401)
  })

  it('leaves other sessions as they are', async () => {
    const first = await openSession()
    const second = await openSession()
    expect(first).not.toBe(second)
    expect(await upgrade(['khw.v1', `auth.${first}`])).toBe('khw.v1')
    expect(await upgrade(['khw.v1', `auth.${second}`])).toBe('khw.v1')
  })

  it.each([
    ['{', 400],
    ['[]', 400],
    ['null', 400],
    ['{"code":1}', 400],
    ['{"code":""}', 403],
    [`{"code":"${'x'.repeat(2000)}"}`, 413],
  ])('refuses the body %.20s', async (body, status) => {
    expect((await ask('POST', '/session', { Origin: origin, ...json }, body)).status).toBe(status)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-8'])(
    'refuses a body of type %s, which a form could send',
    async type => {
      expect((await exchange(codeOf(host.link()), { 'Content-Type': type })).status).toBe(415)
    },
  )

  it('needs an Origin', async () => {
    const body = JSON.stringify({ code: codeOf(host.link()) })
    expect((await ask('POST', '/session', json, body)).status).toBe(403)
  })
})

describe('the WebSocket', () => {
  it('answers with its protocol only, never with the token', async () => {
    expect(await upgrade([`auth.${await openSession()}`, 'khw.v1'])).toBe('khw.v1')
  })

  it('needs an Origin, the protocol and a token', async () => {
    const token = await openSession()
    expect(await upgrade(['khw.v1', `auth.${token}`], {})).toBe(403)
    expect(await upgrade([`auth.${token}`])).toBe(400)
    expect(await upgrade(['khw.v1'])).toBe(401)
    expect(await upgrade([])).toBe(401)
  })

  it('takes the token nowhere else', async () => {
    const token = await openSession()
    expect(await upgrade(['khw.v1'], { Origin: origin, Authorization: `Bearer ${token}`, Cookie: `token=${token}` })).toBe(401)
    expect(await upgrade(['khw.v1', `auth.${token}`], { Origin: origin }, `/ws?token=${token}`)).toBe(404)
  })

  it.each(['/', '/session', '/ws/', '//ws'])('is not at %s', async path => {
    expect(await upgrade(['khw.v1', `auth.${await openSession()}`], { Origin: origin }, path)).toBe(404)
  })

  it('carries calls and streams, and survives one page that sends too much', async () => {
    const token = await openSession()
    const open = () => new Socket(`ws://127.0.0.1:${host.port}/ws`, ['khw.v1', `auth.${token}`], { headers: { Origin: origin } })
    const transport = createReconnectingTransport(() => createSocketTransport(open()), [5])
    const client = connect(contract, transport)
    expect(await client.math.add({ a: 40, b: 2 })).toBe(42)
    const hostile = open()
    hostile.on('error', () => {})
    await once(hostile, 'open')
    hostile.send('x'.repeat(8 * 1024 * 1024 + 1))
    const [code] = await once(hostile, 'close')
    expect(code).toBe(1009)
    expect(await client.math.add({ a: 40, b: 2 })).toBe(42)
    transport.close()
  })

  it('keeps a session over a reload', async () => {
    const token = await openSession()
    for (let n = 0; n < 3; n++) expect(await upgrade(['khw.v1', `auth.${token}`])).toBe('khw.v1')
    now += 3_600_000
    expect(await upgrade(['khw.v1', `auth.${token}`])).toBe('khw.v1')
  })

  it('lets in 32 pages, no more', async () => {
    const token = await openSession()
    const pages: Socket[] = []
    for (let n = 0; n < 32; n++) {
      const page = new Socket(`ws://127.0.0.1:${host.port}/ws`, ['khw.v1', `auth.${token}`], { headers: { Origin: origin } })
      await once(page, 'open')
      pages.push(page)
    }
    expect(await upgrade(['khw.v1', `auth.${token}`])).toBe(503)
    pages[0]?.terminate()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(await upgrade(['khw.v1', `auth.${token}`])).toBe('khw.v1')
    for (const page of pages) page.terminate()
  })
})

describe('the server', () => {
  it('says which port is taken', async () => {
    const again = startSocketHost({ port: host.port, readAsset: async () => undefined, clock, serve: () => () => {} })
    await expect(again).rejects.toMatchObject({ code: 'port.taken', details: { port: host.port } })
  })

  it('refuses a request without a Host', async () => {
    for (const words of ['GET / HTTP/1.0\r\n\r\n', 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n']) {
      const socket = connectTcp(host.port, '127.0.0.1')
      let text = ''
      socket.on('data', chunk => {
        text += chunk
      })
      socket.write(words)
      await once(socket, 'close')
      expect(text).toMatch(/^HTTP\/1.1 421 /)
    }
  })

  it('survives garbage and half requests', async () => {
    for (const words of ['garbage\r\n\r\n', 'GET / HTTP/1.1\r\n', `GET / HTTP/1.1\r\nHost: ${'x'.repeat(50_000)}\r\n\r\n`]) {
      const socket = connectTcp(host.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(words)
      await new Promise(resolve => setTimeout(resolve, 20))
      socket.destroy()
    }
    expect((await ask('GET', '/')).status).toBe(200)
  })

  it('closes with pages open', async () => {
    const token = await openSession()
    const page = new Socket(`ws://127.0.0.1:${host.port}/ws`, ['khw.v1', `auth.${token}`], { headers: { Origin: origin } })
    await once(page, 'open')
    let isClosed = false
    page.on('close', () => {
      isClosed = true
    })
    await host.close()
    await until(() => isClosed, 'the page was let go')
    await expect(ask('GET', '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    host = await startSocketHost({ port: 0, readAsset: async () => undefined, clock, serve: () => () => {} })
  })
})
