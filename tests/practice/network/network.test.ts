import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../../electron/platform/clock.ts'
import { createNetwork, type Network } from '../../../electron/practice/network/network.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { createRandom } from '../../../electron/practice/random.ts'
import { createStore, type Store } from '../../../electron/practice/store.ts'

/** Sleeps take no time but are counted. */
const createClock = (): Clock & { slept: number } => ({
  slept: 0,
  now: () => 0,
  async sleep(ms) {
    this.slept += ms
  },
})

let store: Store
let network: Network
let clock: ReturnType<typeof createClock>
beforeEach(() => {
  store = createStore()
  clock = createClock()
  network = createNetwork({ store, clock, random: createRandom(7) })
})

const put = (kind: string, resource: string, name: string, rest: Record<string, unknown>, namespace = 'default') =>
  store.put(resource, {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, uid: name, resourceVersion: '', creationTimestamp: '' },
    ...rest,
  } as KubeObject)
const service = (name: string, spec: Record<string, unknown>, namespace?: string) =>
  put('Service', 'services', name, { spec: { ports: [{ port: 80, targetPort: 8080 }], ...spec } }, namespace)
const endpoints = (name: string, ips: readonly string[], more: Record<string, unknown> = {}, namespace?: string) =>
  put(
    'Endpoints',
    'endpoints',
    name,
    { subsets: [{ addresses: ips.map(ip => ({ ip })), ports: [{ port: 8080 }], ...more }] },
    namespace,
  )
const node = (name: string, address: string) =>
  store.put('nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, resourceVersion: '', creationTimestamp: '' },
    status: { addresses: [{ type: 'InternalIP', address }] },
  } as KubeObject)

/** Listens and says who it is to all who call. */
const greeter = (ip: string, port: number, seen: string[] = []) =>
  network.listen(ip, port, socket => {
    seen.push(socket.remoteAddress)
    socket.end(`${ip}:${port}`)
  })
const call = async (host: string, port: number, from = {}) => {
  let text = ''
  for await (const chunk of await network.dial(from, host, port)) text += chunk
  return text
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'connected',
    (error: { code: string }) => error.code,
  )

describe('addresses', () => {
  it('are given in order per node, not again at once, and freed', () => {
    expect([network.allocate('node1'), network.allocate('node1'), network.allocate('node2')]).toEqual([
      '10.42.0.2',
      '10.42.0.3',
      '10.42.1.2',
    ])
    network.release('10.42.0.2')
    expect(network.allocate('node1')).toBe('10.42.0.4')
    for (let count = 0; count < 251; count++) network.allocate('node1')
    expect(() => network.allocate('node1')).toThrow('no IP addresses available in range set: 10.42.0.1-10.42.0.254')
    expect(new Set([network.allocate('alpha'), network.allocate('beta')])).toEqual(new Set(['10.42.2.2', '10.42.3.2']))
  })
})

describe('connections', () => {
  it('reach a Pod, with the caller’s address or the gateway’s', async () => {
    const [a, b] = [network.allocate('node1'), network.allocate('node1')]
    const seen: string[] = []
    const stop = greeter(b, 80, seen)
    expect(await call(b, 80, { ip: a })).toBe(`${b}:80`)
    expect(await call(b, 80)).toBe(`${b}:80`)
    expect(await call('127.0.0.1', 80, { ip: b })).toBe(`${b}:80`)
    expect(seen).toEqual([a, '10.42.0.1', '127.0.0.1'])
    expect(() => greeter(b, 80)).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }))
    stop()
    expect(await codeOf(network.dial({}, b, 80))).toBe('ECONNREFUSED')
  })

  it('fail as in reality', async () => {
    expect(await codeOf(network.dial({}, network.allocate('node1'), 80))).toBe('ECONNREFUSED')
    expect(clock.slept).toBe(0)
    expect(await codeOf(network.dial({}, '10.42.0.99', 80))).toBe('EHOSTUNREACH')
    expect(clock.slept).toBe(3000)
    expect(await codeOf(network.dial({}, '10.43.9.9', 80))).toBe('ETIMEDOUT')
    expect(await codeOf(network.dial({}, 'nosuch', 80))).toBe('ENOTFOUND')
    node('node1', '10.210.0.2')
    expect(await codeOf(network.dial({}, '10.210.0.2', 80))).toBe('ECONNREFUSED')
  })

  it('hold back a writer whose reader is slow, and keep the order', async () => {
    const ip = network.allocate('node1')
    const total = 5_000_000
    let written = 0
    network.listen(ip, 1, async socket => {
      for (let n = 0; written < total; n++) {
        const chunk = Buffer.alloc(50_000, n % 256)
        written += chunk.length
        if (!socket.write(chunk)) await new Promise(resolve => socket.once('drain', resolve))
      }
      socket.end()
    })
    const socket = await network.dial({}, ip, 1)
    await new Promise(resolve => setImmediate(resolve))
    expect(written).toBeLessThan(500_000)
    let read = 0
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += 997) expect(chunk[at]).toBe(Math.floor((read + at) / 50_000) % 256)
      read += chunk.length
    }
    expect(read).toBe(total)
  })

  it('close one half at a time, and break together', async () => {
    const ip = network.allocate('node1')
    network.listen(ip, 1, async socket => {
      let text = ''
      for await (const chunk of socket as AsyncIterable<Buffer>) text += chunk
      socket.end(`got ${text}`)
    })
    const socket = await network.dial({}, ip, 1)
    socket.end('all')
    let answer = ''
    for await (const chunk of socket as AsyncIterable<Buffer>) answer += chunk
    expect(answer).toBe('got all')
    network.listen(ip, 2, other => void other.destroy())
    const broken = await network.dial({}, ip, 2)
    const error = await new Promise<Error & { code?: string }>(resolve => broken.once('error', resolve))
    expect(error.code).toBe('ECONNRESET')
  })
})

