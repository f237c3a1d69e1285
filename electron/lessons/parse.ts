// From a lesson folder's texts to a Lesson. Every mistake is named by file, line and field.

import { type Document, LineCounter, parseDocument } from 'yaml'
import * as z from 'zod/mini'
import { AppError } from '../contract/errors.ts'
import { parseCondition } from './condition.ts'
import type { Action, Check, Condition, Lesson, Local, Ref, Task, Test } from './lesson.ts'
import { type Prose, readProse, type Section } from './prose.ts'
import { parseRef } from './refs.ts'
import { type Wrong, wrongOf } from './wrong.ts'

const name = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'name'))
const words = z.string().check(z.minLength(1), z.maxLength(2000))
const local = z.strictObject({ 'zh-CN': words, en: words })
/** Typed into somebody's terminal: one line, and no sign that would hide what it does. */
const command = z
  .string()
  .check(z.minLength(1), z.maxLength(2000), z.regex(/^[^\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*$/u, 'hiddenSign'))
/** Not more than a lesson ever has. */
const few = z.maxLength(60)
const figure = z.number().check(z.int(), z.gte(0), z.lte(1_000_000))

const hintSchema = z.strictObject({ when: z.strictObject({ of: words, for: words }), say: local })

const checkSchema = z.strictObject({
  id: name,
  text: local,
  of: z.optional(words),
  for: z.optional(words),
  http: z.optional(
    z.strictObject({
      path: z.string().check(z.regex(/^\/[!-~]*$/, 'path'), z.maxLength(1000)),
      port: z._default(figure.check(z.lte(65_535)), 80),
      status: z._default(figure, 200),
      contains: z.optional(words),
      each: z._default(z.boolean(), false),
      varies: z._default(z.number().check(z.int(), z.gte(1), z.lte(10)), 1),
    }),
  ),
  exec: z.optional(
    z.strictObject({
      command: z.array(command).check(z.minLength(1), few),
      contains: z.optional(words),
      atLeast: z.optional(figure),
    }),
  ),
  ran: z.optional(z.string().check(z.maxLength(300))),
  once: z._default(z.boolean(), false),
  after: z.optional(name),
  since: z.optional(name),
  hints: z._default(z.array(hintSchema).check(few), []),
})

const actionSchema = z.strictObject({
  id: name,
  run: z.optional(command),
  slide: z.optional(name),
  file: z.optional(words),
  exits: z._default(figure.check(z.lte(255)), 0),
  passes: z._default(z.array(name).check(few), []),
})

const schema = z.strictObject({
  namespace: name,
  needs: z._default(z.array(words).check(few), []),
  creates: z.array(words).check(few),
  cleanup: z.array(command).check(few),
  tasks: z
    .array(
      z.strictObject({
        id: name,
        actions: z.array(actionSchema).check(z.minLength(1), few),
        checks: z.array(checkSchema).check(z.minLength(1), few),
      }),
    )
    .check(z.minLength(1), few),
})

type Path = readonly PropertyKey[]

/** The document as plain values; one that means to grow without end (aliases of aliases) is refused. */
const plainOf = (document: Document, broken: (words: string) => AppError): unknown => {
  try {
    return document.toJS({ maxAliasCount: 20 })
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error))
  }
}

