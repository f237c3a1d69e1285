import { describe, expect, test } from 'vitest'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const maps = '/api/v1/namespaces/default/configmaps'
const map = (name: string, labels: object = {}) => ({ kind: 'ConfigMap', metadata: { name, labels } })
const json = { 'content-type': 'application/merge-patch+json' }
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }
const select = 'labelSelector=watch=yes'

describe('watch', () => {
  test('tells what enters, changes in and leaves a selection', async () => {
    const { resourceVersion } = (await cluster.send('GET', maps)).body.metadata as { resourceVersion: string }
    const watch = cluster.watch(`${maps}?watch=true&resourceVersion=${resourceVersion}&${select}`)
    await cluster.send('POST', maps, map('other'))
    await cluster.send('POST', maps, map('a', { watch: 'yes' }))
    await cluster.send('PATCH', `${maps}/a`, { data: { x: '1' } }, json)
    const left = await cluster.send('PATCH', `${maps}/a`, { metadata: { labels: { watch: 'no' } } }, json)
    const seen = [await watch.next(), await watch.next(), await watch.next()]
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    const { metadata } = left.body as { metadata: { resourceVersion: string } }
    expect(seen[2]?.object.metadata).toMatchObject({ labels: { watch: 'yes' }, resourceVersion: metadata.resourceVersion })
    watch.close()
  })

  test('without a version it begins with what there is; as a watch list it marks the end of that', async () => {
    await cluster.send('POST', maps, map('b', { watch: 'yes' }))
    const plain = cluster.watch(`${maps}?watch=1&${select}`)
    expect(await plain.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } })
    plain.close()
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const list = cluster.watch(`${maps}?${query}&${select}`)
    expect(await list.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } })
    const mark = await list.next()
    expect(mark).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
    expect(Number(mark.object.metadata.resourceVersion)).toBeGreaterThan(0)
    list.close()
    expect((await cluster.send('GET', `${maps}?watch=1&sendInitialEvents=true`)).code).toBe(422)
  })

  test('as Tables, with the columns told once', async () => {
    const watch = cluster.watch(`${maps}?watch=1&fieldSelector=metadata.name=b`, table)
    const first = await watch.next()
    expect(first.object).toMatchObject({ kind: 'Table', rows: [{ cells: ['b', 0, expect.any(String)] }] })
    expect(first.object.columnDefinitions).toHaveLength(3)
    await cluster.send('PATCH', `${maps}/b`, { data: { x: '1' } }, json)
    expect((await watch.next()).object).toMatchObject({
      columnDefinitions: null,
      rows: [{ cells: ['b', 1, expect.any(String)] }],
    })
    watch.close()
  })

  test('ends by its timeout', async () => {
    const watch = cluster.watch(`${maps}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name=nosuch`)
    expect((await watch.next()).type).toBe('END')
  })

  test('a forgotten version is an error in the stream', async () => {
    const { registry } = cluster.practice
    for (let count = 0; count < 10_050; count++) {
      registry.modify('configmaps', 'default', 'b', copy => ({ ...copy, data: { count: String(count) } }))
    }
    const watch = cluster.watch(`${maps}?watch=1&resourceVersion=5`)
    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } })
    expect((await watch.next()).type).toBe('END')
  })

  test('a reader that never reads is cut off, others go on', async () => {
    const { connect } = await import('node:tls')
    const url = new URL(cluster.practice.server)
    const socket = connect({ port: Number(url.port), host: url.hostname, ca: cluster.ca, servername: 'localhost' })
    const closed = new Promise(resolve => socket.once('close', resolve))
    socket.on('error', () => {})
    socket.write(`GET ${maps}?watch=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${cluster.token}\r\n\r\n`)
    await new Promise(resolve => socket.once('readable', resolve))
    socket.pause()
    const { registry } = cluster.practice
    const text = 'x'.repeat(900_000)
    for (let count = 0; count < 60; count++) {
      registry.modify('configmaps', 'default', 'b', copy => ({ ...copy, data: { count: String(count), text } }))
      await new Promise(resolve => setImmediate(resolve))
    }
    socket.resume()
    await closed
    expect((await cluster.send('GET', `${maps}/b`)).code).toBe(200)
  })
})
