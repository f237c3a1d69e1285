// The talk: the deck, and where the presenter is, shared by every window.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { id, language, nothing } from './shapes.ts'

export const slide = z.object({
  id,
  title: z.string(),
  /** Which arrangement draws it: prose, a cover, a section's opening, or a diagram. */
  layout: z.enum(['cover', 'section', 'prose', 'diagram']),
  diagram: z.optional(z.enum(['architecture', 'control-plane', 'node'])),
  /** Diagram part lit when the slide opens. */
  focus: z.optional(z.string()),
  /** Markdown. */
  body: z.string(),
  /** Markdown, for the presenter only. */
  notes: z.string(),
  /** Next lab command to show the presenter. */
  command: z.optional(z.string()),
})
export type Slide = z.infer<typeof slide>

export const deck = z.object({ title: z.string(), slides: z.array(slide) })
export type Deck = z.infer<typeof deck>

export const position = z.object({
  slide: id,
  blank: z.boolean(),
  /** Milliseconds since the epoch when the timer started; null while it stands still. */
  startedAt: z.nullable(z.number()),
})
export type Position = z.infer<typeof position>

/** Counts up each time that a slide may have changed on disk: then the deck is worth asking for again. */
export const edition = z.object({ number: z.number() })

export const talk = {
  deck: call(z.object({ language }), deck),
  edition: stream(nothing, edition),
  position: stream(nothing, position),
  go: call(z.partial(position), nothing),
}
