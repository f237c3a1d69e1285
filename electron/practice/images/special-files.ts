// Opens a path for reading or writing, with the device files that are not in the tree.

import { createBusy } from './pace.ts'
import type { ContainerView, Input, Output } from './program.ts'
import { inputOf, noInput, toBytes } from './streams.ts'

/** Where the numbered descriptors of a process lead. */
export interface Descriptors {
  stdin: Input
  stdout: Output
  stderr: Output
}

const own = /^\/(?:dev\/|proc\/(?:self|\$\$|\d+)\/)fd\/([012])$/
const names: Readonly<Record<string, string>> = { '/dev/stdin': '0', '/dev/stdout': '1', '/dev/stderr': '2', '/dev/tty': '1' }

/** Reads of an endless file before its reader is one that does not end: a gigabyte. */
const freeReads = 250_000

const endless = (make: () => Uint8Array, container: ContainerView): Input => {
  const given: Uint8Array[] = []
  const busy = createBusy(container, freeReads / 64)
  let reads = 0
  const input: Input = {
    async read() {
      if (++reads % 64 === 0) await busy.turn()
      return given.pop() ?? make()
    },
    unread: bytes => void given.push(bytes),
    bound: () => input,
    async *[Symbol.asyncIterator]() {
      for (;;) yield await input.read().then(bytes => bytes ?? new Uint8Array(0))
    },
  }
  return input
}

/** @throws FileError */
export const openInput = (path: string, container: ContainerView, io: Descriptors): Input => {
  if (path === '/dev/null') return noInput()
  if (path === '/dev/zero') return endless(() => new Uint8Array(4096), container)
  if (path === '/dev/urandom' || path === '/dev/random')
    return endless(() => Uint8Array.from({ length: 512 }, () => Math.floor(container.random() * 256)), container)
  if ((own.exec(path)?.[1] ?? names[path]) !== undefined) return io.stdin
  return inputOf(container.files.read(path))
}

/** @throws FileError */
export const openOutput = (path: string, append: boolean, container: ContainerView, io: Descriptors): Output => {
  if (path === '/dev/null' || path === '/dev/zero') return () => {}
  // Process 1's output is the container's log.
  const main = /^\/proc\/1\/fd\/([12])$/.exec(path)?.[1]
  if (main) return main === '1' ? container.log.stdout : container.log.stderr
  const fd = own.exec(path)?.[1] ?? names[path]
  if (fd) return fd === '2' ? io.stderr : io.stdout
  const { files } = container
  if (append) files.append(path, '')
  else files.write(path, '')
  return data => files.append(path, toBytes(data))
}
