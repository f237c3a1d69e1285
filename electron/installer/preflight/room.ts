// Room: memory, processors, disk, and a place where root can read what we bring.

import { block, type Check, gigabytes, linesOf, pass, unknown, warn } from './check.ts'

const kilobytes = async (machine: Parameters<Check['look']>[0], name: string): Promise<number | undefined> => {
  const line = (await linesOf(machine, '/proc/meminfo')).find(text => text.startsWith(`${name}:`))
  return line === undefined ? undefined : Number(/\d+/.exec(line)?.[0])
}

/** A node at rest takes about 1 GB; below 2 GB MicroK8s starts and then thrashes. Machines are sold with a little less than they say. */
const leastMemory = 1.8e9
const goodMemory = 3.6e9

export const memory: Check = {
  id: 'memory',
  look: async machine => {
    const total = await kilobytes(machine, 'MemTotal')
    if (total === undefined) return unknown()
    const facts = { total: gigabytes(total * 1024) }
    if (total * 1024 < leastMemory) return block(facts)
    return total * 1024 < goodMemory ? warn(facts, 'yours') : pass(facts)
  },
}

export const processors: Check = {
  id: 'processors',
  look: async machine => {
    const count = (await linesOf(machine, '/proc/cpuinfo')).filter(line => /^processor\s*:/.test(line)).length
    if (count === 0) return unknown()
    return count < 2 ? warn({ count }, 'yours') : pass({ count })
  },
}

/** Snaps, their images unpacked, and what kubelet keeps free before it deletes images: 15 % of the disk. */
const leastDisk = 8e9
const goodDisk = 20e9

export const disk: Check = {
  id: 'disk',
  look: async machine => {
    const space = await machine.space('/var/snap')
    if (space === undefined) return unknown()
    const percent = Math.round((100 * space.free) / space.total)
    const facts = { free: gigabytes(space.free), percent }
    if (space.free < leastDisk) return block(facts)
    // kubelet begins to delete images where less than 15 % is free, and side-loaded ones cannot be fetched again.
    return space.free < goodDisk || percent < 20 ? warn(facts, 'yours') : pass(facts)
  },
}

/** Node and the helper, beside the bundle. */
const programs = 150e6

export const staging: Check = {
  id: 'staging',
  look: async (machine, { application = '' }) => {
    if (machine.env.APPIMAGE === undefined && !application.startsWith('/tmp/.mount_')) return pass()
    const folder = machine.env.XDG_RUNTIME_DIR ?? '/tmp'
    const space = await machine.space(folder)
    if (space === undefined) return unknown({ folder })
    const facts = { folder, free: gigabytes(space.free) }
    return space.free < programs ? block(facts) : pass(facts)
  },
}
