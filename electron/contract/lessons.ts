// Lessons: their text, and the learner's progress through them on the current cluster.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { id, language, nothing, wireError } from './shapes.ts'

export const summary = z.object({
  id,
  /** The two digits of the folder name: 01, 02. */
  number: z.string(),
  title: z.string(),
  /** One sentence: what it teaches. */
  about: z.string(),
  tasks: z.number(),
  /** The folder that it comes from, where the application did not bring it. */
  origin: z.optional(z.string()),
  /** Why it cannot be opened: whoever writes it sees file, line and field. */
  problem: z.optional(wireError),
})
export type LessonSummary = z.infer<typeof summary>

export const actionText = z.object({
  id,
  kind: z.enum(['run', 'slide']),
  /** The command as the learner sees and runs it, or the slide's id. */
  text: z.string(),
  /** The manifest that this command uses, by file name, for the manifest pane. */
  file: z.optional(z.string()),
})

export const taskText = z.object({
  id,
  title: z.string(),
  /** Markdown. */
  say: z.string(),
  actions: z.array(actionText),
  checks: z.array(z.object({ id, text: z.string() })),
})
export type TaskText = z.infer<typeof taskText>

export const lessonText = z.object({
  id,
  number: z.string(),
  title: z.string(),
  intro: z.string(),
  /** Markdown: the question with which the lesson ends and that the next one answers. */
  question: z.string(),
  tasks: z.array(taskText),
  /** As they stand in the learner's folder; `edited` where the learner has changed them. */
  files: z.array(z.object({ name: z.string(), text: z.string(), edited: z.optional(z.boolean()) })),
  /** What the lesson will create, as `kind/name`, and in which namespace. */
  creates: z.array(z.string()),
  namespace: z.string(),
  /** The folder that it comes from, where the application did not bring it. */
  origin: z.optional(z.string()),
})
export type LessonText = z.infer<typeof lessonText>

export const checkState = z.object({
  id,
  passed: z.boolean(),
  everPassed: z.boolean(),
  /** What was seen, in a few words or figures: `3 / 10`, an address, a phase. */
  seen: z.optional(z.string()),
  /** A hint made from the actual state, in the asked language. */
  hint: z.optional(z.string()),
  /** Why an object of the check is not ready: the id of the cause, its title, and whom to look at on the Cluster screen. */
  why: z.optional(z.object({ id: z.string(), title: z.string(), uid: z.string() })),
})
export type CheckState = z.infer<typeof checkState>

export const actionState = z.object({
  id,
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  ms: z.optional(z.number()),
  exitCode: z.optional(z.number()),
})

export const taskState = z.object({
  id,
  state: z.enum(['later', 'now', 'done', 'skipped']),
  /** It is known how the cluster was when the step began. */
  canReset: z.boolean(),
  actions: z.array(actionState),
  checks: z.array(checkState),
})
export type TaskState = z.infer<typeof taskState>

export const progress = z.object({
  lesson: id,
  tasks: z.array(taskState),
  /** Moments when somebody did something, for the charts: label and milliseconds since the epoch. */
  marks: z.array(z.object({ label: z.string(), at: z.number() })),
  /** In the lesson's way, as `kind/name`: they were there before it, and are never touched. */
  foreign: z.array(z.string()),
  /** Why the progress that was kept could not be read, or that of now cannot be kept. */
  problem: z.optional(wireError),
})
export type LessonProgress = z.infer<typeof progress>

/** Requests that a Pod has answered since it started, by its own access log; our checks and the kubelet's probes left out. */
export const requestCount = z.object({ uid: z.string(), count: z.number() })
export type RequestCount = z.infer<typeof requestCount>

const place = { lesson: id, task: id }

export const lessons = {
  list: call(z.object({ language }), z.array(summary)),
  /** Counts how often lessons' files have changed: `list` and `get` then say something new. */
  revision: stream(nothing, z.object({ revision: z.number() })),
  get: call(z.object({ lesson: id, language }), lessonText),
  progress: stream(z.object({ lesson: id, language }), progress),
  /** For the Pods behind the lesson's own Services. */
  requests: stream(z.object({ lesson: id }), z.object({ pods: z.array(requestCount) })),
  /** Types an action's command into the learner's terminal. The page names it; the host owns the words. */
  act: call(z.object({ ...place, action: id, terminal: id }), nothing),
  /** Runs the task's scripted solution, typed into the terminal too, so that the learner sees it. */
  solve: call(z.object({ ...place, terminal: id }), nothing),
  /** Moves on from the current task: it counts as done where all its checks pass. */
  skip: call(z.object(place), nothing),
  /** Puts the lesson's objects back as they were when the step began, and opens it and the steps after it again. */
  resetTask: call(z.object(place), nothing),
  /** Deletes what the lesson created, nothing else, and forgets its progress. */
  reset: call(z.object({ lesson: id }), nothing),
}
