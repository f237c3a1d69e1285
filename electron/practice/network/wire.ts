// Two ends of one connection in memory: back-pressure, half-close, and an end that breaks when the other is destroyed.

import { Duplex } from 'node:stream'

export interface Address {
  ip: string
  port: number
}

/** One request for many: how many, and since when they would have been sent, in milliseconds since the epoch. */
export interface Burst {
  weight: number
  since: number
  /** For how long whoever answers has waited on purpose, in milliseconds. */
  waited?: number
}

export class Wire extends Duplex {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
  /** What the request on it stands for; itself where not told. */
  burst: Burst | undefined
  #peer: Wire | undefined
  #taken: (() => void) | undefined

  constructor(local: Address, remote: Address) {
    super({ allowHalfOpen: true, emitClose: true })
    this.localAddress = local.ip
    this.localPort = local.port
    this.remoteAddress = remote.ip
    this.remotePort = remote.port
    // A connection that breaks while nobody looks must not end the whole process.
    this.on('error', () => {})
  }

  static pair(client: Address, server: Address): [client: Wire, server: Wire] {
    const near = new Wire(client, server)
    const far = new Wire(server, client)
    near.#peer = far
    far.#peer = near
    return [near, far]
  }

  override _read(): void {
    const taken = this.#taken
    this.#taken = undefined
    taken?.()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const peer = this.#peer
    if (!peer || peer.destroyed) done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    // Copied: the writer may use its buffer again.
    else if (chunk.length === 0 || peer.push(Uint8Array.prototype.slice.call(chunk))) done()
    else peer.#taken = done
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#peer && !this.#peer.destroyed) this.#peer.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const peer = this.#peer
    this.#peer = undefined
    this.#taken?.()
    this.#taken = undefined
    if (peer && !peer.destroyed) {
      if (this.writableFinished && !error) peer.#peer = undefined
      else if (peer.readableEnded) peer.destroy()
      else peer.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
    }
    done(error)
  }

  // What callers of net.Socket expect to be there.
  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}
