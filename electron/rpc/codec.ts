// Messages as WebSocket frames: JSON text, or, where the body carries bytes, a binary frame of
// header length (4 bytes, big-endian), JSON header, raw bytes. Bytes stand only directly in a body: `body.bytes`.

import { isRecord } from './protocol.ts'

/** Most byte fields in one body; ours carry one. */
const maxParts = 16

/** Text where it can be, binary where the body carries bytes. */
export const encode = (message: unknown): string | Uint8Array<ArrayBuffer> => {
  const body = isRecord(message) && isRecord(message.body) ? message.body : {}
  const parts = Object.entries(body).filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array)
  if (parts.length === 0 || !isRecord(message)) return JSON.stringify(message)
  const rest = Object.fromEntries(Object.entries(body).filter(([, value]) => !(value instanceof Uint8Array)))
  const sizes = parts.map(([key, bytes]) => [key, bytes.byteLength])
  const header = new TextEncoder().encode(JSON.stringify({ message: { ...message, body: rest }, parts: sizes }))
  const frame = new Uint8Array(4 + header.byteLength + parts.reduce((sum, [, bytes]) => sum + bytes.byteLength, 0))
  new DataView(frame.buffer).setUint32(0, header.byteLength)
  frame.set(header, 4)
  let at = 4 + header.byteLength
  for (const [, bytes] of parts) {
    frame.set(bytes, at)
    at += bytes.byteLength
  }
  return frame
}

/** @throws Error for a frame that is not ours; what the message holds is checked by its reader */
export const decode = (frame: unknown): unknown => {
  if (typeof frame === 'string') return JSON.parse(frame)
  if (frame instanceof ArrayBuffer) return decodeBinary(new Uint8Array(frame))
  if (frame instanceof Uint8Array) return decodeBinary(frame)
  throw new Error('neither text nor bytes')
}

const decodeBinary = (frame: Uint8Array): unknown => {
  if (frame.byteLength < 4) throw new Error('frame too short')
  const headerLength = new DataView(frame.buffer, frame.byteOffset, 4).getUint32(0)
  let at = 4 + headerLength
  if (at > frame.byteLength) throw new Error('header longer than its frame')
  const header: unknown = JSON.parse(new TextDecoder().decode(frame.subarray(4, at)))
  if (!isRecord(header) || !isRecord(header.message) || !isRecord(header.message.body)) throw new Error('header without a body')
  if (!Array.isArray(header.parts) || header.parts.length > maxParts) throw new Error('parts are not a short list')
  const { body } = header.message
  for (const part of header.parts as unknown[]) {
    const [key, length] = Array.isArray(part) ? part : []
    if (typeof key !== 'string' || key === '__proto__' || Object.hasOwn(body, key)) throw new Error('part without a free name')
    if (!Number.isSafeInteger(length) || length < 0 || at + length > frame.byteLength)
      throw new Error('part longer than its frame')
    body[key] = frame.slice(at, at + length)
    at += length
  }
  if (at !== frame.byteLength) throw new Error('bytes left over')
  return header.message
}
