// sed: addresses, s///, p, d, q, y, i, a, c, =, n, N, b, t, labels, -n, -i, -e, -E.

import { FileError } from '../files.ts'
import { linesOf } from '../streams.ts'
import { strerror } from '../words.ts'
import { type Applet, UsageError } from './context.ts'
import { posixRegex } from './regex.ts'

type Address = { line: number } | { last: true } | { pattern: RegExp } | { step: [number, number] }

interface Command {
  from?: Address
  to?: Address
  /** Lines after the first, for `addr,+N`. */
  more?: number
  negated: boolean
  name: string
  text: string
  search?: RegExp
  replacement: string
  flags: string
  /** The index after a block's closing brace. */
  end: number
  /** Inside a range, and where it ends. */
  active?: number | true
}

const parse = (script: string, extended: boolean): Command[] => {
  const commands: Command[] = []
  const open: Command[] = []
  let at = 0
  let lastPattern: RegExp | undefined

  const blanks = () => {
    while (/[\s;]/.test(script[at] ?? '')) at++
  }
  const until = (delimiter: string): string => {
    let text = ''
    for (let inBrackets = false; at < script.length; at++) {
      const char = script[at]!
      if (char === '\\' && at + 1 < script.length) {
        const next = script[++at]!
        text += next === delimiter && delimiter !== '\\' ? next : next === '\n' ? '\n' : `\\${next}`
        continue
      }
      if (char === '[' && !inBrackets) inBrackets = script.indexOf(']', at + 2) > 0
      else if (char === ']') inBrackets = false
      if (char === delimiter) {
        at++
        return text
      }
      text += char
    }
    throw new UsageError(`unmatched '${delimiter}'`)
  }
  const expression = (source: string, flags: string) => {
    if (source === '' && lastPattern) return lastPattern
    lastPattern = posixRegex(source, extended, flags)
    return lastPattern
  }
  const address = (): Address | undefined => {
    const number = /^\d+/.exec(script.slice(at))?.[0]
    if (number !== undefined) {
      at += number.length
      const step = /^~(\d+)/.exec(script.slice(at))
      if (!step) return { line: Number(number) }
      at += step[0].length
      return { step: [Number(number), Number(step[1])] }
    }
    if (script[at] === '$') {
      at++
      return { last: true }
    }
    if (script[at] !== '/' && script[at] !== '\\') return undefined
    if (script[at] === '\\') at++
    const delimiter = script[at++]!
    const source = until(delimiter)
    const ignoreCase = script[at] === 'I'
    if (ignoreCase) at++
    return { pattern: expression(source, ignoreCase ? 'i' : '') }
  }
  const restOfLine = () => {
    let text = ''
    if (script[at] === ' ') while (/[ \t]/.test(script[at] ?? '')) at++
    if (script[at] === '\\' && script[at + 1] === '\n') at += 2
    for (; at < script.length && script[at] !== '\n'; at++) {
      if (script[at] === '\\' && at + 1 < script.length) at++
      text += script[at]
    }
    return text
  }

  for (blanks(); at < script.length; blanks()) {
    if (script[at] === '#') {
      while (at < script.length && script[at] !== '\n') at++
      continue
    }
    const command: Command = { negated: false, name: '', text: '', replacement: '', flags: '', end: 0 }
    const from = address()
    if (from) command.from = from
    if (script[at] === ',') {
      at++
      const plus = /^\+(\d+)/.exec(script.slice(at))
      if (plus) {
        command.more = Number(plus[1])
        at += plus[0].length
      } else {
        const to = address()
        if (!to) throw new UsageError('no address after comma')
        command.to = to
      }
    }
    while (/[\s!]/.test(script[at] ?? '')) if (script[at++] === '!') command.negated = true
    command.name = script[at++] ?? ''
    switch (command.name) {
      case 's':
      case 'y': {
        const delimiter = script[at++] ?? ''
        const source = until(delimiter)
        command.replacement = until(delimiter)
        command.text = source
        command.flags = /^[gpiI0-9ew]*/.exec(script.slice(at))![0]
        at += command.flags.length
        if (command.name === 's') command.search = expression(source, `g${/i/i.test(command.flags) ? 'i' : ''}`)
        break
      }
      case 'a':
      case 'i':
      case 'c':
        command.text = restOfLine()
        break
      case ':':
      case 'b':
      case 't':
      case 'r':
      case 'w':
        command.text = /^[^\n;]*/.exec(script.slice(at))![0].trim()
        at += /^[^\n;]*/.exec(script.slice(at))![0].length
        break
      case '{':
        open.push(command)
        break
      case '}': {
        const block = open.pop()
        if (!block) throw new UsageError("unexpected '}'")
        block.end = commands.length
        continue
      }
      default:
        if (!'pdqDPnNgGhHx=l'.includes(command.name) || command.name === '')
          throw new UsageError(`unsupported command ${command.name}`)
    }
    commands.push(command)
  }
  if (open.length > 0) throw new UsageError('unmatched {')
  return commands
}

const replace = (command: Command, space: string): { text: string; changed: boolean } => {
  const nth = Number(/\d+/.exec(command.flags)?.[0] ?? 1)
  const all = command.flags.includes('g')
  let count = 0
  let changed = false
  const text = space.replace(command.search!, (...found) => {
    count++
    if (count < nth || (count > nth && !all)) return found[0] as string
    changed = true
    return command.replacement.replace(/\\([1-9n&tr])|\\([\s\S])|&/g, (whole, code?: string, other?: string) => {
      if (whole === '&') return found[0] as string
      if (other !== undefined) return other
      if (code === 'n') return '\n'
      if (code === 't') return '\t'
      if (code === '&') return '&'
      return (found[Number(code)] as string | undefined) ?? ''
    })
  })
  return { text, changed }
}

