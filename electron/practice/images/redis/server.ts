// redis-server: answers RESP on the Pod's network and keeps its data in memory, in snapshots and in an append-only file.

import { FileError, resolvePath } from '../files.ts'
import { workFor } from '../pace.ts'
import type { ContainerView, ProcessIO, Program, Socket } from '../program.ts'
import { errorCode } from '../words.ts'
import { type AppendOnly, openAppendOnly } from './append-only.ts'
import { type Call, CommandError, dataCommands } from './commands.ts'
import { ConfigurationError, readSettings, type Settings } from './configuration.ts'
import { Data, glob } from './data.ts'
import { information } from './information.ts'
import { readRdb, writeRdb } from './rdb.ts'
import { encode, Parser, ProtocolError, type Reply } from './resp.ts'

// Models redis/src/server.c and networking.c
export const version = '7.4.5'

/** What a command costs, in milliseconds of one core. */
const commandMs = 0.02

interface Client {
  id: number
  database: number
  socket: Socket
}

const ok = { status: 'OK' }
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `22 Nov 2026 14:26:04.123`, in UTC as containers have it. */
const logTime = (ms: number): string => {
  const date = new Date(ms)
  return `${date.toISOString().slice(8, 10)} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 23)}`
}

/** A write as it is to be played again later: times to come are told as moments. */
const lasting = (words: readonly string[], call: Call): readonly string[] => {
  const name = words[0]!.toLowerCase()
  const key = words[1] ?? ''
  if (['expire', 'pexpire', 'expireat'].includes(name)) {
    const expires = call.data.get(call.database, key)?.expires
    return expires === undefined ? ['DEL', key] : ['PEXPIREAT', key, String(Math.round(expires))]
  }
  if (name !== 'set' && name !== 'setex') return words
  const entry = call.data.get(call.database, key)
  if (typeof entry?.value !== 'string') return words
  return ['SET', key, entry.value, ...(entry.expires === undefined ? [] : ['PXAT', String(Math.round(entry.expires))])]
}

class Server {
  readonly data: Data
  readonly settings: Settings
  readonly clients = new Set<Client>()
  readonly ended = Promise.withResolvers<number>()
  readonly started: number
  commands = 0
  connections = 0
  changes = 0
  saved: number
  #file: AppendOnly | undefined
  readonly #io: ProcessIO
  readonly #container: ContainerView

  constructor(io: ProcessIO, container: ContainerView, settings: Settings) {
    this.#io = io
    this.#container = container
    this.settings = settings
    this.data = new Data(() => container.now())
    this.started = container.now()
    this.saved = this.started
    container.holds(() => this.data.bytes())
  }

