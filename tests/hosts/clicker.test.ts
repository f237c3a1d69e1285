// The phone's clicker under attack: what somebody on the same network could try, and what a phone with the key must not get.

import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket as Socket } from 'ws'
import { clickerContract } from '../../electron/contract/clicker.ts'
import type { Services } from '../../electron/contract/define.ts'
import { contract as appContract } from '../../electron/contract/index.ts'
import { type Clicker, startClicker } from '../../electron/hosts/clicker.ts'
import { createChanging } from '../../electron/platform/changing.ts'
import type { Clock } from '../../electron/platform/clock.ts'
import { connect } from '../../electron/rpc/connect.ts'
import { serve } from '../../electron/rpc/serve.ts'
import { createSocketTransport } from '../../electron/rpc/transports/web-socket.ts'
import { createClickerPage } from '../../electron/services/clicker-page.ts'
import { until } from '../rpc/suite.ts'

const view = { language: 'en' as const, page: 3, count: 58, title: 'Pod', notes: 'Say this.', next: 'Service', isBlank: false }
const protocol = 'khw.clicker.v1'
const limits = { maxCalls: 4, maxStreams: 2 }

let clicker: Clicker
let host = ''
let key = ''
let port = 0
let now = 0
let phones: number[] = []
let refused: string[] = []
let turned: number[] = []
const views = createChanging(view)
const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('not here')) }

const services: Services<typeof clickerContract> = {
  clicker: {
    view: (_, { signal }) => views.stream(signal),
    turn: ({ step }) => {
      turned.push(step)
      return {}
    },
    blank: () => {
      turned.push(0)
      return {}
    },
  },
}
const readPage = createClickerPage(resolve('resources/clicker'), () => ({ language: 'en', t: key => `<${key} & "more">` }))

beforeEach(async () => {
  now = 1_000_000
  phones = []
  refused = []
  turned = []
  clicker = await startClicker({
    address: '127.0.0.1',
    clock,
    readPage,
    serve: transport => serve(clickerContract, services, transport, limits),
    onPhones: count => phones.push(count),
    onRefused: words => refused.push(words),
  })
  ;[, host = '', key = ''] = /^http:\/\/([\d.:]+)\/#([\w-]+)$/.exec(clicker.url) ?? []
  port = Number(host.split(':')[1])
})
afterEach(() => clicker.close())

type Answer = { status: number; headers: IncomingHttpHeaders; body: string }
const ask = (method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers }, response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.on('error', fail)
    asked.end()
  })

const dial = (protocols: string[], headers: Record<string, string> = { Origin: `http://${host}` }, path = '/ws') => {
  const socket = new Socket(`ws://127.0.0.1:${port}${path}`, protocols, { headers })
  socket.on('error', () => {})
  return socket
}

/** How an upgrade ended: the chosen subprotocol, or the status of the refusal. */
const upgrade = (...how: Parameters<typeof dial>) =>
  new Promise<string | number>(done => {
    const socket = dial(...how)
    socket.on('open', () => {
      done(socket.protocol)
      socket.terminate()
    })
    socket.on('unexpected-response', (_, response) => {
      done(response.statusCode ?? 0)
      socket.terminate()
    })
  })

const withKey = () => [protocol, `auth.${key}`]
const openPhone = async (): Promise<Socket> => {
  const socket = dial(withKey())
  await once(socket, 'open')
  return socket
}
/** What a phone that speaks by hand is answered. */
const tell = async (socket: Socket, message: unknown): Promise<Record<string, unknown>> => {
  const answered = once(socket, 'message')
  socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  const [data] = await answered
  return JSON.parse(String(data))
}

