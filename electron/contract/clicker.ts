// The phone's clicker: a small contract of its own. Whoever holds its key can turn slides, blank the screen and read the notes; nothing else.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { language, nothing } from './shapes.ts'

export const clickerView = z.object({
  language,
  /** Counted from 1. */
  page: z.number(),
  count: z.number(),
  title: z.string(),
  notes: z.string(),
  /** The next slide's title; empty on the last one. */
  next: z.string(),
  isBlank: z.boolean(),
})
export type ClickerView = z.infer<typeof clickerView>

export const clickerContract = {
  clicker: {
    view: stream(nothing, clickerView),
    turn: call(z.object({ step: z.union([z.literal(1), z.literal(-1)]) }), nothing),
    blank: call(nothing, nothing),
  },
}
export type ClickerContract = typeof clickerContract
