// grep, with the options that people use.

import { FileError } from '../files.ts'
import { linesOf } from '../streams.ts'
import type { Applet, Context } from './context.ts'
import { posixRegex } from './regex.ts'

const filesBelow = (context: Context, name: string): string[] => {
  const info = context.files.exists(context.path(name)) ? context.files.stat(context.path(name)) : undefined
  if (info?.type !== 'directory') return [name]
  return context.files.list(context.path(name)).flatMap(file => filesBelow(context, `${name.replace(/\/$/, '')}/${file.name}`))
}

export const grep: Applet = async context => {
  const options = context.options('EFGivnclLqosHhrRxwe:f:A:B:C:m:')
  const patterns = [...options.values('e')]
  for (const file of options.values('f')) patterns.push(...context.files.text(context.path(file)).replace(/\n$/, '').split('\n'))
  if (patterns.length === 0) {
    const first = options.rest.shift()
    if (first === undefined) return context.fail('no pattern given', 2)
    patterns.push(...first.split('\n'))
  }
  const extended = options.has('E') || context.name === 'egrep'
  const fixed = options.has('F') || context.name === 'fgrep'
  const flags = `g${options.has('i') ? 'i' : ''}`
  let expressions: RegExp[]
  try {
    expressions = patterns.map(pattern => {
      const { source } = fixed ? new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')) : posixRegex(pattern, extended)
      const bounded = options.has('w') ? `(?<!\\w)(?:${source})(?!\\w)` : source
      return new RegExp(options.has('x') ? `^(?:${bounded})$` : bounded, flags)
    })
  } catch (error) {
    return context.fail(`bad regex '${patterns[0]}': ${error instanceof Error ? error.message : error}`, 2)
  }
  const recursive = options.has('r') || options.has('R')
  const names = recursive
    ? (options.rest.length > 0 ? options.rest : ['.']).flatMap(name => filesBelow(context, name))
    : options.rest
  const withName = options.has('H') || (!options.has('h') && (names.length > 1 || recursive))
  const before = Number(options.value('B') ?? options.value('C') ?? 0)
  const after = Number(options.value('A') ?? options.value('C') ?? 0)
  const limit = Number(options.value('m') ?? Number.POSITIVE_INFINITY)
  const plain = !options.has('q') && !options.has('c') && !options.has('l') && !options.has('L')
  let found = false
  let failed = false

  for (const name of names.length > 0 ? names : ['-']) {
    const label = name === '-' ? '(standard input)' : name
    let count = 0
    let number = 0
    let trailing = 0
    let lastShown = 0
    const earlier: string[] = []
    const show = async (line: string, mark: string, at = number) => {
      if ((before > 0 || after > 0) && lastShown > 0 && at > lastShown + 1) await context.out('--\n')
      lastShown = at
      await context.out(`${withName ? `${label}${mark}` : ''}${options.has('n') ? `${at}${mark}` : ''}${line}\n`)
    }
    try {
      for await (const line of linesOf(context.open(name))) {
        number++
        const hits = expressions.flatMap(expression => [...line.matchAll(expression)])
        if (hits.length > 0 === options.has('v')) {
          if (trailing > 0 && plain) {
            trailing--
            await show(line, '-')
          } else if (before > 0) {
            earlier.push(line)
            if (earlier.length > before) earlier.shift()
          }
          continue
        }
        found = true
        count++
        if (options.has('q')) return 0
        if (options.has('l')) break
        if (plain && options.has('o')) for (const hit of hits.filter(hit => hit[0] !== '')) await show(hit[0], ':')
        else if (plain) {
          for (const [index, old] of earlier.entries()) await show(old, '-', number - earlier.length + index)
          earlier.length = 0
          await show(line, ':')
          trailing = after
        }
        if (count >= limit) break
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      failed = true
      if (!options.has('s'))
        await context.fail(`${name}: ${error.code === 'EISDIR' ? 'Is a directory' : 'No such file or directory'}`)
      continue
    }
    if (options.has('c')) await context.out(`${withName ? `${label}:` : ''}${count}\n`)
    if ((options.has('l') && count > 0) || (options.has('L') && count === 0)) await context.out(`${label}\n`)
  }
  return failed ? 2 : found ? 0 : 1
}
