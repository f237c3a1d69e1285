// POSIX regular expressions, basic and extended, as JavaScript's.

import { bracketClasses } from '../shell/pattern.ts'

/** @throws Error for what is no regular expression */
export const posixRegex = (pattern: string, extended: boolean, flags = ''): RegExp =>
  new RegExp(posixSource(pattern, extended), flags)

const posixSource = (pattern: string, extended: boolean): string => {
  let out = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '[') {
      const match = /^\[(\^?)(\]?(?:\[:\w+:\]|[^\]])*)\]/.exec(pattern.slice(at))
      if (!match) throw new Error('Unmatched [, [^, [:, [., or [=')
      // In brackets a backslash is a character like any other.
      out += `[${match[1]}${bracketClasses(match[2]!.replace(/\\/g, '\\\\'))}]`
      at += match[0].length - 1
    } else if (char === '\\') {
      const next = pattern[++at]
      if (next === undefined) throw new Error('Trailing backslash')
      if (!extended && '(){}|+?'.includes(next)) out += next
      else if (next === '<') out += '\\b(?=\\w)'
      else if (next === '>') out += '\\b(?<=\\w)'
      else if (/[1-9wWsSbBn]/.test(next)) out += `\\${next}`
      else if (next === 't') out += '\\t'
      else out += next.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
    } else if (!extended && '(){}|+?'.includes(char)) out += `\\${char}`
    else if (!extended && char === '*' && (out === '' || out.endsWith('(') || out === '^')) out += '\\*'
    else if (!extended && char === '^' && out !== '' && !out.endsWith('(') && !out.endsWith('|')) out += '\\^'
    else if (
      !extended &&
      char === '$' &&
      at + 1 < pattern.length &&
      !pattern.startsWith('\\)', at + 1) &&
      !pattern.startsWith('\\|', at + 1)
    )
      out += '\\$'
    else if (char === '/') out += '\\/'
    else if (extended && char === '{' && !/^\{\d*,?\d*\}/.test(pattern.slice(at))) out += '\\{'
    else out += char
  }
  return out
}
