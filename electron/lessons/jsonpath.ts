// The part of kubectl's JSONPath that checks use: fields, indices, wildcards, and equality filters. Pure.

type Step = { field: string } | { index: number } | { all: true } | { where: string[]; equals: string }

const token = /^(?:\.([\w-]+(?:\\\.[\w-]+)*)|\[(-?\d+)\]|\[\*\]|\['([^']+)'\]|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\])/

/** `{.status.conditions[?(@.type=="Ready")].status}` as steps; undefined where it is not such a path. */
export const parsePath = (text: string): Step[] | undefined => {
  const steps: Step[] = []
  let rest = text.trim().replace(/^\{(.*)\}$/, '$1')
  if (rest === '') return undefined
  if (!/^[.[]/.test(rest)) rest = `.${rest}`
  while (rest !== '') {
    const match = token.exec(rest)
    if (match === null) return undefined
    const [whole, field, index, quoted, where, equals] = match
    if (field !== undefined) steps.push({ field: field.replaceAll('\\.', '.') })
    else if (index !== undefined) steps.push({ index: Number(index) })
    else if (quoted !== undefined) steps.push({ field: quoted })
    else if (where !== undefined) steps.push({ where: where.split('.'), equals: equals ?? '' })
    else steps.push({ all: true })
    rest = rest.slice(whole.length)
  }
  return steps
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined

const take = (value: unknown, step: Step): unknown[] => {
  if ('field' in step) return [fieldOf(value, step.field)]
  const items: unknown[] = Array.isArray(value) ? value : []
  if ('index' in step) return [items.at(step.index)]
  if ('all' in step) return items
  return items.filter(item => textOf(step.where.reduce(fieldOf, item)) === step.equals)
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** What kubectl would print: the values found, joined by spaces; empty where there is none. */
export const jsonpath = (value: unknown, path: string): string =>
  (parsePath(path) ?? [])
    .reduce<unknown[]>((values, step) => values.flatMap(each => take(each, step)), [value])
    .filter(each => each !== undefined && each !== null)
    .map(textOf)
    .join(' ')
