// What a configuration of nginx means: servers, locations, and what holds in each of them.

export interface ErrorPage {
  codes: readonly number[]
  /** The code to answer with: undefined keeps the first, 0 takes the page's own. */
  answer?: number
  uri: string
}

export interface Scope {
  root: string
  alias?: string
  index: readonly string[]
  defaultType: string
  types: ReadonlyMap<string, string>
  errorPages: readonly ErrorPage[]
  headers: readonly { name: string; value: string; always: boolean }[]
  proxyHeaders: readonly { name: string; value: string }[]
  accessLog: readonly { path: string; format: string }[]
  errorLog: string
  autoindex: boolean
  tryFiles?: readonly string[]
  denied: boolean
}

/** What the rewrite phase runs, in order. */
export type Rule =
  | { type: 'return'; code: number; text?: string }
  | { type: 'rewrite'; pattern: RegExp; to: string; flag: string }
  | { type: 'set'; name: string; value: string }
  | { type: 'break' }
  | { type: 'if'; condition: readonly string[]; rules: readonly Rule[] }

export interface LuaCode {
  code: string
  /** `=content_by_lua(default.conf:9)`, for messages. */
  chunk: string
}

export interface Location {
  modifier: '' | '=' | '^~' | '~' | '~*' | '@'
  path: string
  pattern?: RegExp
  internal: boolean
  scope: Scope
  rules: readonly Rule[]
  lua: { rewrite?: LuaCode; access?: LuaCode; content?: LuaCode; headerFilter?: LuaCode }
  proxyPass?: string
  locations: readonly Location[]
}

export interface Server {
  ports: readonly { port: number; isDefault: boolean }[]
  names: readonly string[]
  scope: Scope
  rules: readonly Rule[]
  locations: readonly Location[]
}

export interface Configuration {
  servers: readonly Server[]
  formats: ReadonlyMap<string, string>
  upstreams: ReadonlyMap<string, readonly string[]>
  init: readonly LuaCode[]
  ports: readonly number[]
}
