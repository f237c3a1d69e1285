// The state on disk, with a real process that is killed.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppError } from '../../../electron/contract/errors.ts'
import { openJournal, readRecords } from '../../../electron/platform/journal.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const folders: string[] = []
const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'khw-state-'))
  folders.push(folder)
  return folder
}
const living = new Set<ChildProcess>()

afterEach(() => {
  for (const child of living) child.kill('SIGKILL')
  living.clear()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

interface Life {
  child: ChildProcess
  ready: Record<string, unknown>
  kubectl(...args: string[]): Promise<string>
  kill(signal?: NodeJS.Signals): Promise<void>
}

const start = async (folder: string, ...args: string[]): Promise<Life> => {
  const child = spawn(process.execPath, [join(root, 'electron/practice/main.ts'), '--state', folder, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  living.add(child)
  const ended = new Promise<void>(done => child.once('exit', () => done()))
  const line = await Promise.race([
    new Promise<string>(done => createInterface({ input: child.stdout! }).once('line', done)),
    ended.then(() => '{}'),
  ])
  const ready = JSON.parse(line) as Record<string, unknown>
  const config = join(folder, 'config')
  if (typeof ready.kubeconfig === 'string') writeFileSync(config, ready.kubeconfig)
  return {
    child,
    ready,
    kubectl: async (...words) =>
      (await run('kubectl', ['--kubeconfig', config, '--cache-dir', join(folder, 'cache'), ...words])).stdout,
    async kill(signal = 'SIGKILL') {
      child.kill(signal)
      await ended
      living.delete(child)
    },
  }
}
const until = async (what: string, condition: () => Promise<unknown>) => {
  const end = performance.now() + 20_000
  while (!(await condition().catch(() => false))) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
const redis = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: redis }
spec:
  containers:
  - { name: redis, image: "redis:alpine", args: [redis-server, --appendonly, "yes"], volumeMounts: [{ name: data, mountPath: /data }] }
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`

describe('a cluster with its state on disk', () => {
  test('comes back after a kill as after a reboot: Pods restarted, volumes and kubeconfig as they were', async () => {
    const folder = folderOf()
    const first = await start(folder)
    writeFileSync(join(folder, 'redis.yaml'), redis)
    await first.kubectl('apply', '-f', join(folder, 'redis.yaml'))
    await first.kubectl('create', 'deployment', 'web', '--image=openresty/openresty:alpine', '--replicas=2')
    await first.kubectl('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=20s')
    await first.kubectl('rollout', 'status', 'deployment/web')
    await first.kubectl('exec', 'redis', '--', 'redis-cli', 'set', 'visits', '41')
    await first.kubectl('exec', 'redis', '--', 'redis-cli', 'incr', 'visits')
    const column = (path: string) => ['get', 'pods', '-o', `jsonpath={range .items[*]}${path}{"\\n"}{end}`]
    const uids = await first.kubectl(...column('{.metadata.uid}'))
    /** Who owns which fields of an object's spec: `MANAGER {...}`, but for the status, which a reboot writes anew. */
    const owners = async (life: Life, what: string) => {
      const { metadata } = JSON.parse(await life.kubectl('get', what, '--show-managed-fields', '-o', 'json')) as {
        metadata: { managedFields: { manager: string; subresource?: string; fieldsV1: object }[] }
      }
      return metadata.managedFields
        .filter(({ subresource }) => !subresource)
        .map(({ manager, fieldsV1 }) => `${manager} ${JSON.stringify(fieldsV1)}`)
        .sort()
    }
    const pod = (await first.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).split('\n')[0]!
    const owned = await Promise.all(['deployment/web', pod, 'node/node1'].map(what => owners(first, what)))
    expect(owned.map(([one]) => one?.split(' ')[0])).toEqual([
      'kubectl-create',
      'kube-controller-manager',
      'kube-controller-manager',
    ])
    // As a program's own second of patience with the disk.
    await new Promise(resolve => setTimeout(resolve, 600))
    await first.kubectl('create', 'configmap', 'last')
    await first.kill()

    const second = await start(folder)
    const field = (life: Life, name: string) => new RegExp(`${name}: (\\S+)`).exec(String(life.ready.kubeconfig))?.[1]
    for (const name of ['token', 'certificate-authority-data']) expect(field(second, name)).toBe(field(first, name))
    expect(await second.kubectl('get', 'configmap', 'last', '-o', 'name')).toBe('configmap/last\n')
    await until('all are ready again', async () => {
      const counts = await second.kubectl(
        ...column('{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}'),
      )
      return counts === '1 true\n1 true\n1 true\n'
    })
    expect(await second.kubectl(...column('{.metadata.uid}'))).toBe(uids)
    expect(await Promise.all(['deployment/web', pod, 'node/node1'].map(what => owners(second, what)))).toEqual(owned)
    expect(await second.kubectl('exec', 'redis', '--', 'redis-cli', 'get', 'visits')).toContain('42')
    expect(await second.kubectl('get', 'events', '--field-selector', 'reason=Rebooted', '-o', 'name')).toContain('event/node1')
    await second.kubectl('delete', 'deployment', 'web')
    await second.kubectl('wait', '--for=delete', 'pod', '-l', 'app=web', '--timeout=20s')
    await second.kill('SIGTERM')
    const third = await start(folder)
    expect((await third.kubectl('get', 'pods', '-o', 'name')).trim()).toBe('pod/redis')
  }, 60_000)

  test('is held by one process; a damaged file is refused and kept, a torn tail is not noticed', async () => {
    const folder = folderOf()
    const file = join(folder, 'state.log')
    const first = await start(folder)
    expect((await start(folder)).ready).toMatchObject({
      error: { code: 'practice.inUse', details: { pid: String(first.child.pid) } },
    })
    for (const name of ['a', 'b', 'c']) await first.kubectl('create', 'configmap', name)
    await first.kill()
    appendFileSync(file, Buffer.from('\u0001KR\n\u0000\u0010torn'))
    const second = await start(folder)
    expect((await second.kubectl('get', 'configmaps', '-o', 'name')).match(/\/[abc]\n/g)).toHaveLength(3)
    await second.kill()
    const bytes = readFileSync(file)
    bytes[200]! ^= 0xff
    writeFileSync(file, bytes)
    expect((await start(folder)).ready).toMatchObject({
      error: { code: 'practice.damaged', details: { path: file, at: expect.any(Number) } },
    })
    expect(readFileSync(file).equals(bytes)).toBe(true)
    const third = await start(folder, '--afresh')
    expect(await third.kubectl('get', 'configmaps', '-o', 'name')).not.toMatch(/\/[abc]\n/)
    const aside = readdirSync(folder).find(name => name.startsWith('state.log.aside-'))
    expect(readFileSync(join(folder, aside!)).equals(bytes)).toBe(true)
    await third.kill()
    writeFileSync(file, 'KHW-STATE 9\nfrom the future')
    expect((await start(folder)).ready).toMatchObject({ error: { code: 'practice.newer' } })
  }, 60_000)

  test('a full disk refuses writes with a Status, and takes them again when there is room', async context => {
    const folder = folderOf()
    const disk = join(folder, 'small')
    mkdirSync(disk)
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
    } catch {
      context.skip('skipped: only root may mount a small file system')
    }
    try {
      const life = await start(disk)
      writeFileSync(join(folder, 'text'), 'x'.repeat(200_000))
      const create = (name: string) => life.kubectl('create', 'configmap', name, `--from-file=${join(folder, 'text')}`)
      const made: string[] = []
      let refusal = ''
      for (let count = 0; count < 20 && !refusal; count++) {
        await create(`big${count}`).then(
          () => made.push(`configmap/big${count}`),
          (error: Error) => (refusal = error.message),
        )
      }
      expect(refusal).toMatch(/cannot be written.*ENOSPC.*nothing was changed/)
      const names = async (from: Life) =>
        (await from.kubectl('get', 'configmaps', '-o', 'name')).split('\n').filter(name => name.includes('/big'))
      expect((await names(life)).sort()).toEqual(made.toSorted())
      await run('mount', ['-o', 'remount,size=20m', disk])
      await create('big-room')
      await life.kill()
      const next = await start(disk)
      expect((await names(next)).sort()).toEqual([...made, 'configmap/big-room'].sort())
      await next.kill()
    } finally {
      await run('umount', ['-l', disk])
    }
  }, 60_000)
})

describe('the journal', () => {
  test('holds every record of every prefix of its file, and none that is torn', async () => {
    const folder = folderOf()
    const { journal } = await openJournal(folder, { now: 0 })
    const records = Array.from({ length: 8 }, (_, index) => `record ${index} ${'é'.repeat(index * 3)}`)
    for (const record of records) await journal.append([record])
    await journal.close()
    const bytes = readFileSync(journal.path)
    const begin = bytes.indexOf('\n') + 1
    let last = 0
    for (let length = begin; length <= bytes.length; length++) {
      const { records: found, isDamaged } = readRecords(bytes.subarray(0, length), begin)
      expect(isDamaged).toBe(false)
      expect(found).toEqual(records.slice(0, found.length))
      expect(found.length).toBeGreaterThanOrEqual(last)
      last = found.length
    }
    expect(last).toBe(8)
  })

  test('tells damage anywhere but in the last record, and rewrites all at once', async () => {
    const folder = folderOf()
    const { journal } = await openJournal(folder, { now: 0 })
    await journal.append(['one', 'two', 'three'])
    await journal.rewrite(['all'])
    await journal.append(['more'])
    await journal.close()
    expect(readdirSync(folder)).toEqual(['state.log'])
    const again = await openJournal(folder, { now: 0 })
    expect(again.records).toEqual(['all', 'more'])
    await expect(openJournal(folder, { now: 0 })).rejects.toMatchObject({ code: 'practice.inUse' })
    await again.journal.close()
    const good = readFileSync(journal.path)
    const lastRecord = good.length - 16
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad[at]! ^= 0x40
      writeFileSync(journal.path, bad)
      const opened = await openJournal(folder, { now: 0 }).catch((error: unknown) => error)
      if (at >= lastRecord) {
        expect(opened).toMatchObject({ records: ['all'] })
        await (opened as Awaited<ReturnType<typeof openJournal>>).journal.close()
      } else expect((opened as AppError).code, `byte ${at}`).toMatch(/^practice\.(damaged|newer)$/)
    }
  })
})
