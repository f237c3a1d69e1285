// The words of redis' protocol (RESP 2): requests in, replies out, and both as bytes.

/** A reply: text is a bulk string, null is nothing. */
export type Reply = { status: string } | { error: string } | string | number | null | readonly Reply[]

export class ProtocolError extends Error {}

const crlf = '\r\n'

/** Strings are latin1 inside: one character for each byte, so that any value goes through unchanged. */
export const encode = (reply: Reply): string => {
  if (reply === null) return `$-1${crlf}`
  if (typeof reply === 'number') return `:${reply}${crlf}`
  if (typeof reply === 'string') return `$${reply.length}${crlf}${reply}${crlf}`
  if ('status' in reply) return `+${reply.status}${crlf}`
  if ('error' in reply) return `-${reply.error}${crlf}`
  return `*${reply.length}${crlf}${reply.map(encode).join('')}`
}

/** A request as clients and the append-only file write it. */
export const encodeRequest = (words: readonly string[]): string => encode(words)

const maxBulk = 512 * 1024 * 1024

/** Cuts a stream of latin1 text into replies or requests. */
export class Parser {
  #text = ''

  push(text: string): void {
    this.#text += text
  }

  /** Is something begun that has not come to its end? */
  get isPartial(): boolean {
    return this.#text !== ''
  }

  /** The next whole value; undefined until more comes. @throws ProtocolError */
  next(): Reply | undefined {
    const found = this.#read(0)
    if (!found) return undefined
    this.#text = this.#text.slice(found.end)
    return found.value
  }

  /** The next request: an array, or a line of words as telnet sends it. @throws ProtocolError */
  request(): string[] | undefined {
    if (this.#text === '') return undefined
    if (this.#text.startsWith('*')) {
      const found = this.next()
      if (found === undefined) return undefined
      if (!Array.isArray(found) || found.some(word => typeof word !== 'string')) throw new ProtocolError("expected '$'")
      return found as string[]
    }
    const end = this.#text.indexOf('\n')
    if (end < 0) {
      if (this.#text.length > 65_536) throw new ProtocolError('too big inline request')
      return undefined
    }
    const words = splitWords(this.#text.slice(0, end).replace(/\r$/, ''))
    this.#text = this.#text.slice(end + 1)
    if (!words) throw new ProtocolError('unbalanced quotes in request')
    return words
  }

  #read(at: number): { value: Reply; end: number } | undefined {
    const stop = this.#text.indexOf(crlf, at)
    if (stop < 0) return undefined
    const line = this.#text.slice(at + 1, stop)
    const after = stop + 2
    switch (this.#text[at]) {
      case '+':
        return { value: { status: line }, end: after }
      case '-':
        return { value: { error: line }, end: after }
      case ':':
        return { value: Number(line), end: after }
      case '$': {
        const length = Number(line)
        if (!Number.isInteger(length) || length > maxBulk || length < -1) throw new ProtocolError('invalid bulk length')
        if (length < 0) return { value: null, end: after }
        if (this.#text.length < after + length + 2) return undefined
        return { value: this.#text.slice(after, after + length), end: after + length + 2 }
      }
      case '*': {
        const count = Number(line)
        if (!Number.isInteger(count) || count > 1_048_576) throw new ProtocolError('invalid multibulk length')
        if (count < 0) return { value: null, end: after }
        const items: Reply[] = []
        let end = after
        while (items.length < count) {
          const item = this.#read(end)
          if (!item) return undefined
          items.push(item.value)
          end = item.end
        }
        return { value: items, end }
      }
      default:
        throw new ProtocolError(`expected '$', got '${this.#text[at]}'`)
    }
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }

/** Words of a line, quoted as in a shell; undefined where a quote is left open. Models redis/src/sds.c sdssplitargs. */
export const splitWords = (line: string): string[] | undefined => {
  const words: string[] = []
  const text = line.trim()
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at]!)) {
      at++
      continue
    }
    let word = ''
    for (let quote = ''; at < text.length || quote; at++) {
      const char = text[at]
      if (char === undefined) return undefined
      const hex = quote === '"' && /^\\x([\da-fA-F]{2})/.exec(text.slice(at, at + 4))
      if (hex) {
        word += String.fromCharCode(Number.parseInt(hex[1]!, 16))
        at += 3
      } else if (quote === '"' && char === '\\' && text[at + 1] !== undefined) {
        at++
        word += escapes[text[at]!] ?? text[at]
      } else if (quote === "'" && char === '\\' && text[at + 1] === "'") {
        at++
        word += "'"
      } else if (quote && char === quote) {
        if (text[at + 1] !== undefined && !/\s/.test(text[at + 1]!)) return undefined
        quote = ''
      } else if (!quote && (char === '"' || char === "'")) quote = char
      else if (!quote && /\s/.test(char)) break
      else word += char
    }
    words.push(word)
  }
  return words
}

/** A string as redis-cli shows it on a terminal. Models redis/src/sds.c sdscatrepr. */
export const quoted = (text: string): string => {
  const shown = text.replace(/[^\x20-\x7e]|["\\]/g, char => {
    const letter = Object.entries(escapes).find(([, value]) => value === char)?.[0]
    if (letter) return `\\${letter}`
    return char === '"' || char === '\\' ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${shown}"`
}
