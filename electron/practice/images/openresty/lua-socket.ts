// Cosockets: TCP connections of Lua code into the cluster's network. The coroutine waits, nginx goes on.
// Models openresty/lua-nginx-module src/ngx_http_lua_socket_tcp.c

import { isIP } from 'node:net'
import { type LuaState, lua, to_jsstring } from 'fengari'
import type { ContainerView, Socket } from '../program.ts'
import { concat } from '../streams.ts'
import { errorCode } from '../words.ts'
import { type LuaMachine, type LuaValue, readBytes } from './lua-machine.ts'

/** lua_socket_connect_timeout and the like, where no other is set. */
const defaultTimeoutMs = 60_000
/** lua_socket_pool_size. */
const poolSize = 30
const newline = 10
const carriageReturn = 13

interface Open {
  socket: Socket
  read: Uint8Array[]
  ended: boolean
  failure: string | undefined
  reused: number
  wake(): void
}

const open = (socket: Socket): Open => {
  const line: Open = { socket, read: [], ended: false, failure: undefined, reused: 0, wake: () => {} }
  socket.on('data', (chunk: Uint8Array) => {
    line.read.push(chunk)
    line.wake()
  })
  const end = (failure?: string) => {
    line.ended = true
    line.failure ??= failure
    line.wake()
  }
  socket.on('end', () => end())
  socket.on('close', () => end())
  socket.on('error', error => end(errorCode(error) === 'ECONNRESET' ? 'connection reset by peer' : 'closed'))
  return line
}

const connectFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ETIMEDOUT: 'timeout',
}

/** Puts the functions that lua-modules.ts builds `ngx.socket.tcp` of into the table on the stack's top. */
export const defineSockets = <R extends object>(machine: LuaMachine<R>, container: ContainerView): void => {
  const lines = new Map<number, Open>()
  const pools = new Map<string, Open[]>()
  let last = 0

  const number = (L: LuaState, index: number) => lua.lua_tonumber(L, index)
  const text = (L: LuaState, index: number) => {
    const bytes = lua.lua_tolstring(L, index)
    return bytes ? to_jsstring(bytes, undefined, undefined, true) : ''
  }
  /** The promise's value, or `timeout` when it takes longer on the cluster's clock. */
  const within = async <T>(promise: Promise<T>, ms: number): Promise<T | 'timeout'> => {
    const over = new AbortController()
    const late = container.sleep(ms > 0 ? ms : defaultTimeoutMs, over.signal).then(
      () => 'timeout' as const,
      () => new Promise<never>(() => {}),
    )
    try {
      return await Promise.race([promise, late])
    } finally {
      over.abort()
    }
  }
  const keep = (line: Open): LuaValue[] => {
    lines.set(++last, line)
    return [last, null, line.reused]
  }
  const drop = (id: number) => {
    lines.get(id)?.socket.destroy()
    lines.delete(id)
  }

  const connect = async (host: string, port: number, ms: number, pool: string): Promise<LuaValue[]> => {
    const idle = pools.get(pool)
    for (let line = idle?.pop(); line; line = idle?.pop()) {
      if (line.ended) continue
      line.reused++
      return keep(line)
    }
    // nginx' resolver asks for the name as it stands: the search path of resolv.conf is not its own.
    const dialled = container.dial(isIP(host) ? host : `${host.replace(/\.$/, '')}.`, port)
    try {
      const socket = await within(dialled, ms)
      if (socket !== 'timeout') return keep(open(socket))
      dialled.then(
        late => late.destroy(),
        () => undefined,
      )
      return [null, 'timeout']
    } catch (error) {
      const code = errorCode(error) ?? ''
      if (code === 'ENOTFOUND') return [null, `${host} could not be resolved (3: Host not found)`]
      const words = connectFailures[code]
      if (words === undefined) throw error
      return [null, words]
    }
  }

  /** What `take` finds in the bytes that have come, waiting for more until it finds something. */
  const receive = async (
    id: number,
    ms: number,
    take: (bytes: Uint8Array, ended: boolean) => { value: Uint8Array; used: number } | undefined,
  ): Promise<LuaValue[]> => {
    const line = lines.get(id)
    if (!line) return [null, 'closed']
    for (;;) {
      const bytes = concat(line.read)
      const found = take(bytes, line.ended)
      if (found) {
        line.read = [bytes.subarray(found.used)]
        return [found.value]
      }
      if (line.ended) {
        drop(id)
        return [null, line.failure ?? 'closed', bytes]
      }
      const more = new Promise<void>(resolve => {
        line.wake = resolve
      })
      if ((await within(more, ms)) === 'timeout') return [null, 'timeout', bytes]
    }
  }

  const takeLine = (bytes: Uint8Array) => {
    const at = bytes.indexOf(newline)
    if (at < 0) return undefined
    return { value: bytes.slice(0, at).filter(byte => byte !== carriageReturn), used: at + 1 }
  }
  const takeCount = (count: number) => (bytes: Uint8Array) =>
    bytes.length >= count ? { value: bytes.slice(0, count), used: count } : undefined
  const takeAll = (bytes: Uint8Array, ended: boolean) => (ended ? { value: bytes.slice(), used: bytes.length } : undefined)

  const send = async (id: number, data: Uint8Array, ms: number): Promise<LuaValue[]> => {
    const line = lines.get(id)
    if (!line || line.socket.destroyed) return [null, 'closed']
    const written = new Promise<string | undefined>(resolve => {
      line.socket.write(data, error => resolve(error ? 'closed' : undefined))
    })
    const failure = await within(written, ms)
    return failure === undefined ? [data.length] : [null, failure]
  }

  machine.define('__connect', L => machine.wait(L, connect(text(L, 1), number(L, 2), number(L, 3), text(L, 4))))
  machine.define('__send', L => machine.wait(L, send(number(L, 1), concat(readBytes(L, 2)), number(L, 3))))
  machine.define('__receive', L => {
    const take = lua.lua_type(L, 2) === lua.LUA_TNUMBER ? takeCount(number(L, 2)) : text(L, 2) === '*a' ? takeAll : takeLine
    return machine.wait(L, receive(number(L, 1), number(L, 3), take))
  })
  machine.define('__close', L => {
    drop(number(L, 1))
    return 0
  })
  machine.define('__keep', L => {
    const [id, pool] = [number(L, 1), text(L, 2)]
    const line = lines.get(id)
    lines.delete(id)
    const idle = pools.get(pool) ?? []
    pools.set(pool, idle)
    if (line && !line.ended && line.read.every(({ length }) => length === 0) && idle.length < poolSize) idle.push(line)
    else line?.socket.destroy()
    return 0
  })
}
