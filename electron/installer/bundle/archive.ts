// Images as one archive for one platform: an OCI layout in a tar, as containerd imports it. The same images give the same bytes.

import { join } from 'node:path'
import { type TarEntry, writeTar } from '../../platform/tar.ts'
import type { Image } from './registry.ts'

const nameOf = (digest: string): string => `blobs/${digest.replace(':', '/')}`

export const blobPath = (folder: string, digest: string): string => join(folder, nameOf(digest))

/** What stands in the archive; pure. Each blob once, however many images share it. */
export const archiveEntries = (images: readonly Image[], folder: string): TarEntry[] => {
  const sorted = images.toSorted((a, b) => (a.reference < b.reference ? -1 : 1))
  const manifests = sorted.map(({ reference, digest, mediaType, manifest, platform }) => ({
    mediaType,
    digest,
    size: manifest.length,
    platform,
    // containerd takes the image's name from the first, other tools its tag from the second.
    annotations: {
      'io.containerd.image.name': reference,
      'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
    },
  }))
  const blobs = new Map<string, TarEntry>()
  for (const { digest, manifest, blobs: others } of sorted) {
    for (const blob of others) {
      const name = nameOf(blob.digest)
      blobs.set(name, { name, size: blob.size, from: { path: blobPath(folder, blob.digest) } })
    }
    blobs.set(nameOf(digest), { name: nameOf(digest), size: manifest.length, from: { bytes: manifest } })
  }
  const text = (name: string, value: unknown): TarEntry => {
    const bytes = Buffer.from(JSON.stringify(value))
    return { name, size: bytes.length, from: { bytes } }
  }
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }
  const names = [...blobs.keys()].sort()
  return [
    text('oci-layout', { imageLayoutVersion: '1.0.0' }),
    text('index.json', index),
    ...names.map(name => blobs.get(name) as TarEntry),
  ]
}

/** @throws AppError bundle.full, storage.unwritable */
export const writeArchive = (path: string, images: readonly Image[], folder: string, signal?: AbortSignal) =>
  writeTar(path, archiveEntries(images, folder), signal)
