import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parseAssertions } from '../../../electron/installer/bundle/assertions.ts'
import { type BundleLock, lookAtBundle, readLock, verifyBundle } from '../../../electron/installer/bundle/index.ts'
import { allImages, hasSquashfs, noSquashfs, type Opened, open, openLock, snapImages } from './open.ts'

let opened: Opened | undefined
afterEach(async () => {
  await opened?.close()
  opened = undefined
})

const start = async (...options: Parameters<typeof open>): Promise<Opened> => {
  opened = await open(...options)
  return opened
}

const files = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true, withFileTypes: true }) as { isFile(): boolean; parentPath: string; name: string }[])
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

const whole = [
  'bundle.lock.json',
  'images/images-amd64.tar',
  'snaps/core22_1981.assert',
  'snaps/core22_1981.snap',
  'snaps/microk8s_8739.assert',
  'snaps/microk8s_8739.snap',
]

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

test.skipIf(!hasSquashfs)(`everything is fetched, pinned and verified ${hasSquashfs ? '' : noSquashfs}`, async () => {
  const { folder, fetch, events, registry } = await start()
  const pinned = await fetch({ update: true })
  expect(files(folder)).toEqual(whole)
  expect(await readLock(folder)).toEqual(pinned)
  expect(pinned.snaps[1]?.resolved.amd64).toMatchObject({
    revision: 8739,
    version: 'v1.35.2',
    snapId: 'id-of-microk8s',
    file: 'microk8s_8739.snap',
  })
  const archive = pinned.images.resolved.amd64
  expect(archive?.images.map(({ reference }) => reference)).toEqual(allImages)
  expect(archive?.images[0]?.digest).toBe(registry.digests.get('calico/cni')?.amd64)
  expect(pinned.images.resolved.arm64).toBeNull()
  expect(events).toContainEqual({ type: 'images', names: allImages })
  expect(events.filter(({ type }) => type === 'fetched')).toHaveLength(2 + allImages.length + 1)
  expect(await verifyBundle(folder, pinned, { arch: 'amd64' })).toMatchObject({ state: 'good' })
})

test.skipIf(!hasSquashfs)('the archive is an OCI layout of one platform, each blob once, the same bytes each time', async () => {
  const { folder, fetch } = await start()
  await fetch({ update: true })
  const archive = join(folder, 'images/images-amd64.tar')
  const first = sha256(archive)
  const unpacked = mkdtempSync(join(tmpdir(), 'oci-'))
  try {
    execFileSync('tar', ['-xf', archive, '-C', unpacked])
    const index = JSON.parse(readFileSync(join(unpacked, 'index.json'), 'utf8')) as {
      manifests: { digest: string; size: number; platform: object; annotations: Record<string, string> }[]
    }
    expect(index.manifests.map(({ annotations }) => annotations['io.containerd.image.name'])).toEqual(allImages)
    const names = files(join(unpacked, 'blobs/sha256'))
    for (const name of names) expect(sha256(join(unpacked, 'blobs/sha256', name))).toBe(name)
    for (const { digest, size, platform } of index.manifests) {
      expect(platform).toEqual({ os: 'linux', architecture: 'amd64' })
      const manifest = join(unpacked, 'blobs', digest.replace(':', '/'))
      expect(statSync(manifest).size).toBe(size)
      const { config, layers } = JSON.parse(readFileSync(manifest, 'utf8'))
      for (const blob of [config, ...layers]) expect(names).toContain(blob.digest.slice(7))
    }
    // A manifest, a config and a layer each, and the one that they share.
    expect(names).toHaveLength(3 * allImages.length + 1)
    rmSync(archive)
    await fetch({ update: true })
    expect(sha256(archive)).toBe(first)
  } finally {
    rmSync(unpacked, { recursive: true })
  }
})

test.skipIf(!hasSquashfs)('arm64 beside amd64: its own variant, its own archive, one lock', async () => {
  const { folder, fetch, registry } = await start({ docker: true })
  const first = await fetch({ update: true })
  const both = await fetch({ update: true, lock: first, arch: 'arm64' })
  expect(both.images.resolved.arm64?.images[0]?.digest).toBe(registry.digests.get('calico/cni')?.arm64)
  expect(both.images.resolved.amd64).toEqual(first.images.resolved.amd64)
  for (const arch of ['amd64', 'arm64'] as const)
    expect(await verifyBundle(folder, both, { arch })).toMatchObject({ state: 'good' })
})

