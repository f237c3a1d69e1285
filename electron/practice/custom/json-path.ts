// The simple JSONPaths of printer columns and scales: `.spec.image`, `.status.conditions[?(@.type=="Ready")].status`.

import { isEqual } from '../clone.ts'
import { isRecord } from '../is-record.ts'

// Models client-go/util/jsonpath, without ranges of templates and functions.

type Step = (values: unknown[]) => unknown[]

const field =
  (name: string): Step =>
  values =>
    values.flatMap(value => (isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []))

const all: Step = values => values.flatMap(value => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []))

const items =
  (from: number | undefined, to: number | undefined): Step =>
  values =>
    values.flatMap(value => (Array.isArray(value) ? value.slice(from, to) : []))

const literal = (text: string): unknown => {
  const quoted = /^(['"])(.*)\1$/s.exec(text)
  if (quoted) return quoted[2]
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const compare: Record<string, (left: unknown, right: unknown) => boolean> = {
  '==': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  '<': (left, right) => Number(left) < Number(right),
  '<=': (left, right) => Number(left) <= Number(right),
  '>': (left, right) => Number(left) > Number(right),
  '>=': (left, right) => Number(left) >= Number(right),
}

const filter = (text: string): Step | undefined => {
  const [, path = '', operator, right = ''] = /^@(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+))?$/s.exec(text.trim()) ?? []
  const left = parse(path)
  if (!left) return undefined
  const holds = (item: unknown) => {
    const [found] = left([item])
    if (found === undefined) return false
    return operator ? compare[operator]!(found, literal(right.trim())) : true
  }
  return values => values.flatMap(value => (Array.isArray(value) ? value.filter(holds) : []))
}

const subscript = (text: string): Step | undefined => {
  if (text === '*') return all
  const quoted = /^(['"])(.*)\1$/s.exec(text)
  if (quoted) return field(quoted[2]!)
  const condition = /^\?\((.*)\)$/s.exec(text)
  if (condition) return filter(condition[1]!)
  const range = /^(-?\d+)?(:)?(-?\d+)?$/.exec(text)
  if (!range || text === '') return undefined
  const [, from, colon, to] = range
  const start = from === undefined ? undefined : Number(from)
  if (!colon) return items(start, start === -1 ? undefined : start! + 1)
  return items(start, to === undefined ? undefined : Number(to))
}

const token = /^(?:\.?\[((?:\?\((?:[^()]|\([^()]*\))*\)|'[^']*'|"[^"]*"|[^\]])*)\]|\.((?:\\.|[^.[\]\\])+)|\.(?=\.)|\.$)/

const parse = (text: string): Step | undefined => {
  const steps: Step[] = []
  for (let rest = text; rest; ) {
    const found = token.exec(rest)
    if (!found) return undefined
    const [whole, inner, name] = found
    const step =
      inner !== undefined
        ? subscript(inner.trim())
        : name === '*'
          ? all
          : name
            ? field(name.replaceAll(/\\(.)/g, '$1'))
            : undefined
    if (!step) return undefined
    steps.push(step)
    rest = rest.slice(whole.length)
  }
  return values => steps.reduce((found, step) => step(found), values)
}

/** Finds values by a path that begins with a dot; undefined for what is no path. */
export const jsonPath = (text: string): ((object: unknown) => unknown[]) | undefined => {
  const path = text.startsWith('$') ? text.slice(1) : text
  const step = path === '.' ? (values: unknown[]) => values : parse(path)
  return step && (object => step([object]))
}

/** Sets a value at a path of plain names, in a private copy. */
export const setAt = (object: Record<string, unknown>, path: string, value: unknown): void => {
  const names = path.split('.').filter(Boolean)
  let at = object
  for (const name of names.slice(0, -1)) {
    if (!isRecord(at[name])) at[name] = {}
    at = at[name] as Record<string, unknown>
  }
  at[names.at(-1)!] = value
}
