// From directives to servers and locations, with what is inherited from outside.

import { ConfError, type Directive } from './conf-parse.ts'
import type { Configuration, ErrorPage, Location, LuaCode, Rule, Scope, Server } from './configuration.ts'
import { checkDirectives } from './directives.ts'
import { mimeTypes } from './mime-types.ts'
import { knownVariable } from './variables.ts'

const one = (directives: readonly Directive[], name: string) => directives.findLast(directive => directive.name === name)
const all = (directives: readonly Directive[], name: string) => directives.filter(directive => directive.name === name)

const regex = (source: string, flags: string, place: Directive): RegExp => {
  try {
    return new RegExp(
      source.replace(/\(\?<(\w+)>/g, '(?<$1>').replace(/\(\?i\)/g, ''),
      flags + (source.includes('(?i)') && !flags.includes('i') ? 'i' : ''),
    )
  } catch {
    throw new ConfError(`pcre2_compile() failed: missing closing parenthesis in "${source}"`, place)
  }
}

/** Variables that a text uses must exist. */
const checkVariables = (text: string, own: ReadonlySet<string>) => {
  for (const [, braced, bare] of text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
    const name = braced ?? bare ?? ''
    if (!own.has(name) && !knownVariable(name)) throw new ConfError(`unknown "${name}" variable`)
  }
}

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'

const inherit = (outer: Scope, directives: readonly Directive[], prefix: string): Scope => {
  const scope: Scope = { ...outer }
  delete scope.alias
  delete scope.tryFiles
  const path = (text: string) => (text.startsWith('/') || text.startsWith('$') ? text : `${prefix}${text}`)
  const root = one(directives, 'root')
  if (root) scope.root = path(root.args[0]!)
  const alias = one(directives, 'alias')
  if (alias) scope.alias = path(alias.args[0]!)
  const index = one(directives, 'index')
  if (index) scope.index = index.args
  const type = one(directives, 'default_type')
  if (type) scope.defaultType = type.args[0]!
  const types = one(directives, 'types')?.block
  if (types) scope.types = new Map(types.flatMap(({ name, args }) => args.map(ending => [ending, name] as const)))
  const pages = all(directives, 'error_page')
  if (pages.length > 0) scope.errorPages = pages.map(errorPage)
  const headers = all(directives, 'add_header')
  if (headers.length > 0)
    scope.headers = headers.map(({ args: [name = '', value = '', always] }) => ({ name, value, always: always === 'always' }))
  const proxyHeaders = all(directives, 'proxy_set_header')
  if (proxyHeaders.length > 0) scope.proxyHeaders = proxyHeaders.map(({ args: [name = '', value = ''] }) => ({ name, value }))
  const logs = all(directives, 'access_log')
  if (logs.length > 0)
    scope.accessLog = logs
      .filter(({ args }) => args[0] !== 'off')
      .map(({ args }) => ({ path: path(args[0]!), format: args[1] ?? 'combined' }))
  const errorLog = one(directives, 'error_log')
  if (errorLog) scope.errorLog = errorLog.args[0] === 'stderr' ? '/dev/stderr' : path(errorLog.args[0]!)
  const autoindex = one(directives, 'autoindex')
  if (autoindex) scope.autoindex = autoindex.args[0] === 'on'
  const tryFiles = one(directives, 'try_files')
  if (tryFiles) scope.tryFiles = tryFiles.args
  const access = directives.find(({ name, args }) => (name === 'deny' || name === 'allow') && args[0] === 'all')
  if (access) scope.denied = access.name === 'deny'
  return scope
}

const errorPage = (directive: Directive): ErrorPage => {
  const words = directive.args.slice(0, -1)
  const answer = words.find(word => word.startsWith('='))
  const codes = words.filter(word => !word.startsWith('=')).map(Number)
  for (const [index, code] of codes.entries()) {
    if (Number.isNaN(code)) throw new ConfError(`invalid value "${words[index]}"`, directive)
    if (code < 300 || code > 599) throw new ConfError(`value "${words[index]}" must be between 300 and 599`, directive)
  }
  return { codes, uri: directive.args.at(-1)!, ...(answer !== undefined && { answer: Number(answer.slice(1)) || 0 }) }
}

const rulesOf = (directives: readonly Directive[]): Rule[] =>
  directives.flatMap((directive): Rule[] => {
    const [first = '', second, third = ''] = directive.args
    switch (directive.name) {
      case 'return': {
        if (second === undefined && /^(https?:\/\/|\$scheme)/.test(first)) return [{ type: 'return', code: 302, text: first }]
        const code = Number(first)
        if (!Number.isInteger(code) || code < 0 || code > 999) throw new ConfError(`invalid return code "${first}"`, directive)
        return [{ type: 'return', code, ...(second !== undefined && { text: second }) }]
      }
      case 'rewrite':
        if (third !== '' && !['last', 'break', 'redirect', 'permanent'].includes(third))
          throw new ConfError(`invalid parameter "${third}"`, directive)
        return [{ type: 'rewrite', pattern: regex(first, '', directive), to: second!, flag: third }]
      case 'set':
        if (!first.startsWith('$')) throw new ConfError(`invalid variable name "${first}"`, directive)
        return [{ type: 'set', name: first.slice(1), value: second! }]
      case 'break':
        return [{ type: 'break' }]
      case 'if': {
        const condition = directive.args.join(' ')
        if (!/^\(.*\)$/.test(condition)) throw new ConfError(`invalid condition "${first}"`, directive)
        const words = /^\(\s*(!?-[fde]|\$\{?\w+\}?)\s*(?:(=|!=|!~\*|!~|~\*|~)\s*)?(.*?)\s*\)$/.exec(condition)
        if (!words) throw new ConfError(`invalid condition "${first}"`, directive)
        return [
          {
            type: 'if',
            condition: [words[1]!, words[2] ?? '', (words[3] ?? '').replace(/^(["'])(.*)\1$/, '$2')],
            rules: rulesOf(directive.block!),
          },
        ]
      }
      default:
        return []
    }
  })

const luaOf = (directives: readonly Directive[], phase: string): LuaCode | undefined => {
  const found = directives.findLast(({ name }) => name === `${phase}_by_lua` || name === `${phase}_by_lua_block`)
  return found && { code: found.args[0]!, chunk: `=${phase}_by_lua(${found.file.replace(/^.*\//, '')}:${found.line})` }
}

const locationOf = (directive: Directive, outer: Scope, prefix: string, above?: Location): Location => {
  const { args, block = [] } = directive
  let [modifier, path] = args.length === 2 ? (args as [string, string]) : ['', args[0]!]
  if (args.length === 1) {
    const joined = /^(=|\^~|~\*|~|@)(.+)$/.exec(path)
    if (joined) [modifier, path] = [joined[1]!, joined[1] === '@' ? path : joined[2]!]
  } else if (!['=', '^~', '~', '~*'].includes(modifier)) throw new ConfError(`invalid location modifier "${modifier}"`, directive)
  if (above && modifier !== '~' && modifier !== '~*' && above.pattern === undefined && !path.startsWith(above.path))
    throw new ConfError(`location "${path}" is outside location "${above.path}"`, directive)
  const scope = inherit(outer, block, prefix)
  const proxy = one(block, 'proxy_pass')
  if (proxy && !/^(https?:\/\/|\$)/.test(proxy.args[0]!)) throw new ConfError('invalid URL prefix', proxy)
  const [rewrite, access, content, headerFilter] = ['rewrite', 'access', 'content', 'header_filter'].map(phase =>
    luaOf(block, phase),
  )
  const location: Location = {
    modifier: modifier as Location['modifier'],
    path,
    ...(modifier.startsWith('~') && { pattern: regex(path, modifier === '~*' ? 'i' : '', directive) }),
    internal: one(block, 'internal') !== undefined || modifier === '@',
    scope,
    rules: rulesOf(block),
    lua: {
      ...(rewrite && { rewrite }),
      ...(access && { access }),
      ...(content && { content }),
      ...(headerFilter && { headerFilter }),
    },
    ...(proxy && { proxyPass: proxy.args[0]! }),
    locations: [],
  }
  return { ...location, locations: locationsOf(block, scope, prefix, location) }
}

const locationsOf = (directives: readonly Directive[], scope: Scope, prefix: string, above?: Location): Location[] => {
  const seen = new Set<string>()
  return all(directives, 'location').map(directive => {
    const location = locationOf(directive, scope, prefix, above)
    const key = `${location.modifier === '^~' ? '' : location.modifier} ${location.path}`
    if (seen.has(key) && !location.pattern) throw new ConfError(`duplicate location "${location.path}"`, directive)
    seen.add(key)
    return location
  })
}

const portOf = (directive: Directive): { port: number; isDefault: boolean } => {
  const address = directive.args[0]!
  const match =
    /^(?:(\*|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]*\]|localhost):)?(\d+)$/.exec(address) ??
    /^(\d+\.\d+\.\d+\.\d+|\*|localhost|\[[0-9a-f:]*\])$/.exec(address)
  if (!match) throw new ConfError(`host not found in "${address}" of the "listen" directive`, directive)
  const port = Number(match[2] ?? 80)
  if (port < 1 || port > 65_535) throw new ConfError(`invalid port in "${address}" of the "listen" directive`, directive)
  return { port, isDefault: directive.args.includes('default_server') || directive.args.includes('default') }
}

/** @throws ConfError in nginx' words */
export const compile = (directives: readonly Directive[], prefix: string): Configuration => {
  checkDirectives(directives, 'main')
  if (!directives.some(({ name }) => name === 'events')) throw new ConfError('no "events" section in configuration')
  const http = one(directives, 'http')?.block ?? []
  const base: Scope = {
    root: `${prefix}html`,
    index: ['index.html'],
    defaultType: 'text/plain',
    types: mimeTypes,
    errorPages: [],
    headers: [],
    proxyHeaders: [],
    accessLog: [{ path: `${prefix}logs/access.log`, format: 'combined' }],
    errorLog: `${prefix}logs/error.log`,
    autoindex: false,
    denied: false,
  }
  const scope = inherit(inherit(base, all(directives, 'error_log'), prefix), http, prefix)
  const servers = all(http, 'server').map(({ block = [] }): Server => {
    const own = inherit(scope, block, prefix)
    const listens = all(block, 'listen').map(portOf)
    return {
      ports: listens.length > 0 ? listens : [{ port: 80, isDefault: false }],
      names: all(block, 'server_name').flatMap(({ args }) => args),
      scope: own,
      rules: rulesOf(block),
      locations: locationsOf(block, own, prefix),
    }
  })
  const timeout = findAll(directives, 'keepalive_timeout').find(({ args }) => !/^\d+(ms|s|m|h|d)?$/.test(args[0]!))
  if (timeout) throw new ConfError('"keepalive_timeout" directive invalid value', timeout)
  const own = new Set(findAll(directives, 'set').map(({ args }) => args[0]!.slice(1)))
  for (const { args } of findAll(directives, 'map')) own.add(args[1]!.slice(1))
  for (const { args } of findAll(directives, 'location'))
    for (const [, name] of args.join(' ').matchAll(/\(\?<(\w+)>/g)) own.add(name!)
  for (const name of [
    'return',
    'rewrite',
    'set',
    'add_header',
    'try_files',
    'proxy_set_header',
    'log_format',
    'root',
    'proxy_pass',
  ])
    for (const directive of findAll(directives, name))
      for (const arg of directive.args.slice(name === 'rewrite' ? 1 : 0)) checkVariables(arg, own)
  const upstreams = new Map(
    all(http, 'upstream').map(({ args, block = [] }) => [args[0]!, all(block, 'server').map(server => server.args[0]!)]),
  )
  const formats = new Map([
    ['combined', combined],
    ...all(http, 'log_format').map(
      ({ args }) =>
        [
          args[0]!,
          args
            .slice(1)
            .filter(arg => !arg.startsWith('escape='))
            .join(''),
        ] as const,
    ),
  ])
  const init = ['init', 'init_worker'].flatMap(phase => luaOf(http, phase) ?? [])
  return {
    servers,
    upstreams,
    formats,
    init,
    ports: [...new Set(servers.flatMap(server => server.ports.map(({ port }) => port)))],
  }
}

const findAll = (directives: readonly Directive[], name: string): Directive[] =>
  directives.flatMap(directive => [...(directive.name === name ? [directive] : []), ...findAll(directive.block ?? [], name)])
