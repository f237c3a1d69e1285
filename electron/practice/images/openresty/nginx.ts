// The program nginx: master and worker, signals, -s, -t, -v, logs; one for openresty and plain nginx.

import http from 'node:http'
import { FileError, resolvePath } from '../files.ts'
import type { ContainerView, ProcessIO, Program, Socket } from '../program.ts'
import { openOutput } from '../special-files.ts'
import { errorCode } from '../words.ts'
import { ConfError, type Directive, readConfiguration } from './conf-parse.ts'
import type { Configuration } from './configuration.ts'
import type { Exchange } from './exchange.ts'
import { LuaError, type LuaMachine } from './lua-machine.ts'
import { createLua, type LuaRequest } from './lua-ngx.ts'
import { compile } from './model.ts'
import { serve } from './serve.ts'
import type { ServeHost } from './serve-host.ts'
import { fill } from './variables.ts'

export interface Flavour {
  /** `openresty` or `nginx`. */
  brand: string
  /** `openresty/1.27.1.2` */
  version: string
  /** Ends with a slash. */
  prefix: string
  configuration: string
}

/** `2026/11/22 14:18:03` */
const logTime = (now: number) => new Date(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')

const byConnection = new WeakMap<object, { host: ServeHost; number: number }>()
/** One server for all containers: it only speaks HTTP on connections that are handed to it, and listens nowhere. */
const shared = http.createServer({ keepAlive: true }, (request, response) => {
  const known = byConnection.get(request.socket)
  if (known) void serve(known.host, request, response, known.number)
  else response.destroy()
})
shared.on('clientError', (_, socket) => {
  const known = byConnection.get(socket)
  const body = '<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n'
  const page = `${body}<hr><center>${known?.host.brand ?? 'nginx'}</center>\r\n</body>\r\n</html>\r\n`
  if (socket.writable)
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nServer: ${known?.host.serverHeader ?? 'nginx'}\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`,
    )
})

/** nginx looks names of upstreams up before it starts, and does not start without them. */
const checkUpstreams = (configuration: Configuration, container: ContainerView) => {
  const visit = (locations: Configuration['servers'][number]['locations']) => {
    for (const { proxyPass = '', locations: inner } of locations) {
      visit(inner)
      const host = /^http:\/\/([^/:?$]+)(?::\d+)?(?:[/?][^$]*)?$/.exec(proxyPass)?.[1]
      if (host !== undefined && !configuration.upstreams.has(host)) resolveOrFail(host, container)
    }
  }
  for (const server of configuration.servers) visit(server.locations)
  for (const members of configuration.upstreams.values())
    for (const member of members) resolveOrFail(member.split(':')[0]!, container)
}
const resolveOrFail = (host: string, container: ContainerView) => {
  try {
    container.resolve(host)
  } catch (error) {
    if (errorCode(error) !== 'ENOTFOUND') throw error
    throw new ConfError(`host not found in upstream "${host}"`)
  }
}

/** What directives mean, for a thousand containers of one image say the same. */
const compiled = new WeakMap<readonly Directive[], Map<string, Configuration>>()

const readAll = (container: ContainerView, file: string, prefix: string): Configuration => {
  const directives = readConfiguration(container.files, file)
  const known = compiled.get(directives) ?? new Map<string, Configuration>()
  const configuration = known.get(prefix) ?? compile(directives, prefix)
  compiled.set(directives, known.set(prefix, configuration))
  checkUpstreams(configuration, container)
  return configuration
}

/** Opens a log: a link to /dev/stdout or /dev/stderr leads to the container's log. */
const openLog = (path: string, container: ContainerView, io: ProcessIO) => {
  try {
    const info = container.files.lstat(path)
    return openOutput(info.type === 'link' ? info.target! : path, true, container, io)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return openOutput(path, true, container, io)
  }
}

const worker =
  (host: Omit<ServeHost, 'pid'> & { pid: number }): Program =>
  async io => {
    host.pid = io.pid
    const ended = Promise.withResolvers<number>()
    for (const signal of ['SIGTERM', 'SIGQUIT', 'SIGINT']) io.handle(signal, () => ended.resolve(0))
    return ended.promise
  }

const master =
  (flavour: Flavour, file: string): Program =>
  async (io, container) => {
    const logs = new Map<string, ReturnType<typeof openLog>>()
    const write = (path: string, text: string) => {
      const open = logs.get(path) ?? openLog(path, container, io)
      logs.set(path, open)
      void Promise.resolve(open(text)).catch(() => {})
    }
    const complain = (path: string, level: string, message: string) =>
      write(path, `${logTime(container.now())} [${level}] ${io.pid}#${io.pid}: ${message}\n`)
    let configuration: Configuration
    try {
      configuration = readAll(container, file, flavour.prefix)
    } catch (error) {
      if (!(error instanceof ConfError)) throw error
      await io.stderr(
        `${logTime(container.now())} [emerg] ${io.pid}#${io.pid}: ${error.message}\nnginx: [emerg] ${error.message}\n`,
      )
      return 1
    }
    let machine: LuaMachine<LuaRequest> | undefined
    let connections = 0
    const open = new Set<Socket>()
    const listening = new Map<number, () => void>()
    const mainLog = () => configuration.servers[0]?.scope.errorLog ?? `${flavour.prefix}logs/error.log`

    const host: ServeHost = {
      configuration,
      container,
      version: flavour.version.replace(/^.*\//, ''),
      pid: 7,
      brand: flavour.brand === 'openresty' ? 'openresty' : flavour.version,
      serverHeader: flavour.version,
      lua: () => {
        machine ??= createLua(host)
        return machine
      },
      accessLog: write,
      errorLog(level, message, exchange: Exchange) {
        const { location, server } = exchange
        const about = fill('client: $remote_addr, server: $server_name, request: "$request", host: "$http_host"', exchange, host)
        write(
          (location?.scope ?? server.scope).errorLog,
          `${logTime(container.now())} [${level}] ${host.pid}#${host.pid}: *${exchange.connection} ${message}, ${about}\n`,
        )
      },
    }
    const accept = (socket: Socket) => {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      byConnection.set(socket, { host, number: ++connections })
      shared.emit('connection', socket)
    }
    const listen = async (): Promise<boolean> => {
      for (const port of host.configuration.ports) {
        if (listening.has(port)) continue
        for (let tries = 0; !listening.has(port); tries++) {
          try {
            listening.set(port, container.listen(port, accept))
          } catch (error) {
            if (errorCode(error) !== 'EADDRINUSE') throw error
            await io.stderr(`nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: Address already in use)\n`)
            if (tries >= 4) {
              await io.stderr('nginx: [emerg] still could not bind()\n')
              return false
            }
            await container.sleep(500, io.signal)
          }
        }
      }
      return true
    }
    const runInit = async () => {
      for (const { code, chunk } of host.configuration.init) {
        try {
          await host.lua().run(code, chunk, {} as LuaRequest)
        } catch (error) {
          if (!(error instanceof LuaError)) throw error
          complain(mainLog(), 'error', error.message)
        }
      }
    }

    if (!(await listen())) return 1
    container.files.makeDirectory(`${flavour.prefix}logs`)
    container.files.write(`${flavour.prefix}logs/nginx.pid`, `${io.pid}\n`)
    io.rename(`nginx: master process ${io.argv.join(' ')}`)
    await runInit()
    let stopping = false
    const ended = Promise.withResolvers<number>()
    const startWorker = () => {
      const child = io.start({ ...io, argv: ['nginx: worker process'] }, worker(host))
      void child.exited.then(() => {
        // The master starts another for one that died.
        if (!stopping && !io.signal.aborted) startWorker()
      })
    }
    const stop = () => {
      stopping = true
      for (const close of listening.values()) close()
      ended.resolve(0)
    }
    for (const signal of ['SIGTERM', 'SIGQUIT', 'SIGINT']) io.handle(signal, stop)
    io.handle('SIGHUP', () => {
      try {
        host.configuration = readAll(container, file, flavour.prefix)
      } catch (error) {
        if (!(error instanceof ConfError)) throw error
        return complain(mainLog(), 'emerg', error.message)
      }
      machine = undefined
      for (const [port, close] of listening) {
        if (host.configuration.ports.includes(port)) continue
        close()
        listening.delete(port)
      }
      void listen().then(runInit)
    })
    io.handle('SIGUSR1', () => logs.clear())
    startWorker()
    io.signal.addEventListener('abort', () => ended.resolve(137), { once: true })
    const code = await ended.promise
    // Requests under way are answered, then the connections are closed.
    await container.sleep(1)
    for (const socket of open) socket.destroy()
    return code
  }

const signals: Readonly<Record<string, string>> = { reload: 'SIGHUP', stop: 'SIGTERM', quit: 'SIGQUIT', reopen: 'SIGUSR1' }

/** `nginx -s reload`: reads the configuration, which must be sound, and tells the master. */
const signalMaster = async (
  io: ProcessIO,
  container: ContainerView,
  flavour: Flavour,
  file: string,
  word: string,
): Promise<number> => {
  const signal = signals[word]
  if (!signal) {
    await io.stderr(`nginx: invalid option: "-s ${word}"\n`)
    return 1
  }
  readAll(container, file, flavour.prefix)
  const now = `${logTime(container.now())}`
  await io.stderr(`${now} [notice] ${io.pid}#${io.pid}: signal process started\n`)
  const pidFile = `${flavour.prefix}logs/nginx.pid`
  const pid = container.files.exists(pidFile) ? Number(container.files.text(pidFile)) : 0
  if (pid > 0 && container.kill(pid, signal)) return 0
  const why =
    pid > 0 ? `kill(${pid}, 1) failed (3: No such process)` : `open() "${pidFile}" failed (2: No such file or directory)`
  await io.stderr(`${now} [error] ${io.pid}#${io.pid}: ${why}\nnginx: [error] ${why}\n`)
  return 1
}

export const nginx =
  (flavour: Flavour): Program =>
  async (io, container) => {
    const args = io.argv.slice(1)
    const value = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined)
    const known = /^-[?hvVtTqsgcpe]$/
    const wrong = args.find((arg, index) => !known.test(arg) && !/^-[sgcpe]$/.test(args[index - 1] ?? ''))
    if (wrong !== undefined) {
      await io.stderr(`nginx: invalid option: "${wrong}"\n`)
      return 1
    }
    if (args.includes('-v') || args.includes('-V')) {
      await io.stderr(`nginx version: ${flavour.version}\n`)
      return 0
    }
    const file = resolvePath(flavour.prefix, value('-c') ?? flavour.configuration)
    try {
      const word = value('-s')
      if (args.includes('-s')) return await signalMaster(io, container, flavour, file, word ?? '')
      if (args.includes('-t') || args.includes('-T')) {
        readAll(container, file, flavour.prefix)
        await io.stderr(
          `nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful\n`,
        )
        return 0
      }
    } catch (error) {
      if (!(error instanceof ConfError)) throw error
      const time = `${logTime(container.now())} [emerg] ${io.pid}#${io.pid}: ${error.message}\n`
      await io.stderr(`${args.includes('-s') ? time : ''}nginx: [emerg] ${error.message}\n`)
      if (!args.includes('-s')) await io.stderr(`nginx: configuration file ${file} test failed\n`)
      return 1
    }
    return master(flavour, file)(io, container)
  }
