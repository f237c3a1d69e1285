// Node ports on the learner's own machine: each listens on 127.0.0.1 too, and leads into the cluster's network.

import net from 'node:net'
import type { Recorder } from '../controllers/events.ts'
import type { V1Service } from '../controllers/kinds.ts'
import { keyOf } from '../object.ts'
import type { Store } from '../store.ts'
import type { Network } from './network.ts'

export interface NodePortsOptions {
  store: Store
  network: Network
  recorder: Recorder
  signal: AbortSignal
}

/** A port that a Service wants, and what listens for it. */
interface Door {
  service: string
  close(): void
}

/** The TCP node ports that Services have. */
export const nodePortsOf = (service: V1Service | undefined): number[] =>
  (service?.spec.ports ?? []).flatMap(({ nodePort, protocol = 'TCP' }) => (nodePort && protocol === 'TCP' ? [nodePort] : []))

/** Opens a door for each node port as Services come and go, until the signal fires. A port that is taken is told by an Event. */
export const startNodePorts = ({ store, network, recorder, signal }: NodePortsOptions): void => {
  const doors = new Map<number, Door>()
  const record = recorder('kube-proxy')

  const addresses = (): string[] =>
    store.list('nodes').flatMap(node => {
      const status = node.status as { addresses?: { type: string; address: string }[] } | undefined
      return status?.addresses?.filter(({ type }) => type === 'InternalIP').map(({ address }) => address) ?? []
    })

  const lead = (client: net.Socket, port: number): void => {
    const refuse = () => client.resetAndDestroy()
    client.on('error', () => client.destroy())
    const [address] = addresses()
    if (address === undefined) return void refuse()
    network.dial({}, address, port).then(far => {
      far.on('error', refuse)
      far.on('close', () => client.destroy())
      client.on('close', () => far.destroy())
      far.pipe(client).pipe(far)
    }, refuse)
  }

  const open = (service: V1Service, port: number): void => {
    const sockets = new Set<net.Socket>()
    // A client that closes its half still gets its answer.
    const server = net.createServer({ allowHalfOpen: true }, socket => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      lead(socket, port)
    })
    const door: Door = {
      service: keyOf(service),
      close() {
        server.close()
        for (const socket of sockets) socket.destroy()
      },
    }
    doors.set(port, door)
    server.on('error', ({ message }) => {
      if (signal.aborted || doors.get(port) !== door) return
      const elsewhere = addresses()
        .map(address => `${address}:${port}`)
        .join(', ')
      const words = `node port ${port} does not listen on this machine: ${message}; inside the cluster it does: ${elsewhere}`
      record(service, 'Warning', 'NodePortTaken', words)
    })
    server.listen(port, '127.0.0.1')
  }

  /** Brings the doors of one Service in step with what it wants. */
  const settle = (key: string, service: V1Service | undefined): void => {
    const wanted = new Set(nodePortsOf(service))
    for (const [port, door] of doors) {
      if (door.service !== key || wanted.has(port)) continue
      doors.delete(port)
      door.close()
    }
    for (const port of wanted) if (service && !doors.has(port)) open(service, port)
  }

  for (const service of store.list('services')) settle(keyOf(service), service as V1Service)
  const stop = store.watch('services', undefined, ({ type, object }) =>
    settle(keyOf(object), type === 'DELETED' ? undefined : (object as V1Service)),
  )
  signal.addEventListener(
    'abort',
    () => {
      stop()
      for (const door of doors.values()) door.close()
      doors.clear()
    },
    { once: true },
  )
}
