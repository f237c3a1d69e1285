// The shell at work: runs what the parser made, with variables, functions, redirections, pipes and jobs.

import { resolvePath } from '../files.ts'
import { findCommand } from '../lookup.ts'
import { createBusy } from '../pace.ts'
import type { Child, ContainerView, Input, Output, ProcessIO } from '../program.ts'
import { concat, createPipe, noInput, toBytes } from '../streams.ts'
import { errorCode } from '../words.ts'
import { type Command, type List, type Redirect, ShellSyntaxError, sayCommand } from './ast.ts'
import type { Builtin } from './builtins.ts'
import { BreakLoop, ContinueLoop, ExitShell, ReturnFrom, ShellError } from './control.ts'
import { ExpansionError, expandFields, expandPattern, expandText, type Scope } from './expand.ts'
import { Parser } from './parse.ts'
import { matches } from './pattern.ts'
import { openRedirect } from './redirect.ts'
import { runSimple } from './simple.ts'
import type { Descriptor, Job, ShellState } from './state.ts'

/** Commands run before others get a turn, so that a busy loop in one container does not stop the cluster. */
const commandsPerTurn = 100
/** Turns of a loop before it is one that does not end: a hundred thousand commands. */
const freeTurns = 1000

export class Shell implements Scope {
  readonly io: ProcessIO
  readonly container: ContainerView
  readonly builtins: Readonly<Record<string, Builtin>>
  readonly state: ShellState
  readonly jobs: Job[] = []
  readonly aliases = new Map<string, string>()
  interactive = false
  status = 0
  /** The status of the last command substitution. */
  captured = 0
  lastPid: number | undefined
  /** Values that `local` hides, innermost last. */
  readonly locals: Map<string, string | undefined>[] = []
  /** Signals that came and whose trap has not run yet. */
  readonly arrived: string[] = []
  wakeTrap: (() => void) | undefined
  loops = 0
  /** Above nought inside a condition, where `set -e` does not count. */
  #tested = 0
  #ran = 0
  readonly #busy: ReturnType<typeof createBusy>

  constructor(io: ProcessIO, container: ContainerView, builtins: Readonly<Record<string, Builtin>>, state: ShellState) {
    this.io = io
    this.container = container
    this.builtins = builtins
    this.state = state
    this.#busy = createBusy(container, freeTurns)
  }

  get files() {
    return this.container.files
  }
  get cwd() {
    return this.state.cwd
  }
  get positional() {
    return this.state.positional
  }
  get noGlob() {
    return this.state.options.has('f')
  }
  get noUnset() {
    return this.state.options.has('u')
  }

  get(name: string): string | undefined {
    if (/^[1-9]\d*$/.test(name)) return this.state.positional[Number(name) - 1]
    switch (name) {
      case '0':
        return this.state.name
      case '?':
        return String(this.status)
      case '#':
        return String(this.state.positional.length)
      case '$':
        return String(this.io.pid)
      case '!':
        return this.lastPid === undefined ? undefined : String(this.lastPid)
      case '-':
        return [...this.state.options].join('')
      case 'RANDOM':
        return String(Math.floor(this.container.random() * 32_768))
      default:
        return this.state.variables.get(name)
    }
  }

  set(name: string, value: string): void {
    if (this.state.readOnly.has(name)) throw new ShellError(`${name}: is read only`, 2)
    this.state.variables.set(name, value)
    if (this.state.options.has('a')) this.state.exported.add(name)
  }

  environment(): Record<string, string> {
    const env: Record<string, string> = {}
    for (const name of this.state.exported) {
      const value = this.state.variables.get(name)
      if (value !== undefined) env[name] = value
    }
    return env
  }

  descriptor(fd: number): Descriptor {
    return this.state.descriptors.get(fd) ?? {}
  }
  get stdin(): Input {
    return this.descriptor(0).input ?? noInput()
  }
  readonly stdout: Output = data => (this.descriptor(1).output ?? (() => {}))(data)
  readonly stderr: Output = data => (this.descriptor(2).output ?? (() => {}))(data)

  path(name: string): string {
    return resolvePath(this.state.cwd, name)
  }

  async complain(message: string, code = 1): Promise<number> {
    await this.stderr(`${this.state.name}: ${message}\n`)
    return code
  }

