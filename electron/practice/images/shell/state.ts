// What a shell holds: all that a subshell takes a copy of, and its jobs.

import type { Child, Input, Output } from '../program.ts'
import type { Command } from './ast.ts'

export interface Descriptor {
  input?: Input
  output?: Output
}

export interface Job {
  number: number
  child: Child
  command: string
  done?: number
}

/** What a subshell takes a copy of. */
export interface ShellState {
  variables: Map<string, string>
  exported: Set<string>
  readOnly: Set<string>
  functions: Map<string, Command>
  positional: readonly string[]
  name: string
  cwd: string
  options: Set<string>
  descriptors: Map<number, Descriptor>
  traps: Map<string, string>
}
