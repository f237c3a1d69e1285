// The words of `for:`, as kubectl wait has them and a few more.

import { parsePath } from './jsonpath.ts'
import type { Condition } from './lesson.ts'

/** @returns undefined where the words are not ours */
export const parseCondition = (text: string): Condition | undefined => {
  if (text === 'exists' || text === 'delete' || text === 'replaced') return { type: text }
  const count = /^count(>?=)(\d+)$/.exec(text)
  if (count !== null) return { type: 'count', count: Number(count[2]), atLeast: count[1] === '>=' }
  const condition = /^condition=([A-Za-z]+)(?:=(True|False|Unknown))?$/.exec(text)
  if (condition !== null) return { type: 'condition', name: condition[1] ?? '', value: condition[2] ?? 'True' }
  const path = /^jsonpath=(\{[^}]+\})(?:=(.*))?$/.exec(text)
  if (path === null || parsePath(path[1] ?? '') === undefined) return undefined
  return { type: 'jsonpath', path: path[1] ?? '', ...(path[2] === undefined ? {} : { value: path[2] }) }
}