  /** A copy that can change without this one noticing. */
  fork(descriptors: [number, Descriptor][] = []): Shell {
    const state: ShellState = {
      ...this.state,
      variables: new Map(this.state.variables),
      exported: new Set(this.state.exported),
      readOnly: new Set(this.state.readOnly),
      functions: new Map(this.state.functions),
      options: new Set(this.state.options),
      descriptors: new Map([...this.state.descriptors, ...descriptors]),
      traps: new Map(),
    }
    const copy = new Shell(this.io, this.container, this.builtins, state)
    copy.status = this.status
    copy.lastPid = this.lastPid
    copy.#tested = this.#tested
    return copy
  }

  /** Runs in this (copied) shell to its end, whatever ends it. */
  async contained(run: () => Promise<number>): Promise<number> {
    try {
      this.status = await run()
    } catch (error) {
      if (error instanceof ExitShell || error instanceof ReturnFrom) this.status = error.status
      else if (error instanceof BreakLoop || error instanceof ContinueLoop) this.status = 0
      else if (errorCode(error) === 'EPIPE') return 141
      else this.status = await this.report(error)
    }
    return this.status
  }

  /** Tells an error of the shell itself; throws what is none. */
  async report(error: unknown): Promise<number> {
    if (error instanceof ShellError) return this.complain(error.message, error.status)
    if (error instanceof ExpansionError || error instanceof ShellSyntaxError) return this.complain(error.message, 2)
    throw error
  }

  async capture(body: List): Promise<string> {
    const chunks: Uint8Array[] = []
    const copy = this.fork([[1, { output: data => void chunks.push(toBytes(data).slice()) }]])
    this.captured = await copy.contained(() => copy.list(body))
    return new TextDecoder().decode(concat(chunks)).replaceAll('\0', '')
  }

  /** Runs text as commands (eval, traps, `.`). */
  async text(source: string): Promise<number> {
    const parser = new Parser(source)
    let status = 0
    for (let list = parser.next(); list; list = parser.next()) status = await this.list(list)
    return status
  }

  async list(list: List): Promise<number> {
    let status = 0
    for (const { command, background } of list.items) {
      status = background ? this.#background(command) : await this.command(command)
      this.status = status
      if (this.arrived.length > 0) await this.runTraps()
    }
    return status
  }

  readonly #listening = new Map<string, () => void>()

  /** Takes a signal for its trap, or gives it back to its default. */
  listen(signal: string, wanted: boolean): void {
    this.#listening.get(signal)?.()
    this.#listening.delete(signal)
    if (!wanted || signal === 'EXIT') return
    const stop = this.io.handle(signal, () => {
      this.arrived.push(signal)
      this.wakeTrap?.()
    })
    this.#listening.set(signal, stop)
  }

  async runTraps(): Promise<void> {
    for (let signal = this.arrived.shift(); signal !== undefined; signal = this.arrived.shift()) {
      const kept = this.status
      await this.text(this.state.traps.get(signal) ?? '')
      this.status = kept
    }
  }

  #background(command: Command): number {
    const copy = this.fork(this.interactive ? [] : [[0, { input: noInput() }]])
    const argv = [this.state.name]
    const child = this.io.start(
      { ...this.#streams(), argv, env: this.environment(), cwd: this.cwd, background: true },
      async io => {
        const inner = new Shell(io, this.container, this.builtins, copy.state)
        return inner.contained(() => inner.command(command))
      },
    )
    this.lastPid = child.pid
    const job: Job = { number: (this.jobs.at(-1)?.number ?? 0) + 1, child, command: sayCommand(command) }
    this.jobs.push(job)
    void child.exited.then(code => {
      job.done = code
    })
    return 0
  }

