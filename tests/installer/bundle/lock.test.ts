import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archOf, bundleLock, filesOf } from '../../../electron/installer/bundle/lock.ts'
import { fullName, imagesIn, parseReference } from '../../../electron/installer/bundle/references.ts'
import { challenge, endpoint } from '../../../electron/installer/bundle/registry.ts'
import { readLock } from '../../../electron/installer/bundle/verify.ts'
import { retryAfter } from '../../../electron/platform/http.ts'

const root = join(import.meta.dirname, '../../..')
const ours = bundleLock.parse(JSON.parse(readFileSync(join(root, 'snaps/bundle.lock.json'), 'utf8')))

test('the lock of the repository pins channels, in the order of installation, and invents nothing', () => {
  expect(ours.snaps.map(snap => [snap.name, snap.source === 'store' && snap.channel])).toEqual([
    ['snapd', 'latest/stable'],
    ['core22', 'latest/stable'],
    ['microk8s', '1.35/stable'],
  ])
  // Once somebody with a network has pinned it, both null and pinned are fine; half of it is not.
  for (const arch of ['amd64', 'arm64'] as const) {
    const known = [...ours.snaps.map(snap => snap.resolved[arch] !== null), ours.images.resolved[arch] !== null]
    expect(new Set(known).size).toBe(1)
    expect(filesOf(ours, arch) !== undefined).toBe(known[0])
  }
})

test('every image of the lessons is in the lock', () => {
  const manifests = [
    '01-pod/openresty-pod',
    '03-service/busybox-pod',
    '04-statefulset/redis',
    '99-final/openresty',
    '99-final/redis',
  ]
  const named = imagesIn(manifests.map(name => readFileSync(join(root, `manifests/${name}.yaml`), 'utf8')))
  expect(named.filter(name => !ours.images.lessons.includes(name))).toEqual([])
})

test.each([
  [
    'a path instead of a name',
    (text: string) =>
      text.replace(
        '"latest/stable", "resolved": { "amd64": null',
        '"latest/stable", "resolved": { "amd64": { "version": "1", "size": 1, "sha3_384": "aa", "file": "../x", "revision": 1, "snapId": "i", "assertions": "a" }',
      ),
  ],
  ['another snap', (text: string) => text.replace('"core22"', '"firefox"')],
  ['another schema', (text: string) => text.replace('"schema": 1', '"schema": 2')],
  ['a field too many', (text: string) => text.replace('"schema": 1', '"schema": 1, "more": 1')],
  ['no JSON', (text: string) => text.slice(10)],
])('a lock with %s is refused', async (_, change) => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  try {
    const text = readFileSync(join(root, 'snaps/bundle.lock.json'), 'utf8')
    expect(change(text)).not.toBe(text)
    writeFileSync(join(folder, 'bundle.lock.json'), change(text))
    await expect(readLock(folder)).rejects.toMatchObject({ code: 'bundle.lock' })
    await expect(readLock(join(folder, 'no'))).rejects.toMatchObject({
      code: 'bundle.lock',
      details: { problem: 'no such file' },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each([
  ['busybox', 'docker.io/library/busybox:latest'],
  ['busybox:1.28.4', 'docker.io/library/busybox:1.28.4'],
  ['calico/node:v3', 'docker.io/calico/node:v3'],
  ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
  ['localhost:32000/a', 'localhost:32000/a:latest'],
  [`quay.io/a/b@sha256:${'a'.repeat(64)}`, `quay.io/a/b@sha256:${'a'.repeat(64)}`],
])('%s is %s', (name, full) => {
  expect(fullName(name)).toBe(full)
})

test('a reference in parts', () => {
  expect(parseReference('docker.io/calico/node:v3')).toEqual({ registry: 'docker.io', repository: 'calico/node', version: 'v3' })
  expect(parseReference('localhost:32000/a/b')).toEqual({ registry: 'localhost:32000', repository: 'a/b', version: 'latest' })
  expect(parseReference('quay.io/a/b:1@sha256:ff')).toEqual({ registry: 'quay.io', repository: 'a/b', version: 'sha256:ff' })
})

test('images are read from manifests, containerd’s two forms, and variables; names of the cluster’s own making are not', () => {
  expect(
    imagesIn([
      'image: a:1\n  - image: "b/c:2" # note\n#image: no\n image: $REGISTRY/x:1\nimagePullPolicy: Always\n',
      'sandbox_image = "registry.k8s.io/pause:3.10"\n',
      "  sandbox = 'registry.k8s.io/pause:3.10'\n",
      '- name: BUSYBOX_IMAGE\n  value: busybox:1.28.4\n- name: OTHER\n  value: no:1\n',
    ]),
  ).toEqual(['docker.io/b/c:2', 'docker.io/library/a:1', 'docker.io/library/busybox:1.28.4', 'registry.k8s.io/pause:3.10'])
})

test('where a registry is asked', () => {
  expect(endpoint('docker.io', {})).toEqual({ origin: 'https://registry-1.docker.io', prefix: '' })
  expect(endpoint('registry.k8s.io', {})).toEqual({ origin: 'https://registry.k8s.io', prefix: '' })
  expect(endpoint('docker.io', { 'docker.io': 'https://m.example/docker.io/' })).toEqual({
    origin: 'https://m.example',
    prefix: 'docker.io/',
  })
  expect(endpoint('registry.k8s.io', { 'registry.k8s.io': 'https://r.example/v2/google_containers' }).prefix).toBe(
    'google_containers/',
  )
})

test('small words of the protocols', () => {
  expect(challenge('Bearer realm="https://a/t",service="s",scope="repository:a/b:pull"')?.get('scope')).toBe(
    'repository:a/b:pull',
  )
  expect(challenge('Basic realm="x"')).toBeUndefined()
  expect(retryAfter('3', 0)).toBe(3000)
  expect(retryAfter('Thu, 01 Jan 1970 00:00:09 GMT', 4000)).toBe(5000)
  expect(retryAfter('99999', 0)).toBe(60_000)
  expect(retryAfter('soon', 0)).toBeUndefined()
  expect([archOf('x64'), archOf('arm64'), archOf('ia32')]).toEqual(['amd64', 'arm64', undefined])
})
