// What MicroK8s finds when it comes: the images of the bundle, and its first configuration.

import { launchText } from '../helper/texts.ts'
import { archiveName } from '../job.ts'
import { installed } from '../look.ts'
import type { Machine } from '../machine.ts'
import { foreignLaunchFiles, launchFile, sideloadFolder } from '../places.ts'
import type { Command, Finding, Step } from '../step.ts'
import { needsImages } from './bundle.ts'

export const images: Step = {
  id: 'images',
  seconds: 10,
  inspect: async (machine, job): Promise<Finding> => {
    const archive = job.bundle?.archive
    if (archive === undefined) return { state: 'done', note: 'images-none' }
    const name = archiveName(archive)
    if (!(await needsImages(machine, job)))
      return { state: 'done', note: 'images-placed', facts: { count: archive.references.length } }
    const command: Command = {
      as: 'root',
      request: { verb: 'images-place', archive: name },
      why: 'images',
      touches: [`${sideloadFolder}/${name}.tar`],
      change: {
        what: 'images-placed',
        facts: { count: archive.references.length, path: `${sideloadFolder}/${name}.tar` },
        before: 'absent',
        after: archive.digest,
        undo: [{ as: 'root', request: { verb: 'images-remove', archive: name } }],
        goesWith: 'microk8s',
      },
    }
    return { state: 'needed', commands: [command] }
  },
}

/** A kernel without ip_tables: kube-proxy must speak nftables there. 127: no modprobe, then we do not know and leave the default. */
const lacksIpTables = async (machine: Machine): Promise<boolean> =>
  (await machine.read('/proc/net/ip_tables_names')) === undefined &&
  (await machine.run(['modprobe', '-n', 'ip_tables'])).code === 1

export const launch: Step = {
  id: 'launch',
  seconds: 1,
  inspect: async (machine): Promise<Finding> => {
    const found = await installed(machine, 'microk8s')
    if (found.state === 'silent') return { state: 'blocked', reason: 'snapd-silent' }
    if (found.state === 'installed') return { state: 'done', note: 'launch-not-needed' }
    for (const path of foreignLaunchFiles)
      if ((await machine.info(path)) !== undefined) return { state: 'done', note: 'launch-foreign', facts: { path } }
    const nftables = await lacksIpTables(machine)
    if ((await machine.read(launchFile)) === launchText(nftables))
      return { state: 'done', note: 'launch-written', facts: { path: launchFile } }
    const command: Command = {
      as: 'root',
      request: { verb: 'launch-write', nftables },
      why: nftables ? 'launch-nftables' : 'launch',
      touches: [launchFile],
      change: {
        what: 'launch-written',
        facts: { path: launchFile },
        before: 'absent',
        after: launchFile,
        undo: [{ as: 'root', request: { verb: 'launch-remove' } }],
        goesWith: 'microk8s',
      },
    }
    return { state: 'needed', commands: [command] }
  },
}
