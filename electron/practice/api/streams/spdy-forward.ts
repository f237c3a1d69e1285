// port-forward over SPDY: for each forwarded connection the client opens a stream of errors and one of data.

import type { Duplex } from 'node:stream'
import type { Forward } from './forward.ts'
import { openSession, type SpdyStream } from './spdy/session.ts'

export const spdyForwardProtocols = ['portforward.k8s.io'] as const
export const tunnelForwardProtocols = spdyForwardProtocols.map(protocol => `SPDY/3.1+${protocol}`)

// Models kubernetes/pkg/kubelet/cri-streaming/portforward/httpstream.go
export function spdyForwards(socket: Duplex, onForward: (forward: Forward) => void): AbortSignal {
  const waiting = new Map<string, SpdyStream>()

  return openSession(socket, stream => {
    const { streamtype, port = '', requestid } = stream.headers
    const isData = streamtype === 'data'
    if ((!isData && streamtype !== 'error') || !/^\d{1,5}$/.test(port)) return stream.end()
    // Clients that number no requests open the data stream right after the error stream.
    const request = `${requestid ?? stream.id - (isData ? 2 : 0)} ${port}`
    const other = waiting.get(request)
    if (other?.headers.streamtype === streamtype) return stream.end()
    if (!other) {
      waiting.set(request, stream)
      stream.signal.addEventListener('abort', () => waiting.delete(request), { once: true })
      return
    }
    waiting.delete(request)
    onForward(pair(Number(port), isData ? stream : other, isData ? other : stream))
  })
}

function pair(port: number, data: SpdyStream, error: SpdyStream): Forward {
  error.ignoreInput()
  return {
    port,
    input: data.input,
    output: bytes => data.write(bytes),
    end(failure) {
      if (failure) void error.write(Buffer.from(failure))
      error.end()
      data.end()
    },
    signal: data.signal,
  }
}
