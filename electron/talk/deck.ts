// Slides as Markdown files -> Deck. Front matter, body, and notes in a closing comment; every fault names file and line. No I/O.

import { LineCounter, parseDocument } from 'yaml'
import { AppError } from '../contract/errors.ts'
import { type Deck, type Slide, slide } from '../contract/talk.ts'

export interface SlideFile {
  /** `020-architecture.md`: the digits order the deck, the rest is the slide's id. */
  name: string
  text: string
}

const broken = (file: string, line: number, reason: string) => new AppError('deck.broken', { file, line, reason })

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/
const notesComment = /<!--\s*notes\s*\r?\n([\s\S]*?)-->\s*$/

const idOf = (name: string): string => name.replace(/^\d+-/, '').replace(/\.md$/, '')

/** One slide. @throws AppError deck.broken with file, line and reason */
export const parseSlide = ({ name, text }: SlideFile): Slide => {
  const matter = frontMatter.exec(text)
  if (!matter) throw broken(name, 1, 'a slide starts with front matter between two lines of ---')
  const lines = new LineCounter()
  const document = parseDocument(matter[1] as string, { lineCounter: lines })
  const [fault] = document.errors
  if (fault) throw broken(name, lines.linePos(fault.pos[0]).line + 1, fault.message.split('\n')[0] as string)

  const rest = text.slice(matter[0].length)
  const notes = notesComment.exec(rest)
  const fields = {
    ...(document.toJS() as Record<string, unknown>),
    id: idOf(name),
    body: rest.replace(notesComment, '').trim(),
    notes: notes?.[1]?.trim() ?? '',
  }
  try {
    return slide.parse(fields)
  } catch (error) {
    throw broken(name, 1, firstIssue(error))
  }
}

const firstIssue = (error: unknown): string => {
  const issues = (error as { issues?: { path: (string | number)[]; message: string }[] }).issues
  const [issue] = issues ?? []
  return issue ? `${issue.path.join('.')}: ${issue.message}` : String(error)
}

/** The whole deck, ordered by file name; the first slide's title is the talk's. @throws AppError deck.broken */
export const parseDeck = (files: readonly SlideFile[]): Deck => {
  const slides = files.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })).map(parseSlide)
  const [cover] = slides
  if (!cover) throw broken('slides', 1, 'a deck has at least one slide')
  return { title: cover.title, slides }
}
