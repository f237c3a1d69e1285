// Bytes that no client should send: each ends its own connection, and the next client is served as ever.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { createHeaderWriter } from '../../../electron/practice/api/streams/spdy/headers.ts'
import { type StandIn, startStandIn } from './stand-in.ts'

let cluster: StandIn
beforeAll(async () => {
  cluster = await startStandIn()
})
afterAll(() => cluster.close())

const execPath = '/api/v1/namespaces/default/pods/box/exec'

/** A raw connection that has asked for an upgrade and read the answer's head. */
async function upgrade(path: string, headers: string[]): Promise<{ socket: Socket; answer: string }> {
  const socket = connect(Number(new URL(cluster.url).port), '127.0.0.1')
  socket.on('error', () => {}) // being cut off is what these tests are about
  socket.write(`${[`POST ${path} HTTP/1.1`, 'Host: cluster', 'Connection: Upgrade', ...headers].join('\r\n')}\r\n\r\n`)
  const [answer] = await once(socket, 'data')
  return { socket, answer: answer.toString() }
}
const closed = (socket: Socket) => new Promise<void>(resolve => (socket.closed ? resolve() : socket.on('close', () => resolve())))
const spdy = ['Upgrade: SPDY/3.1', 'X-Stream-Protocol-Version: v4.channel.k8s.io']

/** The server still runs a command. */
async function isAlive(): Promise<void> {
  const webSocket = new WebSocket(
    `${cluster.url.replace('http', 'ws')}${execPath}?stdout=true&command=echo&command=alive`,
    'v5.channel.k8s.io',
  )
  const messages: string[] = []
  webSocket.on('message', message => messages.push(message.toString()))
  const [code] = await once(webSocket, 'close')
  expect(code).toBe(1000)
  expect(messages).toEqual(['\u0001', '\u0001alive\n', '\u0003{"metadata":{},"status":"Success"}'])
}

const synStream = (id: number, block: Uint8Array): Buffer => {
  const head = Buffer.alloc(18)
  head.writeUInt32BE(0x8003_0001, 0)
  head.writeUIntBE(10 + block.length, 5, 3)
  head.writeUInt32BE(id, 8)
  return Buffer.concat([head, block])
}
const huge = Buffer.alloc(4)
huge.writeUInt32BE(0x7fff_ffff)
const stored = (block: Buffer) => {
  const head = Buffer.from([0x78, 0x01, 0, 0, 0, 0, 0])
  head.writeUInt16LE(block.length, 3)
  head.writeUInt16LE(block.length ^ 0xffff, 5)
  return Buffer.concat([head, block, Buffer.from([0, 0, 0, 0xff, 0xff])])
}

const attacks: Record<string, Buffer> = {
  'another SPDY version': Buffer.from('80020001000000000000', 'hex'),
  'a control frame of 16 MB': Buffer.from('8003000100ffffff', 'hex'),
  'a SYN_STREAM without its ids': Buffer.from('800300010000000400000001', 'hex'),
  'headers that are not zlib': synStream(1, Buffer.from('not zlib at all')),
  'headers of two thousand million pairs': synStream(1, stored(huge)),
  'a header longer than its block': synStream(1, stored(Buffer.concat([Buffer.from([0, 0, 0, 1]), huge]))),
  'an even stream id': synStream(2, createHeaderWriter()({ streamtype: 'error' })),
  'a stream id twice': (() => {
    const write = createHeaderWriter()
    return Buffer.concat([synStream(1, write({ streamtype: 'error' })), synStream(1, write({ streamtype: 'stdout' }))])
  })(),
  noise: randomBytes(100_000).fill(0x80, 0, 1),
}

test.each(Object.entries(attacks))('SPDY: %s ends the connection', async (_, bytes) => {
  const { socket, answer } = await upgrade(`${execPath}?stdout=true&command=cat`, spdy)
  expect(answer).toContain('101 Switching Protocols')
  socket.resume()
  socket.write(bytes)
  await closed(socket)
  await isAlive()
})

test('SPDY: a client that leaves within a frame ends its connection only', async () => {
  const { socket } = await upgrade(`${execPath}?stdout=true&command=cat`, spdy)
  socket.end(Buffer.from('80030001', 'hex'))
  await closed(socket)
  await isAlive()
})

test('SPDY: data for streams that nobody opened is dropped, and pings are answered', async () => {
  const { socket } = await upgrade(`${execPath}?stdout=true&command=cat`, spdy)
  const pong = once(socket, 'data')
  const ping = Buffer.from('800300060000000400000007', 'hex')
  socket.write(Buffer.concat([Buffer.from('00000009000000036f6e65', 'hex'), ping]))
  expect((await pong)[0]).toEqual(ping)
  socket.destroy()
})

test('WebSocket: malformed frames, messages too long and unknown channels end or change nothing', async () => {
  const url = `${cluster.url.replace('http', 'ws')}${execPath}?stdin=true&stdout=true&command=cat`
  const tooLong = new WebSocket(url, 'v5.channel.k8s.io')
  await once(tooLong, 'open')
  tooLong.send(Buffer.alloc(17 * 1024 * 1024))
  expect((await once(tooLong, 'close'))[0]).toBe(1009)

  const malformed = new WebSocket(url, 'v5.channel.k8s.io')
  await once(malformed, 'open')
  const raw = (malformed as unknown as { _socket: Socket })._socket
  raw.write(randomBytes(64).fill(0xff, 0, 2))
  expect((await once(malformed, 'close'))[0]).toBe(1002)

  const strange = new WebSocket(url, 'v5.channel.k8s.io')
  await once(strange, 'open')
  for (const message of [[], [9, 1], [255], [255, 77], [4, 0x7b], [3, 1, 2], [0, 104, 105], [255, 0]])
    strange.send(Buffer.from(message))
  const messages: string[] = []
  strange.on('message', message => messages.push(message.toString()))
  await once(strange, 'close')
  expect(messages).toContain('\u0001hi')
  await isAlive()
})

test.each([
  [`${execPath}?command=ls`, spdy, '400 Bad Request', 'you must specify at least 1 of stdin, stdout, stderr'],
  [`${execPath}?stdout=true&command=ls`, ['Upgrade: h2c'], '400 Bad Request', 'Upgrade request required'],
  [`${execPath}?stdout=true&command=ls`, ['Upgrade: SPDY/3.1'], '403 Forbidden', 'unable to negotiate protocol'],
  [`${execPath}?stdout=true&container=x&command=ls`, spdy, '400 Bad Request', 'container x is not valid for pod box'],
  [execPath.replace('box', 'gone'), spdy, '400 Bad Request', 'you must specify'],
  [`${execPath.replace('box', 'gone')}?stdout=true`, spdy, '404 Not Found', 'pods \\"gone\\" not found'],
])('%s with %s is refused with %s', async (path, headers, code, message) => {
  const { socket, answer } = await upgrade(path, headers)
  expect(answer).toContain(`HTTP/1.1 ${code}`)
  expect(answer).toContain(message)
  await closed(socket.resume())
})
