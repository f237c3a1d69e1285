// A Lua machine of an nginx worker: code as coroutines, functions that wait, and values to and fro. It has no way out
// of the container: no io, no os, no packages of the real machine.

import { scheduler } from 'node:timers/promises'
import { type LuaFunction, type LuaState, lauxlib, lua, lualib, to_jsstring, to_luastring } from 'fengari'

export type LuaValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly LuaValue[]
  | { readonly [key: string]: LuaValue }

/** Instructions between two looks at how long a script has run, and how many of them one request may take. */
const step = 100_000
const mostSteps = 200

export class LuaError extends Error {}

export const pushValue = (L: LuaState, value: LuaValue): void => {
  if (value === null || value === undefined) lua.lua_pushnil(L)
  else if (typeof value === 'boolean') lua.lua_pushboolean(L, value)
  else if (typeof value === 'number') Number.isSafeInteger(value) ? lua.lua_pushinteger(L, value) : lua.lua_pushnumber(L, value)
  else if (typeof value === 'string') lua.lua_pushstring(L, to_luastring(value))
  else if (value instanceof Uint8Array) lua.lua_pushstring(L, value)
  else {
    lua.lua_newtable(L)
    if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) {
        pushValue(L, element)
        lua.lua_rawseti(L, -2, index + 1)
      }
    } else
      for (const [key, element] of Object.entries(value)) {
        pushValue(L, key)
        pushValue(L, element)
        lua.lua_rawset(L, -3)
      }
  }
}

/** A number as Lua 5.1 writes it: `%.14g`. */
export const numberText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const digits = Number(value.toPrecision(14))
  const size = Math.abs(digits)
  if (size !== 0 && (size >= 1e14 || size < 1e-4)) return digits.toExponential().replace(/e([-+])(\d)$/, 'e$10$2')
  return String(digits)
}

/** Reads a value; text is decoded. */
export const readValue = (L: LuaState, index: number, depth = 0): LuaValue => {
  switch (lua.lua_type(L, index)) {
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, index)
    case lua.LUA_TNUMBER:
      return lua.lua_tonumber(L, index)
    case lua.LUA_TSTRING:
      return to_jsstring(lua.lua_tolstring(L, index)!, undefined, undefined, true)
    case lua.LUA_TTABLE: {
      if (depth > 20) return null
      const at = lua.lua_absindex(L, index)
      const length = lua.lua_rawlen(L, at)
      const list: LuaValue[] = []
      const map: Record<string, LuaValue> = {}
      let others = 0
      lua.lua_pushnil(L)
      while (lua.lua_next(L, at) !== 0) {
        const value = readValue(L, -1, depth + 1)
        const isIndex = lua.lua_type(L, -2) === lua.LUA_TNUMBER
        const key = isIndex ? lua.lua_tonumber(L, -2) : readValue(L, -2)
        if (isIndex && Number(key) >= 1 && Number(key) <= length) list[Number(key) - 1] = value
        else others++
        map[String(key)] = value
        lua.lua_pop(L, 1)
      }
      return length > 0 && others === 0 ? list : map
    }
    default:
      return null
  }
}

/** Bytes of what `ngx.say` is given: text, numbers, booleans, nil and lists of them. */
export const readBytes = (L: LuaState, index: number): Uint8Array[] => {
  const type = lua.lua_type(L, index)
  if (type === lua.LUA_TSTRING) return [lua.lua_tolstring(L, index)!.slice()]
  if (type === lua.LUA_TNUMBER) return [to_luastring(numberText(lua.lua_tonumber(L, index)))]
  if (type === lua.LUA_TBOOLEAN) return [to_luastring(String(lua.lua_toboolean(L, index)))]
  if (type === lua.LUA_TTABLE) {
    const at = lua.lua_absindex(L, index)
    const parts: Uint8Array[] = []
    for (let place = 1; place <= lua.lua_rawlen(L, at); place++) {
      lua.lua_rawgeti(L, at, place)
      parts.push(...readBytes(L, -1))
      lua.lua_pop(L, 1)
    }
    return parts
  }
  if (type === lua.LUA_TLIGHTUSERDATA) return [to_luastring('null')]
  return [to_luastring(type === lua.LUA_TNIL ? 'nil' : to_jsstring(lua.lua_typename(L, type)))]
}

