// Lesson folders on disk: the application's own, and the learner's copy, in which no edit is ever overwritten.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '../contract/errors.ts'
import { type Lesson, parseLesson } from '../lessons/index.ts'
import { listFolder, makeFolder, readText, writeWhole } from '../platform/files.ts'

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
  /** The learner's working folder for a lesson. */
  folder(id: string): string
  /** Puts missing files into the learner's folder and renews those the learner has not touched. @throws AppError storage.unwritable */
  place(lesson: Lesson): Promise<PlacedFile[]>
}

const placedSchema = z.record(z.string(), z.string())

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** @param manifests the application's folder of lessons @param home the folder that holds the learner's copies */
export const createLessonFiles = (manifests: string, home: string): LessonFiles => {
  const ids = async (): Promise<string[]> => (await listFolder(manifests)).filter(name => /^\d\d-[a-z0-9-]+$/.test(name))
  const folder = (id: string): string => join(home, id)
  return {
    ids,
    folder,
    load: async id => {
      if (!(await ids()).includes(id)) throw new AppError('lesson.unknown', { lesson: id })
      const texts: Record<string, string> = {}
      for (const name of await listFolder(join(manifests, id))) {
        const text = await readText(join(manifests, id, name))
        if (text !== undefined) texts[name] = text
      }
      return parseLesson(id, texts)
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
