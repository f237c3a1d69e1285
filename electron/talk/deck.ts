// Slides as Markdown files -> Deck. Front matter, body, and notes in a closing comment; every fault names file and line. No I/O.

import { LineCounter, parseDocument } from 'yaml'
import { AppError } from '../contract/errors.ts'
import { type Deck, type Slide, slide } from '../contract/talk.ts'
import { ruleBroken } from './rules.ts'

export interface SlideFile {
  /** `020-architecture.md`: the digits order the deck, the rest is the slide's id. */
  name: string
  text: string
}

const broken = (file: string, line: number, reason: string) => new AppError('deck.broken', { file, line, reason })

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/
const notesComment = /<!--\s*notes\s*\r?\n([\s\S]*?)-->\s*$/

const idOf = (name: string): string => name.replace(/^\d+-/, '').replace(/\.md$/, '')

/** What a slide's front matter may say; the rest of a slide stands below it. */
const known = Object.keys(slide.shape).filter(name => !['id', 'body', 'notes'].includes(name))

/** A slide, and the line on which its front matter says something. @throws AppError deck.broken with file, line and reason */
export const readSlide = ({ name, text }: SlideFile): { slide: Slide; lineOf(field: string): number } => {
  const matter = frontMatter.exec(text)
  if (!matter) throw broken(name, 1, 'a slide starts with front matter between two lines of ---')
  const lines = new LineCounter()
  const document = parseDocument(matter[1] as string, { lineCounter: lines })
  const [fault] = document.errors
  if (fault) throw broken(name, lines.linePos(fault.pos[0]).line + 1, fault.message.split('\n')[0] as string)
  const places = new Map<string, number>()
  const { contents } = document
  for (const { key } of contents && 'items' in contents ? (contents.items as { key: unknown }[]) : []) {
    const { value, range } = (key ?? {}) as { value?: unknown; range?: [number, number, number] }
    if (range) places.set(String(value), lines.linePos(range[0]).line + 1)
  }
  const lineOf = (field: string): number => places.get(field) ?? 1
  const strange = [...places.keys()].find(field => !known.includes(field))
  if (strange !== undefined) throw broken(name, lineOf(strange), `${strange}: not a field; there are ${known.join(', ')}`)

  const rest = text.slice(matter[0].length)
  const notes = notesComment.exec(rest)
  const fields = {
    ...valuesOf(document),
    id: idOf(name),
    body: rest.replace(notesComment, '').trim(),
    notes: notes?.[1]?.trim() ?? '',
  }
  const parsed = slide.safeParse(fields)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = String(issue?.path[0] ?? '')
    const reason = issue?.code === 'invalid_value' ? `one of ${issue.values.join(', ')}` : issue?.message
    throw broken(name, lineOf(field), `${field}: ${reason}`)
  }
  const rule = ruleBroken(parsed.data)
  if (rule) throw broken(name, lineOf(rule.field), `${rule.field}: ${rule.reason}`)
  return { slide: parsed.data, lineOf }
}

/** Aliases that would grow beyond all bounds are refused by the parser, in its own words. */
const valuesOf = (document: ReturnType<typeof parseDocument>): Record<string, unknown> => {
  const values: unknown = document.toJS()
  return typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {}
}

/** One slide. @throws AppError deck.broken with file, line and reason */
export const parseSlide = (file: SlideFile): Slide => readSlide(file).slide

/** The whole deck, ordered by file name; the first slide's title is the talk's. @throws AppError deck.broken */
export const parseDeck = (files: readonly SlideFile[]): Deck => {
  const slides = files.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })).map(parseSlide)
  const [cover] = slides
  if (!cover) throw broken('slides', 1, 'a deck has at least one slide')
  return { title: cover.title, slides }
}
