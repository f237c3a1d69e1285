// One line of a lesson report, as it leaves a machine and as another reads it.

import * as z from 'zod/mini'

/** One step of one learner, on one cluster. */
export const reportRow = z.object({
  /** The login and the machine. */
  who: z.string().check(z.maxLength(300)),
  /** When this was reported, RFC 3339: of two reports the newer counts. */
  at: z.string().check(z.maxLength(40)),
  lesson: z.string().check(z.maxLength(100)),
  cluster: z.string().check(z.maxLength(300)),
  /** Its place in the lesson, from 1, and its id. */
  step: z.number(),
  task: z.string().check(z.maxLength(100)),
  title: z.string().check(z.maxLength(1000)),
  state: z.enum(['done', 'skipped', 'now', 'later']),
  /** RFC 3339, where the step has begun. */
  begun: z.optional(z.string().check(z.maxLength(40))),
  /** Seconds from its beginning to its end. */
  seconds: z.optional(z.number()),
  checks: z.number(),
  passed: z.number(),
  /** Commands of the step that were run, and how many ended otherwise than they should. */
  commands: z.number(),
  failed: z.number(),
})
export type ReportRow = z.infer<typeof reportRow>
