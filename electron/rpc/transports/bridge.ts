// The page's side of Electron's one channel, as the preload script exposes it.

import { createEnds, type Stop, type Transport } from '../transport.ts'

/** What `window.khw` is in Electron's window, and only there. */
export interface Bridge {
  send(message: unknown): void
  receive(listener: (message: unknown) => void): Stop
}

/** Always live: when the main process goes, the window goes with it. */
export const createBridgeTransport = (bridge: Bridge): Transport => {
  const ends = createEnds('live')
  const stop = bridge.receive(message => ends.deliver(message))
  return {
    send: message => {
      if (ends.state === 'live') bridge.send(message)
    },
    receive: ends.receive,
    link: ends.link,
    close: () => {
      stop()
      ends.become('closed')
    },
  }
}
