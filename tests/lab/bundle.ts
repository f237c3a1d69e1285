// A bundle of stand-ins, in the shape of the real one: its lock, its snaps, and one archive of images for one platform.

import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BundleLock, bundleLock, imageFolder, lockFile, snapFolder } from '../../electron/installer/bundle/lock.ts'
import { run } from './run.ts'
import { standIns, type Variant } from './snaps/pack.ts'

/** What the stand-in's manifests name, and what the lessons and the smoke test run. */
export const images = [
  'registry.k8s.io/pause:3.10',
  'docker.io/calico/cni:v3.29.3',
  'docker.io/calico/node:v3.29.3',
  'docker.io/calico/kube-controllers:v3.29.3',
  'docker.io/coredns/coredns:1.13.1',
  'docker.io/cdkbot/hostpath-provisioner:1.6.0',
  'docker.io/library/busybox:1.28.4',
] as const

const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export interface BundleOptions {
  microk8s?: Variant
  /** The lock says that its snaps are signed, and what lies beside them is no assertion. */
  assertions?: 'corrupt'
  /** Left out of the archive, so that nothing can pull them. */
  without?: readonly string[]
}

/** Makes an OCI archive of empty images. Gives each with the digest and the size of its manifest. */
const writeImages = async (path: string, references: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'khw-lab-oci-'))
  try {
    mkdirSync(join(folder, 'blobs/sha256'), { recursive: true })
    const blob = (value: unknown) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      writeFileSync(join(folder, 'blobs/sha256', sha256(text)), text)
      return { digest: `sha256:${sha256(text)}`, size: Buffer.byteLength(text) }
    }
    const made = references.map(reference => {
      const config = blob({ architecture: arch, os: 'linux', rootfs: { type: 'layers', diff_ids: [] } })
      const layer = blob(`a layer of ${reference}\n`.repeat(2000))
      const manifest = blob({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
      })
      return { reference, ...manifest }
    })
    const manifests = made.map(({ reference, digest, size }) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size,
      platform: { os: 'linux', architecture: arch },
      annotations: { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': reference.split(':').at(-1) },
    }))
    writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
    await run(['tar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '-cf', path, '-C', folder, '.'], { check: true })
    return made
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const perArch = <T>(value: T) => ({ amd64: arch === 'amd64' ? value : null, arm64: arch === 'arm64' ? value : null })

/** Fills a folder with a whole bundle. */
export const writeBundle = async (folder: string, options: BundleOptions = {}): Promise<BundleLock> => {
  const files = await standIns()
  for (const name of [snapFolder, imageFolder]) mkdirSync(join(folder, name), { recursive: true })
  const snap = (name: 'snapd' | 'core22' | 'microk8s', version: string, from: string) => {
    const bytes = readFileSync(from)
    const file = `${name}_lab.snap`
    copyFileSync(from, join(folder, snapFolder, file))
    const digest = createHash('sha3-384').update(bytes).digest('hex')
    const pinned = { version, size: bytes.length, sha3_384: digest, file }
    if (options.assertions === 'corrupt') {
      const assertions = `${name}_lab.assert`
      writeFileSync(join(folder, snapFolder, assertions), `type: snap-revision\nsnap-sha3-384: ${digest}\n\nAXNpZw==\n`)
      const signed = { ...pinned, revision: 1, snapId: 'a'.repeat(32), assertions }
      return { source: 'store' as const, name, channel: '1.35/stable', resolved: perArch(signed) }
    }
    return { source: 'file' as const, name, resolved: perArch(pinned) }
  }
  const file = `images-${arch}.tar`
  const path = join(folder, imageFolder, file)
  const made = await writeImages(
    path,
    images.filter(reference => !options.without?.includes(reference)),
  )
  const bytes = readFileSync(path)
  const lock = bundleLock.parse({
    schema: 1,
    snaps: [
      snap('snapd', '2.1', files.snapd),
      snap('core22', '20250101', files.core22),
      snap('microk8s', 'v1.35.0', files.microk8s[options.microk8s ?? 'good']),
    ],
    images: {
      inSnap: [],
      lessons: [],
      resolved: perArch({ file, size: bytes.length, sha256: sha256(bytes), images: made }),
    },
  } satisfies BundleLock)
  writeFileSync(join(folder, lockFile), `${JSON.stringify(lock, undefined, 2)}\n`)
  return lock
}
