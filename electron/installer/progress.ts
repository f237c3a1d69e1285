// The progress file: what is happening now, for any window to read. Ephemeral: the journal is the truth.

import * as z from 'zod/mini'
import { run, wait } from '../contract/setup.ts'
import { readText, remove, writeWhole } from '../platform/files.ts'

export const progressSchema = z.object({
  run: z.string(),
  pid: z.number(),
  kind: z.enum(['apply', 'undo']),
  steps: z.array(z.object({ id: z.string(), state: z.string(), startedAt: z.optional(z.number()), ms: z.optional(z.number()) })),
  progress: run.shape.progress,
  wait: z.optional(wait),
  stopping: z.boolean(),
  log: z.string(),
})
export type Progress = z.infer<typeof progressSchema>

export const progressFile = 'progress.json'
/** Its being there asks the engine to end after the present step. */
export const stopFile = 'stop'
export const lockFile = 'lock'

/** Undefined where there is none, or none that can be read: it is never more than a help. */
export const readProgress = async (folder: string): Promise<Progress | undefined> => {
  const text = await readText(`${folder}/${progressFile}`)
  try {
    return progressSchema.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}

/** Between two writes: readers see it move, and the disk has peace. */
const gapMs = 200

export interface ProgressWriter {
  set(progress: Progress): void
  /** Writes what is still to be written, then takes the file away. */
  close(): Promise<void>
}

export const createProgressWriter = (folder: string, onError: (error: unknown) => void): ProgressWriter => {
  const path = `${folder}/${progressFile}`
  let latest: Progress | undefined
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const flush = () => {
    timer = undefined
    const now = latest
    if (now !== undefined) writing = writing.then(() => writeWhole(path, JSON.stringify(now))).catch(onError)
  }
  return {
    set: progress => {
      latest = progress
      timer ??= setTimeout(flush, gapMs)
    },
    close: async () => {
      clearTimeout(timer)
      await writing
      await remove(path)
    },
  }
}
