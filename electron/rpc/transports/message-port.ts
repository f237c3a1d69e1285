// A MessagePort as a transport: the browser's, or that of node:worker_threads.

import { createEnds, type Transport } from '../transport.ts'

/** As much of a MessagePort as we use. */
export interface PortLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message' | 'close', listener: (event: object) => void): void
  start(): void
  close(): void
}

/** Messages go by structured clone. @throws DataCloneError from `send` for what cannot be cloned, such as a function */
export const createPortTransport = (port: PortLike): Transport => {
  const ends = createEnds('live')
  port.addEventListener('message', event => ends.deliver('data' in event ? event.data : undefined))
  port.addEventListener('close', () => ends.become('closed'))
  port.start()
  return {
    send: message => {
      if (ends.state === 'live') port.postMessage(message)
    },
    receive: ends.receive,
    link: ends.link,
    close: () => {
      port.close()
      ends.become('closed')
    },
  }
}
