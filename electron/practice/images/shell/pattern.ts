// Shell patterns (* ? [...]): as regular expressions, and as file names that match them.

import { FileError, type FileTree, resolvePath } from '../files.ts'

/** Characters of a pattern that must be escaped to stand for themselves. */
const special = /[\\*?[\]]/g

export const escapePattern = (text: string): string => text.replace(special, '\\$&')
export const unescapePattern = (pattern: string): string => pattern.replace(/\\([\s\S])/g, '$1')
export const hasPattern = (pattern: string): boolean => /(^|[^\\])(\\\\)*([*?]|\[[^\]]*\])/.test(pattern)

const classes: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

/** The inside of brackets from `[:alpha:]` and plain characters. */
export const bracketClasses = (inside: string): string =>
  inside.replace(/\[:(\w+):\]|\\([\s\S])|([\\[\]])/g, (whole, name?: string, escaped?: string, bare?: string) =>
    name !== undefined ? (classes[name] ?? whole) : `\\${escaped ?? bare}`,
  )

/** A regular expression's source that matches what the pattern does; `star` is what * may cover. */
export const patternSource = (pattern: string, star = '[\\s\\S]'): string => {
  let out = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '\\' && at + 1 < pattern.length) out += pattern[++at]!.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
    else if (char === '*') out += `${star}*`
    else if (char === '?') out += star
    else if (char === '[') {
      const match = /^\[([!^]?)((?:\\[\s\S]|\[:\w+:\]|[^\]]|(?<=^\[[!^]?)\])+)\]/.exec(pattern.slice(at))
      if (match) {
        out += `[${match[1] ? '^' : ''}${bracketClasses(match[2]!)}]`
        at += match[0].length - 1
      } else out += '\\['
    } else out += char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
  }
  return out
}

export const matches = (pattern: string, text: string): boolean => new RegExp(`^(?:${patternSource(pattern)})$`, 'u').test(text)

/** `${name#pattern}` and its kin. */
export const strip = (text: string, pattern: string, operator: string): string => {
  if (text === '') return text
  const longest = operator.length === 2
  const fits = new RegExp(`^(?:${patternSource(pattern)})$`, 'u')
  const lengths = Array.from({ length: text.length + 1 }, (_, index) => (longest ? text.length - index : index))
  for (const length of lengths) {
    if (operator.startsWith('#')) {
      if (fits.test(text.slice(0, length))) return text.slice(length)
    } else if (fits.test(text.slice(text.length - length))) return text.slice(0, text.length - length)
  }
  return text
}

/** File names that a pattern matches, sorted; none where nothing does. */
export const glob = (files: FileTree, pattern: string, cwd: string): string[] => {
  let found: string[] = pattern.startsWith('/') ? ['/'] : ['']
  for (const part of pattern.split('/').filter(part => part !== '')) {
    const next: string[] = []
    const fits = hasPattern(part) ? new RegExp(`^(?:${patternSource(part, '[^/]')})$`, 'u') : undefined
    for (const base of found) {
      const prefix = base === '' || base.endsWith('/') ? base : `${base}/`
      const path = resolvePath(cwd, base || '.')
      if (!fits) {
        const name = unescapePattern(part)
        if (files.exists(resolvePath(path, name))) next.push(prefix + name)
        continue
      }
      for (const name of names(files, path))
        if (fits.test(name) && (!name.startsWith('.') || part.startsWith('.'))) next.push(prefix + name)
    }
    found = next
  }
  if (pattern.endsWith('/')) found = found.map(path => `${path}/`)
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

const names = (files: FileTree, path: string): string[] => {
  try {
    return files.list(path).map(file => file.name)
  } catch (error) {
    if (error instanceof FileError) return []
    throw error
  }
}
