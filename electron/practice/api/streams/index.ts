// The streams of the API: exec, attach and port-forward, over WebSocket, SPDY, and SPDY within WebSocket.

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream } from 'ws'
import type { PodAccess } from '../../kubelet/access.ts'
import type { Attachment, RunningContainer } from '../../kubelet/runtime.ts'
import { badRequest, StatusError } from '../../status-error.ts'
import { carry, type Forward } from './forward.ts'
import { acceptSpdy, acceptWebSocket, negotiate, refuse, type Wire } from './handshake.ts'
import {
  defaultSize,
  exitedWith,
  failedWith,
  type Outcome,
  type RemoteCommand,
  succeeded,
  type Wanted,
  wantedStreams,
} from './remote-command.ts'
import { spdyCommand, spdyCommandProtocols } from './spdy-command.ts'
import { spdyForwardProtocols, spdyForwards, tunnelForwardProtocols } from './spdy-forward.ts'
import { webSocketCommand, webSocketCommandProtocols } from './websocket-command.ts'
import { webSocketForwardProtocols, webSocketForwards } from './websocket-forward.ts'

export interface StreamTarget {
  kind: 'exec' | 'attach' | 'portforward'
  namespace: string
  pod: string
  query: URLSearchParams
}

export interface Streams {
  /** Takes over the socket of an upgrade request: every error is answered on it, none is thrown. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: StreamTarget): void
  /** Ends every open stream. */
  close(): void
}

const commandProtocols = { websocket: webSocketCommandProtocols, tunnel: [], spdy: spdyCommandProtocols }
const forwardProtocols = { websocket: webSocketForwardProtocols, tunnel: tunnelForwardProtocols, spdy: spdyForwardProtocols }

export function createStreams(access: PodAccess): Streams {
  const open = new Set<Duplex>()

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: StreamTarget): void {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // The wires read failures where they read bytes; a client that leaves before has nobody to be told of it.
    socket.on('error', () => socket.destroy())
    try {
      if (target.kind === 'portforward') startForward(request, socket, head, target)
      else startCommand(request, socket, head, target)
    } catch (error) {
      refuse(socket, error instanceof StatusError ? error.status : internalError(error).status)
    }
  }

  function startCommand(request: IncomingMessage, socket: Duplex, head: Buffer, target: StreamTarget): void {
    const wanted = wantedStreams(target.query)
    const container = access.container(target.namespace, target.pod, target.query.get('container') || undefined)
    const wire = negotiate(request, commandProtocols)
    const argv = target.query.getAll('command')
    acceptCommand(request, socket, head, wire, wanted).then(
      async command => {
        if (!command) return
        const outcome = await (target.kind === 'exec'
          ? exec(container, argv, command, wanted)
          : attach(container, command, wanted))
        command.finish(wire.kind === 'websocket' ? translated(outcome) : outcome)
      },
      () => socket.destroy(), // the client left before it had opened its streams
    )
  }

  function startForward(request: IncomingMessage, socket: Duplex, head: Buffer, target: StreamTarget): void {
    const wire = negotiate(request, forwardProtocols)
    const ports = target.query.getAll('ports').flatMap(list => list.split(','))
    if (wire.kind === 'websocket' && (ports.length === 0 || !ports.every(port => /^[1-9]\d{0,4}$/.test(port)))) {
      throw badRequest('query parameter "port" is required')
    }
    const serve = async (forward: Forward): Promise<void> => {
      try {
        await carry(forward, () => access.dial(target.namespace, target.pod, forward.port))
      } catch (error) {
        forward.end(
          `error forwarding port ${forward.port} to pod ${target.pod}, uid : ${error instanceof Error ? error.message : error}`,
        )
      }
    }
    if (wire.kind === 'spdy') return void spdyForwards(acceptSpdy(socket, head, wire), serve)
    const webSocket = acceptWebSocket(request, socket, head, wire)
    if (!webSocket) return
    if (wire.kind === 'tunnel') spdyForwards(createWebSocketStream(webSocket), serve)
    else for (const forward of webSocketForwards(webSocket, ports.map(Number))) void serve(forward)
  }

  return {
    upgrade,
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}

async function acceptCommand(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  wire: Wire,
  wanted: Wanted,
): Promise<RemoteCommand | undefined> {
  if (wire.kind === 'spdy') return spdyCommand(acceptSpdy(socket, head, wire), wanted)
  const webSocket = acceptWebSocket(request, socket, head, wire)
  return webSocket && webSocketCommand(webSocket, wanted)
}

// Models apiserver/pkg/util/proxy/streamtranslator.go: an error that crosses from SPDY to WebSocket is told as a new one.
const translated = (outcome: Outcome): Outcome => {
  if (outcome.reason !== 'InternalError') return outcome
  return {
    ...outcome,
    message: `Internal error occurred: ${outcome.message}`,
    details: { causes: [{ message: outcome.message ?? '' }] },
  }
}

async function exec(container: RunningContainer, argv: string[], command: RemoteCommand, wanted: Wanted): Promise<Outcome> {
  try {
    const exitCode = await container.exec(argv, attachment(command, wanted))
    return exitCode === 0 ? succeeded : exitedWith(exitCode, argv)
  } catch (error) {
    return failedWith(error, 'error executing command in container')
  }
}

async function attach(container: RunningContainer, command: RemoteCommand, wanted: Wanted): Promise<Outcome> {
  try {
    await container.attach(attachment(command, wanted))
    return succeeded
  } catch (error) {
    return failedWith(error, 'error attaching to container')
  }
}

/** The container's end of a remote command. */
function attachment(command: RemoteCommand, wanted: Wanted): Attachment {
  const tty = wanted.tty && {
    get columns() {
      return (command.size() ?? defaultSize).columns
    },
    get rows() {
      return (command.size() ?? defaultSize).rows
    },
    onResize: (listener: (columns: number, rows: number) => void) => command.onResize(size => listener(size.columns, size.rows)),
  }
  return {
    ...(command.stdin && { stdin: command.stdin }),
    stdout: bytes => command.stdout(bytes),
    stderr: bytes => command.stderr(bytes),
    ...(tty && { tty }),
    signal: command.signal,
  }
}

const internalError = (error: unknown): StatusError =>
  new StatusError(500, 'InternalError', `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`)