/** Runs a script over lines; returns what it prints. */
const run = (commands: Command[], lines: readonly string[], quiet: boolean): string => {
  let hold = ''
  let out = ''
  const write = (text: string) => {
    out += text
  }
  const matchesAddress = (address: Address, number: number, space: string) => {
    if ('line' in address) return number === address.line
    if ('last' in address) return number === lines.length
    if ('step' in address) return number >= address.step[0] && (number - address.step[0]) % (address.step[1] || 1) === 0
    address.pattern.lastIndex = 0
    return new RegExp(address.pattern.source, address.pattern.flags.replace('g', '')).test(space)
  }
  const selected = (command: Command, number: number, space: string): boolean => {
    if (!command.from) return true
    if (command.to === undefined && command.more === undefined) return matchesAddress(command.from, number, space)
    if (command.active === undefined) {
      if (!matchesAddress(command.from, number, space)) return false
      command.active = command.more !== undefined ? number + command.more : 'line' in command.to! ? command.to.line : true
      if (typeof command.active === 'number' && command.active <= number) command.active = undefined
      return true
    }
    const ended = command.active === true ? matchesAddress(command.to!, number, space) : number >= command.active
    if (ended) command.active = undefined
    return true
  }
  for (let number = 1; number <= lines.length; number++) {
    let space = lines[number - 1]!
    let appended = ''
    let substituted = false
    let shown = !quiet
    let quit = false
    for (let at = 0; at < commands.length; at++) {
      const command = commands[at]!
      if (selected(command, number, space) === command.negated) {
        if (command.name === '{') at = command.end - 1
        continue
      }
      const jump = () => {
        const label =
          command.text === '' ? commands.length : commands.findIndex(other => other.name === ':' && other.text === command.text)
        at = label < 0 ? commands.length : label
      }
      switch (command.name) {
        case 's': {
          const result = replace(command, space)
          space = result.text
          substituted ||= result.changed
          if (result.changed && command.flags.includes('p')) write(`${space}\n`)
          break
        }
        case 'y': {
          const to = [...command.replacement]
          const map = new Map([...command.text].map((char, index) => [char, to[index] ?? char]))
          space = [...space].map(char => map.get(char) ?? char).join('')
          break
        }
        case 'p':
          write(`${space}\n`)
          break
        case 'P':
          write(`${space.split('\n')[0]}\n`)
          break
        case '=':
          write(`${number}\n`)
          break
        case 'i':
          write(`${command.text}\n`)
          break
        case 'a':
          appended += `${command.text}\n`
          break
        case 'c':
          if (command.active === undefined) write(`${command.text}\n`)
          shown = false
          at = commands.length
          break
        case 'd':
        case 'D':
          shown = false
          at = commands.length
          break
        case 'q':
          quit = true
          at = commands.length
          break
        case 'n':
          if (shown) write(`${space}\n`)
          if (number >= lines.length) {
            shown = false
            at = commands.length
          } else space = lines[number++]!
          break
        case 'N':
          if (number < lines.length) space += `\n${lines[number++]}`
          else at = commands.length
          break
        case 'h':
          hold = space
          break
        case 'H':
          hold += `\n${space}`
          break
        case 'g':
          space = hold
          break
        case 'G':
          space += `\n${hold}`
          break
        case 'x':
          ;[space, hold] = [hold, space]
          break
        case 'b':
          jump()
          break
        case 't':
          if (substituted) jump()
          substituted = false
      }
    }
    if (shown) write(`${space}\n`)
    if (appended) write(appended)
    if (quit) break
  }
  return out
}

export const sed: Applet = async context => {
  const options = context.options('nirEe:f:s', {
    quiet: 'n',
    silent: 'n',
    'in-place': 'i',
    expression: 'e',
    'regexp-extended': 'E',
  })
  const scripts = [...options.values('e'), ...options.values('f').map(file => context.files.text(context.path(file)))]
  if (scripts.length === 0) {
    const first = options.rest.shift()
    if (first === undefined) return context.fail('no script')
    scripts.push(first)
  }
  const extended = options.has('E') || options.has('r')
  const read = () => parse(scripts.join('\n'), extended)
  const lines: string[] = []
  let status = 0
  let endsWithNewline = true
  for (const name of options.rest.length > 0 ? options.rest : ['-']) {
    try {
      const bytes = name === '-' ? undefined : context.files.read(context.path(name))
      const own: string[] = []
      for await (const line of linesOf(context.open(name))) own.push(line)
      if (bytes) endsWithNewline = bytes.length === 0 || bytes.at(-1) === 10
      if (!options.has('i')) {
        lines.push(...own)
        continue
      }
      const text = run(read(), own, options.has('n'))
      context.files.write(context.path(name), endsWithNewline ? text : text.replace(/\n$/, ''))
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      status = await context.fail(`${name}: ${strerror(error)}`)
    }
  }
  if (!options.has('i')) {
    const text = run(read(), lines, options.has('n'))
    await context.out(endsWithNewline ? text : text.replace(/\n$/, ''))
  }
  return status
}
