// A WebSocket whose messages each begin with the number of the channel they belong to.

import type { WebSocket } from 'ws'

// Models kubernetes/apimachinery/pkg/util/remotecommand and apiserver's wsstream

/** Only v5.channel.k8s.io: a message of this number and a channel's says that the channel has ended. */
const closeChannel = 255
/** As much as upstream sends in one message. */
const maxDataBytes = 32 * 1024

export interface Channels {
  /** Resolves once the connection has taken the bytes, or is gone. */
  send(channel: number, bytes: Uint8Array): Promise<void>
  /** No messages are read until `resume`. */
  pause(): void
  resume(): void
  /** Closes after all that was sent. */
  close(): void
  /** Fires when the connection has ended, whoever ended it. */
  signal: AbortSignal
}

export interface ChannelEvents {
  onData(channel: number, bytes: Uint8Array): void
  /** The client ended a channel of its own. */
  onEnd(channel: number): void
}

export function openChannels(webSocket: WebSocket, events: ChannelEvents): Channels {
  const ended = new AbortController()
  let fault: Error | undefined
  const isClosable = webSocket.protocol.startsWith('v5.')

  webSocket.on('message', message => {
    const bytes = Array.isArray(message) ? Buffer.concat(message) : Buffer.from(message as ArrayBuffer)
    const channel = bytes[0]
    if (channel === undefined) return
    if (channel === closeChannel && isClosable) events.onEnd(bytes[1] ?? closeChannel)
    else events.onData(channel, bytes.subarray(1))
  })
  // ws answers a hostile frame with its close code, and 'close' follows.
  webSocket.on('error', error => {
    fault = error
  })
  webSocket.on('close', () => ended.abort(fault ?? new Error('the client closed the connection')))

  const sendOne = (message: Uint8Array): Promise<void> => new Promise(resolve => webSocket.send(message, () => resolve()))
  return {
    async send(channel, bytes) {
      for (let at = 0; at === 0 || at < bytes.length; at += maxDataBytes) {
        await sendOne(Buffer.concat([Buffer.of(channel), bytes.subarray(at, at + maxDataBytes)]))
      }
    },
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    close: () => webSocket.close(1000),
    signal: ended.signal,
  }
}
