// What only some want, and only where they ask for it: a default route, the group, an alias.

import { aliasLine, aliasPath, hasAlias, isOurAlias } from '../alias.ts'
import { installed } from '../look.ts'
import { microk8sGroup, routeDevice, routeUnit, routeUnitFile } from '../places.ts'
import { defaultDevice } from '../preflight/network.ts'
import type { Command, Finding, Step } from '../step.ts'

const routeCommand: Command = {
  as: 'root',
  request: { verb: 'route-set' },
  why: 'route',
  touches: [routeUnitFile, routeDevice],
  change: {
    what: 'route-set',
    facts: { unit: routeUnit, device: routeDevice },
    before: 'absent',
    after: `default dev ${routeDevice}`,
    undo: [{ as: 'root', request: { verb: 'route-remove' } }],
  },
}

export const route: Step = {
  id: 'route',
  seconds: 1,
  inspect: async (machine): Promise<Finding> => {
    const device = await defaultDevice(machine)
    const isOurs = (await machine.info(routeUnitFile)) !== undefined
    // Our unit may have been written by a run that was cut off before it was started.
    if (device === undefined) return { state: 'needed', commands: [routeCommand] }
    return { state: 'done', note: isOurs ? 'route-ours' : 'route-there', facts: isOurs ? { unit: routeUnit } : { device } }
  },
}

export const group: Step = {
  id: 'group',
  seconds: 1,
  inspect: async (machine, job): Promise<Finding> => {
    const { name, uid } = machine.user
    if (uid === 0) return { state: 'done', note: 'group-root' }
    const command: Command = {
      as: 'root',
      request: { verb: 'group-join', user: name },
      why: 'group',
      touches: ['/etc/group'],
      change: {
        what: 'group-joined',
        facts: { user: name, group: microk8sGroup },
        before: 'absent',
        after: `${microk8sGroup}: ${name}`,
        undo: [{ as: 'root', request: { verb: 'group-leave', user: name } }],
      },
    }
    if ((await installed(machine, 'microk8s')).state === 'absent') return { state: 'needed', commands: [command] }
    const line = new RegExp(`^${microk8sGroup}:[^:]*:[^:]*:(.*)$`, 'm').exec((await machine.read('/etc/group')) ?? '')
    if (!line?.[1]?.split(',').includes(name)) return { state: 'needed', commands: [command] }
    return { state: 'done', note: job.made.has('group-joined') ? 'group-ours' : 'group-there', facts: { user: name } }
  },
}

export const alias: Step = {
  id: 'alias',
  seconds: 1,
  inspect: async (machine): Promise<Finding> => {
    const path = aliasPath(machine.user.home)
    const text = await machine.read(path)
    if (text !== undefined && isOurAlias(text)) return { state: 'done', note: 'alias-ours', facts: { path } }
    if (text !== undefined && hasAlias(text)) return { state: 'done', note: 'alias-there', facts: { path } }
    const made = (await machine.info(path)) === undefined
    const command: Command = {
      as: 'user',
      does: { type: 'alias-add', path },
      why: 'alias',
      touches: [path],
      change: {
        what: 'alias-added',
        facts: { path },
        before: 'absent',
        after: aliasLine,
        undo: [{ as: 'user', does: { type: 'alias-remove', path, made } }],
      },
    }
    return { state: 'needed', commands: [command] }
  },
}
