// The shell's grammar: lists, pipelines, compound commands, redirections, here-documents.
// Follows POSIX.1-2024, Shell Command Language, section 2.10

import { type Assignment, type Command, type List, type Redirect, ShellSyntaxError, type Word } from './ast.ts'
import { WordReader } from './words.ts'

const reserved = new Set([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'do',
  'done',
  'case',
  'esac',
  'while',
  'until',
  'for',
  '{',
  '}',
  '!',
  'in',
])
const redirectPattern = /^(\d*)(<<-?|<&|<>|<|>>|>&|>\||>)/

/** The text of a word that is one unquoted piece: only such words can be reserved. */
const plain = (word: Word): string | undefined =>
  word.length === 1 && word[0]!.type === 'text' && !word[0]!.quoted ? word[0]!.text : undefined

export class Parser extends WordReader {
  readonly #pending: { redirect: Redirect; delimiter: string; expand: boolean; strip: boolean }[] = []

  /** The next complete line of commands; undefined at the end. */
  next(): List | undefined {
    this.#newlines()
    if (this.at >= this.source.length) return undefined
    const list = this.#list(true)
    if (this.at < this.source.length && this.peek() !== '\n') throw this.#unexpected()
    this.#newline()
    return list
  }

  /** Nothing but blanks is left. */
  get done(): boolean {
    return this.source.slice(this.at).trim() === ''
  }

  protected override substitution(): List {
    const list = this.#list(false, [')'])
    this.#blanks()
    if (this.peek() !== ')') throw this.#unexpected(')')
    this.at++
    return list
  }

  protected override parse(text: string): List {
    return parseAll(text)
  }

