// The application itself: what it is, and the user's settings.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { language, nothing } from './shapes.ts'

export const settings = z.object({
  language,
  theme: z.enum(['system', 'light', 'dark']),
  /** False until the user has chosen a way on the first-run screen. */
  welcomed: z.boolean(),
})
export type Settings = z.infer<typeof settings>

export const info = z.object({
  version: z.string(),
  host: z.enum(['window', 'socket', 'cli']),
  kubectl: z.nullable(z.object({ path: z.string(), version: z.string() })),
})
export type Info = z.infer<typeof info>

export const app = {
  info: call(nothing, info),
  settings: stream(nothing, settings),
  configure: call(z.partial(settings), nothing),
}
