// A value that changes, and a stream of it: the present value first, then the newest whenever it differs.

export interface Changing<T> {
  get(): T
  set(value: T): void
  /** Calls back after each change until stopped. */
  listen(listener: () => void): () => void
  /** Skips values that a slow reader missed; ends when the signal fires. */
  stream(signal: AbortSignal): AsyncGenerator<T>
  /** Resolves with the first value, present or later, that fits; rejects with the signal's reason. */
  until(fits: (value: T) => boolean, signal: AbortSignal): Promise<T>
}

export const createChanging = <T>(initial: T): Changing<T> => {
  const listeners = new Set<() => void>()
  let value = initial
  const listen = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const stream = async function* (signal: AbortSignal): AsyncGenerator<T> {
    let wake = () => {}
    let isNew = true
    const stop = listen(() => {
      isNew = true
      wake()
    })
    signal.addEventListener('abort', () => wake(), { once: true })
    try {
      while (!signal.aborted) {
        if (isNew) {
          isNew = false
          yield value
        } else
          await new Promise<void>(resolve => {
            wake = resolve
          })
      }
    } finally {
      stop()
    }
  }
  return {
    get: () => value,
    set: next => {
      value = next
      for (const listener of [...listeners]) listener()
    },
    listen,
    stream,
    until: async (fits, signal) => {
      for await (const now of stream(signal)) if (fits(now)) return now
      throw signal.reason
    },
  }
}
