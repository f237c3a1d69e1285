// The `ngx` table of openresty's Lua: what code in a configuration asks of nginx.

import { type LuaState, lauxlib, lua, to_jsstring, to_luastring } from 'fengari'
import { noteWait } from '../pace.ts'
import type { ContainerView, Socket } from '../program.ts'
import { concat } from '../streams.ts'
import type { Exchange } from './exchange.ts'
import { LuaMachine, type LuaValue, numberText, pushValue, readBytes, readValue } from './lua-machine.ts'
import { modules } from './lua-modules.ts'
import { prelude } from './lua-prelude.ts'
import { defineSockets } from './lua-socket.ts'
import { type Surroundings, variable } from './variables.ts'

/** What the code of a request has said and decided. */
export interface LuaRequest {
  exchange: Exchange
  body: Uint8Array[]
  /** Text was said: the status and headers are fixed. */
  began: boolean
  decision?:
    | { type: 'exit'; code: number }
    | { type: 'redirect'; uri: string; code: number }
    | { type: 'exec'; uri: string; args: string }
  requestBody?: string
  /** A Lua table's reference for ngx.ctx. */
  context?: number
}

export interface LuaHost extends Surroundings {
  container: ContainerView
  errorLog(level: string, message: string, exchange: Exchange): void
}

const constants: Readonly<Record<string, number>> = {
  OK: 0,
  ERROR: -1,
  AGAIN: -2,
  DONE: -4,
  DECLINED: -5,
  HTTP_OK: 200,
  HTTP_CREATED: 201,
  HTTP_NO_CONTENT: 204,
  HTTP_MOVED_PERMANENTLY: 301,
  HTTP_MOVED_TEMPORARILY: 302,
  HTTP_NOT_MODIFIED: 304,
  HTTP_BAD_REQUEST: 400,
  HTTP_UNAUTHORIZED: 401,
  HTTP_FORBIDDEN: 403,
  HTTP_NOT_FOUND: 404,
  HTTP_NOT_ALLOWED: 405,
  HTTP_TOO_MANY_REQUESTS: 429,
  HTTP_INTERNAL_SERVER_ERROR: 500,
  HTTP_BAD_GATEWAY: 502,
  HTTP_SERVICE_UNAVAILABLE: 503,
  HTTP_GATEWAY_TIMEOUT: 504,
  STDERR: 0,
  EMERG: 1,
  ALERT: 2,
  CRIT: 3,
  ERR: 4,
  WARN: 5,
  NOTICE: 6,
  INFO: 7,
  DEBUG: 8,
}
const levels = ['stderr', 'emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug']
/** The default error log holds these and worse. */
const loggedLevel = 4

const text = (L: LuaState, index: number): string => {
  const bytes = lua.lua_tolstring(L, index)
  return bytes ? to_jsstring(bytes, undefined, undefined, true) : ''
}

const queryOf = (query: string): Record<string, LuaValue> => {
  const out: Record<string, LuaValue> = {}
  for (const pair of query.split('&').filter(part => part !== '')) {
    const [name = '', value] = pair.split('=', 2).map(part => decode(part))
    const old = out[name]
    const now = value ?? true
    out[name] = old === undefined ? now : Array.isArray(old) ? [...old, now] : [old, now]
  }
  return out
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    return part
  }
}

