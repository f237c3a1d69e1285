// What runs in a simulated container: programs over a file tree, a network and standard streams.

import type { Duplex } from 'node:stream'
import type { FileTree } from './files.ts'

/** A process's view of its streams. Output functions resolve when the reader has taken the bytes (back-pressure). */
export interface ProcessIO {
  /** argv[0] is the program's name. */
  argv: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  stdin: AsyncIterable<Uint8Array>
  stdout(data: string | Uint8Array): void | Promise<void>
  stderr(data: string | Uint8Array): void | Promise<void>
  /** Set when a terminal is attached (exec -t). */
  tty?: { columns: number; rows: number; onResize(listener: () => void): void }
  /** Fires with the signal's name (`SIGTERM`, `SIGINT`, `SIGKILL`) as its reason. */
  signal: AbortSignal
}

/** Runs to its end and returns the exit code. On the signal a program that handles it ends soon; others are ended by the container. */
export type Program = (io: ProcessIO, container: ContainerView) => Promise<number>

/** What programs may see of the container they run in. */
export interface ContainerView {
  readonly hostname: string
  /** The Pod's IP. */
  readonly ip: string
  readonly files: FileTree
  readonly env: Readonly<Record<string, string>>
  readonly processes: readonly ProcessEntry[]
  /** Listens on the Pod's IP. @throws Error EADDRINUSE */
  listen(port: number, onConnection: (socket: Duplex & { remoteAddress?: string }) => void): () => void
  /** Connects from this Pod: name, Service IP or Pod IP. @throws Error ECONNREFUSED, ENOTFOUND, EHOSTUNREACH */
  dial(host: string, port: number): Promise<Duplex>
  resolve(host: string): Promise<string[]>
  /** Runs another program of the image (a shell's child); 127 where there is none. */
  run(io: ProcessIO): Promise<number>
  /** Sends a signal to a process; false where there is none. */
  kill(pid: number, signal: string): boolean
  /** Milliseconds since the epoch on the cluster's clock, and a sleep on it. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface ProcessEntry {
  pid: number
  user: string
  command: string
}

/** An image of the catalogue. */
export interface Image {
  /** Without registry and tag: `openresty/openresty`, `busybox`. */
  name: string
  /** Tags that exist; undefined accepts any, so that a made-up tag of a known image can fail to pull. */
  tags?: readonly string[]
  entrypoint: readonly string[]
  command: readonly string[]
  env: Readonly<Record<string, string>>
  workingDir: string
  /** Puts the image's files into a fresh tree. */
  unpack(files: FileTree): void
  /** By absolute path or bare name, as found through PATH. */
  programs: Readonly<Record<string, Program>>
}