export class LuaMachine<Request extends object> {
  readonly state: LuaState = lauxlib.luaL_newstate()
  /** The request whose code runs now. */
  current: Request | undefined
  #pending: Promise<LuaValue[]> | undefined
  readonly #loaded = new Map<string, number>()

  constructor(prelude: string, prepare: (machine: LuaMachine<Request>) => void) {
    const L = this.state
    const libraries = [
      ['_G', lualib.luaopen_base],
      ['table', lualib.luaopen_table],
      ['string', lualib.luaopen_string],
      ['math', lualib.luaopen_math],
      ['coroutine', lualib.luaopen_coroutine],
    ] as const
    for (const [name, open] of libraries) {
      lauxlib.luaL_requiref(L, to_luastring(name), open, 1)
      lua.lua_pop(L, 1)
    }
    prepare(this)
    this.#load(L, prelude, '=prelude')
    if (lua.lua_pcall(L, 0, 0, 0) !== lua.LUA_OK) throw new LuaError(to_jsstring(lauxlib.luaL_tolstring(L, -1)))
  }

  /** Puts a function into the table on the stack's top. */
  define(name: string, fn: LuaFunction): void {
    lua.lua_pushcfunction(this.state, fn)
    lua.lua_setfield(this.state, -2, to_luastring(name))
  }

  /** Leaves the running coroutine until the promise settles; its values are what the Lua call returns. */
  wait(L: LuaState, promise: Promise<LuaValue[]>): number {
    this.#pending = promise
    lua.lua_settop(L, 0)
    return lua.lua_yieldk(L, 0, 0, inner => lua.lua_gettop(inner))
  }

  #load(L: LuaState, code: string, chunk: string): void {
    const bytes = to_luastring(code)
    if (lauxlib.luaL_loadbuffer(L, bytes, bytes.length, to_luastring(chunk)) === lua.LUA_OK) return
    const message = to_jsstring(lua.lua_tolstring(L, -1)!)
    lua.lua_pop(L, 1)
    throw new LuaError(`failed to load inlined Lua code: ${message}`)
  }

  /** Runs code for a request, to its end. @throws LuaError as openresty words it */
  async run(code: string, chunk: string, request: Request): Promise<void> {
    const L = this.state
    const thread = lua.lua_newthread(L)
    // Kept in the registry, so that other requests may use the stack meanwhile.
    const kept = lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX)
    let steps = 0
    lua.lua_sethook(
      thread,
      inner => {
        if (++steps > mostSteps)
          lauxlib.luaL_error(inner, to_luastring('the script ran too long and was stopped by the practice cluster'))
      },
      lua.LUA_MASKCOUNT,
      step,
    )
    try {
      const key = `${chunk}\n${code}`
      const known = this.#loaded.get(key)
      if (known === undefined) {
        this.#load(thread, code, chunk)
        lua.lua_pushvalue(thread, -1)
        this.#loaded.set(key, lauxlib.luaL_ref(thread, lua.LUA_REGISTRYINDEX))
      } else lua.lua_rawgeti(thread, lua.LUA_REGISTRYINDEX, known)
      let given = 0
      for (;;) {
        this.current = request
        const status = lua.lua_resume(thread, null, given)
        this.current = undefined
        if (status === lua.LUA_OK) return
        if (status !== lua.LUA_YIELD) {
          // The failed coroutine's stack may be full: its message is read without pushing anything.
          const isTable = lua.lua_type(thread, -1) === lua.LUA_TTABLE
          const message = isTable ? '(error object is a table value)' : String(readValue(thread, -1))
          throw new LuaError(
            `lua entry thread aborted: runtime error: ${message}\nstack traceback:\ncoroutine 0:\n\t${chunk.slice(1)}: in main chunk`,
          )
        }
        const pending = this.#pending
        this.#pending = undefined
        if (!pending) await scheduler.yield()
        const values = pending ? await pending : []
        for (const value of values) pushValue(thread, value)
        given = values.length
      }
    } finally {
      lauxlib.luaL_unref(L, lua.LUA_REGISTRYINDEX, kept)
    }
  }
}
