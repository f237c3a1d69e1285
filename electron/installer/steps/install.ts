// The commands that install one snap: from the bundle with its signature, from the bundle by its digest, or from the store.

import type { Job, SnapName } from '../job.ts'
import type { ChangeSpec, Command, Doing } from '../step.ts'

const places = (name: SnapName): string[] => [`/snap/${name}`, `/var/snap/${name}`]

export interface InstallExtras {
  /** After the snap has been removed: what it leaves behind. */
  residue?: Doing
  losesData?: boolean
}

export const installCommands = (name: SnapName, job: Job, { residue, losesData }: InstallExtras = {}): Command[] => {
  const locked = job.bundle?.snaps.find(snap => snap.name === name)
  const change: ChangeSpec = {
    what: `${name}-installed`,
    facts: { snap: name, version: locked?.version ?? job.channel },
    before: 'absent',
    after: locked === undefined ? job.channel : locked.version,
    undo: [{ as: 'root', request: { verb: 'snap-remove', snap: name } }, ...(residue ? [residue] : [])],
    ...(losesData ? { losesData } : {}),
  }
  const touches = places(name)
  const why = `install-${name}`
  if (locked === undefined) {
    const channel = name === 'microk8s' ? { channel: job.channel } : {}
    return [{ as: 'root', request: { verb: 'snap-fetch', snap: name, ...channel }, why, touches, change }]
  }
  if (locked.signed === undefined)
    return [{ as: 'root', request: { verb: 'snap-install', snap: name, how: 'dangerous' }, why, touches, change }]
  return [
    // An assertion only lets a snap be believed; it changes nothing and snapd has no way to forget it.
    { as: 'root', request: { verb: 'snap-ack', snap: name }, why: 'ack', touches: ['/var/lib/snapd/assertions'] },
    { as: 'root', request: { verb: 'snap-install', snap: name, how: 'signed' }, why, touches, change },
  ]
}