  #unexpected(expecting?: string): ShellSyntaxError {
    const hint = expecting ? ` (expecting "${expecting}")` : ''
    if (this.at >= this.source.length) return new ShellSyntaxError(`syntax error: unexpected end of file${hint}`, true)
    const operator = /^(\n|;;|&&|\|\||[;&|()<>]+)/.exec(this.source.slice(this.at))?.[0]
    const token = operator ?? /^[^\s;&|()<>]+/.exec(this.source.slice(this.at))?.[0] ?? this.peek()
    return new ShellSyntaxError(`syntax error: unexpected ${token === '\n' ? 'newline' : `"${token}"`}${hint}`)
  }

  #blanks() {
    for (;;) {
      if (this.startsWith('\\\n')) this.at += 2
      else if (this.peek() === ' ' || this.peek() === '\t' || this.peek() === '\r') this.at++
      else break
    }
    if (this.peek() === '#') while (this.at < this.source.length && this.peek() !== '\n') this.at++
  }

  /** Takes a newline and the here-documents that begin after it. */
  #newline() {
    this.at++
    for (const { redirect, delimiter, expand, strip } of this.#pending.splice(0)) {
      let body = ''
      for (;;) {
        if (this.at >= this.source.length) throw new ShellSyntaxError('syntax error: unexpected end of file', true)
        const end = this.source.indexOf('\n', this.at)
        let line = this.source.slice(this.at, end < 0 ? undefined : end)
        this.at = end < 0 ? this.source.length : end + 1
        if (strip) line = line.replace(/^\t+/, '')
        if (line === delimiter) break
        body += `${line}\n`
      }
      redirect.target = expand ? new Parser(body, true).parts(() => false, true) : [{ type: 'text', text: body, quoted: true }]
    }
  }

  #newlines() {
    this.#blanks()
    while (this.peek() === '\n') {
      this.#newline()
      this.#blanks()
    }
  }

  /** Commands joined by ; & and newlines, up to one of the words or signs that may end them here. */
  #list(oneLine: boolean, ends: readonly string[] = []): List {
    const list: List = { items: [] }
    for (;;) {
      if (oneLine) this.#blanks()
      else this.#newlines()
      if (this.at >= this.source.length || this.peek() === '\n' || this.#endsHere(ends)) return list
      const command = this.#andOr()
      this.#blanks()
      const background = this.peek() === '&' && this.peek(1) !== '&'
      list.items.push({ command, background })
      if (background || (this.peek() === ';' && this.peek(1) !== ';')) this.at++
      else if (oneLine || this.peek() !== '\n') return list
    }
  }

  #endsHere(ends: readonly string[]): boolean {
    return ends.some(end => (/^\w|^}/.test(end) ? this.#reservedAhead() === end : this.startsWith(end)))
  }

  #reservedAhead(): string | undefined {
    const word = /^(?:[a-z]+|[{}!])(?=[\s;&|()<>]|$)/.exec(this.source.slice(this.at, this.at + 20))?.[0]
    return word && reserved.has(word) ? word : undefined
  }

  #expect(word: string) {
    this.#newlines()
    if (this.#reservedAhead() !== word) throw this.#unexpected(word)
    this.at += word.length
  }

  /** A list that must hold something and be followed by a reserved word. */
  #body(...ends: string[]): List {
    const list = this.#list(false, ends)
    if (list.items.length === 0) throw this.#unexpected(this.at >= this.source.length ? ends[0] : undefined)
    if (!this.#endsHere(ends)) throw this.#unexpected(ends[0])
    return list
  }

  #andOr(): Command {
    let left = this.#pipeline()
    for (;;) {
      this.#blanks()
      const operator = this.startsWith('&&') ? '&&' : this.startsWith('||') ? '||' : undefined
      if (!operator) return left
      this.at += 2
      this.#newlines()
      left = { type: 'and-or', left, operator, right: this.#pipeline() }
    }
  }

  #pipeline(): Command {
    this.#blanks()
    let negated = false
    while (this.#reservedAhead() === '!') {
      negated = !negated
      this.at++
      this.#blanks()
    }
    const commands = [this.#command()]
    for (;;) {
      this.#blanks()
      if (this.peek() !== '|' || this.peek(1) === '|') break
      this.at++
      this.#newlines()
      commands.push(this.#command())
    }
    return commands.length === 1 && !negated ? commands[0]! : { type: 'pipeline', commands, negated }
  }

  #command(): Command {
    this.#blanks()
    if (this.peek() === '(') {
      this.at++
      return this.#redirected({ type: 'subshell', body: this.substitution(), redirects: [] })
    }
    const word = this.#reservedAhead()
    if (word) this.at += word.length
    switch (word) {
      case undefined:
        return this.#simple()
      case '{': {
        const body = this.#body('}')
        this.at++
        return this.#redirected({ type: 'group', body, redirects: [] })
      }
      case 'if':
        return this.#redirected(this.#if())
      case 'while':
      case 'until': {
        const condition = this.#body('do')
        this.#expect('do')
        return this.#redirected({ type: 'while', until: word === 'until', condition, body: this.#doBody(), redirects: [] })
      }
      case 'for':
        return this.#redirected(this.#for())
      case 'case':
        return this.#redirected(this.#case())
      default:
        this.at -= word.length
        throw this.#unexpected()
    }
  }

  #doBody(): List {
    const body = this.#body('done')
    this.#expect('done')
    return body
  }

  #if(): Command & { redirects: Redirect[] } {
    const branches: { condition: List; body: List }[] = []
    for (;;) {
      const condition = this.#body('then')
      this.#expect('then')
      branches.push({ condition, body: this.#body('fi', 'else', 'elif') })
      const next = this.#reservedAhead()!
      this.at += next.length
      if (next === 'fi') return { type: 'if', branches, redirects: [] }
      if (next === 'else') {
        const otherwise = this.#body('fi')
        this.#expect('fi')
        return { type: 'if', branches, otherwise, redirects: [] }
      }
    }
  }

  #for(): Command & { redirects: Redirect[] } {
    this.#blanks()
    const name = plain(this.word())
    if (!name || !/^[A-Za-z_]\w*$/.test(name))
      throw new ShellSyntaxError('syntax error: bad for loop variable', this.at >= this.source.length)
    this.#newlines()
    let words: Word[] | undefined
    if (this.#reservedAhead() === 'in') {
      this.at += 2
      words = []
      for (;;) {
        this.#blanks()
        const word = this.word()
        if (word.length === 0) break
        words.push(word)
      }
    }
    this.#blanks()
    if (this.peek() === ';') this.at++
    this.#expect('do')
    return { type: 'for', name, ...(words && { words }), body: this.#doBody(), redirects: [] }
  }

  #case(): Command & { redirects: Redirect[] } {
    this.#blanks()
    const word = this.word()
    this.#expect('in')
    const cases: { patterns: Word[]; body: List }[] = []
    for (;;) {
      this.#newlines()
      if (this.#reservedAhead() === 'esac') break
      if (this.peek() === '(') this.at++
      const patterns: Word[] = []
      do {
        if (patterns.length > 0) this.at++
        this.#blanks()
        const pattern = this.word()
        if (pattern.length === 0) throw this.#unexpected(this.at >= this.source.length ? 'esac' : ')')
        patterns.push(pattern)
        this.#blanks()
      } while (this.peek() === '|')
      if (this.peek() !== ')') throw this.#unexpected(')')
      this.at++
      cases.push({ patterns, body: this.#list(false, [';;', 'esac']) })
      this.#newlines()
      if (this.startsWith(';;')) this.at += 2
      else if (this.#reservedAhead() !== 'esac') throw this.#unexpected(';;')
    }
    this.at += 'esac'.length
    return { type: 'case', word, cases, redirects: [] }
  }

  #redirected<C extends Command & { redirects: Redirect[] }>(command: C): C {
    for (;;) {
      this.#blanks()
      const redirect = this.#redirect()
      if (!redirect) return command
      command.redirects.push(redirect)
    }
  }

  #redirect(): Redirect | undefined {
    const match = redirectPattern.exec(this.source.slice(this.at, this.at + 12))
    if (!match) return undefined
    const [whole, digits = '', operator = ''] = match
    this.at += whole.length
    this.#blanks()
    const start = this.at
    const target = this.word()
    if (target.length === 0) throw this.#unexpected()
    const fd = digits === '' ? (operator.startsWith('<') ? 0 : 1) : Number(digits)
    if (!operator.startsWith('<<')) return { fd, operator: operator as Redirect['operator'], target }
    const redirect: Redirect = { fd, operator: '<<', target: [] }
    const written = this.source.slice(start, this.at)
    const delimiter = target.map(part => (part.type === 'text' ? part.text : '')).join('')
    this.#pending.push({ redirect, delimiter, expand: !/['"\\]/.test(written), strip: operator === '<<-' })
    return redirect
  }

  #simple(): Command {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      this.#blanks()
      const redirect = this.#redirect()
      if (redirect) {
        redirects.push(redirect)
        continue
      }
      const assigned = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(this.source.slice(this.at, this.at + 200)) : null
      if (assigned) {
        this.at += assigned[0].length
        assignments.push({ name: assigned[1]!, value: this.word() })
        continue
      }
      const word = this.word()
      if (word.length === 0) break
      words.push(word)
      if (words.length === 1 && assignments.length === 0 && redirects.length === 0 && this.#isFunction()) {
        const name = plain(words[0]!)
        if (!name) throw new ShellSyntaxError('syntax error: bad function name')
        this.#newlines()
        return { type: 'function', name, body: this.#command() }
      }
    }
    if (words.length + assignments.length + redirects.length === 0) throw this.#unexpected()
    return { type: 'simple', assignments, words, redirects }
  }

  #isFunction(): boolean {
    const match = /^[ \t]*\([ \t]*\)/.exec(this.source.slice(this.at, this.at + 40))
    if (match) this.at += match[0].length
    return match !== null
  }
}

/** A whole script at once. @throws ShellSyntaxError */
export const parseAll = (text: string): List => {
  const parser = new Parser(text)
  const items: List['items'] = []
  for (let list = parser.next(); list; list = parser.next()) items.push(...list.items)
  return { items }
}
