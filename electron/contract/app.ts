// The application itself: what it is, and the user's settings.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { language, nothing, wireError } from './shapes.ts'

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
  /** Where our files are, for the settings screen. */
  folders: z.optional(z.object({ config: z.string(), data: z.string(), state: z.string() })),
  /** What was wrong at the start and is worth knowing: folders that cannot be written, a broken settings file. */
  problems: z.optional(z.array(wireError)),
})
export type Info = z.infer<typeof info>

export const app = {
  info: call(nothing, info),
  settings: stream(nothing, settings),
  configure: call(z.partial(settings), nothing),
}