describe('Services', () => {
  it('balance over ready endpoints by chance', async () => {
    const ips = [network.allocate('node1'), network.allocate('node1'), network.allocate('node2')]
    for (const ip of ips) greeter(ip, 8080)
    service('web', { clusterIP: '10.43.1.1' })
    endpoints('web', ips.slice(0, 2), { notReadyAddresses: [{ ip: ips[2] }] })
    const counts = new Map<string, number>()
    for (let n = 0; n < 200; n++) {
      const answer = await call('web', 80, { namespace: 'default' })
      counts.set(answer, (counts.get(answer) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual([`${ips[0]}:8080`, `${ips[1]}:8080`])
    expect(Math.min(...counts.values())).toBeGreaterThan(60)
    expect(await codeOf(network.dial({}, '10.43.1.1', 81))).toBe('ECONNREFUSED')
    endpoints('web', [])
    expect(await codeOf(network.dial({}, '10.43.1.1', 80))).toBe('ECONNREFUSED')
  })

  it('keep a client with its Pod where sessionAffinity says so', async () => {
    const ips = [network.allocate('node1'), network.allocate('node1')]
    for (const ip of ips) greeter(ip, 8080)
    service('web', { clusterIP: '10.43.1.1', sessionAffinity: 'ClientIP' })
    endpoints('web', ips)
    const answers = new Set<string>()
    for (let n = 0; n < 20; n++) answers.add(await call('10.43.1.1', 80, { ip: '10.42.0.77' }))
    expect(answers.size).toBe(1)
  })

  it('match ports by name', async () => {
    const ip = network.allocate('node1')
    greeter(ip, 1)
    greeter(ip, 2)
    service('two', {
      clusterIP: '10.43.1.2',
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 90 },
      ],
    })
    endpoints('two', [ip], {
      ports: [
        { name: 'a', port: 1 },
        { name: 'b', port: 2 },
      ],
    })
    expect([await call('two', 80), await call('two', 90)]).toEqual([`${ip}:1`, `${ip}:2`])
  })

  it('answer on every node’s port, on external IPs, and give way to nobody else there', async () => {
    node('node1', '10.210.0.2')
    node('node2', '10.210.0.3')
    const ip = network.allocate('node1')
    greeter(ip, 8080)
    service('web', {
      clusterIP: '10.43.1.1',
      type: 'NodePort',
      ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }],
      externalIPs: ['10.210.0.2', '192.0.2.5'],
    })
    endpoints('web', [ip])
    for (const [host, port] of [
      ['10.210.0.2', 30_080],
      ['node2', 30_080],
      ['10.210.0.2', 80],
      ['192.0.2.5', 80],
    ] as const)
      expect(await call(host, port)).toBe(`${ip}:8080`)
    expect(await codeOf(network.dial({}, '10.210.0.3', 80))).toBe('ECONNREFUSED')
    expect(await codeOf(network.dial({}, '10.42.0.99', 30_080))).toBe('EHOSTUNREACH')
    expect([network.has('192.0.2.5'), network.has('192.0.2.6')]).toEqual([true, false])
  })
})

describe('names', () => {
  it('are found along the search path of the namespace', () => {
    service('web', { clusterIP: '10.43.1.1' })
    service('web', { clusterIP: '10.43.1.2' }, 'other')
    expect(network.resolve('web', 'default')).toEqual(['10.43.1.1'])
    expect(network.resolve('WEB', 'other')).toEqual(['10.43.1.2'])
    expect(network.resolve('web.other', 'default')).toEqual(['10.43.1.2'])
    expect(network.resolve('web.other.svc', 'default')).toEqual(['10.43.1.2'])
    expect(network.resolve('web.default.svc.cluster.local.', 'other')).toEqual(['10.43.1.1'])
    expect(network.resolve('web', 'third')).toEqual([])
    expect(network.resolve('web.', 'default')).toEqual([])
    expect(network.fullName('web', 'other')).toBe('web.other.svc.cluster.local')
  })

  it('of a headless Service stand for its Pods, one by one too', () => {
    service('db', { clusterIP: 'None' })
    put('Endpoints', 'endpoints', 'db', {
      subsets: [
        {
          addresses: [
            { ip: '10.42.0.5', hostname: 'db-0' },
            { ip: '10.42.0.6', hostname: 'db-1' },
          ],
          notReadyAddresses: [{ ip: '10.42.0.7', hostname: 'db-2' }],
          ports: [{ port: 1 }],
        },
      ],
    })
    expect(network.resolve('db', 'default')).toEqual(['10.42.0.5', '10.42.0.6'])
    expect(network.resolve('db-1.db', 'default')).toEqual(['10.42.0.6'])
    expect(network.resolve('db-2.db', 'default')).toEqual([])
    expect(network.resolve('10-42-0-9.default.pod', 'x')).toEqual(['10.42.0.9'])
  })

  it('of another name lead there', () => {
    service('web', { clusterIP: '10.43.1.1' })
    service('alias', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' })
    expect(network.resolve('alias', 'default')).toEqual(['10.43.1.1'])
  })

  it('belong to the cluster or not, as seen from outside', () => {
    service('web', { clusterIP: '10.43.1.1' })
    node('node1', '10.210.0.2')
    const hosts = [
      '10.42.0.1',
      '10.43.0.1',
      '10.210.0.9',
      'node1',
      'x.svc.cluster.local',
      'web.default.svc',
      'web',
      'example.com',
      '127.0.0.1',
      '10.44.0.1',
      'localhost',
    ]
    expect(hosts.filter(host => network.has(host))).toEqual(hosts.slice(0, 6))
  })
})
