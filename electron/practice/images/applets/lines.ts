// sort, uniq, cut, tr, seq, paste-like programs: text by lines and columns.

import { readEscapes } from '../printf.ts'
import { bracketClasses } from '../shell/pattern.ts'
import { linesOf, readWhole } from '../streams.ts'
import { type Applet, type Context, UsageError } from './context.ts'

const allLines = async (context: Context, names: readonly string[]) => {
  const lines: string[] = []
  const status = await context.each(names, async input => {
    for await (const line of linesOf(input)) lines.push(line)
  })
  return { lines, status }
}

const units: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 }
const numeric = (text: string) => Number.parseFloat(/^\s*[-+]?[\d.]+/.exec(text)?.[0] ?? '0') || 0
const human = (text: string) => numeric(text) * (units[/^\s*[-+]?[\d.]+([KMGT])/i.exec(text)?.[1]?.toUpperCase() ?? ''] ?? 1)
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const compareVersion = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

export const sort: Applet = async context => {
  const options = context.options('nrufk:t:o:hVbsc')
  const { lines, status } = await allLines(context, options.rest)
  const separator = options.value('t')
  const keys = options.values('k').map(key => {
    const [, from = '1', fromFlags = '', to, toFlags = ''] =
      /^(\d+)(?:\.\d+)?([a-zA-Z]*)(?:,(\d+)(?:\.\d+)?([a-zA-Z]*))?$/.exec(key) ?? []
    return { from: Number(from), to: to === undefined ? undefined : Number(to), flags: fromFlags + toFlags }
  })
  const fieldsOf = (line: string) => (separator === undefined ? (line.match(/\s*\S+/g) ?? []) : line.split(separator))
  const compareWith = (flags: string) => (a: string, b: string) => {
    const has = (flag: string) => flags.includes(flag) || (flags === '' && options.has(flag))
    const order = has('n')
      ? numeric(a) - numeric(b)
      : has('h')
        ? human(a) - human(b)
        : has('V')
          ? compareVersion(a, b)
          : has('f')
            ? compareText(a.toUpperCase(), b.toUpperCase())
            : compareText(a, b)
    return has('r') ? -order : order
  }
  const compare = (a: string, b: string) => {
    for (const { from, to, flags } of keys) {
      const part = (line: string) =>
        fieldsOf(line)
          .slice(from - 1, to)
          .join(separator ?? '')
          .trimStart()
      const order = compareWith(flags)(part(a), part(b))
      if (order !== 0) return order
    }
    return keys.length > 0 ? 0 : compareWith('')(a, b)
  }
  const last = (a: string, b: string) =>
    compare(a, b) || (options.has('s') || options.has('u') ? 0 : compareText(a, b) * (options.has('r') ? -1 : 1))
  if (options.has('c')) {
    const wrong = lines.findIndex((line, index) => index > 0 && last(lines[index - 1]!, line) > 0)
    return wrong < 0 ? 0 : context.fail(`-:${wrong + 1}: disorder: ${lines[wrong]}`)
  }
  lines.sort(last)
  const kept = options.has('u') ? lines.filter((line, index) => index === 0 || compare(lines[index - 1]!, line) !== 0) : lines
  const text = kept.map(line => `${line}\n`).join('')
  const to = options.value('o')
  if (to) context.files.write(context.path(to), text)
  else await context.out(text)
  return status
}

export const uniq: Applet = async context => {
  const options = context.options('cdui')
  const { lines, status } = await allLines(context, options.rest.slice(0, 1))
  const same = (a: string, b: string) => (options.has('i') ? a.toLowerCase() === b.toLowerCase() : a === b)
  for (let at = 0; at < lines.length; ) {
    let end = at + 1
    while (end < lines.length && same(lines[at]!, lines[end]!)) end++
    const repeated = end - at > 1
    const shown = options.has('d') ? repeated : options.has('u') ? !repeated : true
    if (shown) await context.out(`${options.has('c') ? `${String(end - at).padStart(7)} ` : ''}${lines[at]}\n`)
    at = end
  }
  return status
}

