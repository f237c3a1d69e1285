// Bytes on their way from a connection to one reader, in order, with a mark above which the connection waits.

/** How much one reader may lag behind before its whole connection is held: enough that small inputs never hold pings and resizes. */
const highWaterMark = 256 * 1024

/** A queue of bytes with one reader. */
export interface Inbox extends AsyncIterable<Uint8Array> {
  /** False once the reader lags; `onDrained` tells when to go on. Dropped after `end` or `discard`. */
  put(bytes: Uint8Array): boolean
  end(): void
  /** Drops what waits and what will come: nobody reads any more. */
  discard(): void
}

/** `onDrained` is called each time the reader has caught up after `put` gave false. */
export function createInbox(onDrained: () => void): Inbox {
  let waiting: Uint8Array[] = []
  let size = 0
  let ended = false
  let held = false
  let wake: (() => void) | undefined

  const release = () => {
    if (!held || size > highWaterMark / 2) return
    held = false
    onDrained()
  }
  const finish = () => {
    ended = true
    wake?.()
  }

  return {
    put(bytes) {
      if (ended) return true
      waiting.push(bytes)
      size += bytes.length
      held ||= size > highWaterMark
      wake?.()
      return !held
    },
    end: finish,
    discard() {
      waiting = []
      size = 0
      finish()
      release()
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        const bytes = waiting.shift()
        if (bytes) {
          size -= bytes.length
          release()
          yield bytes
        } else if (ended) {
          return
        } else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
          wake = undefined
        }
      }
    },
  }
}
