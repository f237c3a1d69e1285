// The commands that install one snap: from the bundle with its signature, from the bundle by its digest, or from the store.

import { type BundleSnap, bundledSnap, type Job, type SnapName } from '../job.ts'
import type { ChangeSpec, Command, Doing } from '../step.ts'

const places = (name: SnapName): string[] => [`/snap/${name}`, `/var/snap/${name}`]

export interface InstallExtras {
  /** After the snap has been removed: what it leaves behind. */
  residue?: Doing
  losesData?: boolean
}

/** With its signature where it has one; else its digest, which root has checked, must do. */
export const bundledCommands = ({ name, signed }: BundleSnap, why: string, change: ChangeSpec): Command[] => {
  const install = (how: 'signed' | 'dangerous'): Command => ({
    as: 'root',
    request: { verb: 'snap-install', snap: name, how },
    why,
    touches: places(name),
    change,
  })
  if (signed === undefined) return [install('dangerous')]
  return [
    // An assertion only lets a snap be believed; it changes nothing and snapd has no way to forget it.
    { as: 'root', request: { verb: 'snap-ack', snap: name }, why: 'ack', touches: ['/var/lib/snapd/assertions'] },
    install('signed'),
  ]
}

export const installCommands = (name: SnapName, job: Job, { residue, losesData }: InstallExtras = {}): Command[] => {
  const locked = bundledSnap(name, job)
  const change: ChangeSpec = {
    what: `${name}-installed`,
    facts: { snap: name, version: locked?.version ?? job.channel },
    before: 'absent',
    after: locked === undefined ? job.channel : locked.version,
    undo: [{ as: 'root', request: { verb: 'snap-remove', snap: name } }, ...(residue ? [residue] : [])],
    ...(losesData ? { losesData } : {}),
  }
  const why = `install-${name}`
  if (locked !== undefined) return bundledCommands(locked, why, change)
  const channel = name === 'microk8s' ? { channel: job.channel } : {}
  return [{ as: 'root', request: { verb: 'snap-fetch', snap: name, ...channel }, why, touches: places(name), change }]
}
