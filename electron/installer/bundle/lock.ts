// The bundle's lock: which snaps and images belong together, and the digests that say that they are the right ones.

import * as z from 'zod/mini'

export const arches = ['amd64', 'arm64'] as const
export const arch = z.enum(arches)
export type Arch = z.infer<typeof arch>

const hex = (digits: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${digits}}$`)))
const bytes = z.number().check(z.int(), z.positive())
/** Only a name: a lock can never point out of the bundle's folder. */
const fileName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/))
const perArch = <T>(schema: z.ZodMiniType<T>) => z.strictObject({ amd64: z.nullable(schema), arm64: z.nullable(schema) })

/** One file of the bundle's folder `snaps/`, exactly. */
const pinned = { version: z.string(), size: bytes, sha3_384: hex(96), file: fileName }

const storeFile = z.strictObject({
  ...pinned,
  revision: z.number().check(z.int(), z.positive()),
  snapId: z.string(),
  /** What snapd is told by `snap ack` before it installs the snap. */
  assertions: fileName,
})
export type StoreFile = z.infer<typeof storeFile>

const ownFile = z.strictObject(pinned)
export type OwnFile = z.infer<typeof ownFile>

const snapName = z.enum(['snapd', 'core22', 'microk8s'])
export type SnapName = z.infer<typeof snapName>

/** `resolved` is null until somebody with a network has asked: nothing here is ever guessed. */
const lockedSnap = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('store'), name: snapName, channel: z.string(), resolved: perArch(storeFile) }),
  /** A snap of one's own, without the store's signature: only its digest vouches for it, and snapd wants `--dangerous`. */
  z.strictObject({ source: z.literal('file'), name: snapName, resolved: perArch(ownFile) }),
])
export type LockedSnap = z.infer<typeof lockedSnap>

const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/))

const lockedImage = z.strictObject({
  /** With its registry, as the container runtime looks it up: `docker.io/library/busybox:1.28.4`. */
  reference: z.string(),
  /** Of the manifest for this one platform. */
  digest,
  size: bytes,
})
export type LockedImage = z.infer<typeof lockedImage>

const archive = z.strictObject({ file: fileName, size: bytes, sha256: hex(64), images: z.array(lockedImage) })
export type LockedArchive = z.infer<typeof archive>

export const bundleLock = z.strictObject({
  schema: z.literal(1),
  snaps: z.array(lockedSnap),
  images: z.strictObject({
    /** Files inside the snap that name the images it needs; read from the very snap of this lock. */
    inSnap: z.array(z.string()),
    /** What the lessons need. */
    lessons: z.array(z.string()),
    /** One archive for one platform, as containerd imports it. */
    resolved: perArch(archive),
  }),
})
export type BundleLock = z.infer<typeof bundleLock>

export const lockFile = 'bundle.lock.json'
export const snapFolder = 'snaps'
export const imageFolder = 'images'

/** One file that a bundle consists of, by its path inside of the bundle's folder. */
export interface BundleFile {
  path: string
  kind: 'snap' | 'assertions' | 'images'
  /** Of an assertions file neither is known beforehand: it is read instead. */
  size?: number
  digest?: { algorithm: 'sha3-384' | 'sha256'; hex: string }
  snap?: SnapName
}

/** Everything that must be in the bundle for one architecture; undefined where the lock does not know yet. */
export const filesOf = (lock: BundleLock, arch: Arch): BundleFile[] | undefined => {
  const archive = lock.images.resolved[arch]
  if (archive === null) return undefined
  const files: BundleFile[] = []
  for (const snap of lock.snaps) {
    const file = snap.resolved[arch]
    if (file === null) return undefined
    const digest = { algorithm: 'sha3-384', hex: file.sha3_384 } as const
    files.push({ path: `${snapFolder}/${file.file}`, kind: 'snap', size: file.size, digest, snap: snap.name })
    if (snap.source === 'store' && 'assertions' in file)
      files.push({ path: `${snapFolder}/${file.assertions}`, kind: 'assertions', snap: snap.name })
  }
  const digest = { algorithm: 'sha256', hex: archive.sha256 } as const
  return [...files, { path: `${imageFolder}/${archive.file}`, kind: 'images', size: archive.size, digest }]
}

/** This machine's architecture as Debian and snapd call it; undefined where there is no MicroK8s for it. */
export const archOf = (nodeArch: string): Arch | undefined =>
  nodeArch === 'x64' ? 'amd64' : nodeArch === 'arm64' ? 'arm64' : undefined
