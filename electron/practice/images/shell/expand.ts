// From a word as written to the fields a command gets: parameters, substitutions, splitting, globbing, quotes removed.
// Follows POSIX.1-2024, Shell Command Language, section 2.6

import type { FileTree } from '../files.ts'
import { evaluate } from './arithmetic.ts'
import type { List, Part, Word } from './ast.ts'
import { escapePattern, glob, hasPattern, strip, unescapePattern } from './pattern.ts'

/** What expansion needs of the shell. */
export interface Scope {
  readonly files: FileTree
  readonly cwd: string
  readonly noGlob: boolean
  readonly noUnset: boolean
  readonly positional: readonly string[]
  get(name: string): string | undefined
  set(name: string, value: string): void
  /** Runs commands and returns what they wrote. */
  capture(body: List): Promise<string>
}

/** An expansion that ends a shell which is not interactive. */
export class ExpansionError extends Error {}

/** A field being made: `pattern` is its text with quoted characters escaped. */
interface Field {
  pattern: string
  /** Something quoted was there: the field stays, even if empty. */
  solid: boolean
}

/** A value with `fields` for "$@", whose elements stay apart. */
type Value = { text: string | undefined; fields?: readonly string[] }

const parameter = (name: string, scope: Scope): Value => {
  if (name === '@' || name === '*') {
    const separator = scope.get('IFS') === undefined ? ' ' : (scope.get('IFS')![0] ?? '')
    const text = scope.positional.length > 0 ? scope.positional.join(name === '*' ? separator : ' ') : undefined
    return { text, fields: scope.positional }
  }
  return { text: scope.get(name) }
}

const expandParameter = async (part: Part & { type: 'parameter' }, scope: Scope): Promise<Value | Word> => {
  const value = parameter(part.name, scope)
  const { operator, name } = part
  const colon = operator.startsWith(':')
  const unset = value.text === undefined || (colon && value.text === '')
  switch (operator.replace(':', '')) {
    case '-':
      return unset ? part.word : value
    case '+':
      return unset ? { text: '' } : part.word
    case '=': {
      if (!unset) return value
      const text = await expandText(part.word, scope)
      scope.set(name, text)
      return { text }
    }
    case '?':
      if (unset)
        throw new ExpansionError(
          `${name}: ${(await expandText(part.word, scope)) || `parameter ${colon ? 'null or ' : ''}not set`}`,
        )
      return value
    case '':
      if (value.text === undefined && scope.noUnset && name !== '@' && name !== '*')
        throw new ExpansionError(`${name}: parameter not set`)
      return value
    default: {
      const pattern = await expandPattern(part.word, scope)
      return { text: strip(value.text ?? '', pattern, operator) }
    }
  }
}

const isWord = (value: Value | Word): value is Word => Array.isArray(value)

const resultOf = async (part: Part, scope: Scope): Promise<Value | Word> => {
  switch (part.type) {
    case 'text':
      return { text: part.text }
    case 'parameter':
      return expandParameter(part, scope)
    case 'length':
      return {
        text: String(part.name === '@' || part.name === '*' ? scope.positional.length : [...(scope.get(part.name) ?? '')].length),
      }
    case 'command':
      return { text: (await scope.capture(part.body)).replace(/\n+$/, '') }
    case 'arithmetic':
      return { text: String(evaluate(await expandText(part.word, scope), scope)) }
  }
}

const tilde = (word: Word, scope: Scope): Word => {
  const [first, ...rest] = word
  if (first?.type !== 'text' || first.quoted) return word
  const match = /^~(\/|$)/.exec(first.text)
  const home = scope.get('HOME')
  if (!match || home === undefined || (match[1] === '' && rest.length > 0)) return word
  return [{ type: 'text', text: home, quoted: true }, { ...first, text: first.text.slice(1) }, ...rest]
}

/** Adds a value that may be split at the characters of IFS. */
const splitInto = (fields: Field[], text: string, ifs: string, state: { open: boolean }) => {
  let separated = false
  for (const char of text) {
    if (!ifs.includes(char)) {
      if (!state.open) fields.push({ pattern: '', solid: false })
      state.open = true
      separated = false
      // What comes from a variable may be a pattern, but its backslashes are only text.
      fields.at(-1)!.pattern += char === '\\' ? '\\\\' : char
    } else if (' \t\n'.includes(char)) {
      state.open = false
    } else {
      if (!state.open && (separated || fields.length === 0)) fields.push({ pattern: '', solid: true })
      else if (state.open) fields.at(-1)!.solid = true
      state.open = false
      separated = true
    }
  }
}

const expandInto = async (word: Word, scope: Scope, fields: Field[], state: { open: boolean }, split: boolean): Promise<void> => {
  const ifs = scope.get('IFS') ?? ' \t\n'
  const current = () => {
    if (!state.open) fields.push({ pattern: '', solid: false })
    state.open = true
    return fields.at(-1)!
  }
  for (const part of word) {
    const value = await resultOf(part, scope)
    if (isWord(value)) {
      await expandInto(value, scope, fields, state, split)
      // Quotes around ${x:-} make a field even of nothing.
      if (part.quoted && value.length === 0) current().solid = true
      continue
    }
    const isAt = part.type === 'parameter' && part.name === '@' && value.fields !== undefined
    if (value.fields && split && (isAt || !part.quoted)) {
      for (const [index, element] of value.fields.entries()) {
        if (index > 0) state.open = false
        if (!part.quoted) splitInto(fields, element, ifs, state)
        else {
          const field = current()
          field.pattern += escapePattern(element)
          field.solid = true
        }
      }
    } else if (part.quoted) {
      const field = current()
      field.pattern += escapePattern(value.text ?? '')
      field.solid = true
    } else if (part.type === 'text') current().pattern += part.text
    else if (split) splitInto(fields, value.text ?? '', ifs, state)
    else if (value.text) current().pattern += value.text.replaceAll('\\', '\\\\')
  }
}

/** Whole words of a command, split and globbed. */
export const expandFields = async (words: readonly Word[], scope: Scope): Promise<string[]> => {
  const out: string[] = []
  for (const word of words) {
    const fields: Field[] = []
    await expandInto(tilde(word, scope), scope, fields, { open: false }, true)
    for (const { pattern, solid } of fields) {
      if (pattern === '' && !solid) continue
      const found = !scope.noGlob && hasPattern(pattern) ? glob(scope.files, pattern, scope.cwd) : []
      if (found.length > 0) out.push(...found)
      else out.push(unescapePattern(pattern))
    }
  }
  return out
}

/** A pattern (for case and ${x#...}): quoted characters are escaped in it. */
export const expandPattern = async (word: Word, scope: Scope): Promise<string> => {
  const fields: Field[] = []
  await expandInto(tilde(word, scope), scope, fields, { open: false }, false)
  return fields.map(field => field.pattern).join('')
}

/** One text, neither split nor globbed: assignments, redirections, here-documents. */
export const expandText = async (word: Word, scope: Scope): Promise<string> => unescapePattern(await expandPattern(word, scope))
