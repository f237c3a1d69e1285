// A MicroK8s that is one version behind the bundle's, renewed where somebody asks for it; snapd keeps the one before for the way back.

import { type BundleSnap, bundledSnap, type Job } from '../job.ts'
import { installed, revisionsOf, type SnapInfo } from '../look.ts'
import type { Machine } from '../machine.ts'
import { isOld, renewalOf } from '../renewal.ts'
import type { ChangeSpec, Doing, Finding, Step } from '../step.ts'
import { bundledCommands } from './install.ts'

/** The number that the new one will have: the store's where it is signed, else the next of snapd's own. */
const comingRevision = ({ signed }: BundleSnap, revisions: readonly string[]): string => {
  if (signed !== undefined) return String(signed.revision)
  const local = revisions.flatMap(revision => /^x(\d+)$/.exec(revision)?.[1] ?? [])
  return `x${Math.max(0, ...local.map(Number)) + 1}`
}

const renewed = (before: SnapInfo, offered: BundleSnap, revisions: readonly string[]): ChangeSpec => {
  const comes = comingRevision(offered, revisions)
  const goBack: Doing = { as: 'root', request: { verb: 'snap-revert', from: comes, to: before.revision } }
  // One that lay here unused before is not ours to remove.
  const drop: Doing[] = revisions.includes(comes) ? [] : [{ as: 'root', request: { verb: 'snap-drop', revision: comes } }]
  return {
    what: 'microk8s-renewed',
    facts: { from: before.version, to: offered.version },
    before: `${before.version} (${before.revision})`,
    after: offered.version,
    undo: [goBack, ...drop],
    losesData: true,
    goesWith: 'microk8s',
  }
}

/** Without a bundle there is nothing to compare with but what is known to be too old. */
const withoutBundle = ({ version, revision }: SnapInfo, { made }: Job): Finding => {
  const facts = { version, revision }
  if (made.has('microk8s-renewed')) return { state: 'done', note: 'renewed', facts }
  return isOld(version)
    ? { state: 'blocked', reason: 'renew-no-bundle', facts }
    : { state: 'done', note: 'renew-not-needed', facts }
}

export const renew: Step = {
  id: 'renew',
  seconds: 60,
  inspect: async (machine, job): Promise<Finding> => {
    const found = await installed(machine, 'microk8s')
    const revisions = await revisionsOf(machine, 'microk8s')
    if (found.state === 'silent' || revisions === undefined) return { state: 'blocked', reason: 'snapd-silent' }
    if (found.state === 'absent') return { state: 'done', note: 'renew-comes-new' }
    const { version, revision, status, confinement } = found.snap
    const facts = { version, revision }
    if (status !== 'active') return { state: 'blocked', reason: 'microk8s-disabled', facts }
    if (confinement === 'strict') return { state: 'blocked', reason: 'renew-strict', facts }
    const offered = bundledSnap('microk8s', job)
    if (offered === undefined) return withoutBundle(found.snap, job)
    const renewal = renewalOf(version, offered.version)
    switch (renewal.state) {
      case 'fits':
        return { state: 'needed', commands: bundledCommands(offered, 'renew', renewed(found.snap, offered, revisions)) }
      case 'new-enough':
        return { state: 'done', note: job.made.has('microk8s-renewed') ? 'renewed' : 'renew-not-needed', facts }
      case 'too-far':
        return {
          state: 'blocked',
          reason: 'renew-too-far',
          facts: { ...facts, offered: offered.version, channels: renewal.channels },
        }
      case 'unclear':
        return { state: 'blocked', reason: 'renew-unclear', facts: { ...facts, offered: offered.version } }
    }
  },
}

/** Whether this run is asked for a renewal that is still to be made. */
export const isToRenew = async (machine: Machine, job: Job): Promise<boolean> =>
  job.choices.has('renew') && (await renew.inspect(machine, job)).state === 'needed'
