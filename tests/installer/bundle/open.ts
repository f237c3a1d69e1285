// A bundle to fetch from servers on loopback: a real squashfs snap with the files that name images, a store, a registry.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type BundleLock,
  createRegistry,
  createStore,
  type FetchEvent,
  fetchBundle,
  type Mirrors,
} from '../../../electron/installer/bundle/index.ts'
import type { Clock } from '../../../electron/platform/clock.ts'
import { createHttp } from '../../../electron/platform/http.ts'
import type { FaultyServer } from './servers/faults.ts'
import { type RegistryOptions, serveRegistry, type TestRegistry } from './servers/registry.ts'
import { type StockedSnap, type StoreOptions, serveStore } from './servers/store.ts'

export const hasSquashfs = spawnSync('mksquashfs', ['-version']).error === undefined
export const noSquashfs = 'skipped: no squashfs-tools on this machine'

const snapFiles: Record<string, string> = {
  'upgrade-scripts/000-switch-to-calico/resources/calico.yaml':
    'spec:\n  initContainers:\n    - name: install-cni\n      image: docker.io/calico/cni:v3.29.3\n  containers:\n    - image: "docker.io/calico/node:v3.29.3" # daemon\n',
  'default-args/containerd-template.toml':
    '[plugins."io.containerd.cri.v1.images".pinned_images]\n  sandbox = \'registry.k8s.io/pause:3.10\'\n',
  'addons/core/addons/dns/coredns.yaml': '        image: coredns/coredns:1.13.1\n        imagePullPolicy: IfNotPresent\n',
  'addons/core/addons/hostpath-storage/storage.yaml':
    '          image: cdkbot/hostpath-provisioner:1.6.0\n          env:\n            - name: PV_DIR\n              value: $SNAP_COMMON/x\n            - name: BUSYBOX_IMAGE\n              value: busybox:1.28.4\n',
}

export const snapImages = [
  'docker.io/calico/cni:v3.29.3',
  'docker.io/calico/node:v3.29.3',
  'docker.io/cdkbot/hostpath-provisioner:1.6.0',
  'docker.io/coredns/coredns:1.13.1',
  'docker.io/library/busybox:1.28.4',
  'registry.k8s.io/pause:3.10',
]
const lessons = ['docker.io/library/redis:7-alpine']
export const allImages = [...snapImages, ...lessons].sort()

let packed: Buffer | undefined

const packSnap = (): Buffer => {
  if (packed !== undefined) return packed
  const folder = mkdtempSync(join(tmpdir(), 'snap-'))
  for (const [name, text] of Object.entries(snapFiles)) {
    mkdirSync(dirname(join(folder, 'root', name)), { recursive: true })
    writeFileSync(join(folder, 'root', name), text)
  }
  writeFileSync(join(folder, 'root/filling'), Buffer.alloc(300_000, 'much else '))
  execFileSync(
    'mksquashfs',
    [join(folder, 'root'), join(folder, 'a.snap'), '-noappend', '-no-progress', '-quiet', '-noD', '-all-time', '0'],
    { stdio: 'ignore' },
  )
  packed = readFileSync(join(folder, 'a.snap'))
  rmSync(folder, { recursive: true })
  return packed
}

export interface Opened {
  folder: string
  lock: BundleLock
  store: FaultyServer
  registry: TestRegistry
  mirrors: Mirrors
  events: FetchEvent[]
  slept: number[]
  fetch(change?: {
    update?: boolean
    lock?: BundleLock
    signal?: AbortSignal
    arch?: 'amd64' | 'arm64'
    env?: Record<string, string>
    onEvent?: (event: FetchEvent) => void
  }): Promise<BundleLock>
  close(): Promise<void>
}

const nothing = { amd64: null, arm64: null }

export const openLock = (): BundleLock => ({
  schema: 1,
  snaps: [
    { source: 'store', name: 'core22', channel: 'latest/stable', resolved: nothing },
    { source: 'store', name: 'microk8s', channel: '1.35/stable', resolved: nothing },
  ],
  images: { inSnap: Object.keys(snapFiles), lessons, resolved: nothing },
})

export const open = async (options: RegistryOptions & StoreOptions & { newer?: boolean } = {}): Promise<Opened> => {
  const microk8s: StockedSnap = {
    name: 'microk8s',
    revision: 8739,
    version: 'v1.35.2',
    channel: '1.35/stable',
    bytes: packSnap(),
  }
  const core22: StockedSnap = {
    name: 'core22',
    revision: 1981,
    version: '20260101',
    channel: 'latest/stable',
    bytes: Buffer.alloc(200_000, 'core22 '),
  }
  const store = await serveStore([core22, microk8s], options)
  const repositories = allImages.map(name => name.split('/').slice(1).join('/'))
  const registry = await serveRegistry(repositories, options)
  const path = options.prefix === undefined ? '' : `/${options.prefix.replace(/\/$/, '')}`
  const mirrors = { 'docker.io': registry.url + path, 'registry.k8s.io': registry.url + path }
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  const events: FetchEvent[] = []
  const slept: number[] = []
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
    },
  }
  const lock = openLock()
  return {
    folder,
    lock,
    store,
    registry,
    mirrors,
    events,
    slept,
    fetch: ({ update = false, lock: given = lock, signal, arch = 'amd64', env = {}, onEvent } = {}) => {
      const http = createHttp({ env, clock, silence: 400 })
      return fetchBundle({
        folder,
        lock: given,
        arch,
        update,
        http,
        clock,
        store: createStore(http, store.url),
        registry: createRegistry(http, mirrors),
        onEvent: event => {
          events.push(event)
          onEvent?.(event)
        },
        ...(signal && { signal }),
      })
    },
    close: async () => {
      await store.close()
      await registry.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
