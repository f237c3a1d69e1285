import { connect, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../electron/practice/random.ts'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const maps = '/api/v1/namespaces/default/configmaps'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const random = createRandom(42)
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!

const open = (): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const url = new URL(cluster.practice.server)
    const socket = connect({ port: Number(url.port), host: url.hostname, ca: cluster.ca, servername: 'localhost' }, () =>
      resolve(socket),
    )
    socket.once('error', reject)
  })

const lives = async () => expect((await cluster.send('GET', `${maps}/kube-root-ca.crt`)).code).toBe(200)

describe('bodies', () => {
  test('too large, too deep, broken or of another kind are refused with a Status', async () => {
    const send = (body: unknown, type = 'application/json') => cluster.send('POST', maps, body, { 'content-type': type })
    const deep = `{"kind":"ConfigMap","metadata":{"name":"x"},"data":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`
    expect(await send(deep)).toMatchObject({ code: 400, body: { kind: 'Status' } })
    expect(await send(`{"data":{"a":"${'x'.repeat(4 << 20)}"}}`).catch(() => 'cut off')).toSatisfy(
      answer => answer === 'cut off' || (answer as { code: number }).code === 413,
    )
    for (const body of [
      '{',
      'null',
      '[]',
      '"x"',
      '{"kind":"Pod","apiVersion":"v1"}',
      '{"metadata":[]}',
      '{"metadata":{"name":7}}',
      '',
    ]) {
      expect([body, (await send(body)).body]).toMatchObject([body, { kind: 'Status', code: 400 }])
    }
    expect(await send('a: [', 'application/yaml')).toMatchObject({ code: 400 })
    expect(await send('x', 'text/html')).toMatchObject({ code: 415 })
    expect(await send(Buffer.from('k8s\0\xff\xff\xff\xff', 'latin1'))).toMatchObject({ code: 400 })
    await lives()
  })

  test('null among structs is a struct of zeros, and refused for what it lacks', async () => {
    const service = { metadata: { name: 'nothing' }, spec: { ports: [null] } }
    const refusal = await cluster.send('POST', '/api/v1/namespaces/default/services', JSON.stringify(service))
    expect(refusal).toMatchObject({ code: 422, body: { reason: 'Invalid' } })
    const map = { metadata: { name: 'nothing', ownerReferences: [null] } }
    expect(await cluster.send('POST', maps, JSON.stringify(map))).toMatchObject({ code: 422, body: { reason: 'Invalid' } })
  })

  test('keys that name a prototype change nothing', async () => {
    const body = '{"kind":"ConfigMap","metadata":{"name":"proto"},"data":{"__proto__":"x","constructor":"y"}}'
    expect((await cluster.send('POST', maps, body)).code).toBeLessThan(500)
    const patch = { 'content-type': 'application/merge-patch+json' }
    await cluster.send('PATCH', `${maps}/proto`, '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}', patch)
    const smp = { 'content-type': 'application/strategic-merge-patch+json' }
    await cluster.send('PATCH', `${maps}/proto`, '{"metadata":{"__proto__":{"polluted":1}}}', smp)
    const json = { 'content-type': 'application/json-patch+json' }
    await cluster.send('PATCH', `${maps}/proto`, '[{"op":"add","path":"/__proto__/polluted","value":1}]', json)
    expect({}).not.toHaveProperty('polluted')
    await lives()
  })

  test('a thousand mangled requests get an answer that is no crash', async () => {
    const values = [
      'x',
      7,
      -1,
      1.5,
      null,
      true,
      [],
      {},
      [null],
      { a: null },
      '\u0000',
      'é'.repeat(300),
      { $patch: 'delete' },
      [{ $patch: 'replace' }],
    ]
    const mangled = (depth: number): unknown => {
      if (depth === 0) return pick(values)
      const keys = [
        'metadata',
        'spec',
        'status',
        'name',
        'namespace',
        'labels',
        'containers',
        'template',
        'selector',
        'data',
        'ports',
        'replicas',
        'matchLabels',
        'finalizers',
        'ownerReferences',
        'managedFields',
        '$patch',
        '$retainKeys',
        '$setElementOrder/containers',
        '$deleteFromPrimitiveList/finalizers',
        'matchExpressions',
        'strategy',
        'volumes',
        'env',
        'kind',
        'apiVersion',
        'limits',
        'resources',
      ]
      return random() < 0.2
        ? Array.from({ length: 3 }, () => mangled(depth - 1))
        : Object.fromEntries(Array.from({ length: 5 }, () => [pick(keys), mangled(depth - 1)]))
    }
    const types = [
      'application/json',
      'application/merge-patch+json',
      'application/strategic-merge-patch+json',
      'application/json-patch+json',
      'application/apply-patch+yaml',
      'application/yaml',
      'application/vnd.kubernetes.protobuf',
    ]
    const plurals = ['pods', 'services', 'configmaps', 'secrets', 'endpoints', 'events', 'serviceaccounts']
    const seen = new Map<number, number>()
    for (let count = 0; count < 1000; count++) {
      const kind = pick(plurals)
      const base = random() < 0.3 ? deployments : `/api/v1/namespaces/default/${kind}`
      const path = `${base}${pick(['', '/fuzz', '/fuzz/status', '/fuzz/scale', '/fuzz/binding', '/fuzz/eviction', '/fuzz/log'])}`
      const query = pick([
        '',
        '?dryRun=All',
        '?fieldManager=f&force=true',
        '?fieldValidation=Strict',
        '?limit=-1',
        '?labelSelector=%28%28',
        '?fieldSelector=%3D',
      ])
      const method = pick(['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'OPTIONS'])
      const body = { metadata: { name: 'fuzz' }, ...(mangled(4) as object) }
      const bytes = Buffer.from(JSON.stringify(body))
      if (random() < 0.2) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      const { code, text } = await cluster
        .send(method, path + query, bytes, { 'content-type': pick(types) })
        .catch((error: unknown) => {
          throw new Error(`${String(error)}: ${method} ${path}${query} ${bytes}`)
        })
      seen.set(code, (seen.get(code) ?? 0) + 1)
      // A fault of ours would be 500.
      expect(code, `${method} ${path}${query}\n${bytes}\n${text}`).toBeLessThan(500)
    }
    expect(seen.size).toBeGreaterThan(4)
    await lives()
  }, 60_000)

  test('mangled protobuf is refused', async () => {
    const header = { 'content-type': 'application/vnd.kubernetes.protobuf' }
    for (let count = 0; count < 300; count++) {
      const noise = Buffer.from(Array.from({ length: 60 }, () => Math.floor(random() * 256)))
      const meta = Buffer.from('0a0b0a027631120550 6f6400'.replaceAll(' ', ''), 'hex')
      const body = Buffer.concat([Buffer.from('k8s\0'), count % 2 ? meta : Buffer.alloc(0), noise])
      expect((await cluster.send('POST', maps, body, header)).code).toBeLessThan(500)
    }
    await lives()
  })
})

describe('connections', () => {
  test('garbage, half requests, floods of headers and vanishing readers end alone', async () => {
    const auth = `Authorization: Bearer ${cluster.token}\r\n`
    const starts = [
      'NONSENSE\r\n\r\n',
      `GET ${maps} HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(5000)}\r\n`,
      `POST ${maps} HTTP/1.1\r\nHost: x\r\n${auth}Content-Length: 1000\r\n\r\n{"kind"`,
      `POST ${maps} HTTP/1.1\r\nHost: x\r\n${auth}Transfer-Encoding: chunked\r\n\r\nZZZ\r\n`,
      `GET /%zz HTTP/1.1\r\nHost: x\r\n${auth}\r\n`,
      `GET ${maps}?watch=1 HTTP/1.1\r\nHost: x\r\n${auth}\r\n`,
      `GET /api/v1/namespaces/default/pods/x/exec?command=sh HTTP/1.1\r\nHost: x\r\n${auth}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      `GET /nosuch HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n`,
    ]
    for (const start of [...starts, ...starts]) {
      const socket = await open()
      socket.on('error', () => {})
      socket.write(start)
      await new Promise(resolve => setTimeout(resolve, 20))
      socket.destroy()
    }
    await lives()
  })
})