  log(text: string, level = '*', role = 'M'): void {
    const line = `${this.#io.pid}:${role} ${logTime(this.#container.now())} ${level} ${text}\n`
    // A log that nobody reads any more is no reason to stop.
    void Promise.resolve(this.#io.stdout(line)).catch(() => {})
  }

  get snapshot(): string {
    return resolvePath(this.settings.get('dir')!, this.settings.get('dbfilename')!)
  }

  /** @throws Error where a file on the volume cannot be read */
  load(): void {
    const { files } = this.#container
    if (this.settings.get('appendonly') === 'yes') this.#openFile()
    else if (files.exists(this.snapshot)) {
      this.log('Loading RDB produced by version 7.4.5')
      readRdb(files.read(this.snapshot), this.data)
      this.log('DB loaded from disk: 0.000 seconds')
    }
  }

  #openFile(): void {
    this.#file = openAppendOnly({
      files: this.#container.files,
      folder: resolvePath(this.settings.get('dir')!, this.settings.get('appenddirname')!),
      data: this.data,
      replay: (database, [name = '', ...args]) => {
        dataCommands[name.toLowerCase()]?.run({ data: this.data, database, args })
      },
      log: text => this.log(text),
    })
  }

  save(): void {
    this.#container.files.write(this.snapshot, Buffer.from(writeRdb(this.data), 'latin1'))
    this.saved = this.#container.now()
    this.changes = 0
    this.log('DB saved on disk')
  }

  /** Ends the server as SIGTERM and SHUTDOWN do. */
  shutdown(isSaving = this.settings.get('save') !== ''): void {
    this.log('User requested shutdown...', '*')
    if (this.#file) this.log('Calling fsync() on the AOF file.')
    if (isSaving) {
      this.log('Saving the final RDB snapshot before exiting.')
      this.save()
    }
    this.log('Redis is now ready to exit, bye bye...', '#')
    for (const { socket } of this.clients) socket.destroy()
    this.ended.resolve(0)
  }

  accept = (socket: Socket): void => {
    const client: Client = { id: ++this.connections, database: 0, socket }
    const parser = new Parser()
    this.clients.add(client)
    socket.on('close', () => this.clients.delete(client))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.on('data', (chunk: Buffer) => {
      parser.push(chunk.toString('latin1'))
      const answers: string[] = []
      try {
        for (let words = parser.request(); words && !socket.destroyed; words = parser.request()) {
          if (words.length > 0) answers.push(encode(this.answer(client, words)))
        }
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
        answers.push(encode({ error: `ERR Protocol error: ${error.message}` }))
        socket.end(Buffer.from(answers.join(''), 'latin1'))
        return
      }
      if (answers.length > 0 && !socket.destroyed) socket.write(Buffer.from(answers.join(''), 'latin1'))
    })
  }

  answer(client: Client, words: readonly string[]): Reply {
    const [name = '', ...args] = words
    const lower = name.toLowerCase()
    this.commands++
    workFor(this.#container, client.socket, commandMs)
    const own = this.#own(lower, client, args)
    if (own !== undefined) return own
    const command = Object.hasOwn(dataCommands, lower) ? dataCommands[lower] : undefined
    if (!command) {
      const shown = args.map(arg => `'${arg.slice(0, 128)}' `).join('')
      return { error: `ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown}` }
    }
    const isRight = command.arity > 0 ? words.length === command.arity : words.length >= -command.arity
    if (!isRight) return { error: `ERR wrong number of arguments for '${lower}' command` }
    const call = { data: this.data, database: client.database, args }
    try {
      const reply = command.run(call)
      if (!command.writes) return reply
      this.changes++
      this.#file?.append(client.database, lasting(words, call))
      return reply
    } catch (error) {
      if (error instanceof CommandError) return { error: error.message }
      if (error instanceof FileError) return { error: `MISCONF Errors writing to the AOF file: ${error.message}` }
      throw error
    }
  }

  /** Commands about the server and the connection; undefined for others. */
  #own(name: string, client: Client, args: readonly string[]): Reply | undefined {
    switch (name) {
      case 'select': {
        const database = Number(args[0])
        if (!Number.isInteger(database)) return { error: 'ERR value is not an integer or out of range' }
        if (!this.data.databases[database]) return { error: 'ERR DB index is out of range' }
        client.database = database
        return ok
      }
      case 'quit':
        client.socket.end(Buffer.from(encode(ok)))
        return ''
      case 'config':
        return this.#configure(args)
      case 'info':
        return information(this, version, this.#io.pid, this.#container.now(), args[0])
      case 'save':
        this.save()
        return ok
      case 'bgsave':
        this.save()
        return { status: 'Background saving started' }
      case 'bgrewriteaof':
        this.#file?.rewrite()
        return { status: 'Background append only file rewriting started' }
      case 'lastsave':
        return Math.floor(this.saved / 1000)
      case 'shutdown':
        this.shutdown(
          args[0]?.toUpperCase() === 'SAVE' || (args[0]?.toUpperCase() !== 'NOSAVE' && this.settings.get('save') !== ''),
        )
        return ok
      case 'command':
        if (args[0]?.toLowerCase() === 'count') return Object.keys(dataCommands).length
        return args.length === 0 ? Object.entries(dataCommands).map(([word, { arity }]) => [word, arity]) : []
      case 'client':
        return this.#client(client, args)
      case 'auth':
        return {
          error:
            'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
        }
      default:
        return undefined
    }
  }

  #client(client: Client, [word = '']: readonly string[]): Reply {
    const address = ({ socket }: Client) => `${socket.remoteAddress}:${socket.remotePort}`
    switch (word.toLowerCase()) {
      case 'id':
        return client.id
      case 'list':
        return [...this.clients].map(each => `id=${each.id} addr=${address(each)} name= db=${each.database}\n`).join('')
      case 'getname':
        return null
      default:
        return ok
    }
  }

  #configure([word = '', ...args]: readonly string[]): Reply {
    switch (word.toLowerCase()) {
      case 'get': {
        const patterns = args.map(arg => glob(arg.toLowerCase()))
        return [...this.settings].filter(([key]) => patterns.some(pattern => pattern.test(key))).flat()
      }
      case 'set': {
        const [key = '', value = ''] = args
        if (!this.settings.has(key.toLowerCase()))
          return { error: `ERR Unknown option or number of arguments for CONFIG SET - '${key}'` }
        this.settings.set(key.toLowerCase(), value)
        if (key.toLowerCase() === 'appendonly') {
          if (value === 'yes' && !this.#file) this.#openFile()
          if (value === 'yes') this.#file?.rewrite()
          else this.#file = undefined
        }
        return ok
      }
      case 'resetstat':
        return ok
      default:
        return { error: `ERR unknown subcommand '${word}'. Try CONFIG HELP.` }
    }
  }
}

/** The program. */
export const redisServer: Program = async (io, container) => {
  const args = io.argv.slice(1)
  if (args[0] === '-v' || args[0] === '--version') {
    await io.stdout(`Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=practice\n`)
    return 0
  }
  let settings: Settings
  try {
    settings = readSettings(args, io.cwd, container.files)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    await io.stderr(error.message)
    return 1
  }
  const server = new Server(io, container, settings)
  const port = Number(settings.get('port'))
  server.log('oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', '*', 'C')
  server.log(`Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${io.pid}, just started`, '*', 'C')
  if (args.length > 0) server.log('Configuration loaded', '*', 'C')
  else
    server.log(
      'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
      '#',
      'C',
    )
  server.log('monotonic clock: POSIX clock_gettime')
  let stop: () => void
  try {
    stop = container.listen(port, server.accept)
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error
    server.log(`Warning: Could not create server TCP listening socket *:${port}: bind: Address already in use`, '#')
    server.log(`Failed listening on port ${port} (tcp), aborting.`, '#')
    return 1
  }
  io.rename(`redis-server ${settings.get('bind')!.split(' ')[0]}:${port}`)
  server.log(`Running mode=standalone, port=${port}.`)
  server.log('Server initialized')
  try {
    server.load()
  } catch (error) {
    stop()
    server.log(`Fatal error loading the DB, check server logs. Exiting. ${error instanceof Error ? error.message : error}`, '#')
    return 1
  }
  server.log('Ready to accept connections tcp')
  for (const signal of ['SIGTERM', 'SIGINT']) {
    io.handle(signal, () => {
      const seconds = Math.floor(container.now() / 1000)
      void Promise.resolve(io.stdout(`${io.pid}:signal-handler (${seconds}) Received ${signal} scheduling shutdown...\n`)).catch(
        () => {},
      )
      server.shutdown()
    })
  }
  io.signal.addEventListener('abort', () => server.ended.resolve(137), { once: true })
  const code = await server.ended.promise
  stop()
  for (const { socket } of server.clients) socket.destroy()
  return code
}
