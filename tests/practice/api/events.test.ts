import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const core = '/api/v1/namespaces/default/events'
const newer = '/apis/events.k8s.io/v1/namespaces/default/events'
const all = await kubectls()

describe('Events are the same objects in both groups', () => {
  test('written in the old words, read in the new ones', async () => {
    const watch = cluster.watch(`${newer}?watch=1&fieldSelector=regarding.name=web`)
    const involvedObject = { kind: 'Pod', namespace: 'default', name: 'web' }
    const source = { component: 'kubelet', host: 'node1' }
    const event = {
      metadata: { name: 'old.1' },
      involvedObject,
      reason: 'Started',
      message: 'It began',
      type: 'Normal',
      count: 3,
      source,
    }
    expect((await cluster.send('POST', core, event)).code).toBe(201)
    const expected = {
      apiVersion: 'events.k8s.io/v1',
      regarding: involvedObject,
      note: 'It began',
      deprecatedCount: 3,
      deprecatedSource: source,
    }
    const read = await cluster.send('GET', `${newer}/old.1`)
    expect(read.body).toMatchObject(expected)
    expect(read.body).not.toHaveProperty('involvedObject')
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: expected })
    watch.close()
    const table = await cluster.send('GET', `${newer}?fieldSelector=reason=Started`, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    })
    const [row] = (table.body as unknown as { rows: { cells: unknown[] }[] }).rows
    expect(row!.cells.slice(1, 6)).toEqual(['Normal', 'Started', 'pod/web', '', 'kubelet, node1'])
    expect(await cluster.send('GET', `${newer}?fieldSelector=involvedObject.name=web`)).toMatchObject({ code: 400 })
  })

  test('written in the new words, read in the old ones, changed in either', async () => {
    const event = {
      metadata: { name: 'new.1' },
      regarding: { kind: 'Pod', namespace: 'default', name: 'web' },
      reason: 'Told',
      note: 'It is told',
      type: 'Normal',
      action: 'Tell',
      eventTime: '2030-01-01T00:00:00.000000Z',
      reportingController: 'example.com/teller',
      reportingInstance: 'one',
    }
    expect(await cluster.send('POST', `${newer}?fieldValidation=Strict`, event)).toMatchObject({ code: 201, body: event })
    expect((await cluster.send('GET', `${core}/new.1`)).body).toMatchObject({
      apiVersion: 'v1',
      involvedObject: event.regarding,
      message: 'It is told',
      reportingComponent: 'example.com/teller',
      action: 'Tell',
    })
    const merge = { 'content-type': 'application/merge-patch+json' }
    expect((await cluster.send('PATCH', `${newer}/new.1`, { note: 'Again' }, merge)).body).toMatchObject({ note: 'Again' })
    expect((await cluster.send('GET', `${core}/new.1`)).body).toMatchObject({ message: 'Again' })
    expect((await cluster.send('DELETE', `${newer}/new.1`)).code).toBe(200)
    expect((await cluster.send('GET', `${core}/new.1`)).code).toBe(404)
  })
})

describe.each(all)('kubectl $version', ({ version, path }) => {
  const run = (...args: string[]): Promise<string> =>
    new Promise(resolve => {
      const { folder } = cluster
      const env = {
        ...process.env,
        KUBECONFIG: join(folder, 'config'),
        KUBECACHEDIR: join(folder, `cache-${version}`),
        HOME: folder,
      }
      execFile(path, args, { env, timeout: 15_000 }, (_, stdout, stderr) => resolve(stdout + stderr))
    })

  test('lists them from both groups', async () => {
    const involvedObject = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'told' }
    const now = new Date().toISOString()
    const name = `told.${version}`
    const times = { firstTimestamp: now, lastTimestamp: now }
    await cluster.send('POST', core, {
      metadata: { name },
      involvedObject,
      reason: 'Because',
      message: 'Told',
      type: 'Normal',
      ...times,
    })
    expect(await run('get', 'events.events.k8s.io')).toMatch(/Normal +Because +pod\/told +Told/)
    expect(await run('get', 'events')).toMatch(/Normal +Because +pod\/told +Told/)
    // The command came with 1.23.
    if (Number(version.split('.')[1]) >= 26)
      expect(await run('events', '--for', 'pod/told')).toMatch(/Normal +Because +Pod\/told +Told/)
    await cluster.send('DELETE', `${core}/${name}`)
  })
})
