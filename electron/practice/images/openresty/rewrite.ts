// The rewrite phase: set, if, rewrite, return, break.
// Models nginx/src/http/modules/ngx_http_rewrite_module.c

import { FileError, type FileTree } from '../files.ts'
import type { Rule } from './configuration.ts'
import type { Exchange } from './exchange.ts'
import { fill, type Surroundings } from './variables.ts'

export type RewriteResult =
  | { type: 'go' }
  | { type: 'again' }
  | { type: 'stop' }
  | { type: 'return'; code: number; text?: string }

const holds = (
  [left = '', operator, right = '']: readonly string[],
  exchange: Exchange,
  around: Surroundings,
  files: FileTree,
): boolean => {
  const test = /^(!?)-([fde])$/.exec(left)
  if (test) {
    let found = false
    try {
      const { type } = files.stat(fill(right, exchange, around))
      found = test[2] === 'e' || (test[2] === 'd') === (type === 'directory')
    } catch (error) {
      if (!(error instanceof FileError)) throw error
    }
    return found !== (test[1] === '!')
  }
  const value = fill(left, exchange, around)
  switch (operator) {
    case '':
      return value !== '' && value !== '0'
    case '=':
      return value === fill(right, exchange, around)
    case '!=':
      return value !== fill(right, exchange, around)
    default: {
      const match = new RegExp(right, operator?.includes('*') ? 'i' : '').exec(value)
      if (match) exchange.captures = [...match]
      return (match !== null) !== operator?.startsWith('!')
    }
  }
}

export const runRules = (rules: readonly Rule[], exchange: Exchange, around: Surroundings, files: FileTree): RewriteResult => {
  let changed = false
  for (const rule of rules) {
    switch (rule.type) {
      case 'return':
        return { type: 'return', code: rule.code, ...(rule.text !== undefined && { text: fill(rule.text, exchange, around) }) }
      case 'set':
        exchange.variables.set(rule.name, fill(rule.value, exchange, around))
        break
      case 'break':
        return { type: 'stop' }
      case 'if':
        if (holds(rule.condition, exchange, around, files)) {
          const result = runRules(rule.rules, exchange, around, files)
          if (result.type !== 'go') return result
        }
        break
      case 'rewrite': {
        const match = rule.pattern.exec(exchange.uri)
        if (!match) break
        exchange.captures = [...match]
        for (const [name, value] of Object.entries(match.groups ?? {})) exchange.variables.set(name, value)
        const target = fill(rule.to, exchange, around)
        if (rule.flag === 'redirect' || rule.flag === 'permanent' || /^https?:\/\//.test(target)) {
          const query = exchange.args && !target.includes('?') ? `?${exchange.args}` : ''
          return { type: 'return', code: rule.flag === 'permanent' ? 301 : 302, text: target.replace(/\?$/, '') + query }
        }
        const [uri = '/', query] = target.split(/\?(.*)/s, 2)
        exchange.uri = uri
        // Arguments of the request follow those of the replacement, unless it ends with a question mark.
        if (query !== undefined)
          exchange.args = target.endsWith('?') ? query.replace(/\?$/, '') : [query, exchange.args].filter(Boolean).join('&')
        changed = true
        if (rule.flag === 'last') return { type: 'again' }
        if (rule.flag === 'break') return { type: 'stop' }
      }
    }
  }
  return changed ? { type: 'again' } : { type: 'go' }
}