const ranges = (text: string): ((position: number) => boolean) => {
  const list = text.split(',').map(range => {
    const [, from = '', dash, to = ''] = /^(\d*)(-)?(\d*)$/.exec(range) ?? []
    if (from === '' && to === '') throw new UsageError(`bad range '${range}'`)
    return [Number(from || 1), dash ? Number(to || Number.MAX_SAFE_INTEGER) : Number(from)] as const
  })
  return position => list.some(([from, to]) => position >= from && position <= to)
}

export const cut: Applet = async context => {
  const options = context.options('d:f:c:b:s')
  const fields = options.value('f')
  const places = options.value('c') ?? options.value('b')
  const wanted = fields ?? places
  if (wanted === undefined) return context.fail('expected a list of bytes, characters, or fields')
  const keep = ranges(wanted)
  const delimiter = options.value('d') ?? '\t'
  return context.each(options.rest, async input => {
    for await (const line of linesOf(input)) {
      if (fields === undefined) await context.out(`${[...line].filter((_, index) => keep(index + 1)).join('')}\n`)
      else if (line.includes(delimiter))
        await context.out(
          `${line
            .split(delimiter)
            .filter((_, index) => keep(index + 1))
            .join(delimiter)}\n`,
        )
      else if (!options.has('s')) await context.out(`${line}\n`)
    }
  })
}

const characters = (set: string): string[] => {
  const text = readEscapes(set).text.replace(/\[:\w+:\]/g, name => {
    const fits = new RegExp(`[${bracketClasses(name)}]`)
    return Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
      .filter(char => fits.test(char))
      .join('')
  })
  const all = [...text]
  const out: string[] = []
  for (let at = 0; at < all.length; at++) {
    const end = all[at + 2]
    if (all[at + 1] !== '-' || end === undefined) {
      out.push(all[at]!)
      continue
    }
    for (let code = all[at]!.codePointAt(0)!; code <= end.codePointAt(0)!; code++) out.push(String.fromCodePoint(code))
    at += 2
  }
  return out
}

export const tr: Applet = async context => {
  const options = context.options('cCdst')
  const [from = '', to] = options.rest
  const source = characters(from)
  const target = to === undefined ? [] : characters(to)
  const complement = options.has('c') || options.has('C')
  const map = new Map(source.map((char, index) => [char, target[index] ?? target.at(-1) ?? '']))
  const has = (char: string) => map.has(char) !== complement
  const squeezed = new Set(to === undefined || options.has('d') ? (to === undefined ? source : target) : target)
  const text = new TextDecoder().decode(await readWhole(context.io.stdin))
  let out = ''
  let last = ''
  for (const char of text) {
    let result = char
    if (has(char)) {
      if (options.has('d')) continue
      if (to !== undefined) result = complement ? (target.at(-1) ?? '') : map.get(char)!
    }
    if (options.has('s') && result === last && (complement && to === undefined ? has(result) : squeezed.has(result))) continue
    out += result
    last = result
  }
  await context.out(out)
  return 0
}

export const seq: Applet = async context => {
  const separatorAt = context.args.indexOf('-s')
  const args = context.args.filter(
    (arg, index) => arg !== '-w' && (separatorAt < 0 || (index !== separatorAt && index !== separatorAt + 1)),
  )
  const numbers = args.map(Number)
  const wrong = args.find((_, index) => Number.isNaN(numbers[index]))
  if (wrong !== undefined) return context.fail(`invalid number '${wrong}'`)
  if (numbers.length === 0) return context.fail('missing operand')
  const first = numbers.length > 1 ? numbers[0]! : 1
  const step = numbers.length > 2 ? numbers[1]! : 1
  const last = numbers.at(-1)!
  const digits = Math.max(...args.map(arg => arg.split('.')[1]?.length ?? 0))
  const out: string[] = []
  for (let index = 0; out.length < 1_000_000; index++) {
    const value = first + index * step
    if (step === 0 || (step > 0 ? value > last + 1e-9 : value < last - 1e-9)) break
    out.push(value.toFixed(digits))
  }
  const width = context.args.includes('-w') ? Math.max(...out.map(text => text.length)) : 0
  const separator = separatorAt < 0 ? '\n' : (context.args[separatorAt + 1] ?? '\n')
  if (out.length > 0) await context.out(`${out.map(text => text.padStart(width, '0')).join(separator)}\n`)
  return 0
}
