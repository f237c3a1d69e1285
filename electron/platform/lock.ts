// One program at a time: a lock file that names its holder by process id and start time, so that a crash leaves no lock behind.

import { readFileSync, writeFileSync } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder, readText } from './files.ts'

export interface Holder {
  pid: number
  /** Clock ticks since boot at which it started: tells it from a later process of the same number. */
  started: string
  boot: string
}

export type Lock = { held: true; release(): Promise<void> } | { held: false; by: Holder }

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Field 22 of /proc/<pid>/stat; counted after the name, which may hold spaces and brackets. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie holds nothing.
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

export const isAlive = ({ pid, started, boot }: Holder): boolean => boot === bootId() && startOf(pid) === started

const parse = (text: string | undefined): Holder | undefined => {
  try {
    const value = JSON.parse(text ?? '') as Holder
    return typeof value.pid === 'number' ? value : undefined
  } catch {
    return undefined
  }
}

/** Who holds the lock now; undefined where nobody alive does. */
export const holderOf = async (path: string): Promise<Holder | undefined> => {
  const holder = parse(await readText(path))
  return holder !== undefined && isAlive(holder) ? holder : undefined
}

/** Takes the lock, or says who has it. The file comes into being whole (a link), so nobody reads half a name. */
export const takeLock = async (path: string): Promise<Lock> => {
  await makeFolder(dirname(path))
  const me: Holder = { pid: process.pid, started: startOf(process.pid) ?? '', boot: bootId() }
  const own = `${path}.${process.pid}`
  writeFileSync(own, JSON.stringify(me), { mode: 0o600 })
  try {
    for (let tries = 0; ; tries++) {
      try {
        await link(own, path)
        return { held: true, release: () => rm(path, { force: true }) }
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
      const by = await holderOf(path)
      if (by !== undefined || tries > 20) return { held: false, by: by ?? me }
      await rm(path, { force: true })
    }
  } finally {
    await rm(own, { force: true })
  }
}
