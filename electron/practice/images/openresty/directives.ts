// Which directives there are, where they may stand, and how many arguments they take.

import { ConfError, type Directive } from './conf-parse.ts'

type Place = 'main' | 'events' | 'http' | 'server' | 'location' | 'if' | 'upstream'

interface Rule {
  places: readonly Place[]
  least: number
  most: number
  block?: boolean
  once?: boolean
}

const anywhere: readonly Place[] = ['http', 'server', 'location']
const rule = (places: readonly Place[], least: number, most = least, more: Partial<Rule> = {}): Rule => ({
  places,
  least,
  most,
  ...more,
})
const many = Number.POSITIVE_INFINITY

const rules: Record<string, Rule> = {
  events: rule(['main'], 0, 0, { block: true }),
  http: rule(['main'], 0, 0, { block: true }),
  server: rule(['http'], 0, 0, { block: true }),
  upstream: rule(['http'], 1, 1, { block: true }),
  map: rule(['http'], 2, 2, { block: true }),
  location: rule(['server', 'location'], 1, 2, { block: true }),
  if: rule(['server', 'location'], 1, many, { block: true }),
  types: rule(anywhere, 0, 0, { block: true }),
  listen: rule(['server'], 1, many),
  server_name: rule(['server'], 1, many),
  root: rule([...anywhere, 'if'], 1, 1, { once: true }),
  alias: rule(['location'], 1, 1, { once: true }),
  index: rule(anywhere, 1, many),
  return: rule(['server', 'location', 'if'], 1, 2),
  rewrite: rule(['server', 'location', 'if'], 2, 3),
  set: rule(['server', 'location', 'if'], 2),
  break: rule(['server', 'location', 'if'], 0),
  try_files: rule(['server', 'location'], 2, many),
  add_header: rule([...anywhere, 'if'], 2, 3),
  default_type: rule(anywhere, 1, 1, { once: true }),
  error_page: rule([...anywhere, 'if'], 2, many),
  internal: rule(['location'], 0),
  proxy_pass: rule(['location', 'if'], 1),
  proxy_set_header: rule(anywhere, 2),
  autoindex: rule(anywhere, 1),
  access_log: rule([...anywhere, 'if'], 1, many),
  error_log: rule(['main', ...anywhere], 1, 2),
  log_format: rule(['http'], 2, many),
  keepalive_timeout: rule(anywhere, 1, 2, { once: true }),
  resolver: rule(anywhere, 1, many),
  deny: rule(anywhere, 1),
  allow: rule(anywhere, 1),
  include: rule(['main', 'events', ...anywhere, 'if', 'upstream'], 1),
}

const lua: readonly Place[] = ['http', 'server', 'location', 'if']
for (const phase of ['content', 'rewrite', 'access', 'header_filter', 'body_filter', 'log']) {
  rules[`${phase}_by_lua`] = rule(lua, 1)
  rules[`${phase}_by_lua_block`] = rule(lua, 1)
  rules[`${phase}_by_lua_file`] = rule(lua, 1)
}
for (const phase of ['init', 'init_worker']) {
  rules[`${phase}_by_lua`] = rule(['http'], 1)
  rules[`${phase}_by_lua_block`] = rule(['http'], 1)
}
rules.set_by_lua = rule(['server', 'location', 'if'], 2, many)
rules.set_by_lua_block = rule(['server', 'location', 'if'], 2)

