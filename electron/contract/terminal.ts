// Terminals: a pty each, kept by the host so that a page reload loses nothing.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { bytes, id, nothing } from './shapes.ts'

const size = { cols: z.number().check(z.gte(2), z.lte(1000)), rows: z.number().check(z.gte(1), z.lte(500)) }

export const session = z.object({
  id,
  title: z.string(),
  cluster: z.nullable(z.string()),
  cwd: z.string(),
  running: z.boolean(),
  exitCode: z.optional(z.number()),
  /** Set where it is no shell but one program of ours, shown by its own screen. */
  program: z.optional(z.literal('setup')),
})
export type Session = z.infer<typeof session>

/** A command line that the shell reported (OSC 133): its words, start in milliseconds since the epoch, and how it ended. */
export const command = z.object({
  number: z.number(),
  line: z.string(),
  startedAt: z.number(),
  exitCode: z.optional(z.number()),
  ms: z.optional(z.number()),
})
export type ShellCommand = z.infer<typeof command>

export const outputEvent = z.discriminatedUnion('type', [
  /** First event: the screen and scrollback so far, at the pty's present size. */
  z.object({ type: z.literal('replay'), bytes, ...size }),
  z.object({ type: z.literal('data'), bytes }),
  /** Last event: every byte of output came before it. */
  z.object({ type: z.literal('exit'), code: z.number() }),
])
export type OutputEvent = z.infer<typeof outputEvent>

export const terminal = {
  sessions: stream(nothing, z.array(session)),
  open: call(z.object({ ...size, title: z.optional(z.string()) }), z.object({ id })),
  output: stream(z.object({ id }), outputEvent),
  input: call(z.object({ id, data: z.string() }), nothing),
  resize: call(z.object({ id, ...size }), nothing),
  close: call(z.object({ id }), nothing),
  /** The session's recent command lines, newest last, at most 100. */
  commands: stream(z.object({ id }), z.array(command)),
}
