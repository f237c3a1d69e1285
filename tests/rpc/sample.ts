// A small contract and its services, for exercising rpc without any of the product's domains.

import * as z from 'zod/mini'
import { call, type Services, stream } from '../../electron/contract/define.ts'
import { AppError } from '../../electron/contract/errors.ts'
import { bytes, nothing } from '../../electron/contract/shapes.ts'

export const contract = {
  math: {
    add: call(z.object({ a: z.number(), b: z.number() }), z.number()),
    slow: call(nothing, nothing),
    lie: call(nothing, z.number()),
    fail: call(z.object({ how: z.enum(['app', 'bug']) }), nothing),
    turn: call(z.object({ bytes }), z.object({ bytes })),
  },
  news: {
    count: stream(z.object({ to: z.number() }), z.object({ n: z.number() })),
    pour: stream(z.object({ chunk: z.number(), chunks: z.number() }), z.object({ bytes })),
    now: stream(nothing, z.object({ n: z.number() })),
    lie: stream(nothing, z.object({ n: z.number() })),
    hang: stream(nothing, nothing),
  },
}

export interface Seen {
  slowStarted: number
  slowAborted: number
  pulled: number
  left: number
  hangLeft: number
}

export const createSample = () => {
  const seen: Seen = { slowStarted: 0, slowAborted: 0, pulled: 0, left: 0, hangLeft: 0 }
  const aborted = (signal: AbortSignal) => new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
  const services: Services<typeof contract> = {
    math: {
      add: ({ a, b }) => a + b,
      slow: async (_, { signal }) => {
        seen.slowStarted += 1
        await aborted(signal)
        seen.slowAborted += 1
        return {}
      },
      lie: () => 'four' as unknown as number,
      fail: ({ how }) => {
        throw how === 'app' ? new AppError('port.taken', { port: 80 }) : new Error('a bug at line 7')
      },
      turn: ({ bytes }) => ({ bytes: bytes.toReversed() }),
    },
    news: {
      async *count({ to }) {
        for (let n = 1; n <= to; n++) {
          seen.pulled += 1
          yield { n }
        }
      },
      async *pour({ chunk, chunks }) {
        for (let n = 0; n < chunks; n++) {
          seen.pulled += 1
          yield { bytes: new Uint8Array(chunk).fill(n % 256) }
        }
      },
      async *now(_, { signal }) {
        try {
          yield { n: 1 }
          await aborted(signal)
        } finally {
          seen.left += 1
        }
      },
      async *lie() {
        yield { n: 1 }
        yield { n: 'two' as unknown as number }
      },
      // An iterator that never answers and knows nothing of signals.
      hang: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<never>(() => {}),
          return: async () => {
            seen.hangLeft += 1
            return { done: true, value: undefined }
          },
        }),
      }),
    },
  }
  return { services, seen }
}
