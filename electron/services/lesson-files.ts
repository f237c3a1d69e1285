// Lesson folders on disk: the application's own, others', and the learner's copy, in which no edit is ever overwritten.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '../contract/errors.ts'
import { type Lesson, parseLesson } from '../lessons/index.ts'
import { listFolder, makeFolder, readText, readTexts, watchFolder, writeWhole } from '../platform/files.ts'
import type { UserFolders } from '../platform/paths.ts'

export interface PlacedFile {
  name: string
  text: string
  edited?: boolean
}

export interface LessonFiles {
  /** Folder names of all lessons, in order. */
  ids(): Promise<string[]>
  /** @throws AppError lesson.unknown, lesson.broken */
  load(id: string): Promise<Lesson>
  /** The folder that a lesson comes from, where the application did not bring it. */
  origin(id: string): Promise<string | undefined>
  /** Folders that cannot be used because another lesson has their name. */
  hidden(): Promise<string[]>
  /** Tells when a lesson's files change, once for changes at the same moment. Returns the stop. */
  onChange(listener: () => void): () => void
  /** The learner's working folder for a lesson. */
  folder(id: string): string
  /** Puts missing files into the learner's folder and renews those the learner has not touched. @throws AppError storage.unwritable */
  place(lesson: Lesson): Promise<PlacedFile[]>
}

const placedSchema = z.record(z.string(), z.string())

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Where this user's own lessons are looked for: beside the learner's copies, never among them. */
export const ownLessons = ({ data }: Pick<UserFolders, 'data'>): string => join(data, 'my-lessons')

/** Generous for a lesson, and nothing to a machine. */
const limits = { files: 64, bytes: 256 * 1024 }

/** An editor that saves writes more than once. */
const restMs = 150

/**
 * @param manifests the application's folder of lessons
 * @param home the folder that holds the learner's copies
 * @param others folders of lessons that others wrote
 */
export const createLessonFiles = (manifests: string, home: string, others: readonly string[] = []): LessonFiles => {
  const roots = [manifests, ...others]
  /** Every lesson's folder, the application's first: nobody takes a name from it. */
  const all = async (): Promise<{ id: string; root: string }[]> => {
    const found: { id: string; root: string }[] = []
    for (const root of roots)
      for (const id of (await listFolder(root)).filter(name => /^\d\d-[a-z0-9-]+$/.test(name))) found.push({ id, root })
    return found
  }
  const ids = async (): Promise<string[]> => [...new Set((await all()).map(({ id }) => id))].sort()
  const rootOf = async (id: string): Promise<string> => {
    const found = (await all()).find(each => each.id === id)
    if (found === undefined) throw new AppError('lesson.unknown', { lesson: id })
    return found.root
  }
  const folder = (id: string): string => join(home, id)
  return {
    ids,
    folder,
    origin: async id => {
      const root = await rootOf(id)
      return root === manifests ? undefined : join(root, id)
    },
    hidden: async () => {
      const found = await all()
      return found.filter((each, at) => found.findIndex(({ id }) => id === each.id) < at).map(({ id, root }) => join(root, id))
    },
    onChange: listener => {
      let timer: NodeJS.Timeout | undefined
      const later = (): void => {
        clearTimeout(timer)
        timer = setTimeout(listener, restMs)
      }
      const stops = roots.map(root => watchFolder(root, later))
      return () => {
        clearTimeout(timer)
        for (const stop of stops) stop()
      }
    },
    load: async id => {
      const { texts, problem } = await readTexts(join(await rootOf(id), id), limits)
      if (problem !== undefined) {
        const { file, reason } = problem
        throw new AppError('lesson.broken', { lesson: id, file, line: 1, field: '', wrong: reason, ...limits })
      }
      return parseLesson(id, Object.fromEntries(texts))
    },
    place: async lesson => {
      const target = folder(lesson.id)
      await makeFolder(target)
      // what we wrote, by hash: a file that is still as we wrote it may be renewed
      const notes = join(target, '.placed.json')
      const placed = readPlaced(await readText(notes))
      const files: PlacedFile[] = []
      let isNew = false
      for (const { name, text } of lesson.files) {
        const path = join(target, name)
        const found = await readText(path)
        const isOurs = found === undefined || hashOf(found) === placed[name]
        if (found !== text && isOurs) await writeWhole(path, text, 0o644)
        if (found === text || isOurs) {
          isNew ||= placed[name] !== hashOf(text)
          placed[name] = hashOf(text)
          files.push({ name, text })
        } else files.push({ name, text: found, edited: true })
      }
      if (isNew) await writeWhole(notes, `${JSON.stringify(placed, undefined, 2)}\n`)
      return files
    },
  }
}

/** Broken notes count as none: then every file that differs is taken for the learner's own. */
const readPlaced = (text: string | undefined): Record<string, string> => {
  try {
    return placedSchema.parse(JSON.parse(text ?? '{}'))
  } catch {
    return {}
  }
}
