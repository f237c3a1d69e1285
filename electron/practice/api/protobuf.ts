// Kubernetes' protobuf bodies, read by the field tables: newer kubectl sends them for `create`.

import { badRequest } from '../status-error.ts'
import { type Field, type Message, message, messageOf } from './schema/table.ts'

// Models apimachinery/pkg/runtime/serializer/protobuf: four bytes, then a runtime.Unknown.
const magic = Buffer.from('k8s\0')

/** Whether a body begins as a protobuf envelope. */
export const isEnvelope = (body: Buffer): boolean => body.subarray(0, 4).equals(magic)

class Reader {
  private at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw badRequest('unexpected EOF')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw badRequest('proto: integer overflow')
  }

  take(length: number): Buffer {
    if (length > this.bytes.length - this.at) throw badRequest('unexpected EOF')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** The next field: its number, and its value as a number or bytes. */
  field(): { number: number; value: bigint | Buffer } {
    const key = Number(this.varint())
    const number = Math.floor(key / 8)
    switch (key % 8) {
      case 0:
        return { number, value: this.varint() }
      case 1:
        return { number, value: this.take(8) }
      case 2:
        return { number, value: this.take(Number(this.varint())) }
      case 5:
        return { number, value: this.take(4) }
      default:
        throw badRequest(`proto: illegal wireType ${key % 8}`)
    }
  }
}

type Wire = bigint | Buffer

const numberOf = (value: Wire): number => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0)
const bytesOf = (value: Wire): Buffer => {
  if (typeof value === 'bigint') throw badRequest('proto: wrong wireType')
  return value
}

const fieldsOf = (bytes: Buffer): Map<number, Wire> => {
  const reader = new Reader(bytes)
  const fields = new Map<number, Wire>()
  while (!reader.done) {
    const { number, value } = reader.field()
    fields.set(number, value)
  }
  return fields
}

const textAt = (bytes: Buffer, number: number): string => {
  const value = fieldsOf(bytes).get(number)
  return value === undefined ? '' : bytesOf(value).toString('utf8')
}

const timeOf = (bytes: Buffer, isMicro: boolean): string | undefined => {
  const fields = fieldsOf(bytes)
  if (fields.size === 0) return undefined
  const seconds = numberOf(fields.get(1) ?? 0n)
  const micros = Math.floor(numberOf(fields.get(2) ?? 0n) / 1000)
  if (Math.abs(seconds) > 8.64e12) throw badRequest('proto: time out of range')
  const text = new Date(seconds * 1000).toISOString().slice(0, 19)
  return isMicro ? `${text}.${String(micros).padStart(6, '0')}Z` : `${text}Z`
}

const intOrString = (bytes: Buffer): number | string => {
  const fields = fieldsOf(bytes)
  if (numberOf(fields.get(1) ?? 0n) === 0) return numberOf(fields.get(2) ?? 0n)
  return bytesOf(fields.get(3) ?? Buffer.alloc(0)).toString('utf8')
}

const rawOf = (bytes: Buffer): unknown => {
  const raw = fieldsOf(bytes).get(1)
  if (raw === undefined) return undefined
  try {
    return JSON.parse(bytesOf(raw).toString('utf8'))
  } catch {
    throw badRequest('proto: embedded JSON is broken')
  }
}

/** A schema where there is one, else what may stand in its place: a bool. */
const eitherOf = (bytes: Buffer, number: number): unknown => {
  const fields = fieldsOf(bytes)
  const schema = fields.get(number)
  return schema === undefined ? numberOf(fields.get(1) ?? 0n) !== 0 : valueAt('apiextensions.JSONSchemaProps', schema)
}

const valueAt = (type: string, value: Wire): unknown => {
  switch (type) {
    case 's':
      return bytesOf(value).toString('utf8')
    case 'i':
    case 'l':
      return numberOf(value)
    case 'b':
      return numberOf(value) !== 0
    case 'f':
      return bytesOf(value).readDoubleLE(0)
    case 'y':
      return bytesOf(value).toString('base64')
    case 'Time':
      return timeOf(bytesOf(value), false)
    case 'MicroTime':
      return timeOf(bytesOf(value), true)
    case 'Quantity':
      return textAt(bytesOf(value), 1)
    case 'IntOrString':
      return intOrString(bytesOf(value))
    case 'Raw':
    case 'Any':
      return rawOf(bytesOf(value))
    case 'SchemaOrArray':
      return eitherOf(bytesOf(value), 1)
    case 'SchemaOrBool':
      return eitherOf(bytesOf(value), 2)
    case 'Duration':
      return `${numberOf(fieldsOf(bytesOf(value)).get(1) ?? 0n) / 1e9}s`
    default: {
      const inner = message(type)
      return inner && decode(inner, bytesOf(value))
    }
  }
}

const addEntry = (object: Record<string, unknown>, { name, type }: Field, bytes: Buffer): void => {
  const entry = fieldsOf(bytes)
  const key = bytesOf(entry.get(1) ?? Buffer.alloc(0)).toString('utf8')
  if (!Object.hasOwn(object, name)) object[name] = {}
  const map = object[name] as Record<string, unknown>
  const value = valueAt(type, entry.get(2) ?? Buffer.alloc(0))
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Decodes a message into the object its JSON would give: zero values of plain Go fields are left out as there. */
export const decode = (type: Message, bytes: Buffer): Record<string, unknown> => {
  const object: Record<string, unknown> = {}
  const reader = new Reader(bytes)
  while (!reader.done) {
    const { number, value } = reader.field()
    const field = type.numbers.get(number)
    if (!field) continue
    if (field.map) addEntry(object, field, bytesOf(value))
    else if (field.list) {
      if (!Object.hasOwn(object, field.name)) object[field.name] = []
      ;(object[field.name] as unknown[]).push(valueAt(field.type, value))
    } else {
      const decoded = valueAt(field.type, value)
      if (field.name === '') Object.assign(object, decoded)
      else if (decoded !== undefined && (field.pointer || (decoded !== '' && decoded !== 0 && decoded !== false))) {
        object[field.name] = decoded
      }
    }
  }
  return object
}

/** Decodes an envelope into an object with its apiVersion and kind. @throws StatusError 400 */
export const decodeEnvelope = (body: Buffer): Record<string, unknown> => {
  if (!isEnvelope(body))
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  const unknown = fieldsOf(body.subarray(4))
  const meta = fieldsOf(bytesOf(unknown.get(1) ?? Buffer.alloc(0)))
  const apiVersion = bytesOf(meta.get(1) ?? Buffer.alloc(0)).toString('utf8')
  const kind = bytesOf(meta.get(2) ?? Buffer.alloc(0)).toString('utf8')
  const type = messageOf(apiVersion, kind)
  if (!type) throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`)
  return { apiVersion, kind, ...decode(type, bytesOf(unknown.get(2) ?? Buffer.alloc(0))) }
}
