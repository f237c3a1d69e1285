// Fetches a whole bundle: snaps with their assertions, then the images they need, as one archive. Killed, it goes on where it stopped.

import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../../platform/clock.ts'
import { download, isWhole } from '../../platform/download.ts'
import { makeFolder, remove, writeWhole } from '../../platform/files.ts'
import type { Http } from '../../platform/http.ts'
import { blobPath, writeArchive } from './archive.ts'
import { problemOf } from './assertions.ts'
import {
  type Arch,
  type BundleLock,
  imageFolder,
  type LockedArchive,
  type LockedSnap,
  lockFile,
  type StoreFile,
  snapFolder,
} from './lock.ts'
import type { Image, Registry } from './registry.ts'
import { imagesOfSnap } from './snap-images.ts'
import type { Store, StoreSnap } from './store.ts'

export type FetchEvent =
  /** Bytes of one file, or of one image with all its parts. */
  | { type: 'progress'; name: string; done: number; total: number }
  | { type: 'fetched'; name: string; size: number }
  /** The images that the snap names, as they were found. */
  | { type: 'images'; names: readonly string[] }

export interface FetchRequest {
  folder: string
  lock: BundleLock
  arch: Arch
  /** Take what the channels and tags hold now, and pin it; else fetch exactly what is pinned. */
  update: boolean
  http: Http
  clock: Clock
  store: Store
  registry: Registry
  onEvent?: (event: FetchEvent) => void
  signal?: AbortSignal
}

/** Parts of images until they are one archive. */
const workFolder = '.fetch'

/**
 * The lock with everything in it pinned; it is also written into the folder, last of all, so that a folder with a lock is whole.
 * @throws AppError bundle.unresolved, bundle.network, bundle.refused, bundle.corrupt, bundle.full, bundle.images, storage.unwritable
 */
export const fetchBundle = async (request: FetchRequest): Promise<BundleLock> => {
  const { folder, lock, arch, update } = request
  const isKnown = lock.images.resolved[arch] !== null && lock.snaps.every(snap => snap.resolved[arch] !== null)
  if (!update && !isKnown) throw new AppError('bundle.unresolved', { arch })
  for (const name of [snapFolder, imageFolder]) await makeFolder(join(folder, name))
  const snaps: LockedSnap[] = []
  for (const snap of lock.snaps) snaps.push(await fetchSnap(request, snap))
  const archive = await fetchImages(request, snaps)
  const images = { ...lock.images, resolved: { ...lock.images.resolved, [arch]: archive } }
  const pinned: BundleLock = { ...lock, snaps, images }
  await writeWhole(join(folder, lockFile), `${JSON.stringify(pinned, undefined, 2)}\n`, 0o644)
  await remove(join(folder, workFolder))
  return pinned
}

const fetchSnap = async (request: FetchRequest, snap: LockedSnap): Promise<LockedSnap> => {
  const { folder, arch, update, store, signal } = request
  const locked = snap.resolved[arch]
  if (snap.source === 'file' || (locked !== null && !('revision' in locked))) {
    // Nobody but its maker has it: it must have been put there.
    if (locked === null) throw new AppError('bundle.unresolved', { arch })
    const wanted = wantedSnap(folder, locked.file, locked)
    if (!(await isWhole(wanted)))
      throw new AppError('bundle.corrupt', { file: locked.file, problem: `sha3-384 ${locked.sha3_384.slice(0, 16)}…` })
    return snap
  }
  const want = update || locked === null ? { channel: snap.channel } : { revision: locked.revision }
  const isThere = !update && locked !== null && (await isWhole(wantedSnap(folder, locked.file, locked)))
  const found = isThere ? { ...locked, url: '' } : await store.find(snap.name, want, arch, signal)
  const pinned = update || locked === null ? pin(snap.name, found) : locked
  if (found.sha3_384 !== pinned.sha3_384 || found.size !== pinned.size)
    throw new AppError('bundle.corrupt', {
      file: pinned.file,
      problem: `sha3-384 ${found.sha3_384.slice(0, 16)}…, ${pinned.sha3_384.slice(0, 16)}…`,
    })
  if (!isThere) await fetchFile(request, pinned.file, { ...wantedSnap(folder, pinned.file, pinned), url: found.url })
  const text = await store.assertions(pinned, snap.name, signal)
  const problem = problemOf(text, { ...pinned, name: snap.name })
  if (problem !== undefined) throw new AppError('bundle.corrupt', { file: pinned.assertions, problem })
  await writeWhole(join(folder, snapFolder, pinned.assertions), text, 0o644)
  return { ...snap, resolved: { ...snap.resolved, [arch]: pinned } }
}