export const createLua = (host: LuaHost): LuaMachine<LuaRequest> =>
  new LuaMachine<LuaRequest>(prelude + modules, machine => {
    const L0 = machine.state
    const now = () => machine.current!
    const stop = (L: LuaState, decision: NonNullable<LuaRequest['decision']>): number => {
      now().decision = decision
      // Ends the code from wherever it is; the machine sees that a decision was made.
      return lauxlib.luaL_error(L, to_luastring('ngx: request ended'))
    }
    const say = (newline: boolean) => (L: LuaState) => {
      const request = now()
      const parts: Uint8Array[] = []
      for (let index = 1; index <= lua.lua_gettop(L); index++) parts.push(...readBytes(L, index))
      if (newline) parts.push(Uint8Array.of(10))
      request.began = true
      request.body.push(concat(parts))
      lua.lua_pushinteger(L, 1)
      return 1
    }
    const table = (name: string, index: (L: LuaState, key: string) => number, set: (L: LuaState, key: string) => void) => {
      lua.lua_newtable(L0)
      lua.lua_newtable(L0)
      machine.define('__index', L => index(L, text(L, 2)))
      machine.define('__newindex', L => {
        set(L, text(L, 2))
        return 0
      })
      lua.lua_setmetatable(L0, -2)
      lua.lua_setfield(L0, -2, to_luastring(name))
    }
    const give = (L: LuaState, ...values: LuaValue[]) => {
      for (const value of values) pushValue(L, value)
      return values.length
    }

    lua.lua_newtable(L0)
    for (const [name, value] of Object.entries(constants)) {
      pushValue(L0, value)
      lua.lua_setfield(L0, -2, to_luastring(name))
    }
    lua.lua_pushlightuserdata(L0, null)
    lua.lua_setfield(L0, -2, to_luastring('null'))
    defineSockets(machine, host.container)
    machine.define('say', say(true))
    machine.define('print', say(false))
    machine.define('flush', L => give(L, 1))
    machine.define('eof', L => give(L, 1))
    machine.define('exit', L => stop(L, { type: 'exit', code: lua.lua_tonumber(L, 1) || 0 }))
    machine.define('redirect', L => stop(L, { type: 'redirect', uri: text(L, 1), code: lua.lua_tonumber(L, 2) || 302 }))
    machine.define('exec', L => stop(L, { type: 'exec', uri: text(L, 1), args: text(L, 2) }))
    machine.define('log', L => {
      const level = lua.lua_tonumber(L, 1)
      const parts: Uint8Array[] = []
      for (let index = 2; index <= lua.lua_gettop(L); index++) parts.push(...readBytes(L, index))
      if (level <= loggedLevel)
        host.errorLog(levels[level] ?? 'error', `[lua] ${new TextDecoder().decode(concat(parts))}`, now().exchange)
      return 0
    })
    machine.define('time', L => give(L, Math.floor(host.container.now() / 1000)))
    machine.define('now', L => give(L, host.container.now() / 1000))
    machine.define('today', L => give(L, new Date(host.container.now()).toISOString().slice(0, 10)))
    const moment = (L: LuaState) => give(L, new Date(host.container.now()).toISOString().slice(0, 19).replace('T', ' '))
    machine.define('localtime', moment)
    machine.define('utctime', moment)
    machine.define('http_time', L => give(L, new Date(lua.lua_tonumber(L, 1) * 1000).toUTCString()))
    machine.define('update_time', () => 0)
    machine.define('sleep', L => {
      const ms = lua.lua_tonumber(L, 1) * 1000
      noteWait(now().exchange.request.socket as unknown as Socket, ms)
      return machine.wait(
        L,
        host.container.sleep(ms).then(() => []),
      )
    })
    machine.define('escape_uri', L => give(L, encodeURIComponent(text(L, 1))))
    machine.define('unescape_uri', L => give(L, decode(text(L, 1))))
    machine.define('encode_base64', L => give(L, Buffer.from(lua.lua_tolstring(L, 1)!).toString('base64')))
    machine.define('decode_base64', L => give(L, new Uint8Array(Buffer.from(text(L, 1), 'base64'))))
    machine.define('get_phase', L => give(L, 'content'))
    machine.define('__json_encode', L => give(L, JSON.stringify(readValue(L, 1))))
    machine.define('__json_decode', L => {
      try {
        return give(L, JSON.parse(text(L, 1)) as LuaValue)
      } catch {
        return give(L, null, 'Expected value but found invalid token at character 1')
      }
    })
    machine.define('__date', L => give(L, new Date(lua.lua_tonumber(L, 2) * 1000).toUTCString()))

    table(
      'var',
      (L, key) => give(L, variable(key, now().exchange, host)),
      (L, key) =>
        void now().exchange.variables.set(
          key,
          lua.lua_type(L, 3) === lua.LUA_TNUMBER ? numberText(lua.lua_tonumber(L, 3)) : text(L, 3),
        ),
    )
    table(
      'header',
      (L, key) => give(L, String(now().exchange.response.getHeader(key.replaceAll('_', '-')) ?? '') || null),
      (L, key) => {
        const name = key.replaceAll('_', '-')
        const value = readValue(L, 3)
        const { response } = now().exchange
        if (value === null || value === undefined) response.removeHeader(name)
        else response.setHeader(name, Array.isArray(value) ? value.map(String) : String(value))
      },
    )
    lua.lua_newtable(L0)
    machine.define('get_headers', L => give(L, now().exchange.request.headers as Record<string, string>))
    machine.define('get_uri_args', L => give(L, queryOf(now().exchange.args)))
    machine.define('get_method', L => give(L, now().exchange.request.method))
    machine.define('http_version', L => give(L, Number(now().exchange.request.httpVersion)))
    machine.define('start_time', L => give(L, now().exchange.begun / 1000))
    machine.define('set_header', L => {
      now().exchange.request.headers[text(L, 1).toLowerCase()] = text(L, 2)
      return 0
    })
    machine.define('read_body', L => {
      const request = now()
      const read = async () => {
        const chunks: Uint8Array[] = []
        for await (const chunk of request.exchange.request) chunks.push(chunk as Uint8Array)
        request.requestBody = new TextDecoder().decode(concat(chunks))
        return []
      }
      return machine.wait(L, read())
    })
    machine.define('get_body_data', L => give(L, now().requestBody || null))
    machine.define('get_post_args', L => give(L, queryOf(now().requestBody ?? '')))
    lua.lua_setfield(L0, -2, to_luastring('req'))

    lua.lua_newtable(L0)
    machine.define('pid', L => give(L, host.pid))
    machine.define('id', L => give(L, 0))
    machine.define('count', L => give(L, 1))
    lua.lua_setfield(L0, -2, to_luastring('worker'))

    // ngx itself answers for what belongs to the request.
    lua.lua_newtable(L0)
    machine.define('__index', L => {
      const request = now()
      const key = text(L, 2)
      if (key === 'status') return give(L, request.exchange.status)
      if (key === 'headers_sent') return give(L, request.began)
      if (key === 'arg') return give(L, queryOf(request.exchange.args))
      if (key !== 'ctx') return give(L, null)
      if (request.context === undefined) {
        lua.lua_newtable(L)
        request.context = lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX)
      }
      lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, request.context)
      return 1
    })
    machine.define('__newindex', L => {
      if (text(L, 2) === 'status') now().exchange.status = lua.lua_tonumber(L, 3)
      return 0
    })
    lua.lua_setmetatable(L0, -2)
    lua.lua_setglobal(L0, to_luastring('ngx'))
    lua.lua_pushcfunction(L0, L => {
      const parts: string[] = []
      for (let index = 1; index <= lua.lua_gettop(L); index++)
        parts.push(to_jsstring(concat(readBytes(L, index)), undefined, undefined, true))
      if (machine.current && loggedLevel >= 6) host.errorLog('notice', `[lua] ${parts.join('\t')}`, now().exchange)
      return 0
    })
    lua.lua_setglobal(L0, to_luastring('print'))
  })
