// The part of fengari's interface that is used here: Lua's own C interface, in JavaScript.

declare module 'fengari' {
  export interface LuaState {
    readonly luaState: unique symbol
  }
  export type LuaFunction = (L: LuaState) => number
  type Text = Uint8Array

  export const lua: {
    LUA_OK: 0
    LUA_YIELD: 1
    LUA_MASKCOUNT: number
    LUA_MULTRET: number
    LUA_REGISTRYINDEX: number
    LUA_TNIL: number
    LUA_TBOOLEAN: number
    LUA_TLIGHTUSERDATA: number
    LUA_TNUMBER: number
    LUA_TSTRING: number
    LUA_TTABLE: number
    lua_close(L: LuaState): void
    lua_newthread(L: LuaState): LuaState
    lua_resume(L: LuaState, from: LuaState | null, count: number): number
    lua_yieldk(L: LuaState, count: number, context: number, next: (L: LuaState) => number): number
    lua_sethook(L: LuaState, hook: (L: LuaState) => void, mask: number, count: number): void
    lua_gettop(L: LuaState): number
    lua_settop(L: LuaState, top: number): void
    lua_pop(L: LuaState, count: number): void
    lua_absindex(L: LuaState, index: number): number
    lua_pushvalue(L: LuaState, index: number): void
    lua_remove(L: LuaState, index: number): void
    lua_pushnil(L: LuaState): void
    lua_pushlightuserdata(L: LuaState, value: unknown): void
    lua_pushboolean(L: LuaState, value: boolean): void
    lua_pushnumber(L: LuaState, value: number): void
    lua_pushinteger(L: LuaState, value: number): void
    lua_pushstring(L: LuaState, text: Text): void
    lua_pushcfunction(L: LuaState, fn: LuaFunction): void
    lua_newtable(L: LuaState): void
    lua_getfield(L: LuaState, index: number, name: Text): number
    lua_setfield(L: LuaState, index: number, name: Text): void
    lua_getglobal(L: LuaState, name: Text): number
    lua_setglobal(L: LuaState, name: Text): void
    lua_rawgeti(L: LuaState, index: number, key: number): number
    lua_rawseti(L: LuaState, index: number, key: number): void
    lua_rawset(L: LuaState, index: number): void
    lua_rawlen(L: LuaState, index: number): number
    lua_next(L: LuaState, index: number): number
    lua_setmetatable(L: LuaState, index: number): void
    lua_type(L: LuaState, index: number): number
    lua_typename(L: LuaState, type: number): Text
    lua_toboolean(L: LuaState, index: number): boolean
    lua_tonumber(L: LuaState, index: number): number
    lua_tolstring(L: LuaState, index: number): Text | null
    lua_error(L: LuaState): number
    lua_xmove(from: LuaState, to: LuaState, count: number): void
    lua_pcall(L: LuaState, args: number, results: number, handler: number): number
  }
  export const lauxlib: {
    LUA_NOREF: number
    luaL_newstate(): LuaState
    luaL_loadbuffer(L: LuaState, code: Text, length: number, name: Text): number
    luaL_requiref(L: LuaState, name: Text, open: LuaFunction, global: number): void
    luaL_ref(L: LuaState, table: number): number
    luaL_unref(L: LuaState, table: number, reference: number): void
    luaL_tolstring(L: LuaState, index: number): Text
    luaL_traceback(L: LuaState, from: LuaState, message: Text | null, level: number): void
    luaL_error(L: LuaState, format: Text, ...args: unknown[]): number
    luaL_checkstack(L: LuaState, size: number, message: Text | null): void
  }
  export const lualib: {
    luaopen_base: LuaFunction
    luaopen_table: LuaFunction
    luaopen_string: LuaFunction
    luaopen_math: LuaFunction
    luaopen_coroutine: LuaFunction
  }
  export const to_luastring: (text: string) => Text
  export const to_jsstring: (text: Text, from?: number, to?: number, replacement?: boolean) => string
}
