// What every small program of busybox is written on: its options, its files, its complaints.

import { FileError, type FileTree, resolvePath } from '../files.ts'
import type { ContainerView, Input, ProcessIO, Program } from '../program.ts'
import { openInput } from '../special-files.ts'
import { strerror } from '../words.ts'

export class UsageError extends Error {}

export interface Options {
  has(flag: string): boolean
  value(flag: string): string | undefined
  values(flag: string): readonly string[]
  rest: string[]
}

export class Context {
  readonly io: ProcessIO
  readonly container: ContainerView
  readonly name: string
  readonly args: readonly string[]

  constructor(io: ProcessIO, container: ContainerView) {
    this.io = io
    this.container = container
    this.name = io.argv[0]!.replace(/^.*\//, '')
    this.args = io.argv.slice(1)
  }

  get files(): FileTree {
    return this.container.files
  }

  path(name: string): string {
    return resolvePath(this.io.cwd, name)
  }

  async out(data: string | Uint8Array): Promise<void> {
    await this.io.stdout(data)
  }

  /** Tells what is wrong, with the program's name before it; 1 for the exit code. */
  async fail(message: string, code = 1): Promise<number> {
    await this.io.stderr(`${this.name}: ${message}\n`)
    return code
  }

  /** Reads `-abc -n 5 --long=x` by a getopt string (`abn:`); `long` gives long names their letters. */
  options(known: string, long: Readonly<Record<string, string>> = {}, stopEarly = false): Options {
    const found = new Map<string, string[]>()
    const rest: string[] = []
    const args = [...this.args]
    const add = (flag: string, value = '') => found.set(flag, [...(found.get(flag) ?? []), value])
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      if (arg === '--') {
        rest.push(...args.splice(0))
      } else if (arg.startsWith('--')) {
        const [, name = '', value] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(arg) ?? []
        const flag = long[name]
        if (flag === undefined) throw new UsageError(`unrecognized option '${arg}'`)
        add(flag, value ?? (known.includes(`${flag}:`) ? (args.shift() ?? '') : ''))
      } else if (arg.startsWith('-') && arg !== '-') {
        for (let at = 1; at < arg.length; at++) {
          const flag = arg[at]!
          const place = known.indexOf(flag)
          if (place < 0 || flag === ':') throw new UsageError(`invalid option -- '${flag}'`)
          if (known[place + 1] !== ':') {
            add(flag)
            continue
          }
          const value = at + 1 < arg.length ? arg.slice(at + 1) : args.shift()
          if (value === undefined) throw new UsageError(`option requires an argument -- '${flag}'`)
          add(flag, value)
          break
        }
      } else {
        rest.push(arg)
        if (stopEarly) rest.push(...args.splice(0))
      }
    }
    return { has: flag => found.has(flag), value: flag => found.get(flag)?.at(-1), values: flag => found.get(flag) ?? [], rest }
  }

  open(name: string): Input {
    return name === '-' ? this.io.stdin : openInput(this.path(name), this.container, this.io)
  }

  /** Each named input, or standard input; files that cannot be opened are told and skipped. */
  async each(names: readonly string[], use: (input: Input, name: string) => Promise<void>): Promise<number> {
    let status = 0
    for (const name of names.length > 0 ? names : ['-']) {
      try {
        if (name !== '-' && this.files.exists(this.path(name)) && this.files.stat(this.path(name)).type === 'directory')
          throw new FileError('EISDIR', name)
        await use(this.open(name), name)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        const why = strerror(error)
        status = await this.fail(error.code === 'EISDIR' ? `read error: ${why}` : `can't open '${name}': ${why}`)
      }
    }
    return status
  }
}

export type Applet = (context: Context) => number | Promise<number>

/** Makes a program of an applet: a wrong option ends it in busybox's words, a file's error with its name. */
export const program =
  (applet: Applet): Program =>
  async (io, container) => {
    const context = new Context(io, container)
    try {
      return await applet(context)
    } catch (error) {
      if (error instanceof UsageError) return context.fail(error.message)
      if (error instanceof FileError) return context.fail(`${error.message.replace(/^\w+: /, '')}: ${strerror(error)}`)
      throw error
    }
  }
