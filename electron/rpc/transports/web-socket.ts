// A WebSocket as a transport: the browser's, or the server's from ws.

import { decode, encode } from '../codec.ts'
import { createEnds, type Transport } from '../transport.ts'

/** As much of a WebSocket as we use. */
export interface SocketLike {
  binaryType: string
  readonly readyState: number
  readonly bufferedAmount: number
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
}

/** What may lie unsent before we give up on a reader that grants credit but does not read. */
const maxBuffered = 64 * 1024 * 1024

/** A frame that cannot be decoded ends the link. */
export const createSocketTransport = (socket: SocketLike): Transport => {
  const ends = createEnds(socket.readyState === 1 ? 'live' : 'opening')
  const close = (code?: number, reason?: string) => {
    socket.close(code, reason)
    ends.become('closed')
  }
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () => ends.become('live'))
  socket.addEventListener('error', () => close())
  socket.addEventListener('close', () => ends.become('closed'))
  socket.addEventListener('message', event => {
    if (ends.state !== 'live') return
    let message: unknown
    try {
      message = decode(event.data)
    } catch {
      return close(4000, 'not a message')
    }
    ends.deliver(message)
  })
  return {
    send: message => {
      if (ends.state !== 'live') return
      socket.send(encode(message))
      if (socket.bufferedAmount > maxBuffered) close(4001, 'too slow')
    },
    receive: ends.receive,
    link: ends.link,
    close: () => close(),
  }
}
