// The commands of redis that a course needs, each a function of its words.

import { type Data, type Entry, glob, typeName, type Value } from './data.ts'
import type { Reply } from './resp.ts'

// Models redis/src/t_string.c, t_list.c, t_hash.c, t_set.c, db.c and expire.c

export interface Call {
  data: Data
  database: number
  /** Without the command's own name. */
  args: readonly string[]
}

export interface Command {
  /** Words with the name; negative for at least. */
  arity: number
  writes?: boolean
  run(call: Call): Reply
}

export class CommandError extends Error {}

const ok = { status: 'OK' }
const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value'
const notInteger = 'ERR value is not an integer or out of range'
const syntax = 'ERR syntax error'

const integer = (text: string): number => {
  if (!/^-?(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(Number(text))) throw new CommandError(notInteger)
  return Number(text)
}

const read = ({ data, database }: Call, key: string): Entry | undefined => data.get(database, key)
const put = ({ data, database }: Call, key: string, value: Value, expires?: number) =>
  data.databases[database]!.set(key, { value, ...(expires !== undefined && { expires }) })
const drop = ({ data, database }: Call, key: string) => data.databases[database]!.delete(key)

const stringAt = (call: Call, key: string): string | undefined => {
  const value = read(call, key)?.value
  if (value !== undefined && typeof value !== 'string') throw new CommandError(wrongType)
  return value
}
const listAt = (call: Call, key: string): string[] => {
  const value = read(call, key)?.value ?? []
  if (!Array.isArray(value)) throw new CommandError(wrongType)
  return value
}
const hashAt = (call: Call, key: string): Map<string, string> => {
  const value = read(call, key)?.value ?? new Map<string, string>()
  if (!(value instanceof Map)) throw new CommandError(wrongType)
  return value
}
const setAt = (call: Call, key: string): Set<string> => {
  const value = read(call, key)?.value ?? new Set<string>()
  if (!(value instanceof Set)) throw new CommandError(wrongType)
  return value
}
/** Keeps a changed collection, or drops it with its last item. */
const keep = (call: Call, key: string, value: Value, size: number) => {
  if (size === 0) drop(call, key)
  else put(call, key, value, read(call, key)?.expires)
}

const set = (call: Call): Reply => {
  const [key = '', value = '', ...options] = call.args
  const old = read(call, key)
  let expires: number | undefined
  let [onlyNew, onlyOld, asked, keeps] = [false, false, false, false]
  for (let at = 0; at < options.length; at++) {
    const option = options[at]!.toUpperCase()
    if (option === 'NX') onlyNew = true
    else if (option === 'XX') onlyOld = true
    else if (option === 'GET') asked = true
    else if (option === 'KEEPTTL') keeps = true
    else if (['EX', 'PX', 'EXAT', 'PXAT'].includes(option) && options[at + 1] !== undefined && expires === undefined) {
      const amount = integer(options[++at]!)
      if (amount <= 0) throw new CommandError("ERR invalid expire time in 'set' command")
      expires = amount * (option.startsWith('EX') ? 1000 : 1) + (option.endsWith('AT') ? 0 : call.data.now())
    } else throw new CommandError(syntax)
  }
  if ((onlyNew && onlyOld) || (keeps && expires !== undefined)) throw new CommandError(syntax)
  const before = asked ? (stringAt(call, key) ?? null) : undefined
  if ((onlyNew && old) || (onlyOld && !old)) return before ?? null
  put(call, key, value, keeps ? old?.expires : expires)
  return before === undefined ? ok : before
}

const add = (call: Call, amount: number): number => {
  const key = call.args[0]!
  const sum = integer(stringAt(call, key) ?? '0') + amount
  if (!Number.isSafeInteger(sum)) throw new CommandError('ERR increment or decrement would overflow')
  put(call, key, String(sum), read(call, key)?.expires)
  return sum
}

const expire = (call: Call, at: number): number => {
  const entry = read(call, call.args[0]!)
  if (!entry) return 0
  if (at <= call.data.now()) drop(call, call.args[0]!)
  else entry.expires = at
  return 1
}

const push = (left: boolean) => (call: Call) => {
  const [key = '', ...items] = call.args
  const list = listAt(call, key)
  for (const item of items) list[left ? 'unshift' : 'push'](item)
  keep(call, key, list, list.length)
  return list.length
}
const pop = (left: boolean) => (call: Call) => {
  const list = listAt(call, call.args[0]!)
  const item = left ? list.shift() : list.pop()
  if (item !== undefined) keep(call, call.args[0]!, list, list.length)
  return item ?? null
}
const range = (call: Call): Reply => {
  const [key = '', from = '', to = ''] = call.args
  const list = listAt(call, key)
  const place = (text: string) => (integer(text) < 0 ? integer(text) + list.length : integer(text))
  return list.slice(Math.max(0, place(from)), place(to) + 1)
}
const hset = (call: Call): number => {
  const [key = '', ...pairs] = call.args
  if (pairs.length % 2 !== 0) throw new CommandError("ERR wrong number of arguments for 'hset' command")
  const hash = hashAt(call, key)
  const before = hash.size
  for (let at = 0; at < pairs.length; at += 2) hash.set(pairs[at]!, pairs[at + 1]!)
  keep(call, key, hash, hash.size)
  return hash.size - before
}
const hdel = (call: Call): number => {
  const [key = '', ...fields] = call.args
  const hash = hashAt(call, key)
  const count = fields.filter(field => hash.delete(field)).length
  if (count > 0) keep(call, key, hash, hash.size)
  return count
}
const change = (call: Call, act: (items: Set<string>, item: string) => boolean): number => {
  const [key = '', ...members] = call.args
  const items = setAt(call, key)
  const count = members.filter(member => act(items, member)).length
  if (count > 0) keep(call, key, items, items.size)
  return count
}
const ttl = (call: Call, unit: number): number => {
  const entry = read(call, call.args[0]!)
  if (!entry) return -2
  return entry.expires === undefined ? -1 : Math.round((entry.expires - call.data.now()) / unit)
}
const rename = (call: Call): Reply => {
  const [from = '', to = ''] = call.args
  const entry = read(call, from)
  if (!entry) throw new CommandError('ERR no such key')
  drop(call, from)
  put(call, to, entry.value, entry.expires)
  return ok
}
const flush = (call: Call, all: boolean): Reply => {
  for (const [index, table] of call.data.databases.entries()) if (all || index === call.database) table.clear()
  return ok
}
const command = (arity: number, run: Command['run'], writes = false): Command => ({ arity, run, writes })
const write = (arity: number, run: Command['run']): Command => command(arity, run, true)

/** What needs no more than the data; the server adds what needs itself. */
export const dataCommands: Readonly<Record<string, Command>> = {
  ping: command(-1, ({ args }) => args[0] ?? { status: 'PONG' }),
  echo: command(2, ({ args }) => args[0]!),
  set: write(-3, set),
  setnx: write(3, call => (set({ ...call, args: [...call.args, 'NX'] }) === null ? 0 : 1)),
  setex: write(4, call => set({ ...call, args: [call.args[0]!, call.args[2]!, 'EX', call.args[1]!] })),
  mset: write(-3, call => {
    if (call.args.length % 2 !== 0) throw new CommandError("ERR wrong number of arguments for 'mset' command")
    for (let at = 0; at < call.args.length; at += 2) put(call, call.args[at]!, call.args[at + 1]!)
    return ok
  }),
  get: command(2, call => stringAt(call, call.args[0]!) ?? null),
  getset: write(3, call => set({ ...call, args: [...call.args, 'GET'] })),
  mget: command(-2, call =>
    call.args.map(key => {
      const value = read(call, key)?.value
      return typeof value === 'string' ? value : null
    }),
  ),
  append: write(3, call => {
    const value = `${stringAt(call, call.args[0]!) ?? ''}${call.args[1]}`
    put(call, call.args[0]!, value, read(call, call.args[0]!)?.expires)
    return value.length
  }),
  strlen: command(2, call => (stringAt(call, call.args[0]!) ?? '').length),
  del: write(-2, call => call.args.filter(key => read(call, key) && drop(call, key)).length),
  unlink: write(-2, call => call.args.filter(key => read(call, key) && drop(call, key)).length),
  exists: command(-2, call => call.args.filter(key => read(call, key)).length),
  type: command(2, call => ({
    status: typeName(read(call, call.args[0]!)?.value ?? '').replace(/^string$/, read(call, call.args[0]!) ? 'string' : 'none'),
  })),
  rename: write(3, rename),
  incr: write(2, call => add(call, 1)),
  decr: write(2, call => add(call, -1)),
  incrby: write(3, call => add(call, integer(call.args[1]!))),
  decrby: write(3, call => add(call, -integer(call.args[1]!))),
  expire: write(-3, call => expire(call, call.data.now() + integer(call.args[1]!) * 1000)),
  pexpire: write(-3, call => expire(call, call.data.now() + integer(call.args[1]!))),
  expireat: write(-3, call => expire(call, integer(call.args[1]!) * 1000)),
  pexpireat: write(-3, call => expire(call, integer(call.args[1]!))),
  persist: write(2, call => {
    const entry = read(call, call.args[0]!)
    if (entry?.expires === undefined) return 0
    delete entry.expires
    return 1
  }),
  ttl: command(2, call => ttl(call, 1000)),
  pttl: command(2, call => ttl(call, 1)),
  keys: command(2, call => {
    const pattern = glob(call.args[0]!)
    return call.data.keys(call.database).filter(key => pattern.test(key))
  }),
  scan: command(-2, call => {
    const match = call.args.findIndex(word => word.toUpperCase() === 'MATCH')
    const pattern = glob(match < 0 ? '*' : (call.args[match + 1] ?? '*'))
    return ['0', call.data.keys(call.database).filter(key => pattern.test(key))]
  }),
  randomkey: command(1, call => call.data.keys(call.database)[0] ?? null),
  dbsize: command(1, call => call.data.keys(call.database).length),
  flushdb: write(-1, call => flush(call, false)),
  flushall: write(-1, call => flush(call, true)),
  lpush: write(-3, push(true)),
  rpush: write(-3, push(false)),
  lpop: write(2, pop(true)),
  rpop: write(2, pop(false)),
  llen: command(2, call => listAt(call, call.args[0]!).length),
  lrange: command(4, range),
  hset: write(-4, hset),
  hget: command(3, call => hashAt(call, call.args[0]!).get(call.args[1]!) ?? null),
  hdel: write(-3, hdel),
  hgetall: command(2, call => [...hashAt(call, call.args[0]!)].flat()),
  hkeys: command(2, call => [...hashAt(call, call.args[0]!).keys()]),
  hvals: command(2, call => [...hashAt(call, call.args[0]!).values()]),
  hlen: command(2, call => hashAt(call, call.args[0]!).size),
  hexists: command(3, call => (hashAt(call, call.args[0]!).has(call.args[1]!) ? 1 : 0)),
  sadd: write(-3, call => change(call, (items, item) => !items.has(item) && Boolean(items.add(item)))),
  srem: write(-3, call => change(call, (items, item) => items.delete(item))),
  smembers: command(2, call => [...setAt(call, call.args[0]!)]),
  sismember: command(3, call => (setAt(call, call.args[0]!).has(call.args[1]!) ? 1 : 0)),
  scard: command(2, call => setAt(call, call.args[0]!).size),
  time: command(1, ({ data }) => [String(Math.floor(data.now() / 1000)), String((data.now() % 1000) * 1000)]),
}
