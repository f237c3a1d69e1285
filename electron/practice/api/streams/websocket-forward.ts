// port-forward over plain WebSocket channels: for each port of the query one channel of data and one of errors.

import type { WebSocket } from 'ws'
import { openChannels } from './channels.ts'
import type { Forward } from './forward.ts'
import { createInbox } from './inbox.ts'

export const webSocketForwardProtocols = ['v4.channel.k8s.io'] as const

// Models kubernetes/pkg/kubelet/cri-streaming/portforward/websocket.go
export function webSocketForwards(webSocket: WebSocket, ports: readonly number[]): Forward[] {
  const held = new Set<number>()
  const open = new Set(ports.keys())

  const channels = openChannels(webSocket, {
    onData(from, bytes) {
      if (from % 2 === 1 || inboxes[from / 2]?.put(bytes) !== false) return
      held.add(from / 2)
      channels.pause()
    },
    onEnd() {},
  })
  const inboxes = ports.map((_, index) =>
    createInbox(() => {
      held.delete(index)
      if (held.size === 0) channels.resume()
    }),
  )
  channels.signal.addEventListener('abort', () => {
    for (const inbox of inboxes) inbox.end()
  })

  return ports.map((port, index) => {
    const number = Buffer.alloc(2)
    number.writeUInt16LE(port)
    // The first message of each channel names its port.
    void channels.send(2 * index, number)
    void channels.send(2 * index + 1, number)
    return {
      port,
      input: inboxes[index]!,
      output: bytes => channels.send(2 * index, bytes),
      end(failure) {
        if (failure) void channels.send(2 * index + 1, Buffer.from(failure))
        open.delete(index)
        if (open.size === 0) channels.close()
      },
      signal: channels.signal,
    }
  })
}
