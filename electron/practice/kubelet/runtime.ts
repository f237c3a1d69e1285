// What the kubelet asks of a container runtime, as CRI would: images, containers, exec, logs. Implemented in containers.ts.

import type { FileTree, SavedTree } from '../images/files.ts'
import type { LogOptions, SavedLog } from './container-log.ts'
import type { Meter } from './load.ts'

export interface Mount {
  path: string
  /** The volume's tree; shared by every container that mounts it. */
  volume: FileTree
  subPath?: string
  readOnly: boolean
}

export interface ContainerSpec {
  namespace: string
  pod: string
  podUid: string
  name: string
  image: string
  /** spec.command and spec.args, already expanded; each undefined where the image's own counts. */
  command?: readonly string[]
  args?: readonly string[]
  env: Readonly<Record<string, string>>
  workingDir?: string
  mounts: readonly Mount[]
  hostname: string
  ip: string
  /** Pod shares its node's network: ports are the node's. */
  hostNetwork: boolean
  tty: boolean
  stdin: boolean
  /** Its input ends with that of the first who attaches; else it stays open for the next. */
  stdinOnce?: boolean
  /** In bytes, now: it can be resized. More than that, and the kernel kills it. */
  memoryLimit?(): number | undefined
  /** It ran when the cluster was saved, and goes on with its own files and log; its program begins anew. */
  resume?: SavedRun
}

/** What is kept of a container in a snapshot of the cluster. */
export interface SavedRun {
  id: string
  imageId: string
  /** Its tree without volumes, where it has one of its own. */
  layer?: SavedTree
  log: SavedLog
  /** Of its meter: the container that has it still has done nothing since. */
  mark: object
}

/** The outside end of a process's streams: exec and attach over the wire, or a probe. */
export interface Attachment {
  stdin?: AsyncIterable<Uint8Array>
  stdout(bytes: Uint8Array): void | Promise<void>
  stderr(bytes: Uint8Array): void | Promise<void>
  tty?: { columns: number; rows: number; onResize(listener: (columns: number, rows: number) => void): void }
  signal: AbortSignal
}

export interface Exit {
  exitCode: number
  signal?: number
  reason: 'Completed' | 'Error' | 'OOMKilled'
  message?: string
}

// Models containerd/internal/cri/server/container_execsync.go.
/** A command that cannot be run in a container, in containerd's words. */
export class CannotExec extends Error {
  constructor(cause: Error, id: string) {
    const runc = `OCI runtime exec failed: exec failed: unable to start container process: ${cause.message}`
    super(`failed to exec in container: failed to start exec ${JSON.stringify(id)}: ${runc}`)
    this.name = 'CannotExec'
  }
}

export interface RunningContainer {
  /** `containerd://` and 64 hex digits. */
  readonly id: string
  readonly imageId: string
  /** What it takes of its node. */
  readonly meter: Meter
  /** Settles when the main process ends. */
  readonly exited: Promise<Exit>
  /** SIGTERM, and SIGKILL after the grace period, in milliseconds. */
  stop(graceMs: number): Promise<Exit>
  /** @returns the program's exit code @throws CannotExec where it cannot be run; StatusError when the container has ended */
  exec(argv: readonly string[], streams: Attachment): Promise<number>
  attach(streams: Attachment): Promise<void>
  logs(options: LogOptions): AsyncIterable<Uint8Array>
  save(): SavedRun
}

export interface PulledImage {
  /** `docker.io/library/busybox:latest`, as containerd names it. */
  reference: string
  id: string
  sizeBytes: number
}

/** @see k8s.io/cri-api. A pull that fails throws an Error in containerd's words. */
export interface Runtime {
  /** The image if this node has it already. */
  image(node: string, reference: string): PulledImage | undefined
  pull(node: string, reference: string, signal: AbortSignal): Promise<PulledImage>
  /** @throws Error in runc's words where the command cannot be started */
  start(spec: ContainerSpec): RunningContainer
}
