// What is wrong with a deck that somebody else wrote: every fault at once, each with its file and line. Pure.

import { AppError } from '../contract/errors.ts'
import { readSlide, type SlideFile } from './deck.ts'
import { diagramBroken, type KnownLesson, nameBroken } from './rules.ts'

export interface Problem {
  file: string
  /** Counted from 1. */
  line: number
  reason: string
}

/** What a slide must not hold, by line; code is looked past. */
const bans: { what: RegExp; reason: string }[] = [
  { what: /!\[[^\]]*\]/, reason: 'no images: a slide is Markdown alone, and nothing is fetched for it' },
  { what: /<(?!https?:|mailto:)[a-z!/?][^>]*>?/i, reason: 'no HTML: write Markdown, and code between backticks' },
  {
    what: /\]\(\s*<?(?!https?:|mailto:|#)[^)\s]+|^\s*\[[^\]]+\]:\s*<?(?!https?:|mailto:|#)\S+/i,
    reason: 'links lead to https, http or mailto only',
  },
]

const fence = /^\s*(```|~~~)/
const notes = /<!--\s*notes\s*\r?\n[\s\S]*?-->\s*$/

/** The text with code, and the closing notes' own marks, blanked out: the lines stay where they are. */
const withoutCode = (text: string): string[] => {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ')
  let isCode = false
  return text
    .replace(notes, part => part.replace(/<!--\s*notes|-->/g, blank))
    .split('\n')
    .map(line => {
      const isFence = fence.test(line)
      if (isFence) isCode = !isCode
      return isCode || isFence ? '' : line
    })
    .join('\n')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, blank)
    .split('\n')
}

/** Every fault of every slide, in reading order; none: the deck opens. `lessons` are those that can be opened, by id. */
export const checkSlides = (files: readonly SlideFile[], lessons: ReadonlyMap<string, KnownLesson>): Problem[] => {
  const seen = new Map<string, string>()
  return files.flatMap(file => {
    const problems: Problem[] = []
    const add = (line: number, reason: string) => problems.push({ file: file.name, line, reason })
    try {
      const { slide, lineOf } = readSlide(file)
      const { id } = slide
      const twin = seen.get(id)
      if (twin !== undefined) add(1, `the same name as ${twin}: only the digits differ`)
      seen.set(id, file.name)
      for (const broken of [diagramBroken(slide), nameBroken(slide, lessons.get(slide.lesson ?? ''))])
        if (broken) add(lineOf(broken.field), `${broken.field}: ${broken.reason}`)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'deck.broken') throw error
      add(Number(error.details.line ?? 1), String(error.details.reason ?? ''))
    }
    for (const [index, line] of withoutCode(file.text).entries()) {
      const ban = bans.find(({ what }) => what.test(line))
      if (ban) add(index + 1, ban.reason)
    }
    return problems
  })
}
