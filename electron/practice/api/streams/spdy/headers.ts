// Header blocks: names and values with four-byte lengths, compressed with one zlib stream for each direction of a session.

import { createInflate } from 'node:zlib'
import { dictionary } from './dictionary.ts'
import { ProtocolError } from './protocol-error.ts'

export type Headers = Readonly<Record<string, string>>

/** No client needs more; a small block could else inflate to a thousand times its size. */
const maxBlockBytes = 64 * 1024

/** Gives a function that reads a session's header blocks, which must be given in their order and one at a time. */
export function createHeaderReader(): { read(block: Uint8Array): Promise<Headers>; close(): void } {
  const inflate = createInflate({ dictionary, chunkSize: maxBlockBytes })
  let pieces: Buffer[] = []
  inflate.on('data', (piece: Buffer) => pieces.push(piece))
  const failed = new Promise<never>((_, reject) => {
    inflate.on('error', error => reject(new ProtocolError(`headers do not inflate: ${error.message}`)))
  })
  failed.catch(() => {}) // told by the read that follows
  return {
    async read(block) {
      pieces = []
      await Promise.race([failed, new Promise<void>(resolve => inflate.write(block, () => inflate.flush(() => resolve())))])
      return parseHeaders(Buffer.concat(pieces))
    },
    close: () => inflate.destroy(),
  }
}

/** Reads an inflated block. Names come out in lower case. @throws ProtocolError where lengths do not fit */
export function parseHeaders(block: Buffer): Headers {
  let offset = 0
  const number = (): number => {
    if (offset + 4 > block.length) throw new ProtocolError('a header block ends early')
    offset += 4
    return block.readUInt32BE(offset - 4)
  }
  const text = (): string => {
    const length = number()
    if (offset + length > block.length) throw new ProtocolError('a header is longer than its block')
    offset += length
    return block.toString('utf8', offset - length, offset)
  }
  if (block.length > maxBlockBytes) throw new ProtocolError('a header block is too long')
  const headers: Record<string, string> = Object.create(null)
  for (let left = number(); left > 0; left--) {
    const name = text().toLowerCase()
    headers[name] = text()
  }
  return headers
}

/**
 * Gives a function that writes a session's header blocks. They are not compressed: zlib's "stored" blocks are valid for
 * every reader and need no state beyond the stream's first two bytes. An empty one follows each, as zlib's own flush writes:
 * Go's reader gives out what it has only there.
 */
export function createHeaderWriter(): (headers: Headers) => Buffer {
  let start = Buffer.of(0x78, 0x01)
  return headers => {
    const bytes = Buffer.concat([start, stored(formatHeaders(headers)), stored(Buffer.alloc(0))])
    start = Buffer.alloc(0)
    return bytes
  }
}

function stored(block: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt16LE(block.length, 1)
  head.writeUInt16LE(block.length ^ 0xffff, 3)
  return Buffer.concat([head, block])
}

/** A block before its compression. */
export function formatHeaders(headers: Headers): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const text = (value: string) => [number(Buffer.byteLength(value)), Buffer.from(value)]
  const entries = Object.entries(headers)
  return Buffer.concat([number(entries.length), ...entries.flat().flatMap(text)])
}
