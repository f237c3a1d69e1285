// What a redis server holds: keys with their values and the times at which they go.

export type Value = string | string[] | Map<string, string> | Set<string>

export interface Entry {
  value: Value
  /** Milliseconds since the epoch. */
  expires?: number
}

export type Database = Map<string, Entry>

/** Of a key in its table, beside its own letters and its value's. */
const entryBytes = 72

const lengthOf = (value: Value): number => {
  if (typeof value === 'string') return value.length
  let total = 0
  for (const each of value instanceof Map ? [...value].flat() : value) total += entryBytes + each.length
  return total
}

/** Sixteen databases, as `databases 16` has it. */
export class Data {
  readonly databases: Database[] = Array.from({ length: 16 }, () => new Map())
  readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  /** The entry of a key that has not run out. */
  get(database: number, key: string): Entry | undefined {
    const table = this.databases[database]!
    const entry = table.get(key)
    if (entry?.expires === undefined || entry.expires > this.now()) return entry
    table.delete(key)
    return undefined
  }

  /** Roughly what the data takes in memory. */
  bytes(): number {
    let total = 0
    for (const database of this.databases)
      for (const [key, { value }] of database) total += entryBytes + key.length + lengthOf(value)
    return total
  }

  keys(database: number): string[] {
    return [...this.databases[database]!.keys()].filter(key => this.get(database, key) !== undefined)
  }
}

export const typeName = (value: Value): string => {
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return 'list'
  return value instanceof Map ? 'hash' : 'set'
}

/** A glob of redis as an expression. Models redis/src/util.c stringmatchlen. */
export const glob = (pattern: string): RegExp => {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    const set = char === '[' ? /^\[(\^?)((?:\\.|[^\]])*)\]/.exec(pattern.slice(at)) : undefined
    if (set) {
      source += `[${set[1]}${set[2]!.replace(/[[\]]/g, '\\$&')}]`
      at += set[0].length - 1
    } else if (char === '*') source += '[\\s\\S]*'
    else if (char === '?') source += '[\\s\\S]'
    else source += (char === '\\' ? (pattern[++at] ?? '\\') : char).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  }
  return new RegExp(`^${source}$`)
}
