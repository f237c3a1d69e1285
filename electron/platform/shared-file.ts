// A file of the user's that other programs write too: looked at without surprises, locked as they lock it, replaced whole where it really is.

import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from './clock.ts'
import { listFolder, makeFolder, unwritable } from './files.ts'

export interface FoundFile {
  state: 'file'
  /** The name it was asked for, and where links lead. */
  path: string
  real: string
  bytes: Buffer
  mode: number
  uid: number
  gid: number
}

export type Looked =
  | FoundFile
  | { state: 'absent'; path: string; real: string }
  | {
      state: 'odd'
      path: string
      reason: 'link-dangling' | 'link-loop' | 'not-a-file' | 'hard-linked' | 'unreadable' | 'too-big'
    }

const largest = 16 * 1024 * 1024

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** Reads a file without waiting on a pipe or a device, and says what kind of thing stands in its place where it is none. */
export const lookAtFile = async (path: string): Promise<Looked> => {
  const odd = (reason: (Looked & { state: 'odd' })['reason']): Looked => ({ state: 'odd', path, reason })
  let real: string
  try {
    real = await realpath(path)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ELOOP') return odd('link-loop')
    if (code === 'EACCES') return odd('unreadable')
    if (code === 'ENOTDIR') return odd('not-a-file')
    if (code !== 'ENOENT') throw error
    const isLink = await lstat(path).then(
      found => found.isSymbolicLink(),
      () => false,
    )
    return isLink ? odd('link-dangling') : { state: 'absent', path, real: await realFolderOf(path) }
  }
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM') return odd('unreadable')
    if (codeOf(error) === 'ENOENT') return lookAtFile(path)
    // A socket cannot be opened.
    return odd('not-a-file')
  }
  try {
    const { mode, uid, gid, nlink, size } = await file.stat()
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return odd('not-a-file')
    if (nlink > 1) return odd('hard-linked')
    if (size > largest) return odd('too-big')
    return { state: 'file', path, real, bytes: await file.readFile(), mode: mode & 0o7777, uid, gid }
  } finally {
    await file.close()
  }
}

/** A missing file in a folder reached by links belongs into the real folder. */
const realFolderOf = async (path: string): Promise<string> =>
  join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path))

/** Who holds a lock of ours: a number alone could have been given to another process since. */
const startOf = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

const holder = /^kubernetes-hello-world (\d+) (\d+)\n$/

/** A lock that one of us left when it was killed. Other programs' locks are never touched: theirs say nothing. */
export const clearDead = async (lock: string): Promise<void> => {
  const words = await readFile(lock, 'utf8').catch(() => '')
  const [, pid, start] = holder.exec(words) ?? []
  if (pid === undefined || (await startOf(Number(pid))) === start) return
  const aside = `${lock}${ownSuffix()}`
  await rename(lock, aside).catch(() => {})
  // Between reading and renaming somebody may have taken it anew: then it is given back.
  if ((await readFile(aside, 'utf8').catch(() => words)) !== words) await link(aside, lock).catch(() => {})
  await rm(aside, { force: true })
}

/**
 * Takes `<file>.lock`, kubectl's own convention, for each path; waits up to `patience` ms for others.
 * The returned function gives them back. Undefined with the lock's path where it stays taken.
 * @throws AppError storage.unwritable
 */
export const lockFiles = async (
  paths: readonly string[],
  clock: Clock,
  patience: number,
): Promise<{ release(): Promise<void> } | { taken: string }> => {
  const held: string[] = []
  const release = async () => {
    for (const lock of held.splice(0)) await rm(lock, { force: true })
  }
  const until = clock.now() + patience
  const words = `kubernetes-hello-world ${process.pid} ${await startOf(process.pid)}\n`
  // Two names of one lock, by a linked folder, would be one of us waiting for itself.
  const places = await Promise.all(paths.map(realFolderOf))
  for (const path of [...new Set(places)].sort()) {
    const lock = `${path}.lock`
    const ready = `${lock}${ownSuffix()}`
    try {
      await makeFolder(dirname(lock))
      await writeNew(ready, words, 0o600)
      // A link is made at once with its content, and never over another's.
      while (!(await tryLink(ready, lock))) {
        await clearDead(lock)
        if (clock.now() >= until) {
          await release()
          return { taken: lock }
        }
        await clock.sleep(25)
      }
      held.push(lock)
      await sweep(path)
    } catch (error) {
      await release()
      throw unwritable(lock, error)
    } finally {
      await rm(ready, { force: true }).catch(() => {})
    }
  }
  return { release }
}

/** Of files that are there for a moment only: their name says whose they are. */
const ownSuffix = (): string => `.khw-${process.pid}-${randomBytes(4).toString('hex')}`

/** What those of us who were killed had half written beside the file. */
const sweep = async (path: string): Promise<void> => {
  for (const name of await listFolder(dirname(path))) {
    const pid = /\.khw-(\d+)-[0-9a-f]{8}$/.exec(name)?.[1]
    const isBeside = name.startsWith(basename(path)) || name.startsWith(`.${basename(path)}`)
    if (pid !== undefined && isBeside && (await startOf(Number(pid))) === undefined)
      await rm(join(dirname(path), name), { force: true })
  }
}

const tryLink = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

const writeNew = async (path: string, data: string | Uint8Array, mode: number, owner?: { uid: number; gid: number }) => {
  const file = await open(path, 'wx', mode)
  try {
    // The umask may have taken bits away.
    await file.chmod(mode)
    if (owner !== undefined) {
      const { uid, gid } = await file.stat()
      if (uid !== owner.uid || gid !== owner.gid) await file.chown(owner.uid, owner.gid)
    }
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A copy that never replaces anything. @throws AppError storage.unwritable */
export const writeBeside = async (path: string, data: Uint8Array, mode: number): Promise<void> => {
  try {
    await writeNew(path, data, mode)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/**
 * Puts new content where the file really is, in one step; false where somebody has changed it since it was looked at.
 * The owner stays. @throws AppError storage.unwritable
 */
export const replaceFile = async (seen: Looked, data: string | Uint8Array, mode: number): Promise<boolean> => {
  if (seen.state === 'odd') return false
  const temporary = join(dirname(seen.real), `.${basename(seen.real)}${ownSuffix()}`)
  try {
    await writeNew(temporary, data, mode, seen.state === 'file' ? seen : undefined)
    if (!(await isUnchanged(seen))) {
      await rm(temporary, { force: true })
      return false
    }
    await rename(temporary, seen.real)
    await syncFolder(dirname(seen.real))
    return true
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw unwritable(seen.real, error)
  }
}

/** Removes the file, unless somebody has changed it since. @throws AppError storage.unwritable */
export const removeFile = async (seen: FoundFile): Promise<boolean> => {
  if (!(await isUnchanged(seen))) return false
  try {
    await rm(seen.real)
    await syncFolder(dirname(seen.real))
    return true
  } catch (error) {
    throw unwritable(seen.real, error)
  }
}

const isUnchanged = async (seen: Looked): Promise<boolean> => {
  const now = await lookAtFile(seen.path)
  if (seen.state === 'absent') return now.state === 'absent'
  return now.state === 'file' && seen.state === 'file' && now.real === seen.real && now.bytes.equals(seen.bytes)
}

/** So that the new name, too, outlives a power cut. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
