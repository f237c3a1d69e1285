// What INFO answers.

import type { Settings } from './configuration.ts'
import type { Data } from './data.ts'

/** What it tells of. */
export interface ServerFacts {
  readonly data: Data
  readonly settings: Settings
  readonly clients: { readonly size: number }
  /** Times in milliseconds since the epoch. */
  readonly started: number
  readonly saved: number
  readonly commands: number
  readonly connections: number
  readonly changes: number
}

// Models redis/src/server.c genRedisInfoString
export const information = (server: ServerFacts, version: string, pid: number, now: number, asked = 'default'): string => {
  const { data, settings, clients, started, commands, connections, changes, saved } = server
  const uptime = Math.floor((now - started) / 1000)
  const keyspace = data.databases.flatMap((_, index) => {
    const keys = data.keys(index)
    const expires = keys.filter(key => data.get(index, key)?.expires !== undefined).length
    return keys.length > 0 ? [`db${index}:keys=${keys.length},expires=${expires},avg_ttl=0`] : []
  })
  const bytes = 900_000 + data.databases.reduce((sum, table) => sum + table.size * 120, 0)
  const sections: Readonly<Record<string, readonly string[]>> = {
    Server: [
      `redis_version:${version}`,
      'redis_mode:standalone',
      'os:Linux x86_64',
      'arch_bits:64',
      `process_id:${pid}`,
      `tcp_port:${settings.get('port')}`,
      `uptime_in_seconds:${uptime}`,
      `uptime_in_days:${Math.floor(uptime / 86_400)}`,
    ],
    Clients: [`connected_clients:${clients.size}`, `maxclients:${settings.get('maxclients')}`, 'blocked_clients:0'],
    Memory: [`used_memory:${bytes}`, `used_memory_human:${(bytes / 1024).toFixed(2)}K`, `maxmemory:${settings.get('maxmemory')}`],
    Persistence: [
      'loading:0',
      `rdb_changes_since_last_save:${changes}`,
      `rdb_last_save_time:${Math.floor(saved / 1000)}`,
      'rdb_last_bgsave_status:ok',
      `aof_enabled:${settings.get('appendonly') === 'yes' ? 1 : 0}`,
      'aof_last_write_status:ok',
    ],
    Stats: [`total_connections_received:${connections}`, `total_commands_processed:${commands}`],
    Replication: ['role:master', 'connected_slaves:0'],
    CPU: ['used_cpu_sys:0.100000', 'used_cpu_user:0.100000'],
    Cluster: ['cluster_enabled:0'],
    Keyspace: keyspace,
  }
  const all = ['default', 'all', 'everything'].includes(asked.toLowerCase())
  return Object.entries(sections)
    .filter(([name]) => all || name.toLowerCase() === asked.toLowerCase())
    .map(([name, lines]) => [`# ${name}`, ...lines, ''].join('\r\n'))
    .join('\r\n')
}
