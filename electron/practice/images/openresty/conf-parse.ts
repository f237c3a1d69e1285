// Reads nginx' configuration: directives, blocks, quotes, comments, includes, and Lua blocks with their own braces.
// Models nginx/src/core/ngx_conf_file.c

import { FileError, type FileTree, resolvePath } from '../files.ts'
import { glob, hasPattern } from '../shell/pattern.ts'
import { strerror } from '../words.ts'

export interface Directive {
  name: string
  args: readonly string[]
  /** Undefined for a directive that ends with a semicolon. */
  block?: Directive[]
  file: string
  line: number
}

/** In nginx' words, with the place where there is one. */
export class ConfError extends Error {
  constructor(message: string, place?: { file: string; line: number }) {
    super(place ? `${message} in ${place.file}:${place.line}` : message)
    this.name = 'ConfError'
  }
}

type Token = { type: 'word'; text: string } | { type: ';' | '{' | '}' | 'end' }

class Reader {
  readonly #text: string
  readonly file: string
  #at = 0
  line = 1

  constructor(text: string, file: string) {
    this.#text = text
    this.file = file
  }

  #take(): string {
    const char = this.#text[this.#at++]!
    if (char === '\n') this.line++
    return char
  }

  fail(message: string): never {
    throw new ConfError(message, this)
  }

  next(inDirective: boolean): Token {
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) {
        if (inDirective) this.fail('unexpected end of file, expecting ";" or "}"')
        return { type: 'end' }
      }
      if (/\s/.test(char)) this.#take()
      else if (char === '#') while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at++
      else break
    }
    const char = this.#text[this.#at]!
    if (char === ';' || char === '{' || char === '}') {
      this.#at++
      return { type: char }
    }
    if (char === '"' || char === "'") return { type: 'word', text: this.#quoted() }
    let text = ''
    while (this.#at < this.#text.length) {
      const next = this.#text[this.#at]!
      if (/[\s;]/.test(next) || (next === '{' && !text.endsWith('$'))) break
      if (next === '\\') {
        this.#take()
        text += this.#escaped()
        continue
      }
      if (next === '{') {
        // ${name}: its braces belong to the word.
        while (this.#at < this.#text.length && this.#text[this.#at] !== '}') text += this.#take()
      }
      text += this.#take()
    }
    return { type: 'word', text }
  }

  #escaped(): string {
    const char = this.#at < this.#text.length ? this.#take() : ''
    if ('"\'\\'.includes(char) && char !== '') return char
    return { t: '\t', r: '\r', n: '\n' }[char] ?? `\\${char}`
  }

  #quoted(): string {
    const quote = this.#take()
    let text = ''
    for (;;) {
      if (this.#at >= this.#text.length) this.fail('unexpected end of file, expecting ";" or "}"')
      const char = this.#take()
      if (char === '\\') text += this.#escaped()
      else if (char === quote) break
      else text += char
    }
    const after = this.#text[this.#at]
    if (after !== undefined && !/[\s;{)]/.test(after)) this.fail(`unexpected "${after}"`)
    return text
  }

  /** The inside of a Lua block, whose braces, strings and comments are Lua's. */
  luaBlock(): string {
    const start = this.#at
    const begun = this.line
    const long =
      /--\[(=*)\[[\s\S]*?\]\1\]|\[(=*)\[[\s\S]*?\]\2\]|--[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|[{}]/g
    long.lastIndex = start
    let depth = 1
    for (let match = long.exec(this.#text); match; match = long.exec(this.#text)) {
      if (match[0] === '{') depth++
      else if (match[0] === '}' && --depth === 0) {
        const text = this.#text.slice(start, match.index)
        this.line += text.split('\n').length - 1
        this.#at = match.index + 1
        return text
      }
    }
    this.line = begun
    this.fail('Lua code block missing the closing long bracket "]]", the inlined Lua code may be too long')
  }
}

const luaBlocks =
  /^(init|init_worker|set|rewrite|access|content|header_filter|body_filter|log|balancer|ssl_certificate)_by_lua_block$/

const parseBlock = (reader: Reader, inside: boolean): Directive[] => {
  const directives: Directive[] = []
  for (;;) {
    const first = reader.next(false)
    if (first.type === 'end') {
      if (inside) reader.fail('unexpected end of file, expecting "}"')
      return directives
    }
    if (first.type === '}') {
      if (!inside) reader.fail('unexpected "}"')
      return directives
    }
    if (first.type !== 'word') reader.fail(`unexpected "${first.type}"`)
    const words = [first.text]
    let block: Directive[] | undefined
    let line = reader.line
    for (;;) {
      const token = reader.next(true)
      if (token.type === 'word') words.push(token.text)
      else if (token.type === '}') reader.fail('unexpected "}"')
      else if (token.type === '{') {
        line = reader.line
        if (luaBlocks.test(first.text)) words.push(reader.luaBlock())
        else block = parseBlock(reader, true)
        break
      } else {
        line = reader.line
        break
      }
    }
    directives.push({ name: words[0]!, args: words.slice(1), ...(block && { block }), file: reader.file, line })
  }
}

/** Parsed files, for a thousand containers of one image read the same few; kept while they are not many. */
const parsed = new Map<string, readonly Directive[]>()
const parsedMost = 64

const parseFile = (text: string, file: string): readonly Directive[] => {
  const key = `${file}\0${text}`
  const known = parsed.get(key)
  if (known) return known
  const directives = parseBlock(new Reader(text, file), false)
  if (parsed.size >= parsedMost) parsed.clear()
  parsed.set(key, directives)
  return directives
}

const load = (files: FileTree, file: string, place?: { file: string; line: number }): readonly Directive[] => {
  let text: string
  try {
    text = files.text(file)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    throw new ConfError(`open() "${file}" failed (${error.code === 'ENOENT' ? 2 : 21}: ${strerror(error)})`, place)
  }
  return parseFile(text, file)
}

/** The files that an include takes in. */
const included = (files: FileTree, directive: Directive, prefix: string, depth: number): (readonly Directive[])[] => {
  const [pattern] = directive.args
  if (pattern === undefined || directive.args.length !== 1)
    throw new ConfError('invalid number of arguments in "include" directive', directive)
  if (depth > 10) throw new ConfError('too many included files', directive)
  const path = resolvePath(prefix, pattern)
  return (hasPattern(pattern) ? glob(files, path, '/') : [path]).map(file => load(files, file, directive))
}

const isInclude = ({ name, block }: Directive): boolean => name === 'include' && !block

const withIncludes = (files: FileTree, directives: readonly Directive[], prefix: string, depth: number): Directive[] =>
  directives.flatMap(directive => {
    if (isInclude(directive))
      return included(files, directive, prefix, depth).flatMap(each => withIncludes(files, each, prefix, depth + 1))
    return directive.block ? [{ ...directive, block: withIncludes(files, directive.block, prefix, depth) }] : [directive]
  })

const includes = new WeakMap<readonly Directive[], readonly Directive[]>()

/** The includes of a file, at whatever depth of blocks. */
const includesOf = (directives: readonly Directive[]): readonly Directive[] => {
  const known = includes.get(directives)
  if (known) return known
  const found = directives.flatMap(each => (isInclude(each) ? [each] : includesOf(each.block ?? [])))
  includes.set(directives, found)
  return found
}

const sources = (files: FileTree, main: readonly Directive[], prefix: string, depth = 0): (readonly Directive[])[] => [
  main,
  ...includesOf(main).flatMap(each =>
    included(files, each, prefix, depth).flatMap(file => sources(files, file, prefix, depth + 1)),
  ),
]

/** Whole configurations by the files that they were made of, newest last. */
const whole: { made: readonly (readonly Directive[])[]; prefix: string; directives: Directive[] }[] = []
const wholeMost = 16

/**
 * The whole configuration, includes taken in; the same list for the same texts. `prefix` is the folder of the main file.
 * @throws ConfError
 */
export const readConfiguration = (files: FileTree, file: string): readonly Directive[] => {
  const main = load(files, file)
  const prefix = resolvePath(file, '..')
  const made = sources(files, main, prefix)
  const isSame = (each: (typeof whole)[number]) =>
    each.prefix === prefix && each.made.length === made.length && each.made.every((part, index) => part === made[index])
  const known = whole.find(isSame)
  if (known) return known.directives
  const directives = withIncludes(files, main, prefix, 0)
  if (whole.length >= wholeMost) whole.shift()
  whole.push({ made, prefix, directives })
  return directives
}
