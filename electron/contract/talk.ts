// The talk: the deck, and where the presenter is, shared by every window.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { diagramIds } from './diagrams.ts'
import { id, language, nothing } from './shapes.ts'

/** One line with nothing hidden in it: no control or formatting characters, which a prompt or an eye would take for something else. */
const plainLine = z.string().check(z.minLength(1), z.maxLength(500), z.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u))

export const slide = z.object({
  id,
  title: z.string(),
  /** Which arrangement draws it: prose, a cover, a section's opening, or a diagram. */
  layout: z.enum(['cover', 'section', 'prose', 'diagram']),
  diagram: z.optional(z.enum(diagramIds)),
  /** Diagram part lit when the slide opens. */
  focus: z.optional(z.string()),
  /** Markdown. */
  body: z.string(),
  /** Markdown, for the presenter only. */
  notes: z.string(),
  /** What stands beside the slide when it opens. */
  beside: z.optional(z.enum(['terminal', 'chart', 'both'])),
  /** The lesson whose commands the slide runs: all of them, one task's, or one action. */
  lesson: z.optional(id),
  task: z.optional(id),
  action: z.optional(id),
  /** Turns to the next slide by itself once the task's checks have passed. */
  advance: z.optional(z.literal('ready')),
  /** The first command of the slide: its lesson's, or for a slide without a lesson words that are put at the prompt and never run. */
  command: z.optional(plainLine),
})
export type Slide = z.infer<typeof slide>

export const deck = z.object({ title: z.string(), slides: z.array(slide) })
export type Deck = z.infer<typeof deck>

/** How a slide's diagram is played, so that every window shows the same moment. */
export const play = z.object({
  /** The Pod that is followed, by its uid; null: the newest. */
  follow: z.nullable(z.string().check(z.maxLength(200))),
  /** Its recorded life again, in place of the cluster as it is now. */
  isReplay: z.boolean(),
  /** So many moments of the story, or of the recorded life, have been shown. */
  step: z.number().check(z.gte(0)),
  /** 1: as fast as it was. */
  speed: z.number().check(z.gt(0), z.lte(10)),
})
export type Play = z.infer<typeof play>

export const position = z.object({
  slide: id,
  blank: z.boolean(),
  /** Milliseconds since the epoch when the timer started; null while it stands still. */
  startedAt: z.nullable(z.number()),
  /** What stands beside the slide; null: what the slide itself says. */
  beside: z.nullable(z.enum(['nothing', 'terminal', 'chart', 'both'])),
  /** Whether the slide turns by itself when its task is ready; null: as the slide says. */
  isArmed: z.nullable(z.boolean()),
  /** The terminal of the talk; null before it was first wanted. */
  terminal: z.nullable(id),
  /** Null until somebody plays the slide's diagram. */
  play: z.nullable(play),
})
export type Position = z.infer<typeof position>

/** What the slide at hand does with the cluster: its next command, and what is waited for. */
export const doing = z.object({
  slide: id,
  lesson: z.optional(id),
  task: z.optional(id),
  /** Absent when every command has been run. `isDraft`: put at the prompt only, Enter is the presenter's. */
  next: z.optional(z.object({ text: z.string(), state: z.enum(['waiting', 'running', 'failed']), isDraft: z.boolean() })),
  checks: z.array(z.object({ id, text: z.string(), passed: z.boolean(), seen: z.optional(z.string()) })),
  /** Every check has passed, now or earlier. */
  isReady: z.boolean(),
  /** The task can be put back to how it began, to be shown again. */
  canReset: z.boolean(),
})
export type Doing = z.infer<typeof doing>

/** Counts up each time that a slide may have changed on disk: then the deck is worth asking for again. */
export const edition = z.object({ number: z.number() })

export const talk = {
  deck: call(z.object({ language }), deck),
  edition: stream(nothing, edition),
  position: stream(nothing, position),
  /** Another slide begins as it says itself: nothing stays beside it, nothing stays armed, and its diagram stands still. */
  go: call(z.partial(z.omit(position, { terminal: true })), nothing),
  /** Null where the slide does nothing. */
  doing: stream(z.object({ language }), z.nullable(doing)),
  /** Runs the slide's next command in the talk's terminal, if this is still the slide. The page names no command: the host owns the words. */
  run: call(z.object({ slide: id }), nothing),
  /** Sees to it that the talk has a terminal on the current cluster. */
  openTerminal: call(nothing, nothing),
}
