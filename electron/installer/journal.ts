// The journal: what was done to this machine, each line on the disk before the next thing happens. The truth after any crash.

import * as z from 'zod/mini'
import { AppError } from '../contract/errors.ts'
import { choice, stepId } from '../contract/setup.ts'
import { openDurableLines } from '../platform/durable.ts'
import { readText, setAside } from '../platform/files.ts'
import { rootRequest } from './helper/verbs.ts'
import type { Doing } from './step.ts'

const facts = z.record(z.string(), z.union([z.string(), z.number()]))

/** The acts of a user that a journal may ask for again: those that take something back. */
const userUndo = z.discriminatedUnion('type', [
  z.object({ type: z.literal('kubeconfig-remove'), record: z.optional(z.unknown()), folder: z.optional(z.string()) }),
  z.object({ type: z.literal('hello-remove') }),
  z.object({ type: z.literal('alias-remove'), path: z.string(), made: z.boolean() }),
])
const doing = z.discriminatedUnion('as', [
  z.object({ as: z.literal('root'), request: rootRequest }),
  z.object({ as: z.literal('user'), does: userUndo }),
])

const stamp = { at: z.number(), run: z.string() }

export const journalEvent = z.discriminatedUnion('type', [
  /** `baseline`: how the machine was, at the first run of all; undo ends by comparing with it. */
  z.object({
    type: z.literal('run-started'),
    ...stamp,
    kind: z.enum(['apply', 'undo']),
    pid: z.number(),
    baseline: z.optional(z.record(z.string(), z.string())),
    choices: z.optional(z.array(choice)),
  }),
  z.object({ type: z.literal('step-started'), ...stamp, step: stepId }),
  z.object({
    type: z.literal('change-intended'),
    ...stamp,
    id: z.string(),
    step: stepId,
    what: z.string(),
    facts,
    before: z.string(),
    after: z.string(),
    undo: z.array(doing),
    losesData: z.optional(z.boolean()),
    temporary: z.optional(z.boolean()),
    goesWith: z.optional(z.literal('microk8s')),
  }),
  z.object({ type: z.literal('change-made'), ...stamp, id: z.string(), after: z.string() }),
  z.object({ type: z.literal('change-undoing'), ...stamp, id: z.string() }),
  z.object({ type: z.literal('change-undone'), ...stamp, id: z.string() }),
  z.object({
    type: z.literal('step-finished'),
    ...stamp,
    step: stepId,
    outcome: z.enum(['done', 'failed', 'skipped']),
    ms: z.number(),
  }),
  z.object({
    type: z.literal('run-ended'),
    ...stamp,
    ok: z.boolean(),
    error: z.optional(z.object({ code: z.string(), details: z.optional(facts) })),
  }),
])
export type JournalEvent = z.infer<typeof journalEvent>
/** Without what every event gets when it is written. */
export type NewEvent = JournalEvent extends infer E ? (E extends JournalEvent ? Omit<E, 'at' | 'run'> : never) : never

export interface Journal {
  /** All of it, from the first run on. */
  readonly events: readonly JournalEvent[]
  /** Returns when it is on the disk. @throws AppError storage.unwritable */
  write(event: NewEvent): void
  close(): void
}

export const journalFile = 'journal.jsonl'

/** Throws at the first line that is no event of ours. */
const parse = (lines: readonly string[]): JournalEvent[] => lines.map(line => journalEvent.parse(JSON.parse(line)))

/**
 * For the one engine that holds the lock. A line that a crash cut off is dropped.
 * @throws AppError setup.journalBroken where the middle cannot be read: it is set aside, and nothing is guessed
 */
export const openJournal = async (folder: string, run: string, now: () => number): Promise<Journal> => {
  const path = `${folder}/${journalFile}`
  const file = openDurableLines(path)
  let events: JournalEvent[]
  try {
    events = parse(file.lines)
  } catch (error) {
    file.close()
    throw new AppError('setup.journalBroken', { path: await setAside(path, `broken-${now()}`) }, { cause: error })
  }
  return {
    get events() {
      return events
    },
    write: event => {
      const whole = { ...event, at: now(), run } as JournalEvent
      file.append(JSON.stringify(whole))
      events = [...events, whole]
    },
    close: () => file.close(),
  }
}

/** For whoever only looks, at any time. @throws AppError setup.journalBroken */
export const readJournal = async (folder: string): Promise<JournalEvent[]> => {
  const path = `${folder}/${journalFile}`
  const text = (await readText(path)) ?? ''
  try {
    return parse(
      text
        .slice(0, text.lastIndexOf('\n') + 1)
        .split('\n')
        .filter(line => line !== ''),
    )
  } catch (error) {
    throw new AppError('setup.journalBroken', { path }, { cause: error })
  }
}

/** What the journal holds, as the step's types say it. */
export const undoOf = (event: Extract<JournalEvent, { type: 'change-intended' }>): readonly Doing[] =>
  event.undo as readonly Doing[]
