// Slides as Markdown files -> Deck. Front matter, body, and notes in a closing comment; every fault names file and line. No I/O.

import { type Document, LineCounter, parseDocument } from 'yaml'
import { AppError } from '../contract/errors.ts'
import { type Deck, type Slide, slide } from '../contract/talk.ts'
import { ruleBroken } from './rules.ts'
import { type Wrong, wrong, wrongOf } from './wrong.ts'

export interface SlideFile {
  /** `020-architecture.md`: the digits order the deck, the rest is the slide's id. */
  name: string
  text: string
}

const broken = (file: string, line: number, what: Wrong) => new AppError('deck.broken', { file, line, ...what })

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/
const notesComment = /<!--\s*notes\s*\r?\n([\s\S]*?)-->\s*$/

const idOf = (name: string): string => name.replace(/^\d+-/, '').replace(/\.md$/, '')

/** What a slide's front matter may say; the rest of a slide stands below it. */
const known = Object.keys(slide.shape).filter(name => !['id', 'body', 'notes'].includes(name))

/** A slide, and the line on which its front matter says something. @throws AppError deck.broken with file, line and what is wrong */
export const readSlide = ({ name, text }: SlideFile): { slide: Slide; lineOf(field: string): number } => {
  const matter = frontMatter.exec(text)
  if (!matter) throw broken(name, 1, wrong('noFrontMatter'))
  const lines = new LineCounter()
  const document = parseDocument(matter[1] as string, { lineCounter: lines, prettyErrors: false })
  const [fault] = document.errors
  if (fault) throw broken(name, lines.linePos(fault.pos[0]).line + 1, wrong('yaml', '', fault.message))
  const places = new Map<string, number>()
  const { contents } = document
  for (const { key } of contents && 'items' in contents ? (contents.items as { key: unknown }[]) : []) {
    const { value, range } = (key ?? {}) as { value?: unknown; range?: [number, number, number] }
    if (range) places.set(String(value), lines.linePos(range[0]).line + 1)
  }
  const lineOf = (field: string): number => places.get(field) ?? 1
  const strange = [...places.keys()].find(field => !known.includes(field))
  if (strange !== undefined) throw broken(name, lineOf(strange), wrong('unknownField', strange, known.join(', ')))

  const rest = text.slice(matter[0].length)
  const notes = notesComment.exec(rest)
  const fields = {
    ...valuesOf(document, words => broken(name, 1, wrong('yaml', '', words))),
    id: idOf(name),
    body: rest.replace(notesComment, '').trim(),
    notes: notes?.[1]?.trim() ?? '',
  }
  const parsed = slide.safeParse(fields)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const what = wrongOf(issue, places.has(String(issue?.path[0])))
    throw broken(name, lineOf(what.field), what)
  }
  const rule = ruleBroken(parsed.data)
  if (rule) throw broken(name, lineOf(rule.field), rule)
  return { slide: parsed.data, lineOf }
}

/** The document as plain values; aliases that would grow without end, or that lead nowhere, are refused. */
const valuesOf = (document: Document, fault: (words: string) => AppError): Record<string, unknown> => {
  try {
    const values: unknown = document.toJS({ maxAliasCount: 20 })
    return typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {}
  } catch (error) {
    throw fault((error as Error).message)
  }
}

/** One slide. @throws AppError deck.broken with file, line and what is wrong */
export const parseSlide = (file: SlideFile): Slide => readSlide(file).slide

/** The whole deck, ordered by file name; the first slide's title is the talk's. @throws AppError deck.broken */
export const parseDeck = (files: readonly SlideFile[]): Deck => {
  const slides = files.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })).map(parseSlide)
  const [cover] = slides
  if (!cover) throw broken('slides', 1, wrong('noSlides'))
  return { title: cover.title, slides }
}
