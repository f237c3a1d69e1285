// MicroK8s itself. One that is there already is somebody's, whatever its revision; only the step `renew` touches it, where it is asked to.

import { bundledSnap } from '../job.ts'
import { installed } from '../look.ts'
import type { Machine } from '../machine.ts'
import type { Doing, Finding, Step } from '../step.ts'
import { installCommands } from './install.ts'

const apparmorFile = '/etc/apparmor.d/cri-containerd.apparmor.d'

/** What MicroK8s will leave behind and what was not there before it: its group, ufw rules, a profile, forwarding. */
const residue = async (machine: Machine): Promise<Doing> => {
  const group = !/^microk8s:/m.test((await machine.read('/etc/group')) ?? '')
  const ufw = /^ENABLED=yes/m.test((await machine.read('/etc/ufw/ufw.conf')) ?? '')
  const apparmor = (await machine.info(apparmorFile)) === undefined
  const ipv6 = (await machine.read('/proc/sys/net/ipv6/conf/all/forwarding'))?.trim()
  const wasOff = ipv6 === '0' ? { ipv6: '0' as const } : {}
  return { as: 'root', request: { verb: 'residue-remove', group, ufw, apparmor, ...wasOff } }
}

export const microk8s: Step = {
  id: 'microk8s',
  seconds: 60,
  inspect: async (machine, job): Promise<Finding> => {
    const found = await installed(machine, 'microk8s')
    if (found.state === 'silent') return { state: 'blocked', reason: 'snapd-silent' }
    if (found.state === 'absent') {
      if (job.bundle === undefined && !job.online) return { state: 'blocked', reason: 'no-bundle', facts: { wanted: 'microk8s' } }
      return { state: 'needed', commands: installCommands('microk8s', job, { residue: await residue(machine), losesData: true }) }
    }
    const { version, revision, status } = found.snap
    if (status !== 'active') return { state: 'blocked', reason: 'microk8s-disabled', facts: { version, revision } }
    const locked = bundledSnap('microk8s', job)
    const isLocked = locked?.signed ? String(locked.signed.revision) === revision : locked?.version === version
    const isLeft = locked !== undefined && !isLocked && !job.choices.has('renew')
    return { state: 'done', note: isLeft ? 'microk8s-other' : 'microk8s-there', facts: { version, revision } }
  },
}
