// test and [: file, string and number conditions.

import { FileError, type FileTree } from '../files.ts'

const unary = new Set([
  '-e',
  '-f',
  '-d',
  '-r',
  '-w',
  '-x',
  '-s',
  '-L',
  '-h',
  '-z',
  '-n',
  '-t',
  '-p',
  '-S',
  '-b',
  '-c',
  '-g',
  '-u',
  '-k',
  '-O',
  '-G',
])
const binary = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef'])

export interface TestContext {
  files: FileTree
  path(name: string): string
  isTerminal(fd: number): boolean
}

const statOf = (files: FileTree, path: string, link = false) => {
  try {
    return link ? files.lstat(path) : files.stat(path)
  } catch (error) {
    if (error instanceof FileError) return undefined
    throw error
  }
}

/** @throws Error in ash's words for what is no condition */
export const testCondition = (words: readonly string[], context: TestContext): boolean => {
  let at = 0
  const { files } = context

  const number = (text: string) => {
    if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Error(`${text}: bad number`)
    return Number(text)
  }
  const one = (operator: string, operand: string): boolean => {
    if (operator === '-z') return operand === ''
    if (operator === '-n') return operand !== ''
    if (operator === '-t') return context.isTerminal(number(operand))
    const path = context.path(operand)
    const found = operand === '' ? undefined : statOf(files, path, operator === '-L' || operator === '-h')
    if (!found) return ['/dev/null', '/dev/tty'].includes(path) && '-e-r-w-c'.includes(operator)
    switch (operator) {
      case '-f':
        return found.type === 'file'
      case '-d':
        return found.type === 'directory'
      case '-L':
      case '-h':
        return found.type === 'link'
      case '-s':
        return found.size > 0
      case '-x':
        return found.type === 'directory' || (found.mode & 0o111) !== 0
      case '-p':
      case '-S':
      case '-b':
      case '-c':
        return false
      default:
        return true
    }
  }
  const two = (left: string, operator: string, right: string): boolean => {
    switch (operator) {
      case '=':
      case '==':
        return left === right
      case '!=':
        return left !== right
      case '<':
        return left < right
      case '>':
        return left > right
      case '-eq':
        return number(left) === number(right)
      case '-ne':
        return number(left) !== number(right)
      case '-lt':
        return number(left) < number(right)
      case '-le':
        return number(left) <= number(right)
      case '-gt':
        return number(left) > number(right)
      case '-ge':
        return number(left) >= number(right)
      default: {
        const a = statOf(files, context.path(left))
        const b = statOf(files, context.path(right))
        if (operator === '-ef') return a !== undefined && context.path(left) === context.path(right)
        const [newer, older] = operator === '-nt' ? [a, b] : [b, a]
        return newer !== undefined && (older === undefined || newer.modified > older.modified)
      }
    }
  }
  const primary = (): boolean => {
    const word = words[at]
    if (word === undefined) throw new Error('argument expected')
    const next = words[at + 1]
    if (next !== undefined && binary.has(next) && words[at + 2] !== undefined) {
      at += 3
      return two(word, next, words[at - 1]!)
    }
    if (word === '!' && next !== undefined) {
      at++
      return !primary()
    }
    if (word === '(' && next !== undefined) {
      at++
      const inside = or()
      if (words[at++] !== ')') throw new Error('closing paren expected')
      return inside
    }
    if (unary.has(word) && next !== undefined) {
      at += 2
      return one(word, next)
    }
    at++
    return word !== ''
  }
  const and = (): boolean => {
    let value = primary()
    while (words[at] === '-a') {
      at++
      const right = primary()
      value = value && right
    }
    return value
  }
  const or = (): boolean => {
    let value = and()
    while (words[at] === '-o') {
      at++
      const right = and()
      value = value || right
    }
    return value
  }

  if (words.length === 0) return false
  const value = or()
  if (at < words.length) throw new Error(`${words[at]}: unknown operand`)
  return value
}
