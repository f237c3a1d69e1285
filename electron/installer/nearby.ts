// Offline bundles within reach: beside the AppImage, on what is plugged in, and where people keep what they were given.

import { dirname, join } from 'node:path'
import { type Clock, realClock } from '../platform/clock.ts'
import { type Arch, archOf, lockFile, lookAtBundle, parseLock } from './bundle/index.ts'
import type { Machine } from './machine.ts'

/** A folder of more is an archive of photographs, not a stick for a classroom. */
const most = 200

const inside = async (machine: Machine, folder: string): Promise<string[]> =>
  (await machine.list(folder))
    .filter(name => !name.startsWith('.'))
    .slice(0, most)
    .map(name => join(folder, name))

/** The folders of downloads and of the desktop, whatever language the desktop gave them. */
const ownFolders = async (machine: Machine): Promise<string[]> => {
  const { home } = machine.user
  const text = (await machine.read(join(home, '.config/user-dirs.dirs'))) ?? ''
  const named = (name: string, usual: string) =>
    new RegExp(`^XDG_${name}_DIR="(.+)"$`, 'm').exec(text)?.[1]?.replace('$HOME', home) ?? join(home, usual)
  return [named('DOWNLOAD', 'Downloads'), named('DESKTOP', 'Desktop'), home]
}

const isWhole = async (machine: Machine, folder: string, arch: Arch): Promise<boolean> => {
  const path = join(folder, lockFile)
  const text = await machine.read(path)
  if (text === undefined) return false
  try {
    const report = await lookAtBundle(folder, parseLock(text, path), arch, async file => (await machine.info(file))?.size)
    return report.state === 'good'
  } catch {
    return false // a lock that cannot be read makes no bundle
  }
}

/** A stick answers in a moment; a network folder whose server is gone may never. */
const patienceMs = 3000

/** Whole ones only, by names and sizes: root verifies every byte of its own copy. The likeliest first; none where a disk hangs. */
export const nearbyBundles = async (machine: Machine, clock: Clock = realClock): Promise<string[]> => {
  const enough = new AbortController()
  const late = clock.sleep(patienceMs, enough.signal).then(
    () => [],
    () => [],
  )
  try {
    return await Promise.race([search(machine), late])
  } finally {
    enough.abort()
  }
}

const search = async (machine: Machine): Promise<string[]> => {
  const arch = archOf(machine.arch)
  if (arch === undefined) return []
  const { APPIMAGE } = machine.env
  const { name } = machine.user
  const media = [`/media/${name}`, `/run/media/${name}`, '/media', '/mnt']
  const plugged = (await Promise.all(media.map(folder => inside(machine, folder)))).flat()
  const roots = [...(APPIMAGE ? [dirname(APPIMAGE)] : []), ...plugged, ...(await ownFolders(machine))]
  const folders = await Promise.all(roots.map(async root => [root, ...(await inside(machine, root))]))
  const candidates = [...new Set(folders.flat())]
  const whole = await Promise.all(candidates.map(folder => isWhole(machine, folder, arch)))
  return candidates.filter((_, index) => whole[index])
}
