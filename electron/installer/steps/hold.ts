// No update by itself in the middle of a class; and the right channel for the day when somebody asks for one.

import { bundledSnap } from '../job.ts'
import { installed } from '../look.ts'
import type { Command, Finding, Step } from '../step.ts'

const holdCommand: Command = {
  as: 'root',
  request: { verb: 'snap-hold' },
  why: 'hold',
  touches: ['snapd'],
  change: {
    what: 'microk8s-held',
    before: 'auto-refresh',
    after: 'held',
    undo: [{ as: 'root', request: { verb: 'snap-unhold' } }],
    goesWith: 'microk8s',
  },
}

const switchCommand = (before: string, channel: string): Command => ({
  as: 'root',
  request: { verb: 'snap-switch', channel },
  why: 'switch',
  touches: ['snapd'],
  change: {
    what: 'channel-switched',
    facts: { channel },
    before: before === '' ? '-' : before,
    after: channel,
    // A side-loaded snap follows no channel; snapd has no word for going back to none, and it goes with the snap.
    undo: /^\S+\/\S+$/.test(before) ? [{ as: 'root', request: { verb: 'snap-switch', channel: before } }] : [],
    goesWith: 'microk8s',
  },
})

export const hold: Step = {
  id: 'hold',
  seconds: 2,
  inspect: async (machine, job): Promise<Finding> => {
    const channel = bundledSnap('microk8s', job)?.signed?.channel
    const found = await installed(machine, 'microk8s')
    if (found.state === 'silent') return { state: 'blocked', reason: 'snapd-silent' }
    if (found.state === 'absent')
      return { state: 'needed', commands: [...(channel ? [switchCommand('', channel)] : []), holdCommand] }
    const tracking = found.snap['tracking-channel'] ?? ''
    // Which channel somebody else's MicroK8s follows is none of our business; unless we have renewed it: then its old one would lead
    // back to the version before. Where it followed none there is no way back to that, so it goes on following none.
    const isOurs = job.made.has('microk8s-installed') || (job.made.has('microk8s-renewed') && tracking !== '')
    const isWrong = channel !== undefined && tracking !== channel && isOurs
    const isHeld = found.snap.hold !== undefined && Date.parse(found.snap.hold) > machine.now()
    const commands = [...(isWrong ? [switchCommand(tracking, channel)] : []), ...(isHeld ? [] : [holdCommand])]
    return commands.length > 0 ? { state: 'needed', commands } : { state: 'done', note: 'held', facts: { channel: tracking } }
  },
}