describe('a phone with the key', () => {
  it('sees the slide, turns both ways and blanks', async () => {
    const socket = await openPhone()
    const client = connect(clickerContract, createSocketTransport(socket))
    const seen: unknown[] = []
    client.clicker.view({}, event => void seen.push(event))
    await until(() => seen.length === 1, 'the view came')
    await client.clicker.turn({ step: 1 })
    await client.clicker.turn({ step: -1 })
    await client.clicker.blank({})
    expect([seen, turned]).toEqual([[view], [1, -1, 0]])
    expect(phones).toEqual([1])
    socket.terminate()
    await until(() => phones.at(-1) === 0, 'it is gone')
  })

  it('gets nothing else of the application: every other method is unknown', async () => {
    const socket = await openPhone()
    const methods = Object.entries(appContract).flatMap(([domain, methods]) =>
      Object.keys(methods).map(name => `${domain}.${name}`),
    )
    expect(methods.length).toBeGreaterThan(40)
    const others = [
      'clicker.constructor',
      'clicker.__proto__',
      '__proto__.turn',
      'constructor.constructor',
      'clicker.view.next',
      '',
      'clicker',
    ]
    let id = 0
    for (const method of [...methods, ...others])
      for (const type of ['call', 'open']) {
        id += 1
        // As fast as it may, which is what the clock is for.
        now += 1000
        const answer = await tell(socket, { type, id, method, body: {} })
        expect(answer, method).toMatchObject({ type: 'error', id, error: { code: 'request.unknown' } })
      }
    socket.terminate()
  })

  it.each([[2], [0], [1.5], ['1'], [null], [58]])('cannot turn by %j', async step => {
    const socket = await openPhone()
    const answer = await tell(socket, { type: 'call', id: 1, method: 'clicker.turn', body: { step } })
    expect(answer).toMatchObject({ type: 'error', error: { code: 'request.invalid' } })
    expect(turned).toEqual([])
    socket.terminate()
  })

  it('cannot hold more than its share of streams', async () => {
    const socket = await openPhone()
    const heard: { type: string }[] = []
    socket.on('message', data => heard.push(JSON.parse(String(data))))
    for (let id = 1; id <= 5; id++) socket.send(JSON.stringify({ type: 'open', id, method: 'clicker.view', body: {} }))
    await until(() => heard.length === 5, 'all were answered')
    expect(heard.map(({ type }) => type).sort()).toEqual(['error', 'error', 'error', 'event', 'event'])
    socket.terminate()
  })

  it.each(['not json', '{"type":"call"}', '[]', '{"type":"credit","id":-1,"amount":1}'])('is let go after %s', async words => {
    const socket = await openPhone()
    socket.send(words)
    await once(socket, 'close')
    expect(await upgrade(withKey())).toBe(protocol)
  })

  it('is let go when it taps faster than anybody can, or sends too much', async () => {
    const fast = await openPhone()
    for (let id = 1; id <= 30; id++) fast.send(JSON.stringify({ type: 'call', id, method: 'clicker.turn', body: { step: 1 } }))
    expect((await once(fast, 'close'))[0]).toBe(1008)
    expect(turned.length).toBeLessThanOrEqual(20)
    const large = await openPhone()
    large.send('x'.repeat(1025))
    expect((await once(large, 'close'))[0]).toBe(1009)
  })

  it('is one of four', async () => {
    const here: Socket[] = []
    for (let n = 0; n < 4; n++) here.push(await openPhone())
    expect(await upgrade(withKey())).toBe(503)
    here[0]?.terminate()
    await until(() => phones.at(-1) === 3, 'one left')
    expect(await upgrade(withKey())).toBe(protocol)
    for (const socket of here) socket.terminate()
  })
})

