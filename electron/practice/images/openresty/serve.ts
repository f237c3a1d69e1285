// The phases of a request: rewrite, location, access, content, error pages, log.
// Models nginx/src/http/ngx_http_core_module.c

import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolvePath } from '../files.ts'
import { workFor } from '../pace.ts'
import type { Socket } from '../program.ts'
import { concat } from '../streams.ts'
import type { LuaCode } from './configuration.ts'
import { type Exchange, scopeOf } from './exchange.ts'
import { LuaError } from './lua-machine.ts'
import type { LuaRequest } from './lua-ngx.ts'
import { type Found, findLocation, findServer } from './match.ts'
import { errorPageOf } from './pages.ts'
import { passOn } from './proxy.ts'
import { type Answer, respond } from './respond.ts'
import { runRules } from './rewrite.ts'
import type { ServeHost } from './serve-host.ts'
import { contentTypeOf, filePath, findFile } from './static-files.ts'
import { fill } from './variables.ts'

/** What a phase ended with: an answer, an error's code, or another round for a changed URI. */
type Outcome = { type: 'answer'; answer: Answer } | { type: 'error'; code: number } | { type: 'again' } | undefined

const mostRedirects = 10
/** What an answer costs, in milliseconds of one core. */
const requestMs = 0.5

const cleanUri = (url: string): { uri: string; args: string } | undefined => {
  const [path = '', args = ''] = url.replace(/^https?:\/\/[^/?]*/, '').split(/\?(.*)/s, 2)
  try {
    const decoded = decodeURIComponent(path.replace(/#.*$/, '')) || '/'
    if (!decoded.startsWith('/') || decoded.includes('\0')) return undefined
    const clean = resolvePath('/', decoded)
    return { uri: clean !== '/' && /\/\.{0,2}$/.test(decoded) ? `${clean}/` : clean, args }
  } catch {
    return undefined
  }
}

/** Answers one request and writes its line to the access log. */
export const serve = async (
  host: ServeHost,
  request: IncomingMessage,
  response: ServerResponse,
  connection: number,
): Promise<void> => {
  const socket = request.socket as unknown as Socket
  const port = socket.localPort
  workFor(host.container, socket, requestMs)
  const server = findServer(host.configuration.servers, port, (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase())
  const clean = cleanUri(request.url ?? '/')
  const exchange: Exchange = {
    request,
    response,
    server,
    connection,
    location: undefined,
    uri: clean?.uri ?? '/',
    args: clean?.args ?? '',
    variables: new Map(),
    captures: [],
    status: 200,
    bytesSent: 0,
    internal: false,
    redirects: 0,
    begun: host.container.now(),
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    localAddress: socket.localAddress,
    localPort: port,
  }
  try {
    if (clean) await run(exchange, host)
    else await fail(exchange, 400, host)
  } catch (error) {
    host.errorLog('error', error instanceof Error ? error.message : String(error), exchange)
    if (!response.headersSent) await builtinPage(exchange, 500, host)
  }
  for (const { path, format } of scopeOf(exchange).accessLog) {
    const text = host.configuration.formats.get(format) ?? host.configuration.formats.get('combined')!
    host.accessLog(path, `${fill(text, exchange, host, '-')}\n`)
  }
}

const send = (exchange: Exchange, answer: Answer, host: ServeHost) => respond(exchange, answer, host, host.serverHeader)

const run = async (exchange: Exchange, host: ServeHost): Promise<void> => {
  const first = runRules(exchange.server.rules, exchange, host, host.container.files)
  if (first.type === 'return') return finish(exchange, returned(exchange, first), host)
  for (;;) {
    if (exchange.redirects++ > mostRedirects) {
      host.errorLog('error', `rewrite or internal redirection cycle while internally redirecting to "${exchange.uri}"`, exchange)
      return builtinPage(exchange, 500, host)
    }
    const outcome = await atLocation(exchange, host)
    if (outcome?.type !== 'again') return finish(exchange, outcome, host)
  }
}

const finish = async (exchange: Exchange, outcome: Outcome, host: ServeHost): Promise<void> => {
  if (outcome?.type === 'answer') return send(exchange, outcome.answer, host)
  return fail(exchange, outcome?.type === 'error' ? outcome.code : 404, host)
}

const returned = (exchange: Exchange, { code, text }: { code: number; text?: string }): Outcome => {
  if ([301, 302, 303, 307, 308].includes(code) && text !== undefined) return redirect(exchange, code, text)
  if (text === undefined && code >= 300) return { type: 'error', code }
  exchange.status = code
  return { type: 'answer', answer: { contentType: contentTypeOf(exchange, exchange.uri), body: text ?? '' } }
}

const redirect = (exchange: Exchange, code: number, target: string): Outcome => {
  const port = exchange.localPort === 80 ? '' : `:${exchange.localPort}`
  const name = (exchange.request.headers.host ?? exchange.server.names[0] ?? 'localhost').replace(/:\d+$/, '')
  exchange.response.setHeader('Location', target.startsWith('/') ? `http://${name}${port}${target}` : target)
  return { type: 'error', code }
}

const atLocation = async (exchange: Exchange, host: ServeHost): Promise<Outcome> => {
  const named = exchange.uri.startsWith('@')
  const found = named
    ? exchange.server.locations
        .filter(location => location.path === exchange.uri)
        .map((location): Found => ({ location, captures: [], groups: {} }))[0]
    : findLocation(exchange.server.locations, exchange.uri)
  if (named && !found) {
    host.errorLog('error', `could not find named location "${exchange.uri}"`, exchange)
    return { type: 'error', code: 500 }
  }
  exchange.location = found?.location
  if (found && found.captures.length > 0) exchange.captures = found.captures
  for (const [name, value] of Object.entries(found?.groups ?? {})) exchange.variables.set(name, value ?? '')
  const location = exchange.location
  if (location?.internal && !exchange.internal) return { type: 'error', code: 404 }
  const before = exchange.uri
  const result = runRules(location?.rules ?? [], exchange, host, host.container.files)
  if (result.type === 'return') return returned(exchange, result)
  if (result.type === 'again' && exchange.uri !== before) return { type: 'again' }
  if (scopeOf(exchange).denied) {
    host.errorLog('error', 'access forbidden by rule', exchange)
    return { type: 'error', code: 403 }
  }
  const lua: LuaRequest = { exchange, body: [], began: false }
  for (const code of [location?.lua.rewrite, location?.lua.access]) {
    const outcome = code && (await runLua(code, lua, host))
    if (outcome) return outcome
  }
  if (location?.lua.content) return (await runLua(location.lua.content, lua, host)) ?? said(lua, host)
  if (location?.proxyPass) return passOn(exchange, location.proxyPass, host)
  return content(exchange, host)
}

/** What Lua code has said, as an answer. */
const said = async ({ exchange, body }: LuaRequest, host: ServeHost): Promise<Outcome> => {
  const filter = exchange.location?.lua.headerFilter
  if (filter) await runLua(filter, { exchange, body: [], began: true }, host)
  return { type: 'answer', answer: { contentType: scopeOf(exchange).defaultType, body: concat(body), chunked: true } }
}

const runLua = async ({ code, chunk }: LuaCode, lua: LuaRequest, host: ServeHost): Promise<Outcome> => {
  const { exchange } = lua
  try {
    await host.lua().run(code, chunk, lua)
  } catch (error) {
    if (!(error instanceof LuaError)) throw error
    if (!lua.decision) {
      host.errorLog('error', error.message, exchange)
      return { type: 'error', code: 500 }
    }
  }
  const { decision } = lua
  if (!decision) return lua.began && lua.exchange.location?.lua.content?.code !== code ? said(lua, host) : undefined
  if (decision.type === 'redirect') return redirect(exchange, decision.code, decision.uri)
  if (decision.type === 'exec') {
    exchange.internal = true
    exchange.uri = decision.uri
    if (decision.args) exchange.args = decision.args
    return { type: 'again' }
  }
  if (decision.code >= 300 && !lua.began) return { type: 'error', code: decision.code }
  if (decision.code >= 200) exchange.status = decision.code
  return decision.code >= 200 || lua.began ? said(lua, host) : undefined
}

const content = async (exchange: Exchange, host: ServeHost): Promise<Outcome> => {
  const { method = 'GET' } = exchange.request
  const scope = scopeOf(exchange)
  const root = fill(scope.root, exchange, host)
  const { files } = host.container
  if (scope.tryFiles) {
    const last = scope.tryFiles.at(-1)!
    const found = scope.tryFiles.slice(0, -1).flatMap(text => {
      // A name that ends with a slash asks for a folder, and is served without that slash: so comes the redirect to it.
      const wantsFolder = text.endsWith('/')
      const uri = fill(text, exchange, host).replace(wantsFolder ? /\/$/ : /$^/, '')
      const path = filePath(exchange, uri, root)
      return files.exists(path) && (files.stat(path).type === 'directory') === wantsFolder ? [uri] : []
    })[0]
    if (found === undefined && /^=\d+$/.test(last)) return { type: 'error', code: Number(last.slice(1)) }
    if (found === undefined) {
      const [uri = '', args] = fill(last, exchange, host).split(/\?(.*)/s, 2)
      Object.assign(exchange, { uri, internal: true, ...(args !== undefined && { args }) })
      return { type: 'again' }
    }
    exchange.uri = found
  }
  if (method === 'POST') return { type: 'error', code: 405 }
  if (method !== 'GET' && method !== 'HEAD') return { type: 'error', code: 405 }
  const answer = findFile(exchange, files, root)
  switch (answer.type) {
    case 'internal':
      exchange.uri = answer.uri
      exchange.internal = true
      return { type: 'again' }
    case 'redirect':
      return redirect(exchange, 301, answer.uri)
    case 'page':
      return { type: 'answer', answer: { contentType: 'text/html', body: answer.html } }
    case 'error':
      if (answer.log) host.errorLog('error', answer.log, exchange)
      return { type: 'error', code: answer.code }
    case 'file': {
      const modified = new Date(answer.modified).toUTCString()
      const etag = `"${Math.floor(answer.modified / 1000).toString(16)}-${answer.bytes.length.toString(16)}"`
      const { headers } = exchange.request
      const same = headers['if-none-match'] === etag || (!headers['if-none-match'] && headers['if-modified-since'] === modified)
      if (same && exchange.errorCode === undefined) exchange.status = 304
      const more: Record<string, string> =
        exchange.errorCode === undefined ? { 'Last-Modified': modified, ETag: etag, 'Accept-Ranges': 'bytes' } : { ETag: etag }
      return { type: 'answer', answer: { contentType: answer.contentType, body: answer.bytes, headers: more } }
    }
  }
}

/** Answers with an error: a page of the configuration's, or nginx' own. */
const fail = async (exchange: Exchange, code: number, host: ServeHost): Promise<void> => {
  const page =
    exchange.errorCode === undefined ? scopeOf(exchange).errorPages.find(({ codes }) => codes.includes(code)) : undefined
  if (!page) return builtinPage(exchange, code, host)
  exchange.errorCode = code
  exchange.status = page.answer || code
  const uri = fill(page.uri, exchange, host)
  if (/^https?:\/\//.test(uri)) {
    const outcome = redirect(exchange, page.answer || 302, uri)
    return builtinPage(exchange, outcome?.type === 'error' ? outcome.code : 302, host)
  }
  exchange.internal = true
  exchange.uri = uri
  const { method } = exchange.request
  if (method !== 'HEAD') exchange.request.method = 'GET'
  const { status } = exchange
  try {
    for (let rounds = 0; rounds < mostRedirects; rounds++) {
      const outcome = await atLocation(exchange, host)
      if (outcome?.type === 'again') continue
      if (outcome?.type === 'answer') {
        if (page.answer !== 0 && exchange.status === 200) exchange.status = status
        return await send(exchange, outcome.answer, host)
      }
      return await builtinPage(exchange, outcome?.code ?? code, host)
    }
  } finally {
    exchange.request.method = method
  }
}

const builtinPage = async (exchange: Exchange, code: number, host: ServeHost): Promise<void> => {
  exchange.status = code
  // 444: the connection is closed without a word.
  if (code === 444) return void exchange.response.destroy()
  const html = errorPageOf(code, host.brand)
  return send(exchange, { ...(html !== undefined && { contentType: 'text/html' }), body: html ?? '' }, host)
}
