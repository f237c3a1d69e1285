// What belongs to the user: the kubeconfig, the right to administer, and the bundle.

import { toAppError } from '../../contract/errors.ts'
import { archOf, lockFile } from '../bundle/lock.ts'
import { lookAtBundle, parseLock } from '../bundle/verify.ts'
import { readAll } from '../kubeconfig/decide.ts'
import { kubeconfigPaths } from '../kubeconfig/locate.ts'
import { nearbyBundles } from '../nearby.ts'
import { block, type Check, gigabytes, linesOf, pass, unknown, warn } from './check.ts'

export const kubeconfig: Check = {
  id: 'kubeconfig',
  look: async machine => {
    const paths = kubeconfigPaths(machine.env, machine.user.home)
    const files = await Promise.all(
      paths.map(async path => ({ path, text: await machine.read(path), info: await machine.info(path) })),
    )
    const closed = files.find(({ text, info }) => info !== undefined && text === undefined)
    if (closed !== undefined) return block({ path: closed.path, context: 'closed' })
    const read = readAll(files)
    if ('state' in read) return block(read.facts)
    return pass({ path: paths.join(', ') })
  },
}

/** Groups that Ubuntu and its relatives let use sudo. */
const administrators = ['sudo', 'admin', 'wheel']

export const rights: Check = {
  id: 'rights',
  look: async machine => {
    const { uid, name } = machine.user
    if (uid === 0) return pass({ name })
    const groups = await linesOf(machine, '/etc/group')
    if (groups.length === 0) return unknown({ name })
    const isMember = groups.some(line => {
      const [group = '', , , members = ''] = line.split(':')
      return administrators.includes(group) && members.split(',').includes(name)
    })
    // A rule in /etc/sudoers.d may allow it all the same, and only root may read those.
    return isMember ? pass({ name }) : warn({ name }, 'yours')
  },
}

export const bundle: Check = {
  id: 'bundle',
  look: async (machine, { bundle: folder }) => {
    const arch = archOf(machine.arch)
    if (arch === undefined) return unknown({ problem: machine.arch })
    if (folder === undefined) {
      const [nearby] = await nearbyBundles(machine)
      return warn(nearby === undefined ? {} : { context: 'nearby', folder: nearby }, 'yours')
    }
    try {
      const path = `${folder}/${lockFile}`
      const lock = parseLock(await machine.read(path), path)
      const report = await lookAtBundle(folder, lock, arch, async file => (await machine.info(file))?.size)
      if (report.state === 'good') return pass({ files: report.files.length, size: gigabytes(report.bytes) })
      if (report.state !== 'broken') return warn({ folder }, 'yours')
      const [first] = report.problems
      return block({ folder, file: first?.file ?? '', count: report.problems.length })
    } catch (error) {
      const { details } = toAppError(error)
      return block({ folder, file: String(details.path ?? folder), count: 1 })
    }
  },
}
