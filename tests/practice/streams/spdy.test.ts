// SPDY alone: headers as zlib's own deflate writes them, frames cut anywhere, sessions over a real socket pair.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { constants, createDeflate } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { dictionary } from '../../../electron/practice/api/streams/spdy/dictionary.ts'
import { data, type Frame, ping, readFrames, windowUpdate } from '../../../electron/practice/api/streams/spdy/frames.ts'
import { createHeaderReader, createHeaderWriter, formatHeaders } from '../../../electron/practice/api/streams/spdy/headers.ts'
import { openSession, type SpdyStream } from '../../../electron/practice/api/streams/spdy/session.ts'
import { listen } from './stand-in.ts'

const opened: { close(): void }[] = []
afterEach(() => {
  for (const thing of opened.splice(0)) thing.close()
})

/** A client's header blocks, compressed as real clients do. */
function createCompressor(): (headers: Record<string, string>) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary })
  opened.push(deflate)
  return async headers => {
    deflate.write(formatHeaders(headers))
    await new Promise<void>(resolve => deflate.flush(constants.Z_SYNC_FLUSH, () => resolve()))
    return deflate.read() as Buffer
  }
}

function synStream(id: number, block: Uint8Array): Buffer {
  const head = Buffer.alloc(18)
  head.writeUInt32BE(0x8003_0001, 0)
  head.writeUIntBE(10 + block.length, 5, 3)
  head.writeUInt32BE(id, 8)
  return Buffer.concat([head, block])
}

test('the dictionary is the one of the draft', () => {
  expect(dictionary.length).toBe(1423)
  expect(createHash('sha256').update(dictionary).digest('hex')).toBe(
    '51d27341373f923f3cd88e1eb7162aeaa3723d7585ff2399201dc06498407f02',
  )
})

test('headers are read through compression that goes on from block to block', async () => {
  const compress = createCompressor()
  const reader = createHeaderReader()
  opened.push(reader)
  const blocks: Record<string, string>[] = [{ streamtype: 'error', port: '80' }, { streamtype: 'data', port: '80' }, {}]
  for (const headers of blocks) {
    expect(await reader.read(await compress(headers))).toEqual(headers)
  }
})

test('headers that we write are read again', async () => {
  const reader = createHeaderReader()
  const write = createHeaderWriter()
  opened.push(reader)
  const blocks: Record<string, string>[] = [{ a: 'ä' }, {}, { b: 'x'.repeat(5000) }]
  for (const headers of blocks) expect(await reader.read(write(headers))).toEqual(headers)
})

test.each([1, 2, 7, 10_000])('frames are read however they are cut: into pieces of %i bytes', async size => {
  const bytes = Buffer.concat([
    synStream(1, createHeaderWriter()({ StreamType: 'stdin' })),
    data(1, Buffer.from('hello')),
    ping(3),
    data(1, Buffer.from('world'), true),
  ])
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const frames: Frame[] = []
  for await (const frame of readFrames(pieces())) frames.push(frame)
  expect(frames[0]).toEqual({ type: 'synStream', stream: 1, fin: false, headers: { streamtype: 'stdin' } })
  expect(frames).toContainEqual({ type: 'ping', id: 3 })
  const received = frames.filter(frame => frame.type === 'data')
  expect(Buffer.concat(received.map(frame => frame.bytes)).toString()).toBe('helloworld')
  expect(received.map(frame => frame.fin)).toEqual([...received.slice(1).map(() => false), true])
})

/** A client's socket and the streams that the session at its other end is told of. */
async function startSession(): Promise<{ client: Socket; nextStream(): Promise<SpdyStream>; ended: Promise<AbortSignal> }> {
  const streams: SpdyStream[] = []
  let onStream = () => {}
  const server = createServer()
  opened.push(server)
  const ended = once(server, 'connection').then(([socket]) =>
    openSession(socket, stream => {
      streams.push(stream)
      onStream()
    }),
  )
  const client = connect(await listen(server), '127.0.0.1')
  opened.push({ close: () => client.destroy() })
  client.on('error', () => {}) // the server cuts the client off
  return {
    client,
    ended,
    async nextStream() {
      if (streams.length === 0) await new Promise<void>(resolve => (onStream = resolve))
      return streams.shift()!
    },
  }
}

test('a client that minds windows is given credit for what it has sent', async () => {
  const { client, nextStream } = await startSession()
  client.write(synStream(1, createHeaderWriter()({ streamtype: 'stdin' })))
  const stream = await nextStream()
  let credit = 0
  const counted = (async () => {
    let seen = Buffer.alloc(0)
    for await (const bytes of client) {
      seen = Buffer.concat([seen, bytes])
      const type = windowUpdate(1, 0).subarray(0, 8)
      for (let at = seen.indexOf(type); at >= 0 && at + 16 <= seen.length; at = seen.indexOf(type)) {
        credit += seen.readUInt32BE(at + 12)
        seen = seen.subarray(at + 16)
      }
    }
  })()
  let window = 64 * 1024
  const sent = (async () => {
    for (let left = 2_000_000; left > 0; left -= 40_000) {
      await expect.poll(() => window + credit, { interval: 1 }).toBeGreaterThanOrEqual(40_000)
      window -= 40_000
      client.write(data(1, Buffer.alloc(40_000), left === 40_000))
    }
  })()
  let received = 0
  for await (const bytes of stream.input) received += bytes.length
  await sent
  expect(received).toBe(2_000_000)
  client.destroy()
  await counted.catch(() => {})
})

test('a reader that waits holds the client back, not the memory', async () => {
  const { client, nextStream } = await startSession()
  client.write(synStream(1, createHeaderWriter()({ streamtype: 'stdin' })))
  const stream = await nextStream()
  client.resume()
  const total = 64 * 1024 * 1024
  for (let at = 0; at < total; at += 1024 * 1024) client.write(data(1, Buffer.alloc(1024 * 1024), at + 1024 * 1024 === total))
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(client.writableLength).toBeGreaterThan(total / 2)
  let received = 0
  for await (const bytes of stream.input) received += bytes.length
  expect(received).toBe(total)
})

test('each half of a stream ends for itself', async () => {
  const { client, nextStream } = await startSession()
  client.write(Buffer.concat([synStream(1, createHeaderWriter()({ streamtype: 'stdin' })), data(1, Buffer.from('in'), true)]))
  const stream = await nextStream()
  expect(await text(stream.input)).toBe('in')
  client.removeAllListeners('data')
  const reply = once(client, 'data')
  await stream.write(Buffer.from('out'))
  stream.end()
  await stream.write(Buffer.from('dropped'))
  await reply
  expect(stream.signal.aborted).toBe(false)
})

test('a reset and a client that leaves are told by signals, and inputs end', async () => {
  const { client, nextStream, ended } = await startSession()
  const write = createHeaderWriter()
  client.write(Buffer.concat([synStream(1, write({ streamtype: 'stdin' })), synStream(3, write({ streamtype: 'stdout' }))]))
  const [first, second] = [await nextStream(), await nextStream()]
  client.write(Buffer.from('80030003000000080000000100000005', 'hex'))
  expect(await text(first.input)).toBe('')
  expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false])
  client.destroy()
  expect(await text(second.input)).toBe('')
  expect(second.signal.aborted).toBe(true)
  await expect.poll(async () => (await ended).aborted).toBe(true)
})
