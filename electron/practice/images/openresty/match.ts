// Which server and which location answer a request.
// Models nginx/src/http/ngx_http_core_module.c (ngx_http_core_find_location)

import type { Location, Server } from './configuration.ts'

const matchesName = (pattern: string, host: string): boolean => {
  if (pattern.startsWith('~')) return new RegExp(pattern.slice(1), 'i').test(host)
  if (pattern.startsWith('*.')) return host.endsWith(pattern.slice(1))
  if (pattern.startsWith('.')) return host === pattern.slice(1) || host.endsWith(pattern)
  if (pattern.endsWith('.*')) return host.startsWith(pattern.slice(0, -1))
  return pattern.toLowerCase() === host
}

/** Exact names first, then wildcards, then expressions, then the default server of the port. */
export const findServer = (servers: readonly Server[], port: number, host: string): Server => {
  const here = servers.filter(server => server.ports.some(listen => listen.port === port))
  const rank = (name: string) => (name.startsWith('~') ? 3 : name.endsWith('.*') ? 2 : /^\*?\./.test(name) ? 1 : 0)
  const found = here
    .flatMap(server => server.names.filter(name => matchesName(name, host)).map(name => ({ server, name })))
    .sort((a, b) => rank(a.name) - rank(b.name) || b.name.length - a.name.length)
  return (
    found[0]?.server ?? here.find(server => server.ports.some(listen => listen.port === port && listen.isDefault)) ?? here[0]!
  )
}

export interface Found {
  location: Location
  captures: readonly (string | undefined)[]
  groups: Readonly<Record<string, string | undefined>>
}

export const findLocation = (locations: readonly Location[], uri: string): Found | undefined => {
  const exact = locations.find(location => location.modifier === '=' && location.path === uri)
  if (exact) return { location: exact, captures: [], groups: {} }
  const prefix = locations
    .filter(location => (location.modifier === '' || location.modifier === '^~') && uri.startsWith(location.path))
    .sort((a, b) => b.path.length - a.path.length)[0]
  const inner = prefix && prefix.locations.length > 0 ? findLocation(prefix.locations, uri) : undefined
  if (inner) return inner
  if (prefix?.modifier !== '^~') {
    for (const location of locations) {
      const match = location.pattern?.exec(uri)
      if (match) return findLocation(location.locations, uri) ?? { location, captures: [...match], groups: match.groups ?? {} }
    }
  }
  return prefix && { location: prefix, captures: [], groups: {} }
}
