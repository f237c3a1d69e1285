// The talk: the deck, where the presenter is, and what is pointed at and drawn, shared by every window.

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
  /** The node that is shown, in a picture that shows one; null: that of the followed Pod. */
  node: z.nullable(z.string().check(z.maxLength(253))),
  /** Its recorded life again, in place of the cluster as it is now. */
  isReplay: z.boolean(),
  /** So many moments of the story, or of the recorded life, have been shown. */
  step: z.number().check(z.gte(0)),
  /** 1: as fast as it was. */
  speed: z.number().check(z.gt(0), z.lte(10)),
})
export type Play = z.infer<typeof play>

/** Of a slide, width to height: 16:9 at most; three times as high as wide beside a terminal in a narrow window. */
export const slideShapes = { least: 1 / 3, most: 16 / 9 } as const

/** Across a slide, and at most down one: units of 1/1920 of its width, so that windows of any size agree. */
export const slideUnits = { width: 1920, height: 1920 / slideShapes.least } as const
const across = z.number().check(z.gte(0), z.lte(slideUnits.width))
const down = z.number().check(z.gte(0), z.lte(slideUnits.height))

/** The narrowest part of a slide that can fill a screen: a quarter. */
export const narrowest = 480

/** A part of the slide, of the slide's own shape. */
export const region = z.object({ x: across, y: down, width: z.number().check(z.gte(narrowest), z.lte(slideUnits.width)) })
export type Region = z.infer<typeof region>

/** What is done for a projector that shows colours badly. */
export const filters = ['none', 'contrast', 'vivid', 'inverted', 'gray'] as const
export type Filter = (typeof filters)[number]

/** Ink and laser apart: all that the windows of a talk have in common. */
const shared = z.object({
  slide: id,
  /** What covers the audience's screens instead of the slide. */
  blank: z.nullable(z.enum(['black', 'white'])),
  /** The part of the slide that fills the audience's screens; null: all of it. A turn ends it. */
  zoom: z.nullable(region),
  filter: z.enum(filters),
  /** Of the audience's slide, width to height: the presenter's is laid out alike, so that ink falls on the same words. */
  shape: z.number().check(z.gte(slideShapes.least), z.lte(slideShapes.most)),
  timer: z.object({
    /** Milliseconds since the epoch; null while it stands still. */
    startedAt: z.nullable(z.number()),
    /** Milliseconds counted before that. */
    before: z.number().check(z.gte(0)),
  }),
  /** What stands beside the slide; null: what the slide itself says. */
  beside: z.nullable(z.enum(['nothing', 'terminal', 'chart', 'both'])),
  /** Whether the slide turns by itself when its task is ready; null: as the slide says. */
  isArmed: z.nullable(z.boolean()),
  /** Null until somebody plays the slide's diagram. */
  play: z.nullable(play),
})
export const position = z.extend(shared, {
  /** The terminal of the talk; null before it was first wanted. */
  terminal: z.nullable(id),
  /** The place was kept from an earlier run, and nobody has turned since. */
  isResumed: z.boolean(),
})
export type Position = z.infer<typeof position>
export type Timer = Position['timer']

/** Milliseconds that a timer shows. */
export const elapsedMs = ({ startedAt, before }: Timer, now: number): number =>
  before + (startedAt === null ? 0 : Math.max(0, now - startedAt))

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

const strokeId = z.string().check(z.regex(/^[\w-]{1,40}$/))

/** Across or down, in slide units. */
export const inkNumber = down

/** One line of the pen. `points` are x, y, x, y, … */
export const stroke = z.object({
  id: strokeId,
  slide: id,
  /** Drawn while something stood beside the slide. Its words stand elsewhere then: it is seen only then. */
  isBeside: z.boolean(),
  pen: z.enum(['pen', 'marker']),
  points: z.array(inkNumber).check(z.minLength(2), z.maxLength(1000)),
})
export type Stroke = z.infer<typeof stroke>

/** `from` counts the numbers that were told before: a line is told as it is drawn, and to who comes late at once, however long. */
const piece = z.extend(stroke, { from: z.number(), points: z.array(inkNumber) })
export const inkEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), strokes: z.array(piece) }),
  z.object({ type: z.literal('changes'), gone: z.array(strokeId), strokes: z.array(piece) }),
])
export type InkEvent = z.infer<typeof inkEvent>

/** Where the laser points; null while it points nowhere. */
export const spot = z.nullable(z.object({ x: across, y: down }))
export type Spot = z.infer<typeof spot>

