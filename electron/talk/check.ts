// What is wrong with a deck that somebody else wrote: every fault at once, each with its file and line. Pure.

import { AppError } from '../contract/errors.ts'
import { readSlide, type SlideFile } from './deck.ts'
import { diagramBroken, type KnownLesson, nameBroken } from './rules.ts'
import { type Wrong, wrong } from './wrong.ts'

export interface Problem extends Wrong {
  file: string
  /** Counted from 1. */
  line: number
}

/** What a slide must not hold, by line; code is looked past. */
const bans: { what: RegExp; wrong: string }[] = [
  { what: /!\[[^\]]*\]/, wrong: 'image' },
  { what: /<(?!https?:|mailto:)[a-z!/?][^>]*>?/i, wrong: 'html' },
  // thousands of them would keep the page busy for minutes
  { what: /^(?:\s*(?:>|(?:[*+-]|\d{1,9}[.)])\s)){9}/, wrong: 'deep' },
  { what: /\]\(\s*<?(?!https?:|mailto:|#)[^)\s]+|^\s*\[[^\]]+\]:\s*<?(?!https?:|mailto:|#)\S+/i, wrong: 'link' },
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
    const add = (line: number, what: Wrong) => problems.push({ file: file.name, line, ...what })
    try {
      const { slide, lineOf } = readSlide(file)
      const { id } = slide
      const twin = seen.get(id)
      if (twin !== undefined) add(1, wrong('twin', '', twin))
      seen.set(id, file.name)
      for (const broken of [diagramBroken(slide), nameBroken(slide, lessons.get(slide.lesson ?? ''))])
        if (broken) add(lineOf(broken.field), broken)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'deck.broken') throw error
      const { line, wrong: id, field, words } = error.details
      add(Number(line), wrong(String(id), String(field), String(words)))
    }
    for (const [index, line] of withoutCode(file.text).entries()) {
      const ban = bans.find(({ what }) => what.test(line))
      if (ban) add(index + 1, wrong(ban.wrong))
    }
    return problems
  })
}

/** Slides that a deck of two languages has in the other one only. */
export const missingSlides = (here: readonly SlideFile[], there: readonly SlideFile[]): Problem[] =>
  there
    .filter(({ name }) => !here.some(each => each.name === name))
    .map(({ name }) => ({ file: name, line: 1, ...wrong('onlyThere') }))