test('a lock without pins fetches nothing', async () => {
  const { fetch, store, registry } = await start()
  await expect(fetch()).rejects.toMatchObject({ code: 'bundle.unresolved', details: { arch: 'amd64' } })
  expect([...store.seen, ...registry.seen]).toEqual([])
})

test.skipIf(!hasSquashfs)(
  'a pinned lock gives the same bundle again, by revision and digest; what is whole is not fetched twice',
  async () => {
    const { folder, fetch, store, registry } = await start()
    const pinned = await fetch({ update: true })
    const before = whole.filter(name => !name.endsWith('.json')).map(name => sha256(join(folder, name)))
    store.seen.length = 0
    registry.seen.length = 0
    registry.blobs.seen.length = 0
    await fetch({ lock: pinned })
    expect(registry.seen).toEqual([])
    expect(store.seen.filter(({ url }) => !url.includes('assertions'))).toEqual([])
    rmSync(folder, { recursive: true })
    await fetch({ lock: pinned })
    expect(whole.filter(name => !name.endsWith('.json')).map(name => sha256(join(folder, name)))).toEqual(before)
    const asked = store.seen.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body).actions[0])
    expect(asked.map(({ revision, channel }) => [revision, channel])).toEqual([
      [1981, undefined],
      [8739, undefined],
    ])
    expect(
      registry.seen.filter(({ url }) => url.includes('/manifests/')).every(({ url }) => url.includes('/manifests/sha256:')),
    ).toBe(true)
  },
)

test.skipIf(!hasSquashfs)(
  'cut connections, busy servers and ignored ranges: it goes on where it stopped',
  async () => {
    const { folder, fetch, store, registry, slept } = await start({ tokenLasts: 4 })
    store.spoil(
      '/cdn/core22',
      { kind: 'cut', part: 0.3 },
      { kind: 'status', status: 503 },
      { kind: 'cut', part: 0.5 },
      { kind: 'whole' },
    )
    store.spoil('/v2/snaps/refresh', { kind: 'status', status: 429, headers: { 'retry-after': '7' } })
    store.spoil('/v2/assertions/snap-revision', { kind: 'status', status: 500 })
    registry.blobs.spoil('sha256', { kind: 'cut', part: 0.5 }, { kind: 'stall', part: 0.5 })
    registry.spoil('/token', { kind: 'status', status: 502 })
    const pinned = await fetch({ update: true })
    expect(await verifyBundle(folder, pinned, { arch: 'amd64' })).toMatchObject({ state: 'good' })
    expect(slept).toContain(7000)
    const ranges = store.seen.filter(({ url }) => url.startsWith('/cdn/core22')).map(({ headers }) => headers.range)
    expect(ranges).toEqual([undefined, 'bytes=60000-', 'bytes=60000-', 'bytes=130000-'])
    expect(registry.blobs.seen.some(({ headers }) => headers.range !== undefined)).toBe(true)
    // Each new token was asked for once the old one was refused.
    expect(registry.seen.filter(({ url }) => url.startsWith('/token')).length).toBeGreaterThan(allImages.length)
  },
  30_000,
)

test.skipIf(!hasSquashfs)('killed and begun again: what was there is kept', async () => {
  const { folder, fetch, store } = await start()
  const stopping = new AbortController()
  const seen: number[] = []
  const stopped = fetch({
    update: true,
    signal: stopping.signal,
    onEvent: event => {
      if (event.type !== 'progress' || event.name !== 'core22_1981.snap') return
      seen.push(event.done)
      stopping.abort(new Error('Ctrl+C'))
    },
  })
  await expect(stopped).rejects.toThrow('Ctrl+C')
  const kept = statSync(join(folder, 'snaps/core22_1981.snap.partial')).size
  expect(kept).toBe(seen[0])
  expect(existsSync(join(folder, 'bundle.lock.json'))).toBe(false)
  store.seen.length = 0
  const pinned = await fetch({ update: true })
  if (kept < 200_000) expect(store.seen.find(({ url }) => url.startsWith('/cdn/core22'))?.headers.range).toBe(`bytes=${kept}-`)
  expect(await verifyBundle(folder, pinned, { arch: 'amd64' })).toMatchObject({ state: 'good' })
})

test('a wrong byte is noticed, deleted, and fetched again the next time', async () => {
  const { folder, fetch, store } = await start()
  store.spoil('/cdn/core22', { kind: 'corrupt' })
  await expect(fetch({ update: true })).rejects.toMatchObject({ code: 'bundle.corrupt', details: { file: 'core22_1981.snap' } })
  expect(files(folder)).toEqual([])
})

