// What a step may observe of the machine. Tests give it a table instead of a machine.

import type { RootRequest } from './helper/verbs.ts'

export interface MachineUser {
  uid: number
  gid: number
  name: string
  home: string
}

export interface FileInfo {
  kind: 'file' | 'folder' | 'link' | 'other'
  size: number
  /** Permission bits. */
  mode: number
  uid: number
  /** Where a link points. */
  target?: string
  /** When its content was written last: milliseconds since the epoch. */
  changedAt?: number
}

export interface Machine {
  /** A file's text; undefined where it is not there, or not ours to read. */
  read(path: string): Promise<string | undefined>
  /** Names in a folder, sorted; none where it is not there, or not ours to read. */
  list(folder: string): Promise<string[]>
  /** What is at a path, links not followed. */
  info(path: string): Promise<FileInfo | undefined>
  /** Bytes of the disk that holds a path, or that would hold it. */
  space(path: string): Promise<{ free: number; total: number } | undefined>
  /** A program that only looks. Never throws for what it answers: 127 where it is not there. */
  run(argv: readonly [string, ...string[]]): Promise<{ code: number; stdout: string; stderr: string }>
  /** GET of snapd's REST interface: its status and result; status 0 where snapd does not answer. */
  snapd(path: string): Promise<{ status: number; result: unknown }>
  /** Milliseconds since the epoch. */
  now(): number
  user: MachineUser
  env: Readonly<Record<string, string | undefined>>
  /** As Node says it: `x64`, `arm64`. */
  arch: string
  hostname: string
  /** What only root may see, by one of the helper's verbs; present once somebody has let us. */
  root?(request: RootRequest): Promise<RootAnswer>
}

/** What a verb brought back: the output of its last program, and snapd's change where it began one. */
export interface RootAnswer {
  code: number
  stdout: string
  stderr: string
  change?: string
}
