import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HttpProxy, startHttpProxy } from '../../../electron/practice/network/http-proxy.ts'
import type { Connection } from '../../../electron/practice/network/network.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { createBox, createCluster } from './box.ts'

const cluster = createCluster()
const { network, store } = cluster
const box = createBox({ image: 'openresty/openresty:alpine', cluster })
const ip = network.allocate('node2')
let connections = 0
let proxy: HttpProxy

/** The least of a Redis: a few commands, and some that misbehave. */
const answerTo = ([name = '', key = '', value = '']: string[], data: Map<string, string>): string | undefined => {
  const bulk = (text: string | undefined) => (text === undefined ? '$-1\r\n' : `$${Buffer.byteLength(text)}\r\n${text}\r\n`)
  switch (name.toUpperCase()) {
    case 'SET':
      data.set(key, value)
      return '+OK\r\n'
    case 'GET':
      return bulk(data.get(key))
    case 'DEL':
      return `:${data.delete(key) ? 1 : 0}\r\n`
    case 'INCR':
      if (Number.isNaN(Number(data.get(key) ?? 0))) return '-ERR value is not an integer or out of range\r\n'
      data.set(key, String(Number(data.get(key) ?? 0) + 1))
      return `:${data.get(key)}\r\n`
    case 'MGET':
      return `*2\r\n${bulk(data.get(key))}${bulk(data.get(value))}`
    case 'NEVER':
      return undefined
    default:
      return `-ERR unknown command '${name}'\r\n`
  }
}
const serve = (data: Map<string, string>) => (socket: Connection) => {
  connections++
  let rest = ''
  socket.on('data', (chunk: Buffer) => {
    rest += chunk.toString('latin1')
    for (;;) {
      const head = /^\*(\d+)\r\n/.exec(rest)
      if (!head) return
      const words: string[] = []
      let at = head[0].length
      for (let count = 0; count < Number(head[1]); count++) {
        const size = /^\$(\d+)\r\n/.exec(rest.slice(at))
        if (!size) return
        at += size[0].length
        words.push(Buffer.from(rest.slice(at, at + Number(size[1])), 'latin1').toString())
        at += Number(size[1]) + 2
      }
      if (at > rest.length) return
      rest = rest.slice(at)
      const answer = answerTo(words, data)
      // In two pieces, as a network may bring it.
      if (answer !== undefined) {
        const bytes = Buffer.from(answer)
        socket.write(bytes.subarray(0, 3))
        socket.write(bytes.subarray(3))
      }
    }
  })
}

const put = (kind: string, resource: string, rest: Record<string, unknown>) =>
  store.put(resource, {
    apiVersion: 'v1',
    kind,
    metadata: { name: 'redis', namespace: 'default', uid: kind, resourceVersion: '', creationTimestamp: '' },
    ...rest,
  } as KubeObject)

beforeAll(async () => {
  proxy = await startHttpProxy(network)
  network.listen(ip, 6379, serve(new Map()))
  put('Service', 'services', { spec: { clusterIP: '10.43.7.7', ports: [{ port: 6379 }] } })
  put('Endpoints', 'endpoints', { subsets: [{ addresses: [{ ip }], ports: [{ port: 6379 }] }] })
})
afterAll(() => proxy.close())

/** What Lua code says, asked for by real curl. */
const lua = async (code: string): Promise<string> => {
  const conf = `server {
    listen 80;
    resolver kube-dns.kube-system.svc.cluster.local valid=5s;
    location / { default_type text/plain; content_by_lua_block {
      local redis = require "resty.redis"
      local red = redis:new()
      red:set_timeout(1000)
      ${code}
    } }
  }`
  await box.exec(['sh', '-c', 'cat > /etc/nginx/conf.d/default.conf'], conf)
  await box.exec(['nginx', '-s', 'reload'])
  return (await promisify(execFile)('curl', ['-s', '-x', proxy.url, `http://${box.ip}/`])).stdout
}
const connect = 'assert(red:connect("redis.default.svc.cluster.local", 6379))'

