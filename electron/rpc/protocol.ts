// What is said over a transport: seven kinds of message, each checked on arrival, and the limits of both sides.

import type { Call, Stream } from '../contract/define.ts'
import { type ErrorCode, errorIds, type WireError } from '../contract/errors.ts'

/** Domains, each with its calls and streams. */
export type Contract = Readonly<Record<string, Readonly<Record<string, Call<unknown, unknown> | Stream<unknown, unknown>>>>>

export type Request =
  | { type: 'call' | 'open'; id: number; method: string; body: unknown }
  | { type: 'cancel'; id: number }
  | { type: 'credit'; id: number; amount: number }

export type Reply =
  | { type: 'result' | 'event'; id: number; body: unknown }
  | { type: 'error'; id: number; error: WireError }
  | { type: 'end'; id: number }

/** What a reader may owe before its source is no longer pulled: half a megabyte keeps a terminal at full speed on loopback. */
export const window = 512 * 1024

/** Credit goes back in steps of this size, so that a stream of small events is not answered one by one. */
export const creditStep = 32 * 1024

/** An event that carries no bytes counts as this many: 32 of them fill the window. */
const eventCost = 16 * 1024

/** What an event takes from its stream's credit: its `bytes` where it has them, else a flat price. */
export const cost = (event: unknown): number =>
  isRecord(event) && event.bytes instanceof Uint8Array ? Math.max(event.bytes.byteLength, 1) : eventCost

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

/** A message from a page; undefined where it is none. */
export const readRequest = (message: unknown): Request | undefined => {
  if (!isRecord(message) || !isId(message.id)) return undefined
  const { type, id, method, body, amount } = message
  if (type === 'call' || type === 'open')
    return typeof method === 'string' && method.length <= 200 ? { type, id, method, body } : undefined
  if (type === 'cancel') return { type, id }
  if (type === 'credit') return isId(amount) ? { type, id, amount } : undefined
  return undefined
}

/** A message from the host; undefined where it is none. */
export const readReply = (message: unknown): Reply | undefined => {
  if (!isRecord(message) || !isId(message.id)) return undefined
  const { type, id, body, error } = message
  if (type === 'result' || type === 'event') return { type, id, body }
  if (type === 'end') return { type, id }
  if (type === 'error') return { type, id, error: readError(error) }
  return undefined
}

const readError = (error: unknown): WireError => {
  if (!isRecord(error) || typeof error.code !== 'string' || !Object.hasOwn(errorIds, error.code)) return { code: 'internal' }
  const details = isRecord(error.details) ? Object.entries(error.details) : []
  const plain = details.filter((entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1]))
  return { code: error.code as ErrorCode, details: Object.fromEntries(plain) }
}
