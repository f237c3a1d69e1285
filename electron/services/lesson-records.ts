// Progress on disk: one file for each lesson and cluster.

import { join } from 'node:path'
import * as z from 'zod/mini'
import type { AppError } from '../contract/errors.ts'
import { emptyRecord, type LessonRecord } from '../lessons/index.ts'
import type { Clock } from '../platform/clock.ts'
import { listFolder } from '../platform/files.ts'
import { type JsonFile, openJsonFile } from '../platform/json-file.ts'

const kept = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.optional(z.string()) }),
})

const record = z.object({
  before: z.optional(z.array(z.string())),
  passed: z.record(z.string(), z.object({ at: z.number(), seen: z.optional(z.string()), uids: z.array(z.string()) })),
  done: z.array(z.string()),
  skipped: z.array(z.string()),
  actions: z.record(
    z.string(),
    z.object({
      state: z.enum(['running', 'done', 'failed']),
      ms: z.optional(z.number()),
      exitCode: z.optional(z.number()),
    }),
  ),
  marks: z.array(z.object({ label: z.string(), at: z.number() })),
  own: z.optional(z.array(z.string())),
  entries: z.optional(z.record(z.string(), z.object({ at: z.number(), objects: z.array(kept) }))),
  left: z.optional(z.record(z.string(), z.number())),
})

export interface KeptRecord {
  value: LessonRecord
  /** Why the file could not be read; the value is then empty. */
  problem?: AppError
  /** @throws AppError storage.unwritable */
  set(value: LessonRecord): Promise<void>
}

export interface LessonRecords {
  /** Those that there are, in order. */
  list(): Promise<{ lesson: string; cluster: string }[]>
  open(lesson: string, cluster: string): Promise<KeptRecord>
  /** Resolves when nothing is being written any more, well or not: whoever wrote it was told. */
  flush(): Promise<void>
}

/** A broken file is set aside and the lesson begins anew; `report` hears of it. */
export const createLessonRecords = (folder: string, clock: Clock, report: (error: unknown) => void): LessonRecords => {
  // Read once: a cluster that is lost and back within a write must not bring back what the file said before it.
  const files = new Map<string, Promise<JsonFile<LessonRecord>>>()
  const writing = new Set<Promise<void>>()

  const write = async (file: JsonFile<LessonRecord>, value: LessonRecord): Promise<void> => {
    const done = file.set(value)
    writing.add(done)
    await done.finally(() => writing.delete(done))
  }

  const read = async (path: string): Promise<JsonFile<LessonRecord>> => {
    const file = await openJsonFile<LessonRecord>({
      path,
      schema: record,
      initial: emptyRecord,
      broken: 'progress.broken',
      clock,
    })
    if (file.problem !== undefined) report(file.problem)
    return file
  }

  return {
    list: async () =>
      (await listFolder(folder)).flatMap(name => {
        const [, lesson, cluster] = /^([\w-]+)@(.+)\.json$/.exec(name) ?? []
        return lesson === undefined || cluster === undefined ? [] : [{ lesson, cluster: decodeURIComponent(cluster) }]
      }),
    open: async (lesson, cluster) => {
      const path = join(folder, `${lesson}@${encodeURIComponent(cluster)}.json`)
      const reading = files.get(path) ?? read(path)
      files.set(path, reading)
      const file = await reading
      // nothing runs any more: what ran when we ended has no known end
      const actions = Object.fromEntries(Object.entries(file.value.actions).filter(([, { state }]) => state !== 'running'))
      return { value: { ...file.value, actions }, problem: file.problem, set: value => write(file, value) }
    },
    flush: async () => void (await Promise.allSettled(writing)),
  }
}
