// Snapshots of a redis server's data, in its RDB format with plain encodings.

import { type Data, type Entry, typeName, type Value } from './data.ts'

// Models redis/src/rdb.c
const types: Readonly<Record<string, number>> = { string: 0, list: 1, set: 2, hash: 4 }
const EXPIRES = 0xfc
const SELECT = 0xfe
const END = 0xff
/** Zero: without a checksum. */
const checksum = '\0'.repeat(8)

const lengthOf = (size: number): string => {
  if (size < 64) return String.fromCharCode(size)
  if (size < 16_384) return String.fromCharCode(0x40 | (size >> 8), size & 0xff)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(size)
  return `\x80${bytes.toString('latin1')}`
}
const stringOf = (text: string): string => `${lengthOf(text.length)}${text}`

const encodedValue = (value: Value): string => {
  if (typeof value === 'string') return stringOf(value)
  const items = value instanceof Map ? [...value].flat() : [...value]
  const size = value instanceof Map ? value.size : items.length
  return `${lengthOf(size)}${items.map(stringOf).join('')}`
}

/** Everything, as latin1. */
export const writeRdb = (data: Data): string => {
  const databases = data.databases.map((_, index) => {
    const entries = data.keys(index).flatMap(key => {
      const entry = data.get(index, key)
      if (!entry) return []
      const stamp = Buffer.alloc(8)
      stamp.writeBigUInt64LE(BigInt(Math.round(entry.expires ?? 0)))
      const expires = entry.expires === undefined ? '' : `${String.fromCharCode(EXPIRES)}${stamp.toString('latin1')}`
      return [`${expires}${String.fromCharCode(types[typeName(entry.value)] ?? 0)}${stringOf(key)}${encodedValue(entry.value)}`]
    })
    return entries.length > 0 ? `${String.fromCharCode(SELECT)}${lengthOf(index)}${entries.join('')}` : ''
  })
  return `REDIS0011${databases.join('')}${String.fromCharCode(END)}${checksum}`
}

/** Puts a snapshot that {@link writeRdb} made into a server's data. @throws Error where it is no such snapshot */
export const readRdb = (bytes: Uint8Array, data: Data): void => {
  const text = Buffer.from(bytes).toString('latin1')
  if (!/^REDIS\d{4}/.test(text)) throw new Error('Wrong signature trying to load DB from file')
  let at = 9
  let database = 0
  let expires: number | undefined
  const byte = () => {
    if (at >= text.length) throw new Error('Unexpected EOF reading RDB file')
    return text.charCodeAt(at++)
  }
  const size = (): number => {
    const first = byte()
    if (first < 0x40) return first
    if (first < 0x80) return ((first & 0x3f) << 8) | byte()
    at += 4
    return Buffer.from(text.slice(at - 4, at), 'latin1').readUInt32BE()
  }
  const string = (): string => {
    const length = size()
    at += length
    return text.slice(at - length, at)
  }
  const strings = (count: number) => Array.from({ length: count }, string)
  const readValue = (type: number): Value => {
    if (type === types.list) return strings(size())
    if (type === types.set) return new Set(strings(size()))
    if (type === types.hash) return new Map(Array.from({ length: size() }, (): [string, string] => [string(), string()]))
    if (type === types.string) return string()
    throw new Error(`Unknown RDB encoding type ${type}`)
  }
  for (let code = byte(); code !== END; code = byte()) {
    if (code === SELECT) database = size()
    else if (code === EXPIRES) {
      expires = Number(Buffer.from(text.slice(at, at + 8), 'latin1').readBigUInt64LE())
      at += 8
    } else {
      const key = string()
      const entry: Entry = { value: readValue(code), ...(expires !== undefined && { expires }) }
      data.databases[database]?.set(key, entry)
      expires = undefined
    }
  }
}
