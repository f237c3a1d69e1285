import { describe, expect, it } from 'vitest'
import { decode, encode } from '../../electron/rpc/codec.ts'

const frame = (header: unknown, ...tail: number[]) => {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(4 + text.byteLength + tail.length)
  new DataView(bytes.buffer).setUint32(0, text.byteLength)
  bytes.set(text, 4)
  bytes.set(tail, 4 + text.byteLength)
  return bytes
}

describe('codec', () => {
  it('writes text where a body has no bytes', () => {
    const message = { type: 'event', id: 1, body: { text: '你好' } }
    expect(encode(message)).toBe(JSON.stringify(message))
    expect(decode(encode(message))).toEqual(message)
  })

  it.each([0, 1, 4096])('brings back %i bytes beside other fields', length => {
    const bytes = Uint8Array.from({ length }, (_, n) => n % 256)
    const message = { type: 'event', id: 1, body: { type: 'replay', cols: 80, bytes } }
    const encoded = encode(message)
    expect(encoded).toBeInstanceOf(Uint8Array)
    expect(decode(encoded)).toEqual(message)
    expect(decode((encoded as Uint8Array<ArrayBuffer>).buffer)).toEqual(message)
  })

  it('takes a part of a larger buffer, and a Node Buffer', () => {
    const part = Buffer.from('0123456789').subarray(3, 6)
    const message = decode(encode({ id: 1, body: { bytes: part } })) as { body: { bytes: Uint8Array } }
    expect(message.body.bytes).toEqual(new Uint8Array([51, 52, 53]))
  })

  it.each([
    ['a part longer than the frame', { message: { body: {} }, parts: [['bytes', 9]] }],
    ['a negative part', { message: { body: {} }, parts: [['bytes', -1]] }],
    ['a fractional part', { message: { body: {} }, parts: [['bytes', 0.5]] }],
    ['bytes left over', { message: { body: {} }, parts: [] }],
    ['a part named twice', { message: { body: { bytes: 1 } }, parts: [['bytes', 2]] }],
    ['a part named __proto__', { message: { body: {} }, parts: [['__proto__', 2]] }],
    ['a part without a name', { message: { body: {} }, parts: [2] }],
    ['many parts', { message: { body: {} }, parts: Array.from({ length: 17 }, (_, n) => [`b${n}`, 0]) }],
    ['no body', { message: {}, parts: [['bytes', 2]] }],
    ['no message', { parts: [['bytes', 2]] }],
  ])('refuses %s', (_, header) => {
    expect(() => decode(frame(header, 1, 2))).toThrow()
  })

  it('lets no message reach a prototype', () => {
    const message = decode('{"type":"call","id":1,"method":"a.b","body":{"__proto__":{"admin":true}}}') as { body: object }
    expect((message.body as { admin?: boolean }).admin).toBeUndefined()
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})
