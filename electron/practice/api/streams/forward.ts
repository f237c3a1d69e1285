// One forwarded connection, whatever the wire: bytes both ways, each direction with its own end.

import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Forward {
  port: number
  /** From the client; ends at its half-close. */
  input: AsyncIterable<Uint8Array>
  /** To the client; resolves once its connection has taken the bytes. */
  output(bytes: Uint8Array): Promise<void>
  /** Ends our direction; a message tells the client why the connection failed. */
  end(failure?: string): void
  /** Fires when the client gives the connection up. */
  signal: AbortSignal
}

/**
 * Carries a forward over a connection until both directions have ended.
 * @throws Error where there is no connection, or it breaks
 */
export async function carry(forward: Forward, dial: () => Promise<Duplex>): Promise<void> {
  const connection = await dial()
  const giveUp = () => {
    connection.destroy()
  }
  connection.on('error', giveUp)
  if (forward.signal.aborted) return giveUp()
  forward.signal.addEventListener('abort', giveUp, { once: true })
  const [, downward] = await Promise.allSettled([
    // Where the Pod reads no further, its own end of the connection says all there is to say.
    pipeline(forward.input, connection),
    receive(connection, forward),
  ])
  forward.signal.removeEventListener('abort', giveUp)
  giveUp()
  if (downward.status === 'rejected' && !forward.signal.aborted) throw downward.reason
}

async function receive(connection: Duplex, forward: Forward): Promise<void> {
  // The iterator must leave the connection open at its end: the client may still send.
  for await (const bytes of connection.iterator({ destroyOnReturn: false })) await forward.output(bytes)
  forward.end()
}
