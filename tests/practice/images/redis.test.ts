import { expect, test } from 'vitest'
import { realClock } from '../../../electron/platform/clock.ts'
import { createFileTree } from '../../../electron/practice/images/files.ts'
import { Data } from '../../../electron/practice/images/redis/data.ts'
import { readRdb, writeRdb } from '../../../electron/practice/images/redis/rdb.ts'
import { encodeRequest, Parser, ProtocolError, quoted, splitWords } from '../../../electron/practice/images/redis/resp.ts'
import { createBox, createKeyboard } from './box.ts'

const server = (args: string[] = [], mounts: Parameters<typeof createBox>[0] = {}) =>
  createBox({ image: 'redis:7-alpine', args: ['redis-server', ...args], ...mounts })

const until = async (what: string, condition: () => boolean | Promise<boolean>) => {
  for (let left = 200; left > 0; left--) {
    if (await condition()) return
    await realClock.sleep(10)
  }
  throw new Error(`waited in vain until ${what}`)
}

test('answers commands as redis does, bare in a pipe', async () => {
  const { exec, container } = server()
  const asked: [string, string][] = [
    ['PING', 'PONG'],
    ['ECHO 你好', '你好'],
    ["SET test 'Hello World!'", 'OK'],
    ['GET test', 'Hello World!'],
    ['SET test other NX', ''],
    ['SET absent x XX', ''],
    ['GET absent', ''],
    ['INCR count', '1'],
    ['INCRBY count 10', '11'],
    ['DECR count', '10'],
    ['INCR test', 'ERR value is not an integer or out of range'],
    ['EXPIRE count 100', '1'],
    ['TTL count', '100'],
    ['TTL test', '-1'],
    ['TTL absent', '-2'],
    ['EXISTS test count absent', '2'],
    ['TYPE test', 'string'],
    ['TYPE absent', 'none'],
    ['RPUSH list a b c', '3'],
    ['LPUSH list z', '4'],
    ['LRANGE list 0 -1', 'z\na\nb\nc'],
    ['GET list', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
    ['HSET hash a 1 b 2', '2'],
    ['HGET hash b', '2'],
    ['HGETALL hash', 'a\n1\nb\n2'],
    ['DBSIZE', '4'],
    ['DEL hash list absent', '2'],
    ['CONFIG GET appendonly', 'appendonly\nno'],
    ['GET', "ERR wrong number of arguments for 'get' command"],
    ['NONSENSE a b', "ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b' "],
    ['FLUSHALL', 'OK'],
    ['DBSIZE', '0'],
  ]
  for (const [command, answer] of asked)
    expect.soft((await exec(['redis-cli', ...splitWords(command)!])).out, command).toBe(`${answer}\n`)
  expect((await exec(['redis-cli', 'info', 'server'])).out).toContain('redis_version:7.')
  expect((await exec(['redis-cli'], 'set a 1\nget a\n')).out).toBe('OK\n1\n')
  const refused = await exec(['redis-cli', '-p', '6380', 'ping'])
  expect(refused).toMatchObject({ code: 1, err: 'Could not connect to Redis at 127.0.0.1:6380: Connection refused\n' })
  await container.stop(0)
})

test('a key goes when its time is over', async () => {
  const { exec, container } = server()
  await exec(['redis-cli', 'set', 'a', '1', 'PX', '50'])
  expect((await exec(['redis-cli', 'get', 'a'])).out).toBe('1\n')
  await until('it is gone', async () => (await exec(['redis-cli', 'exists', 'a'])).out === '0\n')
  await container.stop(0)
})

test('speaks at a prompt, and quotes on a terminal', async () => {
  const { container } = server()
  const keyboard = createKeyboard()
  const ended = container.exec(['redis-cli'], keyboard.streams)
  await until('it asks', () => keyboard.screen().endsWith('127.0.0.1:6379> '))
  for (const line of ["set test 'Hello World!'", 'get test', 'get absent', 'incr n', 'rpush l a b', 'lrange l 0 -1', 'foo']) {
    const before = keyboard.screen().length
    keyboard.type(`${line}\r`)
    await until(`${line} is answered`, () => keyboard.screen().length > before + line.length && /6379> $/.test(keyboard.screen()))
  }
  const screen = keyboard.screen().replaceAll('\r', '')
  for (const shown of ['OK', '"Hello World!"', '(nil)', '(integer) 1', '1) "a"\n2) "b"', "(error) ERR unknown command 'foo'"])
    expect.soft(screen).toContain(`\n${shown}`)
  keyboard.type('select 1\r')
  await until('the prompt tells the database', () => keyboard.screen().endsWith('127.0.0.1:6379[1]> '))
  keyboard.type('quit\r')
  expect(await ended).toBe(0)
  await container.stop(0)
})

test('its append-only file and its snapshot outlive it', async () => {
  const volume = createFileTree(() => realClock.now())
  const mounts = { mounts: [{ path: '/data', volume, readOnly: false }] }
  const first = server(['--appendonly', 'yes'], mounts)
  await first.exec(['redis-cli', 'set', 'test', 'Hello 世界'])
  await first.exec(['redis-cli', '-n', '2', 'rpush', 'list', 'a', 'b'])
  await first.exec(['redis-cli', 'set', 'late', 'x', 'EX', '1000'])
  // Killed: only what the file holds is there afterwards.
  expect((await first.container.stop(0)).exitCode).toBe(137)
  expect(volume.text('/appendonlydir/appendonly.aof.1.incr.aof')).toContain(
    '*3\r\n$3\r\nSET\r\n$4\r\ntest\r\n$12\r\nHello 世界\r\n',
  )
  const second = server(['--appendonly', 'yes'], mounts)
  expect((await second.exec(['redis-cli', 'get', 'test'])).out).toBe('Hello 世界\n')
  expect((await second.exec(['redis-cli', '-n', '2', 'lrange', 'list', '0', '-1'])).out).toBe('a\nb\n')
  expect(Number((await second.exec(['redis-cli', 'ttl', 'late'])).out)).toBeGreaterThan(900)
  expect((await second.container.stop(5000)).exitCode).toBe(0)
  expect(await second.logs()).toMatch(/DB loaded from append only file[\s\S]*Ready to accept connections tcp[\s\S]*bye bye/)
  const third = server([], mounts)
  expect((await third.exec(['redis-cli', 'get', 'test'])).out).toBe('Hello 世界\n')
  await third.container.stop(0)
})

test('a wrong setting ends it with redis’ words', async () => {
  const { container, logs } = server(['--appendonly', 'perhaps'])
  expect((await container.exited).exitCode).toBe(1)
  expect(await logs()).toContain(">>> 'appendonly \"perhaps\"'\nargument must be 'yes' or 'no'")
})

test('a snapshot holds every type', () => {
  const data = new Data(() => 1000)
  data.databases[0]!.set('s', { value: 'x'.repeat(20_000), expires: 5000 })
  data.databases[0]!.set('l', { value: ['a', 'b'] })
  data.databases[3]!.set('h', { value: new Map([['f', 'v']]) })
  data.databases[3]!.set('u', { value: new Set(['m']) })
  const read = new Data(() => 1000)
  readRdb(Buffer.from(writeRdb(data), 'latin1'), read)
  expect(read.databases).toEqual(data.databases)
})

test('requests come in pieces, inline or not at all', () => {
  const parser = new Parser()
  const bytes = encodeRequest(['SET', 'a', 'x\r\ny'])
  for (const char of bytes.slice(0, -1)) {
    parser.push(char)
    expect(parser.request()).toBeUndefined()
  }
  parser.push(`${bytes.slice(-1)}PING "a b"\r\n`)
  expect([parser.request(), parser.request(), parser.request()]).toEqual([['SET', 'a', 'x\r\ny'], ['PING', 'a b'], undefined])
  parser.push('*1\r\n$x\r\n')
  expect(() => parser.request()).toThrow(ProtocolError)
  expect(splitWords('a "b')).toBeUndefined()
  expect(quoted('a"\n\x01é')).toBe('"a\\"\\n\\x01\\xe9"')
})
