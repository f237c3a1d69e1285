// Reads words: quotes, escapes, `$` in all its forms, back-quotes. The parser of commands stands on it.

import { type List, type Part, ShellSyntaxError, type Word } from './ast.ts'

const unterminated = () => new ShellSyntaxError('syntax error: unterminated quoted string', true)
const operators = ['%%', '##', ':-', ':=', ':?', ':+', '%', '#', '-', '=', '?', '+']

export abstract class WordReader {
  protected readonly source: string
  protected at = 0
  /** In a here-document quotes are plain text, and a backslash escapes only what would be expanded. */
  protected readonly here: boolean

  constructor(source: string, here = false) {
    this.source = source
    this.here = here
  }

  /** Reads commands up to a closing parenthesis, for `$(...)`. */
  protected abstract substitution(): List
  protected abstract parse(text: string): List

  protected peek(offset = 0): string {
    return this.source[this.at + offset] ?? ''
  }

  protected startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at)
  }

  /** A word up to a blank or an operator; empty where there is none. */
  protected word(): Word {
    return this.parts(char => ' \t\n;&|<>()'.includes(char), false)
  }

  /** Parts up to a character that ends them (outside quotes). */
  protected parts(ends: (char: string) => boolean, quoted: boolean): Word {
    const word: Word = []
    const add = (text: string, isQuoted: boolean) => {
      const last = word.at(-1)
      if (last?.type === 'text' && last.quoted === isQuoted && text !== '') last.text += text
      else word.push({ type: 'text', text, quoted: isQuoted })
    }
    while (this.at < this.source.length && !ends(this.peek())) {
      const char = this.peek()
      if (char === '\\') {
        const next = this.peek(1)
        this.at += 2
        if (next === '\n') continue
        if (next === '') add('\\', quoted)
        else if (quoted && !(this.here ? '$`\\' : '$`"\\}').includes(next)) add(`\\${next}`, true)
        else add(next, true)
      } else if (char === "'" && !quoted) {
        const end = this.source.indexOf("'", this.at + 1)
        if (end < 0) throw unterminated()
        add(this.source.slice(this.at + 1, end), true)
        this.at = end + 1
      } else if (char === '"' && !this.here) {
        this.at++
        const inner = this.parts(c => c === '"', true)
        if (this.peek() !== '"') throw unterminated()
        this.at++
        if (inner.length === 0) add('', true)
        word.push(...inner)
      } else if (char === '$' || char === '`') {
        const part = this.dollar(quoted)
        if (part) word.push(part)
        else {
          add('$', quoted)
          this.at++
        }
      } else {
        add(char, quoted)
        this.at++
      }
    }
    return word
  }

  /** What a `$` or back-quote begins; undefined for a plain `$`. */
  protected dollar(quoted: boolean): Part | undefined {
    if (this.peek() === '`') return this.backQuotes(quoted)
    const next = this.peek(1)
    if (next === '(') {
      if (this.peek(2) === '(') {
        const part = this.arithmetic(quoted)
        if (part) return part
      }
      this.at += 2
      return { type: 'command', body: this.substitution(), quoted }
    }
    if (next === '{') {
      this.at += 2
      return this.braces(quoted)
    }
    const name = /^(?:[A-Za-z_]\w*|[@*#?$!\-0-9])/.exec(this.source.slice(this.at + 1, this.at + 200))?.[0]
    if (!name) return undefined
    this.at += 1 + name.length
    return { type: 'parameter', name, operator: '', word: [], quoted }
  }

  private backQuotes(quoted: boolean): Part {
    let text = ''
    for (this.at++; this.peek() !== '`'; this.at++) {
      if (this.at >= this.source.length) throw unterminated()
      if (this.peek() === '\\' && '$`\\'.includes(this.peek(1))) this.at++
      text += this.peek()
    }
    this.at++
    return { type: 'command', body: this.parse(text), quoted }
  }

  private arithmetic(quoted: boolean): Part | undefined {
    const start = this.at
    this.at += 3
    let depth = 0
    const word = this.parts(char => {
      if (char === '(') depth++
      if (char !== ')') return false
      return depth-- === 0
    }, true)
    if (this.startsWith('))')) {
      this.at += 2
      return { type: 'arithmetic', word, quoted }
    }
    this.at = start
    return undefined
  }

  private braces(quoted: boolean): Part {
    const rest = this.source.slice(this.at)
    const length = /^#([A-Za-z_]\w*|[@*?$!\d])\}/.exec(rest)
    if (length) {
      this.at += length[0].length
      return { type: 'length', name: length[1]!, quoted }
    }
    const name = /^(?:[A-Za-z_]\w*|\d+|[@*#?$!-])/.exec(rest)?.[0]
    if (!name) throw new ShellSyntaxError('syntax error: bad substitution')
    this.at += name.length
    const operator = operators.find(candidate => this.startsWith(candidate)) ?? ''
    this.at += operator.length
    // A pattern after % or # may hold quotes of its own, whatever surrounds it.
    const isPattern = operator.startsWith('%') || operator.startsWith('#')
    const word = operator ? this.parts(char => char === '}', quoted && !isPattern) : []
    if (this.peek() !== '}') {
      if (this.at >= this.source.length) throw new ShellSyntaxError('syntax error: missing }', true)
      throw new ShellSyntaxError('syntax error: bad substitution')
    }
    this.at++
    return { type: 'parameter', name, operator, word, quoted }
  }
}
