// What one run of Setup is to reach: from which bundle, for whom, and what earlier runs have already shown.

import type { Choice, StepId } from '../contract/setup.ts'
import { type Arch, archOf, type BundleLock } from './bundle/lock.ts'
import type { Machine } from './machine.ts'

export type SnapName = 'snapd' | 'core22' | 'microk8s'

export interface BundleSnap {
  name: SnapName
  /** In the bundle's folder: `snaps/core22_1.snap`. */
  path: string
  size: number
  /** `sha3-384:<hex>`. */
  digest: string
  version: string
  /** Without it, or without assertions, only the digest vouches for the snap. */
  signed?: { revision: number; assertions: string; channel: string }
}

export interface BundleArchive {
  path: string
  size: number
  digest: string
  /** With their registries. */
  references: readonly string[]
}

/** A bundle as this machine's architecture needs it. */
export interface Bundle {
  folder: string
  snaps: readonly BundleSnap[]
  archive?: BundleArchive
}

/** What somebody wants of a run, before the journal is looked at. */
export interface Aim {
  bundle?: Bundle
  /** For an installation from the store: `1.35/stable`. */
  channel: string
  /** Where nothing can be fetched. */
  online: boolean
  /** Steps that are taken only where they are asked for. */
  choices: ReadonlySet<Choice>
}

/** With what earlier runs have shown. */
export interface Job extends Aim {
  /** Passed in an earlier run, and nothing was undone since: not asked again of a user who changed nothing. */
  passed: ReadonlySet<StepId>
  /** Records of changes that are in force, by their `what`, as the ledger has them. */
  made: ReadonlySet<string>
}

/** A snap of the bundle, where there is one and it holds it. */
export const bundledSnap = (name: SnapName, { bundle }: { bundle?: Bundle | undefined }): BundleSnap | undefined =>
  bundle?.snaps.find(snap => snap.name === name)

/** Below it MicroK8s' own commands break under the sudo of Ubuntu 26.04. */
export const defaultChannel = '1.35/stable'

/** What a lock means on this architecture; undefined where it is not resolved for it. */
export const bundleOf = (folder: string, lock: BundleLock, arch: Arch): Bundle | undefined => {
  const snaps: BundleSnap[] = []
  for (const locked of lock.snaps) {
    const file = locked.resolved[arch]
    if (file === null) return undefined
    const signed =
      locked.source === 'store' && 'assertions' in file
        ? { revision: file.revision, assertions: `snaps/${file.assertions}`, channel: locked.channel }
        : undefined
    snaps.push({
      name: locked.name,
      path: `snaps/${file.file}`,
      size: file.size,
      digest: `sha3-384:${file.sha3_384}`,
      version: file.version,
      ...(signed === undefined ? {} : { signed }),
    })
  }
  const archive = lock.images.resolved[arch]
  if (archive === null) return { folder, snaps }
  const references = archive.images.map(({ reference }) => reference)
  return {
    folder,
    snaps,
    archive: { path: `images/${archive.file}`, size: archive.size, digest: `sha256:${archive.sha256}`, references },
  }
}

export const archOfMachine = (machine: Machine): Arch | undefined => archOf(machine.arch)

/** Whether names of the network can be looked up; asked of the store's name only where there is no bundle. */
export const isOnline = async (machine: Machine): Promise<boolean> =>
  (await machine.run(['getent', 'hosts', 'api.snapcraft.io'])).code === 0

/** The archive's name on this machine: by its digest, so that a newer bundle brings a new file. */
export const archiveName = ({ digest }: BundleArchive): string => `khw-${digest.replace('sha256:', '').slice(0, 16)}`

/** What a run on this machine is to reach, as far as it can be known without asking anybody. @throws AppError bundle.broken */
export const makeAim = async (
  machine: Machine,
  bundle: Bundle | undefined,
  choices: ReadonlySet<Choice>,
  channel = defaultChannel,
): Promise<Aim> => ({
  ...(bundle === undefined ? {} : { bundle }),
  channel,
  online: bundle === undefined && (await isOnline(machine)),
  choices,
})