/** Why a pattern might take for ever on some line: a repeat around a repeat, or a reference back. */
const wildness = (pattern: string): 'referenceBack' | 'repeatedRepeat' | undefined => {
  const plain = pattern.replace(/\\[^1-9k]/g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/\\[1-9k]/.test(plain)) return 'referenceBack'
  const depth: boolean[] = []
  for (let at = 0; at < plain.length; at++) {
    const sign = plain[at]!
    if (sign === '(') depth.push(false)
    const isRepeat = /^(?:[*+]|\{\d*,\d*\})/.test(plain.slice(at))
    if (isRepeat) for (let level = 0; level < depth.length; level++) depth[level] = true
    if (sign === ')' && depth.pop() && /^[*+{]/.test(plain.slice(at + 1))) return 'repeatedRepeat'
  }
  return undefined
}

/**
 * Builds a lesson from its folder's name and the texts of its files, by file name.
 * @throws AppError lesson.broken with file, line, field and what is wrong
 */
export const parseLesson = (id: string, texts: Readonly<Record<string, string>>): Lesson => {
  const broken = (file: string, line: number, field: string, wrong: Wrong): AppError =>
    new AppError('lesson.broken', { lesson: id, file, line, field, ...wrong })
  const text = (file: string): string => {
    const found = texts[file]
    if (found === undefined) throw broken(file, 1, '', { wrong: 'noFile' })
    return found
  }

  const counter = new LineCounter()
  const document = parseDocument(text('lesson.yaml'), { lineCounter: counter, prettyErrors: false })
  const wrongYaml = document.errors[0]
  if (wrongYaml !== undefined)
    throw broken('lesson.yaml', counter.linePos(wrongYaml.pos[0]).line, '', { wrong: 'yaml', words: wrongYaml.message })

  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true)
      const range =
        typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number] | undefined) : undefined
      if (range !== undefined) return counter.linePos(range[0]).line
    }
    return 1
  }
  const wrong = (path: Path, what: string, facts: Readonly<Record<string, string>> = {}): AppError =>
    broken('lesson.yaml', lineOf(path), path.map(String).join('.'), { wrong: what, ...facts })

  const parsed = schema.safeParse(plainOf(document, words => broken('lesson.yaml', 1, '', { wrong: 'yaml', words })))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path
    const { wrong: what, ...facts } = wrongOf(issue, document.getIn(path) !== undefined)
    throw broken('lesson.yaml', lineOf(path), path.map(String).join('.'), { wrong: what, ...facts })
  }
  const structure = parsed.data

  const ref = (words: string, path: Path): Ref => {
    const found = parseRef(words)
    if (found === undefined) throw wrong(path, 'ref', { words })
    return found
  }
  const condition = (words: string, path: Path): Condition => {
    const found = parseCondition(words)
    if (found === undefined) throw wrong(path, 'condition', { words })
    return found
  }

  const ids = new Set<string>()
  const once = (value: string, path: Path): void => {
    if (ids.has(value)) throw wrong(path, 'twice', { words: value })
    ids.add(value)
  }

  const testOf = (check: z.infer<typeof checkSchema>, path: Path): Test => {
    if (check.ran !== undefined) {
      const wild = wildness(check.ran)
      if (wild !== undefined) throw wrong([...path, 'ran'], wild)
      try {
        return { type: 'ran', pattern: new RegExp(check.ran) }
      } catch (error) {
        throw wrong([...path, 'ran'], 'pattern', { words: error instanceof Error ? error.message : String(error) })
      }
    }
    if (check.of === undefined) throw wrong(path, 'needsOf')
    const of = ref(check.of, [...path, 'of'])
    if (check.http !== undefined) return { type: 'http', of, ...check.http }
    if (check.exec !== undefined) return { type: 'exec', of, ...check.exec }
    if (check.for === undefined) throw wrong(path, 'needsFor')
    const words = condition(check.for, [...path, 'for'])
    if ((words.type === 'delete' || words.type === 'replaced') && check.since === undefined)
      throw wrong(path, 'needsSince', { words: words.type })
    return { type: 'object', of, for: words }
  }

  const tasks = structure.tasks.map((task, t) => {
    once(task.id, ['tasks', t, 'id'])
    const checks = task.checks.map((check, c): Check => {
      const path: Path = ['tasks', t, 'checks', c]
      const test = testOf(check, path)
      for (const key of ['after', 'since'] as const) {
        const other = check[key]
        if (other !== undefined && !ids.has(other)) throw wrong([...path, key], 'notBefore', { words: other })
      }
      once(check.id, [...path, 'id'])
      const hints = check.hints.map((hint, h) => ({
        when: {
          of: ref(hint.when.of, [...path, 'hints', h, 'when', 'of']),
          for: condition(hint.when.for, [...path, 'hints', h, 'when', 'for']),
        },
        say: hint.say,
      }))
      return {
        id: check.id,
        text: check.text,
        test,
        once: check.once || test.type === 'ran',
        after: check.after,
        since: check.since,
        hints,
      }
    })
    const actions = task.actions.map((action, a): Action => {
      const path: Path = ['tasks', t, 'actions', a]
      if ((action.run === undefined) === (action.slide === undefined)) throw wrong(path, 'runOrSlide')
      if (action.file !== undefined && texts[action.file] === undefined)
        throw wrong([...path, 'file'], 'noSuchFile', { words: action.file })
      for (const check of action.passes)
        if (!checks.some(each => each.id === check)) throw wrong([...path, 'passes'], 'noSuchCheck', { words: check })
      const kind = action.run === undefined ? 'slide' : 'run'
      return {
        id: action.id,
        kind,
        text: action.run ?? action.slide ?? '',
        file: action.file,
        exits: action.exits,
        passes: action.passes,
      }
    })
    const twice = actions.find((action, index) => actions.findIndex(other => other.id === action.id) !== index)
    if (twice !== undefined) throw wrong(['tasks', t, 'actions'], 'twice', { words: twice.id })
    return { id: task.id, actions, checks }
  })

  const proseOf = (file: string): Prose => {
    const prose = readProse(text(file))
    if (prose.title === '') throw broken(file, 1, '', { wrong: 'noTitle' })
    if (prose.intro === '') throw broken(file, 1, '', { wrong: 'noIntro' })
    if (prose.sections.length !== tasks.length + 1)
      throw broken(file, prose.sections.at(-1)?.line ?? 1, '', {
        wrong: 'sections',
        tasks: tasks.length,
        wanted: tasks.length + 1,
      })
    for (const [index, task] of tasks.entries()) agree(file, prose.sections[index]!, task)
    return prose
  }
  /** The README shows the very commands that the app runs, in the same order. */
  const agree = (file: string, section: Section, task: { id: string; actions: readonly Action[] }): void => {
    const commands = task.actions.filter(action => action.kind === 'run').map(action => action.text)
    const shown = section.commands
    const index = Math.max(commands.length, shown.length)
    for (let i = 0; i < index; i++)
      if (commands[i] !== shown[i])
        throw broken(file, section.line, task.id, { wrong: 'command', shown: shown[i] ?? '', words: commands[i] ?? '' })
  }
  const zh = proseOf('README.md')
  const en = proseOf('README.en.md')
  const both = (pick: (prose: Prose) => string): Local => ({ 'zh-CN': pick(zh), en: pick(en) })

  return {
    id,
    number: /^\d+/.exec(id)?.[0] ?? '',
    namespace: structure.namespace,
    title: both(prose => prose.title),
    about: both(prose => prose.about),
    intro: both(prose => prose.intro),
    question: both(prose => prose.sections.at(-1)?.say ?? ''),
    tasks: tasks.map(
      (task, index): Task => ({
        ...task,
        title: both(prose => prose.sections[index]?.title ?? ''),
        say: both(prose => prose.sections[index]?.say ?? ''),
      }),
    ),
    needs: structure.needs.map((words, index) => ref(words, ['needs', index])),
    creates: structure.creates.map((words, index) => ref(words, ['creates', index])),
    cleanup: structure.cleanup,
    files: Object.entries(texts)
      .filter(([file]) => file !== 'lesson.yaml' && !/^README.*\.md$/.test(file))
      .map(([file, content]) => ({ name: file, text: content })),
  }
}
