import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { connect } from '../../electron/rpc/connect.ts'
import { window } from '../../electron/rpc/protocol.ts'
import { serve } from '../../electron/rpc/serve.ts'
import { createSocketTransport } from '../../electron/rpc/transports/web-socket.ts'
import { contract, createSample } from './sample.ts'
import { type Lay, type Line, rpcSuite, until } from './suite.ts'

/** The page's side is the WebSocket that browsers have (Node's own), the host's is ws. */
const lay: Lay = async onHost => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 1024 * 1024, perMessageDeflate: false })
  server.on('connection', socket => onHost(createSocketTransport(socket)))
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    open: () => createSocketTransport(new WebSocket(url)),
    close: async () => {
      for (const socket of server.clients) socket.terminate()
      await new Promise(resolve => server.close(resolve))
    },
  } as Line
}

rpcSuite('WebSocket', lay)

describe('WebSocket', () => {
  let line: Line & { url?: string }
  beforeEach(async () => {
    const sample = createSample()
    line = await lay(transport => {
      serve(contract, sample.services, transport)
    })
  })
  afterEach(() => line.close())

  const rawSocket = async () => {
    const socket = new WebSocket(line.url ?? '')
    let closed = 0
    socket.addEventListener('close', event => {
      closed = event.code
    })
    await new Promise(resolve => socket.addEventListener('open', resolve))
    return { socket, closed: () => closed }
  }

  it.each([
    ['text that is no JSON', '{'],
    ['an empty text', ''],
    ['a deep nest', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['no bytes', new Uint8Array(0)],
    ['three bytes', new Uint8Array(3)],
    ['a header longer than its frame', new Uint8Array([255, 255, 255, 255, 1])],
    ['a header that is no JSON', new Uint8Array([0, 0, 0, 1, 0x7b])],
    ['random bytes', Uint8Array.from({ length: 5000 }, (_, n) => (n * 7919) % 256)],
  ])('ends the connection for %s, and lives on', async (_, frame) => {
    const { socket, closed } = await rawSocket()
    socket.send(frame)
    await until(() => closed() > 0, 'a close')
    expect(await connect(contract, line.open()).math.add({ a: 1, b: 1 })).toBe(2)
  })

  it('ends the connection for a frame beyond the limit (1009), and lives on', async () => {
    const { socket, closed } = await rawSocket()
    socket.send('x'.repeat(1024 * 1024 + 1))
    await until(() => closed() > 0, 'a close')
    expect(closed()).toBe(1009)
    expect(await connect(contract, line.open()).math.add({ a: 1, b: 1 })).toBe(2)
  })

  it('waits with calls made before the socket is open', async () => {
    const client = connect(contract, line.open())
    expect(await Promise.all([client.math.add({ a: 1, b: 1 }), client.math.add({ a: 2, b: 2 })])).toEqual([2, 4])
  })

  it('fails a call at once where nobody listens', async () => {
    await line.close()
    await expect(connect(contract, line.open()).math.add({ a: 1, b: 1 })).rejects.toMatchObject({ code: 'connection.lost' })
  })

  it('moves 32 MB through a window of half a megabyte', async () => {
    let bytes = 0
    let most = 0
    let unread = 0
    connect(contract, line.open()).news.pour({ chunk: 64 * 1024, chunks: 512 }, async event => {
      bytes += event.bytes.byteLength
      unread += event.bytes.byteLength
      most = Math.max(most, unread)
      await new Promise(resolve => setImmediate(resolve))
      unread -= event.bytes.byteLength
    })
    await until(() => bytes === 32 * 1024 * 1024, 'all bytes')
    expect(most).toBeLessThanOrEqual(window)
  })
})
