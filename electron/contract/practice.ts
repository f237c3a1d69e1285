// The practice cluster's own doors: its time, its nodes' power, and its memory. No other cluster has them.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { nothing } from './shapes.ts'

const snapshotName = z.string().check(z.minLength(1), z.maxLength(63), z.regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u))
const nodeName = z.string().check(z.maxLength(63), z.regex(/^[a-z0-9][a-z0-9.-]*$/))

export const practiceState = z.object({
  clock: z.object({
    /** Milliseconds since the epoch on the cluster's clock, when this was told. */
    now: z.number(),
    isPaused: z.boolean(),
    /** Cluster seconds in one real second, while it runs. */
    speed: z.number(),
  }),
  nodes: z.array(z.object({ name: z.string(), hasPower: z.boolean() })),
  /** The oldest moment that rewinding reaches, on the cluster's clock. */
  since: z.number(),
  snapshots: z.array(z.object({ name: z.string(), at: z.number(), objects: z.number() })),
})
export type PracticeState = z.infer<typeof practiceState>

const restored = z.object({ at: z.number(), changed: z.number() })

export const practice = {
  /** Null while the practice cluster is not the current one, or not ready. */
  state: stream(nothing, z.nullable(practiceState)),
  clock: call(
    z.object({
      action: z.optional(z.enum(['pause', 'resume', 'step'])),
      speed: z.optional(z.number().check(z.gte(0.01), z.lte(10_000))),
    }),
    nothing,
  ),
  addNode: call(nothing, z.object({ name: z.string() })),
  node: call(z.object({ name: nodeName, action: z.enum(['cordon', 'uncordon', 'drain', 'kill', 'revive']) }), nothing),
  rewind: call(z.object({ seconds: z.number().check(z.gt(0), z.lte(86_400)) }), restored),
  takeSnapshot: call(z.object({ name: snapshotName }), nothing),
  restoreSnapshot: call(z.object({ name: snapshotName }), restored),
  removeSnapshot: call(z.object({ name: snapshotName }), nothing),
  /** An empty cluster; where what was kept on disk cannot be read, that is set aside and a new cluster started. */
  startAfresh: call(nothing, nothing),
}
