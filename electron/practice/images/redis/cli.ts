// redis-cli: one command, a file of commands, or a conversation at a prompt.

import type { ContainerView, ProcessIO, Program, Socket } from '../program.ts'
import { createLineEditor } from '../shell/line-editor.ts'
import { linesOf, readWhole } from '../streams.ts'
import { strerror } from '../words.ts'
import { encodeRequest, Parser, quoted, type Reply, splitWords } from './resp.ts'
import { version } from './server.ts'

// Models redis/src/redis-cli.c

/** A reply as on a terminal: `1) "a"`, `(integer) 1`, `(nil)`. */
export const shownReply = (reply: Reply, indent = ''): string => {
  if (reply === null) return '(nil)'
  if (typeof reply === 'number') return `(integer) ${reply}`
  if (typeof reply === 'string') return quoted(reply)
  if ('status' in reply) return reply.status
  if ('error' in reply) return `(error) ${reply.error}`
  if (reply.length === 0) return '(empty array)'
  const width = String(reply.length).length
  const inner = `${indent}${' '.repeat(width + 2)}`
  return reply
    .map((item, index) => `${index > 0 ? indent : ''}${String(index + 1).padStart(width)}) ${shownReply(item, inner)}`)
    .join('\n')
}

/** A reply as in a pipe: bare. */
export const rawReply = (reply: Reply): string => {
  if (reply === null) return ''
  if (typeof reply === 'number' || typeof reply === 'string') return String(reply)
  if ('status' in reply) return reply.status
  if ('error' in reply) return reply.error
  return reply.map(rawReply).join('\n')
}

interface Asked {
  host: string
  port: number
  database: number
  repeat: number
  intervalMs: number
  raw: boolean
  lastFromInput: boolean
  command: readonly string[]
}

const usage = `redis-cli ${version}

Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]
  -h <hostname>      Server hostname (default: 127.0.0.1).
  -p <port>          Server port (default: 6379).
  -r <repeat>        Execute specified command N times.
  -i <interval>      Seconds between repeats.
  -n <db>            Database number.
  -x                 Read last argument from STDIN.
  --raw              Use raw formatting for replies (default when STDOUT is not a tty).
  --no-raw           Force formatted output even when STDOUT is not a tty.
  --version          Output version and exit.
  --help             Output this help and exit.
`

class UsageError extends Error {}

const read = (args: readonly string[], isTerminal: boolean): Asked => {
  const asked = { host: '127.0.0.1', port: 6379, database: 0, repeat: 1, intervalMs: 0, raw: !isTerminal, lastFromInput: false }
  const rest = [...args]
  const value = (flag: string) => {
    const next = rest.shift()
    if (next === undefined) throw new UsageError(`Unrecognized option or bad number of args for: '${flag}'\n`)
    return next
  }
  while (rest[0]?.startsWith('-')) {
    const flag = rest.shift()!
    if (flag === '-h') asked.host = value(flag)
    else if (flag === '-p') asked.port = Number(value(flag))
    else if (flag === '-n') asked.database = Number(value(flag))
    else if (flag === '-r') asked.repeat = Number(value(flag))
    else if (flag === '-i') asked.intervalMs = Number(value(flag)) * 1000
    else if (flag === '-x') asked.lastFromInput = true
    else if (flag === '-a' || flag === '--user' || flag === '--pass') value(flag)
    else if (flag === '--raw') asked.raw = true
    else if (flag === '--no-raw') asked.raw = false
    else if (!['--no-auth-warning', '-e', '-2', '-3'].includes(flag))
      throw new UsageError(`Unrecognized option or bad number of args for: '${flag}'\n`)
  }
  return { ...asked, command: rest }
}

/** Bytes as one character each, as the protocol's words are here. */
const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

class Connection {
  readonly #socket: Socket
  readonly #parser = new Parser()
  #answered: PromiseWithResolvers<Reply> | undefined
  isOpen = true

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#parser.push(chunk.toString('latin1'))
      const reply = this.#parser.next()
      if (reply !== undefined) this.#answered?.resolve(reply)
    })
    const end = () => {
      this.isOpen = false
      this.#answered?.reject(new Error('Server closed the connection'))
    }
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', end)
  }

  /** @throws Error where the server goes away before it answers */
  ask(words: readonly string[]): Promise<Reply> {
    this.#answered = Promise.withResolvers()
    this.#socket.write(Buffer.from(encodeRequest(words), 'latin1'))
    return this.#answered.promise
  }

  close(): void {
    this.#socket.end()
    this.#socket.destroy()
  }
}

