// cat, head, tail, wc, tee, rev, tac, nl: text passed on.

import { createBusy } from '../pace.ts'
import { openOutput } from '../special-files.ts'
import { concat, linesOf, readWhole } from '../streams.ts'
import { strerror } from '../words.ts'
import type { Applet } from './context.ts'

export const cat: Applet = async context => {
  const options = context.options('nbvteuAE')
  let number = 0
  return context.each(options.rest, async input => {
    if (!options.has('n') && !options.has('b')) {
      for await (const chunk of input) await context.out(chunk)
      return
    }
    for await (const line of linesOf(input)) {
      const counted = options.has('n') || line !== ''
      await context.out(`${counted ? `${String(++number).padStart(6)}\t` : ''}${line}\n`)
    }
  })
}

/** `-5` as an old way to write `-n 5`. */
const withOldCount = (args: readonly string[]) =>
  args.flatMap((arg, index) =>
    /^[-+]\d+$/.test(arg) && !/^-[nc]$/.test(args[index - 1] ?? '') ? ['-n', arg.replace(/^-/, '')] : [arg],
  )

const count = (text: string): number => {
  const [, digits = '', unit = ''] = /^[-+]?(\d+)([bkm]?)$/.exec(text) ?? []
  return Number(digits) * ({ b: 512, k: 1024, m: 1024 ** 2 }[unit] ?? 1)
}

const heading = (names: readonly string[], quiet: boolean, always: boolean) => {
  let first = true
  return (name: string) => {
    if (quiet || (names.length < 2 && !always)) return ''
    const text = `${first ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`
    first = false
    return text
  }
}

const withArgs = (context: Parameters<Applet>[0], args: readonly string[]) =>
  Object.assign(Object.create(context) as typeof context, { args })

export const head: Applet = async original => {
  const context = withArgs(original, withOldCount(original.args))
  const options = context.options('n:c:qv')
  const wanted = options.value('c') ?? options.value('n') ?? '10'
  if (!/^-?\d+[bkm]?$/.test(wanted)) return context.fail(`invalid number '${wanted}'`)
  const title = heading(options.rest, options.has('q'), options.has('v'))
  return context.each(options.rest, async (input, name) => {
    await context.out(title(name))
    let left = count(wanted)
    if (wanted.startsWith('-')) {
      const whole = await readWhole(input)
      if (options.has('c')) return context.out(whole.subarray(0, Math.max(0, whole.length - left)))
      const lines = new TextDecoder().decode(whole).split(/(?<=\n)/)
      return context.out(lines.slice(0, Math.max(0, lines.length - left)).join(''))
    }
    while (left > 0) {
      const chunk = await input.read()
      if (!chunk) return
      let end = 0
      if (options.has('c')) {
        end = Math.min(chunk.length, left)
        left -= end
      } else
        while (left > 0 && end < chunk.length) {
          const newline = chunk.indexOf(10, end)
          end = newline < 0 ? chunk.length : newline + 1
          if (newline >= 0) left--
        }
      await context.out(chunk.subarray(0, end))
      if (end < chunk.length) input.unread(chunk.subarray(end))
    }
  })
}

/** How often `tail -f` looks at the file again. */
const followMs = 1000

export const tail: Applet = async original => {
  const context = withArgs(original, withOldCount(original.args))
  const options = context.options('n:c:fqvFs:')
  const wanted = options.value('c') ?? options.value('n') ?? '10'
  if (!/^[-+]?\d+[bkm]?$/.test(wanted)) return context.fail(`invalid number '${wanted}'`)
  const title = heading(options.rest, options.has('q'), options.has('v'))
  const number = count(wanted)
  const seen = new Map<string, number>()
  const status = await context.each(options.rest, async (input, name) => {
    await context.out(title(name))
    const whole = await readWhole(input)
    seen.set(name, whole.length)
    if (options.has('c'))
      return context.out(whole.subarray(wanted.startsWith('+') ? Math.max(0, number - 1) : Math.max(0, whole.length - number)))
    const lines = new TextDecoder().decode(whole).split(/(?<=\n)/)
    await context.out(lines.slice(wanted.startsWith('+') ? Math.max(0, number - 1) : Math.max(0, lines.length - number)).join(''))
  })
  while ((options.has('f') || options.has('F')) && seen.size > 0) {
    await context.container.sleep(followMs, context.io.signal)
    for (const [name, length] of seen) {
      const path = context.path(name)
      if (name === '-' || !context.files.exists(path)) continue
      const bytes = context.files.read(path)
      if (bytes.length > length) await context.out(bytes.subarray(length))
      seen.set(name, bytes.length)
    }
  }
  return status
}

export const wc: Applet = async context => {
  const options = context.options('lwcmL')
  const kinds = ['l', 'w', 'm', 'c', 'L'].filter(kind => options.has(kind))
  const shown = kinds.length > 0 ? kinds : ['l', 'w', 'c']
  const total: Record<string, number> = {}
  const say = (counts: Record<string, number>, name: string) => {
    const numbers = shown.map(kind => String(counts[kind] ?? 0).padStart(shown.length === 1 ? 0 : 9))
    return context.out(`${numbers.join(shown.length === 1 ? '' : ' ')}${name === '-' ? '' : ` ${name}`}\n`)
  }
  const status = await context.each(options.rest, async (input, name) => {
    const bytes = await readWhole(input)
    const text = new TextDecoder().decode(bytes)
    const counts: Record<string, number> = {
      l: text.split('\n').length - 1,
      w: text.match(/\S+/g)?.length ?? 0,
      m: [...text].length,
      c: bytes.length,
      L: text.split('\n').reduce((longest, line) => Math.max(longest, line.length), 0),
    }
    for (const kind of shown) total[kind] = kind === 'L' ? Math.max(total.L ?? 0, counts.L!) : (total[kind] ?? 0) + counts[kind]!
    await say(counts, options.rest.length === 0 ? '-' : name)
  })
  if (options.rest.length > 1) await say(total, 'total')
  return status
}

export const tee: Applet = async context => {
  const options = context.options('ai')
  let status = 0
  const outputs = [context.io.stdout]
  for (const name of options.rest) {
    try {
      outputs.push(openOutput(context.path(name), options.has('a'), context.container, context.io))
    } catch (error) {
      status = await context.fail(`${name}: ${strerror(error)}`)
    }
  }
  for await (const chunk of context.io.stdin) for (const output of outputs) await output(chunk)
  return status
}

export const rev: Applet = context =>
  context.each(context.args, async input => {
    for await (const line of linesOf(input)) await context.out(`${[...line].reverse().join('')}\n`)
  })

export const tac: Applet = context =>
  context.each(context.args, async input => {
    const lines = new TextDecoder().decode(concat([await readWhole(input)])).split(/(?<=\n)/)
    await context.out(lines.reverse().join(''))
  })

export const nl: Applet = async context => {
  let number = 0
  return context.each(context.options('b:w:').rest, async input => {
    for await (const line of linesOf(input))
      await context.out(line === '' ? '       \n' : `${String(++number).padStart(6)}\t${line}\n`)
  })
}

export const yes: Applet = async context => {
  const line = `${context.args.length > 0 ? context.args.join(' ') : 'y'}\n`.repeat(256)
  const busy = createBusy(context.container, 200)
  for (;;) {
    await context.out(line)
    await busy.turn(context.io.signal)
  }
}
