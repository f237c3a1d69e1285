// One viewer's output: bytes collected into batches, pulled at the viewer's own speed.

import type { Clock } from '../platform/clock.ts'
import type { Bytes } from '../platform/pty.ts'

/** Above `high` unpulled bytes the pty is paused, below `low` it goes on; measured as the fastest pair that stays smooth. */
export const high = 400_000
export const low = 25_000
/** Output is joined over this time, except when the last batch is older: a keystroke's echo goes at once. */
const batchMs = 5
const batchBytes = 64 * 1024
/** A viewer that has pulled nothing for so long does not hold up the program any more: it will get a replay instead. */
export const patienceMs = 5_000

export interface Feed {
  push(bytes: Bytes): void
  end(): void
  /** The next batch, `lost` when the viewer fell behind and needs a replay, `end` after the last byte. */
  next(): Promise<Bytes | 'lost' | 'end' | 'left'>
  isFull(): boolean
  isLow(): boolean
  /** Forgets what waits for a viewer that is full and has pulled nothing for too long. */
  dropIfStuck(): void
}

/** A feed until the signal fires; `onDrain` is called when it has become low. */
export const createFeed = (clock: Clock, signal: AbortSignal, onDrain: () => void): Feed => {
  let chunks: Bytes[] = []
  let size = 0
  let ended = false
  let lost = false
  let sentAt = 0
  let pulledAt = clock.now()
  let wake = () => {}

  signal.addEventListener('abort', () => wake(), { once: true })
  const changed = () =>
    new Promise<void>(resolve => {
      wake = resolve
    })

  const take = (): Bytes => {
    const batch: Bytes[] = []
    let taken = 0
    while (chunks[0] && (taken === 0 || taken + chunks[0].length <= batchBytes)) {
      taken += chunks[0].length
      batch.push(chunks.shift()!)
    }
    size -= taken
    return batch.length === 1 ? batch[0]! : Buffer.concat(batch)
  }

  return {
    push: bytes => {
      if (lost) return
      chunks.push(bytes)
      size += bytes.length
      wake()
    },
    end: () => {
      ended = true
      wake()
    },
    next: async () => {
      pulledAt = clock.now()
      while (!signal.aborted) {
        if (lost) {
          lost = false
          return 'lost'
        }
        const wait = sentAt + batchMs - clock.now()
        if (size > 0 && wait > 0 && size < batchBytes && !ended) await clock.sleep(wait)
        else if (size > 0) {
          sentAt = clock.now()
          const batch = take()
          if (size < low) onDrain()
          return batch
        } else if (ended) return 'end'
        else {
          await changed()
          pulledAt = clock.now()
        }
      }
      return 'left'
    },
    isFull: () => size > high,
    isLow: () => size < low,
    dropIfStuck: () => {
      if (size <= high || clock.now() - pulledAt < patienceMs) return
      lost = true
      chunks = []
      size = 0
    },
  }
}
