// SPDY/3.1's frames: bytes in, frames out, and the few frames that a server sends. It knows no streams.

import { createHeaderReader, type Headers } from './headers.ts'
import { ProtocolError } from './protocol-error.ts'

/** `data` may come in pieces of what the peer sent as one frame; `fin` is on the last. Frames without a use here are `ignored`. */
export type Frame =
  | { type: 'synStream'; stream: number; fin: boolean; headers: Headers }
  | { type: 'data'; stream: number; fin: boolean; bytes: Uint8Array }
  | { type: 'reset'; stream: number }
  | { type: 'ping'; id: number }
  | { type: 'goAway' }
  | { type: 'ignored' }

/** Types of control frames. */
const type = { synStream: 1, synReply: 2, reset: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 } as const

/** A control frame is an id and a few headers: more is a fault or an attack. */
const maxControlBytes = 16 * 1024
const fin = 1

/** Yields a peer's frames until its bytes end between two frames. @throws ProtocolError for whatever is not SPDY/3 */
export async function* readFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  const bytes = createByteReader(source)
  const headers = createHeaderReader()
  try {
    while (true) {
      const head = await bytes.exactly(8)
      if (!head) return
      const first = head.readUInt32BE(0)
      const flags = head.readUInt8(4)
      const length = head.readUIntBE(5, 3)
      if (first & 0x8000_0000) {
        if (((first >>> 16) & 0x7fff) !== 3) throw new ProtocolError('not SPDY version 3')
        if (length > maxControlBytes) throw new ProtocolError('a control frame is too long')
        const body = await bytes.exactly(length)
        if (!body) throw new ProtocolError('the connection ends within a frame')
        yield await parseControl(first & 0xffff, flags, body)
        continue
      }
      if (length === 0) yield { type: 'data', stream: first, fin: (flags & fin) !== 0, bytes: Buffer.alloc(0) }
      for (let left = length; left > 0; ) {
        const piece = await bytes.upTo(left)
        if (!piece) throw new ProtocolError('the connection ends within a frame')
        left -= piece.length
        yield { type: 'data', stream: first, fin: left === 0 && (flags & fin) !== 0, bytes: piece }
      }
    }
  } finally {
    headers.close()
  }

  async function parseControl(kind: number, flags: number, body: Buffer): Promise<Frame> {
    const number = (offset: number): number => {
      if (offset + 4 > body.length) throw new ProtocolError('a control frame is too short')
      return body.readUInt32BE(offset)
    }
    const id = () => number(0) & 0x7fff_ffff
    switch (kind) {
      case type.synStream: {
        number(6) // ids, priority and slot: ten bytes before the headers
        return { type: 'synStream', stream: id(), fin: (flags & fin) !== 0, headers: await headers.read(body.subarray(10)) }
      }
      case type.headers:
        id()
        await headers.read(body.subarray(4)) // unused, but the inflating goes on from it
        return { type: 'ignored' }
      case type.reset:
        return { type: 'reset', stream: id() }
      case type.ping:
        return { type: 'ping', id: number(0) }
      case type.goAway:
        return { type: 'goAway' }
      default:
        return { type: 'ignored' }
    }
  }
}

function createByteReader(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await iterator.next()
    if (next.done) return false
    const piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    held = held.length > 0 ? Buffer.concat([held, piece]) : piece
    return true
  }
  const take = (length: number): Buffer => {
    const taken = held.subarray(0, length)
    held = held.subarray(length)
    return taken
  }
  return {
    /** Undefined where the source ends first; an end within the bytes asked for is a ProtocolError. */
    async exactly(length: number): Promise<Buffer | undefined> {
      while (held.length < length) {
        if (await more()) continue
        if (held.length > 0) throw new ProtocolError('the connection ends within a frame')
        return undefined
      }
      return take(length)
    },
    /** At least one byte, at most `length`; undefined at the end. */
    async upTo(length: number): Promise<Buffer | undefined> {
      while (held.length === 0) if (!(await more())) return undefined
      return take(length)
    },
  }
}

function control(kind: number, flags: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16BE(0x8003, 0)
  head.writeUInt16BE(kind, 2)
  head.writeUInt8(flags, 4)
  head.writeUIntBE(body.length, 5, 3)
  return Buffer.concat([head, body])
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index)
  return bytes
}

/** Why a stream is refused: RST_STREAM's codes. */
export const resetCode = { refused: 3, cancel: 5 } as const

export const synReply = (stream: number, headerBlock: Uint8Array): Buffer =>
  control(type.synReply, 0, Buffer.concat([numbers(stream), headerBlock]))

export const reset = (stream: number, code: number): Buffer => control(type.reset, 0, numbers(stream, code))

export const ping = (id: number): Buffer => control(type.ping, 0, numbers(id))

/** `code` 1 is a protocol error. */
export const goAway = (lastStream: number, code: 0 | 1): Buffer => control(type.goAway, 0, numbers(lastStream, code))

export const windowUpdate = (stream: number, bytes: number): Buffer => control(type.windowUpdate, 0, numbers(stream, bytes))

export function data(stream: number, bytes: Uint8Array, last = false): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(stream, 0)
  head.writeUInt8(last ? fin : 0, 4)
  head.writeUIntBE(bytes.length, 5, 3)
  return Buffer.concat([head, bytes])
}