test('a file that is longer than it should be', async () => {
  const { folder, fetch, store } = await start()
  store.spoil('/cdn/core22', { kind: 'long' })
  await expect(fetch({ update: true })).rejects.toMatchObject({ code: 'bundle.corrupt' })
  expect(files(folder)).toEqual([])
})

test.skipIf(!hasSquashfs)('a wrong byte in a manifest or a layer', async () => {
  const { fetch, registry } = await start()
  registry.spoil('/manifests/', { kind: 'status', status: 500 }, { kind: 'corrupt' })
  registry.spoil('/manifests/v3.29.3', { kind: 'corrupt' })
  await expect(fetch({ update: true })).rejects.toMatchObject({
    code: 'bundle.corrupt',
    details: { file: 'docker.io/calico/cni:v3.29.3' },
  })
  registry.blobs.spoil('sha256', { kind: 'corrupt' })
  await expect(fetch({ update: true })).rejects.toMatchObject({ code: 'bundle.corrupt' })
  await fetch({ update: true })
})

test.each([
  ['snap-revision', { 'snap-size': 5 }, 'snap-revision: snap-size is 5, not 200000'],
  ['snap-revision', { 'snap-sha3-384': 'other' }, 'no snap-revision for this file'],
  ['snap-declaration', { 'snap-name': 'evil' }, 'snap-declaration: of evil'],
])('assertions of another file: %s %o', async (type, lie, problem) => {
  const { fetch } = await start({ lies: { [type]: lie } })
  await expect(fetch({ update: true })).rejects.toMatchObject({
    code: 'bundle.corrupt',
    details: { file: 'core22_1981.assert', problem },
  })
})

test.skipIf(!hasSquashfs)(
  'assertions come in the order in which snapd must hear them, without what it knows by heart',
  async () => {
    const { folder, fetch, store } = await start({ publisher: 'somebody' })
    await fetch({ update: true })
    const text = readFileSync(join(folder, 'snaps/core22_1981.assert'), 'utf8')
    const found = parseAssertions(text)?.map(({ type, headers }) => [
      type,
      headers.get('public-key-sha3-384') ?? headers.get('account-id') ?? '',
    ])
    expect(found).toEqual([
      ['account-key', 'store-key'],
      ['account', 'somebody'],
      ['snap-declaration', ''],
      ['snap-revision', ''],
    ])
    expect(store.seen.find(({ url }) => url.includes('snap-declaration'))?.url).toContain('max-format=5')
    expect(parseAssertions(text.slice(0, 400))).toBeUndefined()
  },
)

test('what the store or the registry does not have is said with its name', async () => {
  const { fetch, lock } = await start()
  const elsewhere: BundleLock = {
    ...lock,
    snaps: [{ source: 'store', name: 'microk8s', channel: '9.9/stable', resolved: { amd64: null, arm64: null } }],
  }
  await expect(fetch({ update: true, lock: elsewhere })).rejects.toMatchObject({
    code: 'bundle.refused',
    details: { what: 'microk8s 9.9/stable', problem: 'No revision was found in the Store.' },
  })
  const noSnap: BundleLock = { ...lock, snaps: [], images: { ...lock.images, lessons: ['docker.io/library/nowhere:1'] } }
  await expect(fetch({ update: true, lock: noSnap })).rejects.toMatchObject({
    code: 'bundle.refused',
    details: { what: 'docker.io/library/nowhere:1', problem: 'HTTP 404' },
  })
})

test('no network: what was tried, and with what answer', async () => {
  const { fetch, store, slept } = await start()
  await store.close()
  await expect(fetch({ update: true })).rejects.toMatchObject({
    code: 'bundle.network',
    details: { host: new URL(store.url).host },
  })
  expect(slept).toEqual([500, 1000, 2000, 4000, 8000])
})

/** A small file system of its own. @returns undefined where nobody may mount one */
const mountSmall = (kilobytes: number): { folder: string; free(): void } | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'small-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
  return {
    folder,
    free: () => {
      execFileSync('umount', [folder])
      rmSync(folder, { recursive: true })
    },
  }
}

test('a disk that is full is said before, with what is missing', async context => {
  const { folder, fetch } = await start()
  const small = mountSmall(100)
  if (small === undefined) return context.skip('skipped: nobody here may mount a small disk')
  try {
    mkdirSync(join(folder, 'x'))
    execFileSync('mount', ['--bind', small.folder, folder])
    await expect(fetch({ update: true })).rejects.toMatchObject({ code: 'bundle.full', details: { needed: '1 MB' } })
  } finally {
    execFileSync('umount', [folder])
    small.free()
  }
})

