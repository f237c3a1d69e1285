// Streams between simulated processes: inputs that can be shared and given back, and pipes with back-pressure.

import type { Input, Output } from './program.ts'

const encoder = new TextEncoder()

export const toBytes = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? encoder.encode(data) : data)

/** Joins chunks into one. */
export const concat = (chunks: readonly Uint8Array[]): Uint8Array => {
  if (chunks.length === 1) return chunks[0]!
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

const brokenPipe = () => Object.assign(new Error('Broken pipe'), { code: 'EPIPE' })

interface Waiter {
  resolve(bytes: Uint8Array | undefined): void
}

/** A queue of bytes: the writing end waits while the reader is more than this far behind. */
const highWater = 65_536

export interface Pipe {
  /** A reading end; a reader with a signal stops waiting (and takes nothing) once the signal fires. */
  reader(signal?: AbortSignal): Input
  write: Output
  /** No more will be written. */
  end(): void
  /** One reader sees the end once, as after ^D on a terminal; later readers go on. */
  endOnce(): void
  /** Nobody will read any more: writers get EPIPE. */
  close(): void
}

/** A pipe as between processes: bytes in order, back-pressure, and an error for who writes when nobody reads. */
export const createPipe = (): Pipe => {
  const chunks: (Uint8Array | undefined)[] = []
  const waiters = new Set<Waiter>()
  let size = 0
  let ended = false
  let closed = false
  let drained: PromiseWithResolvers<void> | undefined

  const serve = () => {
    for (const waiter of waiters) {
      if (chunks.length === 0 && !ended) return
      waiters.delete(waiter)
      const chunk = chunks.shift()
      if (chunk) size -= chunk.length
      waiter.resolve(chunk)
    }
    if (size < highWater) {
      drained?.resolve()
      drained = undefined
    }
  }
  const pipe: Pipe = {
    reader(signal) {
      const input: Input = {
        read: () =>
          new Promise(resolve => {
            if (signal?.aborted) return resolve(undefined)
            const waiter: Waiter = {
              resolve: bytes => {
                signal?.removeEventListener('abort', stop)
                resolve(bytes)
              },
            }
            const stop = () => {
              waiters.delete(waiter)
              resolve(undefined)
            }
            signal?.addEventListener('abort', stop, { once: true })
            waiters.add(waiter)
            serve()
          }),
        unread(bytes) {
          if (bytes.length === 0) return
          chunks.unshift(bytes)
          size += bytes.length
          serve()
        },
        bound: other => pipe.reader(other),
        [Symbol.asyncIterator]: () => readAll(input),
      }
      return input
    },
    write(data) {
      if (closed) return Promise.reject(brokenPipe())
      const bytes = toBytes(data)
      if (bytes.length === 0 || ended) return
      chunks.push(bytes)
      size += bytes.length
      serve()
      if (size < highWater) return
      drained ??= Promise.withResolvers()
      return drained.promise
    },
    end() {
      ended = true
      serve()
    },
    endOnce() {
      chunks.push(undefined)
      serve()
    },
    close() {
      closed = true
      ended = true
      chunks.length = 0
      size = 0
      drained?.reject(brokenPipe())
      drained = undefined
      serve()
    },
  }
  return pipe
}

/** An iteration that leaves the input open when it is broken off. */
async function* readAll(input: Input): AsyncGenerator<Uint8Array> {
  for (let chunk = await input.read(); chunk; chunk = await input.read()) yield chunk
}

/** An input that is at its end. */
export const noInput = (): Input => {
  const pipe = createPipe()
  pipe.end()
  return pipe.reader()
}

/** An input of these bytes. */
export const inputOf = (data: string | Uint8Array): Input => {
  const pipe = createPipe()
  void pipe.write(data)
  pipe.end()
  return pipe.reader()
}

/** Pours an outside source into a pipe until it ends or the signal fires. */
export const pour = async (source: AsyncIterable<Uint8Array>, pipe: Pipe, signal: AbortSignal, ends = true): Promise<void> => {
  try {
    for await (const chunk of source) {
      if (signal.aborted) break
      await pipe.write(chunk)
    }
  } catch {
    // The far end went away, or nobody reads: either way there is no more input from there.
  } finally {
    if (ends) pipe.end()
  }
}

/** All of an input. */
export const readWhole = async (input: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of input) chunks.push(chunk)
  return concat(chunks)
}

/** Lines of an input, without their newline; a last line without one counts. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop()!
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

/** One line (with its newline, if it has one), leaving the rest for the next reader; undefined at the end. */
export const readLine = async (input: Input): Promise<string | undefined> => {
  const taken: Uint8Array[] = []
  for (;;) {
    const chunk = await input.read()
    if (!chunk) return taken.length > 0 ? new TextDecoder().decode(concat(taken)) : undefined
    const end = chunk.indexOf(10)
    if (end < 0) {
      taken.push(chunk)
      continue
    }
    taken.push(chunk.subarray(0, end + 1))
    input.unread(chunk.subarray(end + 1))
    return new TextDecoder().decode(concat(taken))
  }
}
