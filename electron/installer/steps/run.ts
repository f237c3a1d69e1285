// MicroK8s at work: ready, with its images and addons, and every Pod of the system running.

import { archiveName, type Job } from '../job.ts'
import { installed, isLaunching, isPodReady, microk8sStatus, objects, podState } from '../look.ts'
import type { Machine } from '../machine.ts'
import { sideloadFolder } from '../places.ts'
import type { Command, Finding, Step } from '../step.ts'

/** Images are in containerd and safe from its garbage collection: the archive has been taken and emptied. */
const areImagesSettled = async (machine: Machine, { bundle }: Job): Promise<boolean> => {
  if (bundle?.archive === undefined) return true
  const path = `${sideloadFolder}/${archiveName(bundle.archive)}.tar`
  if ((await machine.info(path)) !== undefined) return false
  const loaded = await machine.info(`${path}.loaded`)
  return loaded === undefined || loaded.size === 0
}

const settleCommand = ({ bundle }: Job): Command[] =>
  bundle?.archive === undefined
    ? []
    : [
        { as: 'user', does: { type: 'wait-images' }, why: 'wait-images', touches: [] },
        {
          as: 'root',
          request: { verb: 'images-settle', archive: archiveName(bundle.archive), references: [...bundle.archive.references] },
          why: 'images-settle',
          touches: [sideloadFolder],
        },
      ]

const startCommand: Command = {
  as: 'root',
  request: { verb: 'microk8s-start' },
  why: 'start',
  touches: ['snap.microk8s.daemon-*'],
}
const waitReady: Command = { as: 'user', does: { type: 'wait-ready' }, why: 'wait-ready', touches: [] }

export const ready: Step = {
  id: 'ready',
  seconds: 60,
  inspect: async (machine, job): Promise<Finding> => {
    if ((await installed(machine, 'microk8s')).state === 'absent')
      return { state: 'needed', commands: [waitReady, ...settleCommand(job)] }
    const status = await microk8sStatus(machine)
    const settled = await areImagesSettled(machine, job)
    if (status.state === 'running' && settled) return { state: 'done', note: 'ready' }
    const settle = settled ? [] : settleCommand(job)
    if (status.state === 'unknown') return { state: 'later', why: 'status-needs-root', likely: [waitReady, ...settle] }
    return { state: 'needed', commands: [...(status.state === 'stopped' ? [startCommand] : []), waitReady, ...settle] }
  },
}

const addonNames = ['core/dns', 'core/hostpath-storage'] as const

const enableCommand = (addon: (typeof addonNames)[number]): Command => ({
  as: 'root',
  request: { verb: 'microk8s-enable', addon },
  why: addon === 'core/dns' ? 'enable-dns' : 'enable-storage',
  touches: ['kube-system'],
  change: {
    what: 'addon-enabled',
    facts: { addon },
    before: 'disabled',
    after: 'enabled',
    undo: [{ as: 'root', request: { verb: 'microk8s-disable', addon } }],
    goesWith: 'microk8s',
    ...(addon === 'core/hostpath-storage' ? { losesData: true } : {}),
  },
})
const waitAddons: Command = { as: 'user', does: { type: 'wait-addons' }, why: 'wait-addons', touches: [] }

export const addons: Step = {
  id: 'addons',
  seconds: 20,
  inspect: async (machine): Promise<Finding> => {
    // The first configuration asks for both; what it has not brought after a while is asked for by name.
    if ((await installed(machine, 'microk8s')).state === 'absent') return { state: 'needed', commands: [waitAddons] }
    const status = await microk8sStatus(machine)
    if (status.state !== 'running') return { state: 'later', why: 'status-needs-root', likely: [waitAddons] }
    const missing = addonNames.filter(name => status.addons.get(name) !== true)
    if (missing.length === 0) return { state: 'done', note: 'addons-enabled' }
    return { state: 'needed', commands: (await isLaunching(machine)) ? [waitAddons] : missing.map(enableCommand) }
  },
}

/** Deployments and DaemonSets whose Pods a ready MicroK8s has, by the beginning of their names. */
export const expectedPods = ['calico-node-', 'calico-kube-controllers-', 'coredns-', 'hostpath-provisioner-']

const waitPods: Command = { as: 'user', does: { type: 'wait-pods' }, why: 'wait-pods', touches: [] }

/** Pure: how many Pods of the system there should be and are ready. */
export const systemPods = (seen: readonly ReturnType<typeof podState>[]): { done: number; total: number } => {
  const system = seen.filter(({ namespace }) => namespace === 'kube-system')
  const missing = expectedPods.filter(prefix => !system.some(({ name }) => name.startsWith(prefix)))
  return { done: system.filter(isPodReady).length, total: system.length + missing.length }
}

export const pods: Step = {
  id: 'pods',
  seconds: 40,
  inspect: async (machine): Promise<Finding> => {
    if ((await installed(machine, 'microk8s')).state === 'absent') return { state: 'needed', commands: [waitPods] }
    const seen = await objects(machine, 'pods')
    if (seen === undefined) return { state: 'later', why: 'pods-need-root', likely: [waitPods] }
    const { done, total } = systemPods(seen.map(podState))
    return done === total
      ? { state: 'done', note: 'pods-ready', facts: { done, total } }
      : { state: 'needed', commands: [waitPods] }
  },
}