class Session {
  readonly #io: ProcessIO
  readonly #container: ContainerView
  readonly #asked: Asked
  #connection: Connection | undefined
  #database: number

  constructor(io: ProcessIO, container: ContainerView, asked: Asked) {
    this.#io = io
    this.#container = container
    this.#asked = asked
    this.#database = asked.database
  }

  get prompt(): string {
    if (!this.#connection?.isOpen) return 'not connected> '
    return `${this.#asked.host}:${this.#asked.port}${this.#database > 0 ? `[${this.#database}]` : ''}> `
  }

  /** False where nobody answers, which it has told. */
  async connect(): Promise<boolean> {
    if (this.#connection?.isOpen) return true
    const { host, port } = this.#asked
    try {
      this.#connection = new Connection(await this.#container.dial(host, port))
    } catch (error) {
      const why =
        error instanceof Error && 'code' in error && error.code === 'ENOTFOUND' ? 'Name or service not known' : strerror(error)
      await this.#io.stderr(`Could not connect to Redis at ${host}:${port}: ${why}\n`)
      return false
    }
    if (this.#database > 0) await this.#connection.ask(['SELECT', String(this.#database)])
    return true
  }

  /** Asks and shows the answer; false where the connection is lost. */
  async run(words: readonly string[]): Promise<boolean> {
    if (!(await this.connect())) return false
    let reply: Reply
    try {
      reply = await this.#connection!.ask(words.map(latin))
    } catch {
      if (words[0]?.toUpperCase() === 'SHUTDOWN') return true
      await this.#io.stderr('Error: Server closed the connection\n')
      return false
    }
    const name = words[0]?.toUpperCase()
    const isStatus = reply !== null && typeof reply === 'object' && 'status' in reply
    if (name === 'SELECT' && isStatus) this.#database = Number(words[1])
    const isText = typeof reply === 'string' && (name === 'INFO' || (name === 'CLIENT' && words[1]?.toUpperCase() === 'LIST'))
    const text = this.#asked.raw || isText ? rawReply(reply) : shownReply(reply)
    await this.#io.stdout(Buffer.from(`${text}\n`, 'latin1'))
    return true
  }

  close(): void {
    this.#connection?.close()
  }
}

const converse = async (io: ProcessIO, session: Session): Promise<number> => {
  await session.connect()
  const editor = createLineEditor(io, () => ({ typed: '', candidates: [] }), [])
  for (;;) {
    const read = await editor.read(session.prompt)
    if (!read || read.interrupted) return 0
    const words = splitWords(read.line)
    if (!words) await io.stdout('Invalid argument(s)\n')
    else if (words.length === 0) continue
    else if (/^(quit|exit)$/i.test(words[0]!)) return 0
    else if (/^clear$/i.test(words[0]!)) await io.stdout('\x1b[H\x1b[2J')
    else if (/^(help|\?)$/i.test(words[0]!))
      await io.stdout(
        `redis-cli ${version}\nType: "help" for this text, "quit" to exit; any command of redis is sent to the server.\n`,
      )
    else await session.run(words)
  }
}

/** The program. */
export const redisCli: Program = async (io, container) => {
  const args = io.argv.slice(1)
  if (args[0] === '--help' || args[0] === '--version' || args[0] === '-v') {
    await io.stdout(args[0] === '--help' ? usage : `redis-cli ${version}\n`)
    return 0
  }
  let asked: Asked
  try {
    asked = read(args, io.tty !== undefined)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    await io.stderr(error.message)
    return 1
  }
  const session = new Session(io, container, asked)
  try {
    if (asked.command.length > 0) {
      const last = asked.lastFromInput ? [new TextDecoder().decode(await readWhole(io.stdin))] : []
      for (let left = asked.repeat; left !== 0; left--) {
        if (!(await session.run([...asked.command, ...last]))) return 1
        if (left !== 1 && asked.intervalMs > 0) await container.sleep(asked.intervalMs, io.signal)
      }
      return 0
    }
    if (io.tty) return await converse(io, session)
    for await (const line of linesOf(io.stdin)) {
      const words = splitWords(line)
      if (!words) await io.stderr('Invalid argument(s)\n')
      else if (words.length > 0 && !(await session.run(words))) return 1
    }
    return 0
  } finally {
    session.close()
  }
}
