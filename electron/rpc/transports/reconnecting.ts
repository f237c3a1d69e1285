// A transport that opens another one whenever the last has closed.

import { createEnds, type Link, type Stop, type Transport } from '../transport.ts'

/** Milliseconds before each next try; the last one repeats. A host that restarts is back within the first few. */
const defaultDelays = [100, 200, 400, 800, 1600, 3000]

/** @param open makes a fresh transport each time; where it throws, that counts as a failed try */
export const createReconnectingTransport = (open: () => Transport, delays: readonly number[] = defaultDelays): Transport => {
  const ends = createEnds('opening')
  let current: Transport | undefined
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const again = () => {
    current = undefined
    if (ends.state === 'closed') return
    ends.become('lost')
    timer = setTimeout(attempt, delays[Math.min(tries, delays.length - 1)] ?? 0)
    tries += 1
  }

  const attempt = () => {
    let transport: Transport
    try {
      transport = open()
    } catch {
      return again()
    }
    current = transport
    let stopReceiving: Stop = () => {}
    const follow = (link: Link) => {
      if (current !== transport) return
      if (link === 'live') {
        tries = 0
        ends.become('live')
      } else if (link === 'closed') {
        stopReceiving()
        again()
      }
    }
    stopReceiving = transport.receive(message => current === transport && ends.deliver(message))
    transport.link(follow)
  }

  attempt()
  return {
    send: message => {
      if (ends.state === 'live') current?.send(message)
    },
    receive: ends.receive,
    link: ends.link,
    close: () => {
      clearTimeout(timer)
      ends.become('closed')
      current?.close()
    },
  }
}
