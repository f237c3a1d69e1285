// Where slides come from: the application's own talk, or a folder of the user's, taken as untrusted and followed while it is written.

import { join } from 'node:path'
import { AppError } from '../contract/errors.ts'
import type { Language } from '../contract/shapes.ts'
import type { Deck } from '../contract/talk.ts'
import type { Lesson } from '../lessons/index.ts'
import { readTexts, watchFolder } from '../platform/files.ts'
import { checkSlides, parseDeck, type SlideFile, withCommand } from '../talk/index.ts'
import type { LessonFiles } from './lesson-files.ts'

export interface DeckFiles {
  /** The deck in a language, each slide with the first command of its lesson. @throws AppError deck.broken */
  read(language: Language): Promise<Deck>
  /** Told when a slide may have changed. Returns the stop. */
  watch(listener: () => void): () => void
}

/** More than any talk has, and far more than a slide holds. */
const limits = { files: 500, bytes: 32 * 1024 }

const broken = (file: string, wrong: string, words = '') =>
  new AppError('deck.broken', { file, line: 1, field: '', wrong, words, ...limits })

/** A folder's slides: in `zh-CN/` and `en/` below it, or one deck for both languages right in it. @throws AppError deck.broken */
export const readSlides = async (folder: string, language: Language): Promise<SlideFile[]> => {
  for (const place of [join(folder, language), folder]) {
    const { texts, problem } = await readSlideTexts(place)
    const slides = [...texts].filter(([name]) => name.endsWith('.md') && !/^readme(\.|$)/i.test(name))
    if (problem && (slides.length > 0 || problem.file.endsWith('.md'))) throw broken(join(place, problem.file), problem.reason)
    if (slides.length > 0) return slides.map(([name, text]) => ({ name, text }))
  }
  throw broken(folder, 'noSlides')
}

/** Folders beside the slides, such as the other language's, are no slides and no fault. */
const readSlideTexts = async (place: string) => {
  try {
    return await readTexts(place, { ...limits, matching: /\.md$/ })
  } catch (error) {
    throw broken(place, 'unreadable', (error as Error).message)
  }
}

/** Every lesson that can be opened, by id. */
export const openLessons = async (files: Pick<LessonFiles, 'ids' | 'load'>): Promise<ReadonlyMap<string, Lesson>> => {
  const loaded = await Promise.all((await files.ids()).map(id => files.load(id).catch(() => undefined)))
  return new Map(loaded.flatMap(lesson => (lesson ? [[lesson.id, lesson] as const] : [])))
}

/** @param own a folder of the user's in place of the application's */
export const createDeckFiles = (
  application: string,
  lessons: Pick<LessonFiles, 'ids' | 'load'>,
  own: string | undefined,
): DeckFiles => {
  const folder = own ?? application
  return {
    read: async language => {
      const [files, known] = await Promise.all([readSlides(folder, language), openLessons(lessons)])
      const [problem] = own === undefined ? [] : checkSlides(files, known)
      if (problem) throw new AppError('deck.broken', { ...problem })
      const { title, slides } = parseDeck(files)
      return { title, slides: slides.map(slide => withCommand(slide, known.get(slide.lesson ?? ''))) }
    },
    watch: listener => watchFolder(folder, listener),
  }
}
