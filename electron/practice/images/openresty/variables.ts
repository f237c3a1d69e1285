// nginx' variables: $host, $uri, $arg_x and their kin, and texts that use them.

import type { ContainerView } from '../program.ts'
import { type Exchange, scopeOf } from './exchange.ts'

export interface Surroundings {
  container: ContainerView
  version: string
  pid: number
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `22/Nov/2026:14:18:00 +0000` */
export const localTime = (now: number): string => {
  const iso = new Date(now).toISOString()
  return `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}

const hostOf = (exchange: Exchange) =>
  (exchange.request.headers.host ?? exchange.server.names[0] ?? '').replace(/:\d+$/, '').toLowerCase()

const fixed: Readonly<Record<string, (exchange: Exchange, around: Surroundings) => string>> = {
  args: exchange => exchange.args,
  query_string: exchange => exchange.args,
  is_args: exchange => (exchange.args ? '?' : ''),
  uri: exchange => exchange.uri,
  document_uri: exchange => exchange.uri,
  request_uri: exchange => exchange.request.url ?? '',
  request: exchange => `${exchange.request.method} ${exchange.request.url} HTTP/${exchange.request.httpVersion}`,
  request_method: exchange => exchange.request.method ?? '',
  scheme: () => 'http',
  https: () => '',
  host: hostOf,
  hostname: (_, { container }) => container.hostname,
  server_name: exchange => exchange.server.names[0] ?? '',
  server_addr: exchange => exchange.localAddress,
  server_port: exchange => String(exchange.localPort),
  server_protocol: exchange => `HTTP/${exchange.request.httpVersion}`,
  remote_addr: exchange => exchange.remoteAddress,
  remote_port: exchange => String(exchange.remotePort),
  remote_user: () => '-',
  binary_remote_addr: exchange => exchange.remoteAddress,
  realip_remote_addr: exchange => exchange.remoteAddress,
  proxy_add_x_forwarded_for: exchange =>
    [exchange.request.headers['x-forwarded-for'], exchange.remoteAddress].flat().filter(Boolean).join(', '),
  proxy_host: exchange => /^https?:\/\/([^/]+)/.exec(exchange.location?.proxyPass ?? '')?.[1] ?? '',
  status: exchange => String(exchange.status),
  body_bytes_sent: exchange => String(exchange.bytesSent),
  bytes_sent: exchange => String(exchange.bytesSent),
  request_time: (exchange, { container }) => ((container.now() - exchange.begun) / 1000).toFixed(3),
  request_length: exchange => String((exchange.request.url?.length ?? 0) + 16),
  request_id: exchange => exchange.connection.toString(16).padStart(32, '0'),
  time_local: (_, { container }) => localTime(container.now()),
  time_iso8601: (_, { container }) => `${new Date(container.now()).toISOString().slice(0, 19)}+00:00`,
  msec: (_, { container }) => (container.now() / 1000).toFixed(3),
  nginx_version: (_, { version }) => version,
  pid: (_, { pid }) => String(pid),
  connection: exchange => String(exchange.connection),
  connection_requests: () => '1',
  content_type: exchange => exchange.request.headers['content-type'] ?? '',
  content_length: exchange => exchange.request.headers['content-length'] ?? '',
  document_root: exchange => scopeOf(exchange).root,
  request_filename: exchange => scopeOf(exchange).root + exchange.uri,
  upstream_addr: () => '-',
  upstream_status: () => '-',
  upstream_response_time: () => '-',
  gzip_ratio: () => '-',
  ssl_protocol: () => '',
  request_completion: () => 'OK',
  request_body: () => '',
}

const families = /^(arg|http|sent_http|cookie|upstream_http)_\w+$/

export const knownVariable = (name: string): boolean => name in fixed || families.test(name) || /^\d$/.test(name)

const joined = (header: string | number | readonly string[] | undefined): string | undefined =>
  header === undefined ? undefined : [header].flat().join(', ')

/** Undefined for a variable that does not exist, and for what the request does not have: nil for Lua. */
export const variable = (name: string, exchange: Exchange, around: Surroundings): string | undefined => {
  const own = exchange.variables.get(name)
  if (own !== undefined) return own
  if (/^\d$/.test(name)) return exchange.captures[Number(name)] ?? ''
  const known = fixed[name]
  if (known) return known(exchange, around)
  const [, family, rest = ''] = /^(arg|http|sent_http|cookie)_(\w+)$/.exec(name) ?? []
  switch (family) {
    case 'arg':
      return new RegExp(`(?:^|&)${rest}=([^&]*)`, 'i').exec(exchange.args)?.[1]
    case 'http':
      return joined(exchange.request.headers[rest.toLowerCase().replaceAll('_', '-')])
    case 'sent_http':
      return joined(exchange.response.getHeader(rest.replaceAll('_', '-')))
    case 'cookie':
      return new RegExp(`(?:^|; *)${rest}=([^;]*)`).exec(exchange.request.headers.cookie ?? '')?.[1]
    default:
      return undefined
  }
}

/** A text with its variables filled in; `missing` stands for empty ones (`-` in logs). */
export const fill = (text: string, exchange: Exchange, around: Surroundings, missing = ''): string =>
  text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced?: string, bare?: string) => variable(braced ?? bare ?? '', exchange, around) || missing,
  )