describe('the key', () => {
  it('stands in the fragment, carries 128 bits, and is another one each time', async () => {
    expect(clicker.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{22}$/)
    const other = await startClicker({ address: '127.0.0.1', clock, readPage, serve: () => () => {}, onPhones: () => {} })
    expect(other.url.split('#')[1]).not.toBe(key)
    await other.close()
  })

  it('is in no file and no header that is served, and never written down', async () => {
    for (const path of ['/', '/clicker.js', '/clicker.css']) expect(JSON.stringify(await ask('GET', path))).not.toContain(key)
    await upgrade(withKey(), { Origin: 'http://evil.test' })
    expect(refused.join('\n')).toContain('403')
    expect(refused.join('\n')).not.toContain(key)
  })

  it('is needed, and taken nowhere but in the protocol', async () => {
    const Origin = `http://${host}`
    expect(await upgrade([protocol])).toBe(401)
    expect(await upgrade([protocol, 'auth.'])).toBe(401)
    expect(await upgrade([protocol, `auth.${key}x`])).toBe(401)
    expect(await upgrade([protocol, `auth.${key.slice(0, -1)}`])).toBe(401)
    expect(await upgrade([protocol], { Origin, Authorization: `Bearer ${key}`, Cookie: `key=${key}` })).toBe(401)
    expect(await upgrade([protocol, `auth.${key}`], { Origin }, `/ws?key=${key}`)).toBe(404)
    expect(await upgrade([`auth.${key}`])).toBe(400)
    expect(await upgrade(['khw.v1', `auth.${key}`])).toBe(400)
  })

  it('cannot be guessed: who tries too often is not listened to for a minute, even with the right one', async () => {
    const statuses: (string | number)[] = []
    for (let n = 0; n < 10; n++) statuses.push(await upgrade([protocol, `auth.guess-${n}`]))
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect(await upgrade(withKey())).toBe(429)
    expect((await ask('GET', '/')).status).toBe(429)
    now += 60_001
    expect(await upgrade(withKey())).toBe(protocol)
  })

  it('dies with the clicker', async () => {
    const socket = await openPhone()
    const closed = once(socket, 'close')
    await clicker.close()
    await closed
    await expect(ask('GET', '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('the page', () => {
  it('is three files with a strict policy', async () => {
    const { status, headers, body } = await ask('GET', '/')
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ws://${host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([])
    // Nothing inline, nothing from elsewhere.
    expect(body).not.toMatch(/<script(?! src="\/)|<style|\son\w+=|style=|https?:/)
    expect(body).toContain('lang="en"')
    expect((await ask('GET', '/clicker.js')).headers['content-type']).toContain('javascript')
    expect((await ask('HEAD', '/clicker.css')).body).toBe('')
  })

  it('escapes its words', async () => {
    const { body } = await ask('GET', '/')
    expect(body).toContain('&lt;talk:clicker.page.next &amp; &quot;more&quot;&gt;')
    expect(body).not.toContain('<talk:')
    expect(body).not.toContain('{{')
  })

  it.each([
    '/index.html',
    '/clicker.html',
    '/../package.json',
    '/%2e%2e/package.json',
    '/clicker.js/',
    '/clicker.js?x',
    '/__proto__',
    '/constructor',
    '/assets/app.js',
    '/session',
    '//',
    '*',
  ])('gives nothing for %s', async path => {
    expect((await ask('GET', path)).status).toBe(404)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('knows no %s', async method => {
    expect((await ask(method, '/')).status).toBe(405)
  })

  it('opens from a scanned code, and in no frame', async () => {
    const navigate = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
    expect((await ask('GET', '/', { ...navigate, 'Sec-Fetch-Site': 'none' })).status).toBe(200)
    expect((await ask('GET', '/', { ...navigate, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(200)
    expect((await ask('GET', '/', { ...navigate, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'iframe' })).status).toBe(403)
  })
})

const doors: Record<string, (headers: Record<string, string>) => Promise<number | string>> = {
  'GET /': async headers => (await ask('GET', '/', headers)).status,
  'WebSocket /ws': headers => upgrade(withKey(), { Origin: `http://${host}`, ...headers }),
}
describe.each(Object.entries(doors))('%s', (_, knock) => {
  it.each(['evil.test', 'localhost:PORT', '127.0.0.1', '127.0.0.1:1', '127.0.0.2:PORT', 'rebind.test:PORT'])(
    'refuses Host %j',
    async value => {
      expect(await knock({ Host: value.replace('PORT', String(port)) })).toBe(421)
    },
  )
  it.each(['http://evil.test', 'http://localhost:PORT', 'https://127.0.0.1:PORT', 'http://127.0.0.1:PORT.evil.test', 'null', ''])(
    'refuses Origin %j',
    async value => {
      expect(await knock({ Origin: value.replace('PORT', String(port)) })).toBe(403)
    },
  )
  it.each(['same-site', 'cross-site'])('refuses Sec-Fetch-Site %s', async value => {
    expect(await knock({ 'Sec-Fetch-Site': value })).toBe(403)
  })
})

describe('the server', () => {
  it('listens on the chosen address only', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find(address => address?.family === 'IPv4' && !address.internal)?.address
    // Another loopback address stands in where the machine has no network.
    const [error] = await once(connectTcp(port, outside ?? '127.0.0.2'), 'error')
    expect(error.code).toMatch(/ECONNREFUSED|EHOSTUNREACH/)
  })

  it('says which address it cannot have', async () => {
    // Set aside for documentation: nobody's.
    const nowhere = startClicker({ address: '203.0.113.1', clock, readPage, serve: () => () => {}, onPhones: () => {} })
    await expect(nowhere).rejects.toMatchObject({ code: 'clicker.address', details: { address: '203.0.113.1' } })
  })

  it('answers so many requests and no more, until some time has passed', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 61; n++) statuses.push((await ask('GET', '/clicker.css')).status)
    expect(statuses.filter(status => status === 200)).toHaveLength(60)
    expect(statuses.at(-1)).toBe(429)
    now += 10_001
    expect((await ask('GET', '/')).status).toBe(200)
  })

  it('survives garbage and half requests', async () => {
    for (const words of ['garbage\r\n\r\n', 'GET / HTTP/1.1\r\n', `GET / HTTP/1.1\r\nHost: ${'x'.repeat(20_000)}\r\n\r\n`]) {
      const socket = connectTcp(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(words)
      await new Promise(done => setTimeout(done, 20))
      socket.destroy()
    }
    expect((await ask('GET', '/')).status).toBe(200)
  })
})
