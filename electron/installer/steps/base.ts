// What MicroK8s stands on: the snapd snap, then core22; in this order, as a base may ask for a newer snapd.

import type { Job, SnapName } from '../job.ts'
import { installed, snapdVersion } from '../look.ts'
import type { Machine } from '../machine.ts'
import type { Command, Finding, Step } from '../step.ts'
import { installCommands } from './install.ts'

/** Bases of today ask for it ("assumes unsupported features: snapd2.61"). */
const oldestSnapd = [2, 61]

const isTooOld = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(/[.+~-]/).map(Number)
  return major < (oldestSnapd[0] as number) || (major === oldestSnapd[0] && minor < (oldestSnapd[1] as number))
}

/** In the order in which they are to be installed. */
export const missingBase = async (machine: Machine, { bundle }: Job): Promise<SnapName[]> => {
  const missing: SnapName[] = []
  const version = await snapdVersion(machine)
  const isInBundle = (name: SnapName) => bundle === undefined || bundle.snaps.some(snap => snap.name === name)
  const snapd = await installed(machine, 'snapd')
  if ((snapd.state === 'absent' || (version !== undefined && isTooOld(version))) && isInBundle('snapd')) missing.push('snapd')
  if ((await installed(machine, 'core22')).state === 'absent' && isInBundle('core22')) missing.push('core22')
  return missing
}

export const base: Step = {
  id: 'base',
  seconds: 25,
  inspect: async (machine, job): Promise<Finding> => {
    if ((await snapdVersion(machine)) === undefined) return { state: 'blocked', reason: 'snapd-silent' }
    const missing = await missingBase(machine, job)
    if (missing.length === 0) return { state: 'done', note: 'base-there' }
    // From the store snapd fetches the base by itself; only an old snapd must be renewed first.
    const commands: Command[] = missing.flatMap(name => installCommands(name, job))
    return { state: 'needed', commands }
  },
}
