// exec and attach over SPDY: one stream each for error, stdin, stdout, stderr and resize, all opened by the client.

import type { Duplex } from 'node:stream'
import { parseSize, type RemoteCommand, type TerminalSize, type Wanted } from './remote-command.ts'
import { openSession, type SpdyStream } from './spdy/session.ts'

export const spdyCommandProtocols = ['v4.channel.k8s.io'] as const

/** A terminal's size takes some thirty bytes. */
const maxSizeCharacters = 1024

/**
 * Resolves once the client has opened every stream that its query promised; rejects when it leaves before.
 * The client closes the connection: were it closed here, kubectl could lose what it has not read yet.
 */
// Models kubernetes/pkg/kubelet/cri-streaming/remotecommand/httpstream.go
export async function spdyCommand(socket: Duplex, wanted: Wanted): Promise<RemoteCommand> {
  const expected = [
    'error',
    ...(['stdin', 'stdout', 'stderr'] as const).filter(name => wanted[name]),
    ...(wanted.tty ? ['resize'] : []),
  ]
  const streams = new Map<string, SpdyStream>()
  const done = new AbortController()
  const resized: ((size: TerminalSize) => void)[] = []
  let size: TerminalSize | undefined

  await new Promise<void>((resolve, reject) => {
    const ended = openSession(socket, stream => {
      const name = stream.headers.streamtype ?? ''
      if (!expected.includes(name) || streams.has(name)) return stream.end()
      streams.set(name, stream)
      if (name !== 'stdin' && name !== 'resize') stream.ignoreInput()
      if (streams.size === expected.length) resolve()
    })
    ended.addEventListener('abort', () => {
      done.abort(ended.reason)
      reject(ended.reason)
    })
  })

  const resize = streams.get('resize')
  if (resize) void readSizes(resize)
  async function readSizes(stream: SpdyStream): Promise<void> {
    let text = ''
    for await (const bytes of stream.input) {
      const lines = `${text}${Buffer.from(bytes).toString()}`.split('\n')
      text = (lines.pop() ?? '').slice(0, maxSizeCharacters)
      size = lines.map(parseSize).findLast(Boolean) ?? size
      if (size) for (const listener of resized) listener(size)
    }
  }

  const output = async (name: string, bytes: Uint8Array) => {
    if (!done.signal.aborted) await streams.get(name)?.write(bytes)
  }
  const stdin = streams.get('stdin')?.input
  return {
    ...(stdin && { stdin }),
    stdout: bytes => output('stdout', bytes),
    stderr: bytes => output('stderr', bytes),
    size: () => size,
    onResize: listener => void resized.push(listener),
    signal: done.signal,
    finish(outcome) {
      if (done.signal.aborted) return
      void streams.get('error')?.write(Buffer.from(JSON.stringify(outcome)))
      for (const stream of streams.values()) {
        stream.ignoreInput()
        stream.end()
      }
      done.abort(new Error('the command has ended'))
    },
  }
}