test.skipIf(!hasSquashfs)('mirrors stand in for registries, with a path of their own', async () => {
  const { folder, fetch, registry } = await start({ prefix: 'mirrored/' })
  const pinned = await fetch({ update: true })
  expect(registry.seen.filter(({ url }) => url.startsWith('/v2/')).every(({ url }) => url.startsWith('/v2/mirrored/'))).toBe(true)
  expect(pinned.images.resolved.amd64?.images.map(({ reference }) => reference)).toEqual(allImages)
  expect(await verifyBundle(folder, pinned, { arch: 'amd64' })).toMatchObject({ state: 'good' })
})

/** A forward proxy, as HTTP_PROXY means it. */
const serveProxy = async (): Promise<{ url: string; seen: string[]; server: Server }> => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(request.url ?? '')
    const { hostname, port, pathname, search } = new URL(request.url ?? '')
    const socket = connect(Number(port), hostname, () => {
      const headers = Object.entries(request.headers).filter(([name]) => !/^(proxy-)?connection$/.test(name))
      socket.write(
        `${request.method} ${pathname}${search} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}connection: close\r\n\r\n`,
      )
      request.pipe(socket)
      socket.pipe(response.socket as NodeJS.WritableStream)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server }
}

test('through the proxy of the environment, and around it where NO_PROXY says so', async () => {
  const { fetch, store } = await start()
  const proxy = await serveProxy()
  try {
    store.spoil('/v2/snaps/refresh', { kind: 'status', status: 404 })
    await expect(fetch({ update: true, env: { HTTP_PROXY: proxy.url } })).rejects.toMatchObject({ code: 'bundle.refused' })
    expect(proxy.seen).toEqual([`${store.url}/v2/snaps/refresh`])
    store.spoil('/v2/snaps/refresh', { kind: 'status', status: 404 })
    await expect(fetch({ update: true, env: { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' } })).rejects.toMatchObject({
      code: 'bundle.refused',
    })
    expect(proxy.seen).toHaveLength(1)
  } finally {
    proxy.server.close()
  }
})

test.skipIf(!hasSquashfs)('a snap without the files that name its images is not guessed about', async () => {
  const { fetch, lock } = await start()
  const other: BundleLock = { ...lock, images: { ...lock.images, inSnap: [...lock.images.inSnap, 'not/there.yaml'] } }
  await expect(fetch({ update: true, lock: other })).rejects.toMatchObject({ code: 'bundle.images' })
  expect(snapImages).toHaveLength(6)
})

test.skipIf(!hasSquashfs)('verify names every file that is wrong; a look sees what sizes can tell', async () => {
  const { folder, fetch } = await start()
  const lock = await fetch({ update: true })
  const path = (name: string) => join(folder, name)
  const snap = readFileSync(path('snaps/microk8s_8739.snap'))
  snap[1000] = (snap[1000] ?? 0) ^ 255
  writeFileSync(path('snaps/microk8s_8739.snap'), snap)
  writeFileSync(path('snaps/microk8s_8739.assert'), readFileSync(path('snaps/core22_1981.assert')))
  truncateSync(path('images/images-amd64.tar'), 10)
  rmSync(path('snaps/core22_1981.assert'))
  const report = await verifyBundle(folder, lock, { arch: 'amd64' })
  expect(report.state === 'broken' && report.problems.map(({ code, file }) => [code, file])).toEqual([
    ['missing', 'snaps/core22_1981.assert'],
    ['digest', 'snaps/microk8s_8739.snap'],
    ['assertions', 'snaps/microk8s_8739.assert'],
    ['size', 'images/images-amd64.tar'],
  ])
  const look = await lookAtBundle(folder, lock, 'amd64')
  expect(look.state === 'broken' && look.problems.map(({ code }) => code)).toEqual(['missing', 'size'])
  // Fetching again mends it.
  const mended = await fetch({ lock })
  expect(await verifyBundle(folder, mended, { arch: 'amd64' })).toMatchObject({ state: 'good' })
  expect(await verifyBundle(folder, openLock(), { arch: 'amd64' })).toEqual({ state: 'unresolved' })
  expect(await verifyBundle(join(folder, 'images'), lock, { arch: 'amd64' })).toEqual({ state: 'absent' })
})