describe('resty.redis', () => {
  it('sets, gets, counts and deletes', async () => {
    const text = await lua(`${connect}
      ngx.say(red:set("dog", "a big animal, 大"))
      ngx.say(red:get("dog"))
      ngx.say(red:incr("count"), " ", red:incr("count"))
      ngx.say(string.format("Count: %s", red:incr("count")))
      ngx.say(red:del("dog"), red:del("dog"))
      ngx.say(red:close())`)
    expect(text).toBe('OK\na big animal, 大\n1 2\nCount: 3\n10\n1\n')
  })

  it('tells null, lists and errors apart', async () => {
    const text = await lua(`${connect}
      local none, err = red:get("nosuch")
      ngx.say(none == ngx.null, " ", err, " ", tostring(none), " ", none)
      red:set("a", "1")
      local both = red:mget("a", "nosuch")
      ngx.say(#both, " ", both[1], " ", both[2] == ngx.null)
      red:set("word", "x")
      ngx.say(red:incr("word"))
      ngx.say(red:flushall())`)
    expect(text).toBe(
      "true nil userdata: NULL null\n2 1 true\nfalseERR value is not an integer or out of range\nfalseERR unknown command 'flushall'\n",
    )
  })

  it('sends a pipeline at once', async () => {
    const text = await lua(`${connect}
      red:init_pipeline()
      red:set("p", 7) red:incr("p") red:nosuch() red:get("p")
      local all = red:commit_pipeline()
      ngx.say(#all, all[1], all[2], all[3][1], all[3][2], all[4], " ", red:get("p"))`)
    expect(text).toBe("4OK8falseERR unknown command 'nosuch'8 8\n")
  })

  it('keeps connections for the next request', async () => {
    const code = `${connect}
      ngx.say(red:get_reused_times(), " ", red:set_keepalive(10000, 100), " ", red:get("a"))`
    await lua(code)
    connections = 0
    const ask = async () => (await promisify(execFile)('curl', ['-s', '-x', proxy.url, `http://${box.ip}/`])).stdout
    expect([await lua(code), await ask(), await ask()]).toEqual(['0 1 nilclosed\n', '1 1 nilclosed\n', '2 1 nilclosed\n'])
    expect(connections).toBe(1)
  })

  it("says in openresty's words why it cannot", async () => {
    const text = await lua(`
      ngx.say(red:connect("redis.default.svc.cluster.local", 6380))
      ngx.say(red:connect("redis", 6379))
      ngx.say(red:connect("10.42.1.2", 1))
      ngx.say(red:get("a"))
      ${connect}
      red:set_timeout(20)
      ngx.say(red:never())
      ngx.say(red:get("a"))
      ngx.say(redis.get({}, "a"))`)
    expect(text).toBe(
      'nilconnection refused\nnilredis could not be resolved (3: Host not found)\nnilconnection refused\nnilclosed\nniltimeout\nnilclosed\nnilnot initialized\n',
    )
  })

  it('hears when the far end goes', async () => {
    network.listen(ip, 6666, socket => void socket.once('data', () => socket.end('$5\r\nab')))
    expect(await lua('assert(red:connect("10.42.1.2", 6666)) ngx.say(red:get("a"))')).toBe('nilclosed\n')
    network.listen(ip, 6667, socket => void socket.destroy())
    expect(await lua('assert(red:connect("10.42.1.2", 6667)) ngx.say(red:get("a"))')).toMatch(
      /^nil(closed|connection reset by peer)\n$/,
    )
  })
})

describe('ngx.socket.tcp', () => {
  it('reads lines, counts and all', async () => {
    network.listen(ip, 7000, socket => void socket.end('one\r\ntwo three\nfour'))
    const text = await lua(`
      local sock = ngx.socket.tcp()
      ngx.say(sock:connect("10.42.1.2", 7000))
      ngx.say(sock:send({ "a", { 1, "b" } }))
      ngx.say(sock:receive(), "|", sock:receive(3), "|", sock:receive("*l"), "|", sock:receive("*a"))
      ngx.say(sock:close())
      ngx.say(sock:close())`)
    expect(text).toBe('1\n3\none|two| three|four\n1\nnilclosed\n')
  })
})
