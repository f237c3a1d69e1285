// Where the stand-in for MicroK8s keeps things: the real one's paths, as far as anybody outside may look at them.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const snap = process.env.SNAP ?? '/snap/microk8s/current'
export const common = '/var/snap/microk8s/common'
/** Of this revision. */
export const data = process.env.SNAP_DATA ?? '/var/snap/microk8s/current'

export const places = {
  sideload: join(common, 'etc/sideload'),
  launcher: join(common, 'etc/launcher'),
  defaultStorage: join(common, 'default-storage'),
  args: join(data, 'args'),
  locks: join(data, 'var/lock'),
  stopped: join(data, 'var/lock/stopped.lock'),
  addonLock: join(data, 'var/lock/.microk8s-addon-lock'),
  clientConfig: join(data, 'credentials/client.config'),
  identity: join(data, 'credentials/identity.json'),
  /** What was enabled, for the cluster to have again after a restart: the real one keeps it in its database. */
  applied: join(data, 'var/applied.json'),
  /** Where the cluster is kept, if the folder is there: only the older one makes it, as other tests need nothing of that. */
  backend: join(data, 'var/kubernetes/backend'),
  images: join(data, 'var/images.json'),
  /** There while the cluster has all that it had before it was stopped. */
  up: join(data, 'var/lock/up'),
} as const

export const readJson = <T>(path: string, otherwise: T): T =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : otherwise

export const writeJson = (path: string, value: unknown, mode = 0o644): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode })
  renameSync(`${path}.new`, path)
}

/** Image references that were side-loaded, with their labels. */
export type Images = Record<string, Record<string, string>>
export const readImages = (): Images => readJson<Images>(places.images, {})

/** Manifests of the snap that are to be in the cluster. */
export const manifests = {
  calico: 'upgrade-scripts/000-switch-to-calico/resources/calico.yaml',
  dns: 'addons/core/addons/dns/coredns.yaml',
  'hostpath-storage': 'addons/core/addons/hostpath-storage/storage.yaml',
} as const
export type Applied = keyof typeof manifests

/** good; older; or a fault built into the snap. */
export const variant = (): string => {
  const path = join(snap, 'variant')
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : 'good'
}