/** Known, and without effect here: the names that configurations in the wild are full of. */
const accepted: readonly [places: readonly Place[], names: string][] = [
  [
    ['main'],
    'user worker_processes pid daemon master_process worker_rlimit_nofile pcre_jit env load_module timer_resolution worker_priority worker_shutdown_timeout thread_pool',
  ],
  [['events'], 'worker_connections use multi_accept accept_mutex'],
  [
    anywhere,
    'sendfile sendfile_max_chunk tcp_nopush tcp_nodelay gzip gzip_types gzip_vary gzip_proxied gzip_comp_level gzip_min_length gzip_buffers gzip_http_version gzip_static gzip_disable ' +
      'client_max_body_size client_body_buffer_size client_body_timeout client_header_timeout client_header_buffer_size large_client_header_buffers client_body_temp_path client_body_in_file_only ' +
      'proxy_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path types_hash_max_size types_hash_bucket_size server_tokens server_names_hash_bucket_size server_names_hash_max_size variables_hash_max_size ' +
      'send_timeout lingering_close lingering_timeout reset_timedout_connection charset charset_types etag if_modified_since expires open_file_cache open_file_cache_valid open_file_cache_errors open_file_cache_min_uses ' +
      'log_not_found log_subrequest resolver_timeout keepalive_requests keepalive_disable ignore_invalid_headers underscores_in_headers port_in_redirect server_name_in_redirect absolute_redirect merge_slashes msie_padding recursive_error_pages ' +
      'proxy_http_version proxy_buffering proxy_buffers proxy_buffer_size proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_redirect proxy_hide_header proxy_pass_header proxy_next_upstream proxy_cache proxy_cache_path proxy_request_buffering proxy_ignore_headers proxy_intercept_errors proxy_method proxy_cookie_path proxy_ssl_verify proxy_ssl_server_name ' +
      'real_ip_header set_real_ip_from limit_rate limit_req limit_req_zone limit_conn limit_conn_zone stub_status auth_basic auth_basic_user_file satisfy aio directio chunked_transfer_encoding ' +
      'lua_package_path lua_package_cpath lua_code_cache lua_shared_dict lua_socket_connect_timeout lua_socket_read_timeout lua_socket_send_timeout lua_socket_keepalive_timeout lua_socket_pool_size lua_need_request_body lua_check_client_abort lua_max_pending_timers lua_max_running_timers lua_ssl_trusted_certificate',
  ],
  [
    ['server'],
    'ssl_certificate ssl_certificate_key ssl_protocols ssl_ciphers ssl_prefer_server_ciphers http2 ssl_session_cache ssl_session_timeout',
  ],
  [['upstream'], 'server keepalive least_conn ip_hash random hash zone'],
]
const plain = new Map<string, Set<Place>>()
for (const [places, names] of accepted)
  for (const name of names.split(' ')) plain.set(name, new Set([...(plain.get(name) ?? []), ...places]))

const count = (directive: Directive) => new ConfError(`invalid number of arguments in "${directive.name}" directive`, directive)

/** Checks names, places and arguments as nginx does before anything else. @throws ConfError */
export const checkDirectives = (directives: readonly Directive[], place: Place): void => {
  const seen = new Set<string>()
  for (const directive of directives) {
    const { name, args, block } = directive
    const found = rules[name]
    const isPlain = plain.get(name)
    if (!found && !isPlain) throw new ConfError(`unknown directive "${name}"`, directive)
    const allowed = found?.places.includes(place) || isPlain?.has(place)
    if (!allowed) throw new ConfError(`"${name}" directive is not allowed here`, directive)
    const checked = found?.places.includes(place) ? found : undefined
    if (block && !checked?.block) throw new ConfError(`directive "${name}" is not terminated by ";"`, directive)
    if (!block && checked?.block) throw new ConfError(`directive "${name}" has no opening "{"`, directive)
    if (checked && (args.length < checked.least || args.length > checked.most)) throw count(directive)
    if (!checked && args.length === 0 && name !== 'ip_hash' && name !== 'least_conn' && name !== 'stub_status')
      throw count(directive)
    if (checked?.once) {
      if (seen.has(name)) throw new ConfError(`"${name}" directive is duplicate`, directive)
      if (name === 'alias' && seen.has('root'))
        throw new ConfError('"alias" directive is duplicate, "root" directive was specified earlier', directive)
      if (name === 'root' && seen.has('alias'))
        throw new ConfError('"root" directive is duplicate, "alias" directive was specified earlier', directive)
      seen.add(name)
    }
    if (block && name !== 'types' && name !== 'map') checkDirectives(block, name as Place)
  }
}