  #streams() {
    return { stdin: this.stdin, stdout: this.stdout, stderr: this.stderr, ...(this.io.tty && { tty: this.io.tty }) }
  }

  async command(command: Command): Promise<number> {
    if (++this.#ran % commandsPerTurn === 0) await this.#busy.turn(this.io.signal)
    if (this.io.signal.aborted) throw new ExitShell(130)
    const status = await this.#run(command)
    this.status = status
    const compound = command.type === 'and-or' || (command.type === 'pipeline' && command.negated)
    if (status !== 0 && !compound && this.#tested === 0 && this.state.options.has('e')) throw new ExitShell(status)
    return status
  }

  async #test(list: List): Promise<boolean> {
    this.#tested++
    try {
      return (await this.list(list)) === 0
    } finally {
      this.#tested--
    }
  }

  async #run(command: Command): Promise<number> {
    switch (command.type) {
      case 'simple':
        return runSimple(this, command)
      case 'pipeline':
        return this.#pipeline(command)
      case 'and-or': {
        this.#tested++
        let left: number
        try {
          left = await this.command(command.left)
        } finally {
          this.#tested--
        }
        return (left === 0) === (command.operator === '&&') ? this.command(command.right) : left
      }
      case 'function':
        this.state.functions.set(command.name, command.body)
        return 0
      default:
        return this.redirected(command.redirects, () => this.#compound(command))
    }
  }

  async #compound(command: Exclude<Command, { type: 'simple' | 'pipeline' | 'and-or' | 'function' }>): Promise<number> {
    switch (command.type) {
      case 'group':
        return this.list(command.body)
      case 'subshell': {
        const copy = this.fork()
        return copy.contained(() => copy.list(command.body))
      }
      case 'if':
        for (const { condition, body } of command.branches) if (await this.#test(condition)) return this.list(body)
        return command.otherwise ? this.list(command.otherwise) : 0
      case 'while':
        return this.#loop(async round => {
          while ((await this.#test(command.condition)) !== command.until) if (!(await round(command.body))) break
        })
      case 'for': {
        const values = command.words ? await expandFields(command.words, this) : [...this.positional]
        return this.#loop(async round => {
          for (const value of values) {
            this.set(command.name, value)
            if (!(await round(command.body))) break
          }
        })
      }
      case 'case': {
        const text = await expandText(command.word, this)
        for (const { patterns, body } of command.cases)
          for (const pattern of patterns) if (matches(await expandPattern(pattern, this), text)) return this.list(body)
        return 0
      }
    }
  }

  /** Runs a loop whose rounds end with `break` and `continue`; a round answers whether to go on. */
  async #loop(run: (round: (body: List) => Promise<boolean>) => Promise<void>): Promise<number> {
    let status = 0
    this.loops++
    try {
      await run(async body => {
        try {
          status = await this.list(body)
          return true
        } catch (error) {
          if (!(error instanceof BreakLoop || error instanceof ContinueLoop)) throw error
          status = 0
          if (error.levels > 1 && this.loops > 1) {
            error.levels--
            throw error
          }
          return error instanceof ContinueLoop
        }
      })
    } finally {
      this.loops--
    }
    return status
  }

  async #pipeline(command: Command & { type: 'pipeline' }): Promise<number> {
    const { commands, negated } = command
    if (negated) this.#tested++
    try {
      let status = 0
      if (commands.length === 1) status = await this.command(commands[0]!)
      else {
        const pipes = commands.slice(1).map(() => createPipe())
        const statuses = await Promise.all(
          commands.map(async (stage, index) => {
            const before = pipes[index - 1]
            const after = pipes[index]
            const changed: [number, Descriptor][] = []
            if (before) changed.push([0, { input: before.reader() }])
            if (after) changed.push([1, { output: after.write }])
            const copy = this.fork(changed)
            const code = await copy.contained(() => copy.command(stage))
            after?.end()
            before?.close()
            return code
          }),
        )
        status = statuses.at(-1)!
        if (this.state.options.has('pipefail')) status = statuses.findLast(code => code !== 0) ?? 0
      }
      return negated ? (status === 0 ? 1 : 0) : status
    } finally {
      if (negated) this.#tested--
    }
  }

  /** Runs with redirections in force, and undoes them. */
  async redirected(redirects: readonly Redirect[], run: () => Promise<number>): Promise<number> {
    if (redirects.length === 0) return run()
    const kept = this.state.descriptors
    this.state.descriptors = new Map(kept)
    try {
      for (const redirect of redirects) await openRedirect(this, redirect)
      return await run()
    } catch (error) {
      if (error instanceof ShellError && error.redirection) return await this.complain(error.message, error.status)
      throw error
    } finally {
      this.state.descriptors = kept
    }
  }

  /** Where a command is found through PATH. */
  find(name: string, path = this.get('PATH')): string | undefined {
    return findCommand(this.files, name, this.cwd, path)
  }

  /** Starts a program of the image with the shell's own streams. @throws ExecError */
  spawn(argv: readonly string[], env: Record<string, string>): Child {
    this.#busy.rest()
    return this.io.start({ ...this.#streams(), argv, env, cwd: this.cwd })
  }

  /** Becomes another program (exec). @throws ExecError */
  become(argv: readonly string[], env: Record<string, string>): Promise<number> {
    return this.io.become({ ...this.#streams(), argv, env, cwd: this.cwd })
  }
}