/** How long the talk should take, and how the time is shared out. */
export const plan = z.object({
  /** Null: no target. */
  minutes: z.nullable(z.number().check(z.gte(1), z.lte(600))),
  /** Slide to milliseconds, as rehearsed; null: guessed from each slide's notes. */
  shares: z.nullable(z.record(z.string(), z.number().check(z.gte(0)))),
})
export type Plan = z.infer<typeof plan>

export const clickerState = z.object({
  /** Where a phone could reach this machine, likeliest first; `card` is the network card's name. */
  addresses: z.array(z.object({ address: z.string(), card: z.string() })),
  /** Null while it is closed, as it is until somebody opens it. `url` holds the key: it is for the presenter's eyes. */
  open: z.nullable(z.object({ url: z.string(), address: z.string(), phones: z.number() })),
})
export type ClickerState = z.infer<typeof clickerState>

/** How long each slide was on the screen, in milliseconds. */
export const rehearsalRun = z.object({ at: z.number(), took: z.record(z.string(), z.number()) })
export type RehearsalRun = z.infer<typeof rehearsalRun>

/** One under way: its slide, and what the timer showed when that came. */
export const rehearsal = z.extend(rehearsalRun, { slide: id, since: z.number() })
export type Rehearsal = z.infer<typeof rehearsal>

export const rehearsals = z.object({ now: z.nullable(rehearsal), runs: z.array(rehearsalRun) })
export type Rehearsals = z.infer<typeof rehearsals>

/** Why a demo would fail here and now; the words are `talk.obstacles.<id>`. */
export const obstacleIds = [
  'noCluster',
  'clusterStarting',
  'clusterFailed',
  'noKubectl',
  'lessonGone',
  'inTheWay',
  'halfDone',
  'needsBefore',
  'imageMissing',
  'imageUnsure',
  'imageIdle',
  'portTaken',
  'portHeld',
] as const
export const obstacle = z.object({
  id: z.enum(obstacleIds),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  /** False: it may well work all the same. */
  isSure: z.boolean(),
})
export type Obstacle = z.infer<typeof obstacle>

/** What would happen to each slide's commands if they were run now, without a network. */
export const readiness = z.object({
  /** What stands in the way of all of them. */
  common: z.array(obstacle),
  demos: z.array(
    z.object({
      slide: id,
      title: z.string(),
      lesson: z.optional(id),
      commands: z.array(z.string()),
      obstacles: z.array(obstacle),
    }),
  ),
})
export type Readiness = z.infer<typeof readiness>

export const talk = {
  deck: call(z.object({ language }), deck),
  edition: stream(nothing, edition),
  position: stream(nothing, position),
  /** Another slide begins as it says itself: nothing stays beside it, nothing stays armed, and its diagram stands still. */
  go: call(z.partial(shared), nothing),
  /** Null where the slide does nothing. */
  doing: stream(z.object({ language }), z.nullable(doing)),
  /** Runs the slide's next command in the talk's terminal, if this is still the slide. The page names no command: the host owns the words. */
  run: call(z.object({ slide: id }), nothing),
  /** Sees to it that the talk has a terminal on the current cluster. */
  openTerminal: call(nothing, nothing),
  plan: stream(nothing, plan),
  aim: call(z.partial(plan), nothing),
  /** Every line of every slide, then what comes and goes. */
  ink: stream(nothing, inkEvent),
  /** Begins a line, or goes on with it. When there is too much ink the oldest line goes. */
  draw: call(stroke, nothing),
  erase: call(z.object({ strokes: z.array(strokeId).check(z.maxLength(500)) }), nothing),
  /** Takes all ink off a slide. */
  wipe: call(z.object({ slide: id }), nothing),
  pointer: stream(nothing, spot),
  /** Points for a few seconds; who goes on pointing says so again. */
  point: call(z.object({ spot }), nothing),
  clicker: stream(nothing, clickerState),
  /** Lets phones turn the slides that are shown the link, until it is closed or the talk's last window is. */
  openClicker: call(z.object({ address: z.string().check(z.maxLength(64)) }), nothing),
  closeClicker: call(nothing, nothing),
  rehearsals: stream(nothing, rehearsals),
  /** Begins with the slide at hand and the timer at nothing; a stopped one is kept, on this machine only. */
  rehearse: call(z.object({ action: z.enum(['start', 'stop']) }), nothing),
  forgetRehearsals: call(nothing, nothing),
  /** Looks whether every demo would work here, now, offline, and again while somebody watches. */
  readiness: stream(z.object({ language }), readiness),
}
