// One SPDY/3.1 connection as a server sees it: streams that the client opens, each with its own input and output.

import type { Duplex } from 'node:stream'
import { createInbox, type Inbox } from '../inbox.ts'
import { data, goAway, ping, readFrames, reset, resetCode, synReply, windowUpdate } from './frames.ts'
import { createHeaderWriter, type Headers } from './headers.ts'
import { ProtocolError } from './protocol-error.ts'

// Models github.com/moby/spdystream, which kubectl and the kubelet speak. It neither grants nor minds flow-control windows,
// so output minds none either: a window that nobody opens would stop every output at 64 KiB. TCP holds back both sides.

export interface SpdyStream {
  readonly id: number
  readonly headers: Headers
  /** Ends when the client half-closes, resets or leaves; `signal` tells the last two. */
  readonly input: AsyncIterable<Uint8Array>
  /** Fires when the client resets the stream or leaves. */
  readonly signal: AbortSignal
  /** Resolves once the connection has taken the bytes; dropped after `end` and after `signal`. */
  write(bytes: Uint8Array): Promise<void>
  /** Half-closes our side. */
  end(): void
  /** Drops what the client still sends. */
  ignoreInput(): void
}

interface Entry {
  stream: SpdyStream
  inbox: Inbox
  abort: AbortController
  /** Bytes received that the client was not yet told of. */
  uncredited: number
  inputEnded: boolean
  outputEnded: boolean
}

/** kubectl opens two for each forwarded connection. */
const maxStreams = 2000
const maxDataBytes = 32 * 1024
/** Half of the window that a client starts with. */
const creditBytes = 32 * 1024

/** Serves a session until its socket ends; `onStream` is told each new stream, already answered. The signal fires at the end. */
export function openSession(socket: Duplex, onStream: (stream: SpdyStream) => void): AbortSignal {
  const streams = new Map<number, Entry>()
  const writeHeaders = createHeaderWriter()
  const ended = new AbortController()
  let lastStream = 0
  let resume: (() => void) | undefined

  // Resolves when the connection is gone too: the signals tell that.
  const send = (frame: Buffer): Promise<void> =>
    new Promise(resolve => (socket.writable ? socket.write(frame, () => resolve()) : resolve()))

  const settle = (entry: Entry) => {
    if (entry.inputEnded && entry.outputEnded) streams.delete(entry.stream.id)
  }

  function accept(id: number, headers: Headers, fin: boolean): void {
    if (id <= lastStream || id % 2 === 0) throw new ProtocolError('a stream id is out of order')
    lastStream = id
    if (streams.size >= maxStreams) return void send(reset(id, resetCode.refused))
    const inbox = createInbox(() => resume?.())
    const abort = new AbortController()
    const stream: SpdyStream = {
      id,
      headers,
      input: inbox,
      signal: abort.signal,
      async write(bytes) {
        for (let at = 0; at < bytes.length && !entry.outputEnded; at += maxDataBytes) {
          await send(data(id, bytes.subarray(at, at + maxDataBytes)))
        }
      },
      end() {
        if (entry.outputEnded) return
        entry.outputEnded = true
        void send(data(id, Buffer.alloc(0), true))
        settle(entry)
      },
      ignoreInput: () => inbox.discard(),
    }
    const entry: Entry = { stream, inbox, abort, uncredited: 0, inputEnded: false, outputEnded: false }
    streams.set(id, entry)
    void send(synReply(id, writeHeaders({})))
    if (fin) endInput(entry)
    onStream(stream)
  }

  function endInput(entry: Entry): void {
    entry.inputEnded = true
    entry.inbox.end()
    settle(entry)
  }

  function drop(entry: Entry, reason: Error): void {
    streams.delete(entry.stream.id)
    entry.outputEnded = true
    entry.abort.abort(reason)
    entry.inbox.end()
  }

  async function receive(entry: Entry, bytes: Uint8Array, fin: boolean): Promise<void> {
    if (entry.inputEnded) return
    if (bytes.length > 0 && !entry.inbox.put(bytes)) {
      await new Promise<void>(resolve => {
        resume = resolve
      })
    }
    entry.uncredited += bytes.length
    if (fin) endInput(entry)
    else if (entry.uncredited >= creditBytes) {
      void send(windowUpdate(entry.stream.id, entry.uncredited))
      entry.uncredited = 0
    }
  }

  async function serve(): Promise<void> {
    for await (const frame of readFrames(socket)) {
      if (frame.type === 'synStream') accept(frame.stream, frame.headers, frame.fin)
      else if (frame.type === 'ping' && frame.id % 2 === 1) await send(ping(frame.id))
      else if (frame.type === 'data' || frame.type === 'reset') {
        const entry = streams.get(frame.stream)
        if (!entry) continue // closed already: what was on its way is dropped
        if (frame.type === 'data') await receive(entry, frame.bytes, frame.fin)
        else drop(entry, new Error('the client reset the stream'))
      }
    }
  }

  serve()
    .catch(async (error: Error) => {
      if (error instanceof ProtocolError) await send(goAway(lastStream, 1))
      return error
    })
    .then(failure => {
      const reason = failure ?? new Error('the client closed the connection')
      for (const entry of [...streams.values()]) drop(entry, reason)
      socket.destroy()
      ended.abort(reason)
    })
  return ended.signal
}
