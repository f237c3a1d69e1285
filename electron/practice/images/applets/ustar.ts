// The tar format: POSIX ustar written, ustar, GNU and pax long names read.

import { concat } from '../streams.ts'

export interface TarEntry {
  name: string
  type: 'file' | 'directory' | 'link' | 'hard-link'
  mode: number
  /** Seconds since the epoch. */
  modified: number
  target: string
  data: Uint8Array
}

const block = 512
const encoder = new TextEncoder()
const decoder = new TextDecoder()

const octal = (value: number, width: number) =>
  `${Math.max(0, Math.floor(value))
    .toString(8)
    .padStart(width - 1, '0')}\0`

const header = (name: string, prefix: string, entry: TarEntry, type: string, size: number): Uint8Array => {
  const out = new Uint8Array(block)
  const put = (text: string, at: number) => out.set(encoder.encode(text), at)
  put(name, 0)
  put(octal(entry.mode & 0o7777, 8), 100)
  put(octal(0, 8), 108)
  put(octal(0, 8), 116)
  put(octal(size, 12), 124)
  put(octal(entry.modified, 12), 136)
  put('        ', 148)
  put(type, 156)
  out.set(encoder.encode(entry.target).subarray(0, 100), 157)
  put('ustar\x0000', 257)
  put('root', 265)
  put('root', 297)
  put(prefix, 345)
  const sum = out.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return out
}

const padded = (data: Uint8Array): Uint8Array[] => {
  const rest = data.length % block
  return rest === 0 ? [data] : [data, new Uint8Array(block - rest)]
}

/** A long name ahead of its entry, in GNU's way, which busybox writes too. */
const longName = (text: string, type: 'L' | 'K'): Uint8Array[] => {
  const bytes = encoder.encode(`${text}\0`)
  const entry: TarEntry = { name: '', type: 'file', mode: 0, modified: 0, target: '', data: bytes }
  return [header('././@LongLink', '', entry, type, bytes.length), ...padded(bytes)]
}

const types = { file: '0', 'hard-link': '1', link: '2', directory: '5' } as const

export const writeEntry = (entry: TarEntry): Uint8Array => {
  const name = entry.type === 'directory' && !entry.name.endsWith('/') ? `${entry.name}/` : entry.name
  const chunks: Uint8Array[] = []
  let short = name
  let prefix = ''
  if (encoder.encode(name).length > 100) {
    const slash = [...name.matchAll(/\//g)]
      .map(match => match.index)
      .find(at => at <= 155 && encoder.encode(name.slice(at + 1)).length <= 100)
    const fits = slash !== undefined && slash > 0 && encoder.encode(name.slice(0, slash)).length <= 155 && slash < name.length - 1
    if (fits) {
      prefix = name.slice(0, slash)
      short = name.slice(slash + 1)
    } else {
      chunks.push(...longName(name, 'L'))
      short = decoder.decode(encoder.encode(name).subarray(0, 99)).replace(/\ufffd+$/, '')
    }
  }
  if (encoder.encode(entry.target).length > 100) chunks.push(...longName(entry.target, 'K'))
  const data = entry.type === 'file' ? entry.data : new Uint8Array(0)
  chunks.push(header(short, prefix, entry, types[entry.type], data.length), ...padded(data))
  return concat(chunks)
}

/** What follows the last entry: two empty blocks, filled up to a record. */
export const endOfArchive = (written: number): Uint8Array => {
  const record = 20 * block
  const whole = Math.ceil((written + 2 * block) / record) * record
  return new Uint8Array(whole - written)
}

const text = (bytes: Uint8Array, from: number, length: number): string => {
  const field = bytes.subarray(from, from + length)
  const end = field.indexOf(0)
  return decoder.decode(end < 0 ? field : field.subarray(0, end))
}

const number = (bytes: Uint8Array, from: number, length: number): number => {
  // GNU writes large numbers in base 256, marked by the highest bit.
  if (bytes[from]! & 0x80) return bytes.subarray(from + 1, from + length).reduce((value, byte) => value * 256 + byte, 0)
  return Number.parseInt(text(bytes, from, length).trim() || '0', 8)
}

const paxRecords = (bytes: Uint8Array): Map<string, string> => {
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at)
    const length = Number(decoder.decode(bytes.subarray(at, space)))
    if (space < 0 || !(length > 0)) break
    const [, key = '', value = ''] = /^([^=]*)=([\s\S]*)\n$/.exec(decoder.decode(bytes.subarray(space + 1, at + length))) ?? []
    records.set(key, value)
    at += length
  }
  return records
}

/** Bytes of a stream in the pieces that are asked for. */
const createReader = (source: AsyncIterable<Uint8Array>) => {
  const iterator = source[Symbol.asyncIterator]()
  let held: Uint8Array[] = []
  let size = 0
  return async (wanted: number): Promise<Uint8Array | undefined> => {
    while (size < wanted) {
      const next = await iterator.next()
      if (next.done) return undefined
      held.push(next.value)
      size += next.value.length
    }
    const whole = concat(held)
    held = [whole.subarray(wanted)]
    size -= wanted
    return whole.subarray(0, wanted)
  }
}

/** @throws Error in busybox's words */
export async function* readArchive(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const read = createReader(source)
  let name: string | undefined
  let target: string | undefined
  for (let first = true; ; first = false) {
    const head = await read(block)
    if (!head) {
      if (first) throw new Error('short read')
      return
    }
    if (head.every(byte => byte === 0)) break
    const sum = head.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
    if (sum !== number(head, 148, 8)) throw new Error('invalid tar magic')
    const size = number(head, 124, 12)
    const type = text(head, 156, 1)
    const data = (await read(Math.ceil(size / block) * block))?.subarray(0, size)
    if (!data) throw new Error('short read')
    if (type === 'L') name = text(data, 0, data.length)
    else if (type === 'K') target = text(data, 0, data.length)
    else if (type === 'x') {
      const records = paxRecords(data)
      name = records.get('path') ?? name
      target = records.get('linkpath') ?? target
    } else if (type !== 'g') {
      const prefix = text(head, 257, 5) === 'ustar' && text(head, 257, 8) !== 'ustar  ' ? text(head, 345, 155) : ''
      const short = text(head, 0, 100)
      const full = name ?? (prefix ? `${prefix}/${short}` : short)
      const isDirectory = type === '5' || full.endsWith('/')
      yield {
        name: full,
        type: isDirectory ? 'directory' : type === '2' ? 'link' : type === '1' ? 'hard-link' : 'file',
        mode: number(head, 100, 8) & 0o7777,
        modified: number(head, 136, 12),
        target: target ?? text(head, 157, 100),
        data,
      }
      name = undefined
      target = undefined
    }
  }
  // The rest is padding: taken, so that the writer is not cut off.
  while (await read(block));
}
