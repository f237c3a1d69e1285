// exec and attach over WebSocket: v5.channel.k8s.io and v4.channel.k8s.io.

import type { WebSocket } from 'ws'
import { openChannels } from './channels.ts'
import { createInbox } from './inbox.ts'
import { parseSize, type RemoteCommand, type TerminalSize, type Wanted } from './remote-command.ts'

/** Channels, by number. */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const

export const webSocketCommandProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const

// Models kubernetes/pkg/kubelet/cri-streaming/remotecommand/websocket.go
export function webSocketCommand(webSocket: WebSocket, wanted: Wanted): RemoteCommand {
  const done = new AbortController()
  const resized: ((size: TerminalSize) => void)[] = []
  let size: TerminalSize | undefined

  const channels = openChannels(webSocket, {
    onData(from, bytes) {
      if (from === channel.stdin && wanted.stdin && !stdin.put(bytes)) channels.pause()
      if (from !== channel.resize || !wanted.tty) return
      size = parseSize(Buffer.from(bytes).toString()) ?? size
      if (size) for (const listener of resized) listener(size)
    },
    onEnd: from => from === channel.stdin && stdin.end(),
  })
  const stdin = createInbox(() => channels.resume())
  channels.signal.addEventListener('abort', () => {
    done.abort(channels.signal.reason)
    stdin.end()
  })

  const output = async (to: number, isWanted: boolean, bytes: Uint8Array) => {
    if (isWanted && bytes.length > 0 && !done.signal.aborted) await channels.send(to, bytes)
  }
  // An empty message tells the client that the command has begun.
  void channels.send(wanted.stdout ? channel.stdout : wanted.stderr ? channel.stderr : channel.error, Buffer.alloc(0))

  return {
    ...(wanted.stdin && { stdin }),
    stdout: bytes => output(channel.stdout, wanted.stdout, bytes),
    stderr: bytes => output(channel.stderr, wanted.stderr, bytes),
    size: () => size,
    onResize: listener => void resized.push(listener),
    signal: done.signal,
    finish(outcome) {
      if (done.signal.aborted) return
      void channels.send(channel.error, Buffer.from(JSON.stringify(outcome)))
      channels.close()
      stdin.discard()
      done.abort(new Error('the command has ended'))
    },
  }
}