const pin = (name: string, { snapId, revision, version, size, sha3_384 }: Omit<StoreSnap, 'publisher' | 'url'>): StoreFile => ({
  version,
  size,
  sha3_384,
  file: `${name}_${revision}.snap`,
  revision,
  snapId,
  assertions: `${name}_${revision}.assert`,
})

const wantedSnap = (folder: string, file: string, { size, sha3_384 }: { size: number; sha3_384: string }) => ({
  path: join(folder, snapFolder, file),
  size,
  digest: { algorithm: 'sha3-384' as const, hex: sha3_384 },
})

const fetchFile = async (
  { http, clock, onEvent, signal }: FetchRequest,
  name: string,
  file: ReturnType<typeof wantedSnap> & { url: string },
) => {
  const onBytes = (done: number) => onEvent?.({ type: 'progress', name, done, total: file.size })
  await download(http, clock, { ...file, onBytes, ...(signal && { signal }) })
  onEvent?.({ type: 'fetched', name, size: file.size })
}

/** Image references with the digests they must have; without one where the tag decides. */
const wantedImages = async (
  request: FetchRequest,
  snaps: readonly LockedSnap[],
): Promise<{ reference: string; digest?: string }[]> => {
  const { folder, lock, arch, update, onEvent, signal } = request
  const locked = lock.images.resolved[arch]
  if (!update && locked !== null) return [...locked.images]
  const microk8s = snaps.find(({ name }) => name === 'microk8s')?.resolved[arch]
  const snap = microk8s ? join(folder, snapFolder, microk8s.file) : undefined
  const work = join(folder, workFolder, 'snap')
  const own = snap === undefined ? [] : await imagesOfSnap(snap, lock.images.inSnap, work, signal)
  const names = [...new Set([...own, ...lock.images.lessons])].sort()
  onEvent?.({ type: 'images', names })
  return names.map(reference => ({ reference }))
}

const fetchImages = async (request: FetchRequest, snaps: readonly LockedSnap[]): Promise<LockedArchive> => {
  const { folder, lock, arch, update, onEvent, signal } = request
  const locked = lock.images.resolved[arch]
  const file = locked?.file ?? `images-${arch}.tar`
  const path = join(folder, imageFolder, file)
  const before = locked && { path, size: locked.size, digest: { algorithm: 'sha256' as const, hex: locked.sha256 } }
  if (!update && locked !== null && before && (await isWhole(before))) return locked
  const images: Image[] = []
  const sizes: LockedArchive['images'] = []
  for (const { reference, digest } of await wantedImages(request, snaps)) {
    const image = await fetchImage(request, reference, digest)
    images.push(image)
    sizes.push({ reference, digest: image.digest, size: totalOf(image) })
  }
  const written = await writeArchive(path, images, join(folder, workFolder), signal)
  onEvent?.({ type: 'fetched', name: file, size: written.size })
  if (!update && locked !== null && written.sha256 !== locked.sha256) {
    await remove(path)
    throw new AppError('bundle.corrupt', {
      file,
      problem: `sha256 ${written.sha256.slice(0, 16)}…, ${locked.sha256.slice(0, 16)}…`,
    })
  }
  return { file, ...written, images: sizes }
}

const totalOf = ({ manifest, blobs }: Image): number => blobs.reduce((sum, { size }) => sum + size, manifest.length)

const fetchImage = async (request: FetchRequest, reference: string, digest: string | undefined): Promise<Image> => {
  const { folder, arch, http, clock, registry, onEvent, signal } = request
  // By digest the tag's present meaning does not matter.
  const asked = digest === undefined ? reference : `${reference.replace(/:[^/:]+$/, '')}@${digest}`
  const image = { ...(await registry.image(asked, arch, signal)), reference }
  const total = totalOf(image)
  let before = image.manifest.length
  for (const blob of image.blobs) {
    await download(http, clock, {
      url: registry.blobUrl(asked, blob.digest),
      path: blobPath(join(folder, workFolder), blob.digest),
      size: blob.size,
      digest: { algorithm: 'sha256', hex: blob.digest.slice('sha256:'.length) },
      headers: () => registry.headers(asked),
      onDenied: answer => registry.denied(asked, answer),
      onBytes: done => onEvent?.({ type: 'progress', name: reference, done: before + done, total }),
      ...(signal && { signal }),
    })
    before += blob.size
  }
  onEvent?.({ type: 'fetched', name: reference, size: total })
  return image
}
