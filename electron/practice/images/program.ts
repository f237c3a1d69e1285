// What runs in a simulated container: programs over a file tree, a network and standard streams.

import type { Duplex } from 'node:stream'
import type { DnsAnswer } from '../network/records.ts'
import type { Burst } from '../network/wire.ts'
import type { FileTree } from './files.ts'

/** Standard input: chunks in order, shared by all processes that were given it. */
export interface Input extends AsyncIterable<Uint8Array> {
  /** The next bytes, or undefined at the end. */
  read(): Promise<Uint8Array | undefined>
  /** Gives bytes back, for the next reader. */
  unread(bytes: Uint8Array): void
  /** The same input for a process: once the signal fires it waits no more and takes nothing. */
  bound(signal: AbortSignal): Input
}

/** Resolves when the reader has taken the bytes (back-pressure); rejects with code EPIPE when there is no reader any more. */
export type Output = (data: string | Uint8Array) => void | Promise<void>

/** A terminal as the programs on it see it. */
export interface Tty {
  readonly columns: number
  readonly rows: number
  onResize(listener: () => void): () => void
  /** Raw: every key comes at once, without echo, editing or signals. */
  setRaw(raw: boolean): void
}

/** What a process needs to begin. */
export interface ChildIO {
  /** argv[0] is the program's name or path. */
  argv: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  stdin: Input
  stdout: Output
  stderr: Output
  /** Set when a terminal is attached (exec -t). */
  tty?: Tty
  /** Not touched by the terminal's signals (`&`). */
  background?: boolean
}

export interface Child {
  readonly pid: number
  /** The exit code; 128 and the signal's number for a process ended by a signal. */
  readonly exited: Promise<number>
}

/** A process's view of itself. */
export interface ProcessIO extends ChildIO {
  readonly pid: number
  /** Fires when a signal ends the process, with the signal's name as its reason. */
  signal: AbortSignal
  /** Takes a signal over from its default, which ends a process (or, for process 1, does nothing). SIGKILL cannot be taken. */
  handle(signal: string, listener: () => void): () => void
  /** Starts a child: the given program, or the one that argv[0] names. @throws ExecError where it cannot be run */
  start(child: ChildIO, program?: Program): Child
  /** Goes on as another program under the same pid (exec), to its end. @throws ExecError where it cannot be run */
  become(next: ChildIO): Promise<number>
  /** Shows another title in lists of processes. */
  rename(title: string): void
}

/** Runs to its end and returns the exit code. */
export type Program = (io: ProcessIO, container: ContainerView) => number | Promise<number>

/** A command that cannot be run, in the words of Go's exec.Error, with the shell's code for it. */
export class ExecError extends Error {
  readonly exitCode: 126 | 127

  constructor(message: string, exitCode: 126 | 127) {
    super(message)
    this.name = 'ExecError'
    this.exitCode = exitCode
  }
}

/** What programs may see of the container they run in. */
export interface ContainerView {
  readonly hostname: string
  readonly namespace: string
  /** The Pod's IP. */
  readonly ip: string
  readonly files: FileTree
  readonly env: Readonly<Record<string, string>>
  readonly processes: readonly ProcessEntry[]
  /** Process 1's output: the container's log. */
  readonly log: { stdout: Output; stderr: Output }
  /** Listens on the Pod's IP. @throws Error EADDRINUSE */
  listen(port: number, onConnection: (socket: Socket) => void): () => void
  /**
   * Connects from this Pod: name, Service IP or Pod IP. `burst` is what the request on it stands for (pace.ts).
   * @throws Error ECONNREFUSED, ENOTFOUND, EHOSTUNREACH, ETIMEDOUT
   */
  dial(host: string, port: number, burst?: Burst): Promise<Socket>
  /** @throws Error ENOTFOUND */
  resolve(host: string): string[]
  /** What a name says in cluster DNS beside its addresses. */
  records(host: string, type: 'SRV' | 'CNAME'): DnsAnswer | undefined
  /** Does this IP answer to ping? */
  answers(ip: string): boolean
  /** Sends a signal to a process; false where there is none. */
  kill(pid: number, signal: string): boolean
  /** Counts milliseconds of one core as spent now, or evenly since then (kubelet/load.ts). */
  work(ms: number, since?: number): void
  /** Takes a core from then on, until what it returns is called. */
  computes(since: number): () => void
  /** Has memory of the program counted, in bytes, whenever somebody looks; ends with what it returns. */
  holds(bytes: () => number): () => void
  random(): number
  /** Milliseconds since the epoch on the cluster's clock, and a sleep on it. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** One end of a connection in the cluster's network. */
export type Socket = Duplex & {
  remoteAddress: string
  remotePort: number
  localAddress: string
  localPort: number
  /** What the request on it stands for; itself where not told. */
  burst?: Burst | undefined
}

export interface ProcessEntry {
  pid: number
  parent: number
  user: string
  command: string
  /** Milliseconds since the epoch. */
  started: number
}

/** An image of the catalogue. */
export interface Image {
  /** Without registry and tag: `openresty/openresty`, `library/busybox`. */
  name: string
  /** Tags that exist; without it any plausible one does. */
  tags?: RegExp
  /** Tags that every node has from the beginning. */
  preloaded: readonly string[]
  sizeBytes: number
  entrypoint: readonly string[]
  command: readonly string[]
  env: Readonly<Record<string, string>>
  workingDir: string
  /** What it takes while it does nothing; a small program's where not told. */
  idle?: { milliCpu: number; memoryBytes: number }
  /** Puts the image's files into a fresh tree. */
  unpack(files: FileTree): void
  /** By the name that the executable's file holds. */
  programs: Readonly<Record<string, Program>>
  /** What runs where the command is not among the programs, for an image that the catalogue does not know. */
  fallback?: Program
}

const magic = '\x7fELF\x02\x01\x01\x00 practice program: '

/** The bytes of an executable file that stands for a program of the image. */
export const executable = (program: string): string => `${magic}${program}\n`

/** The program that an executable file stands for. */
export const programIn = (bytes: Uint8Array): string | undefined => {
  if (bytes.length > 200) return undefined
  const text = new TextDecoder().decode(bytes)
  return text.startsWith(magic) ? text.slice(magic.length).trimEnd() : undefined
}
