// Files of the system, as its administrator changes them: whole, durable, and never through somebody else's link.

import { createHash, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  statfs,
  symlink,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../contract/errors.ts'
import { unwritable } from './files.ts'

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

export interface FileState {
  kind: 'file' | 'folder' | 'link' | 'other'
  size: number
  /** Permission bits. */
  mode: number
  uid: number
  /** Where a link points. */
  target?: string
  /** When its content was written last: milliseconds since the epoch. */
  changedAt: number
}

/** What is at a path, links not followed; undefined where nothing is, or nothing that we may see. */
export const stateOf = async (path: string): Promise<FileState | undefined> => {
  try {
    const stat = await lstat(path)
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other'
    const found = { kind, size: stat.size, mode: stat.mode & 0o7777, uid: stat.uid, changedAt: stat.mtimeMs } as const
    return kind === 'link' ? { ...found, target: await readlink(path) } : found
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error))) return undefined
    throw error
  }
}

const unseen = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'])

const seen = async <T, E>(look: () => Promise<T>, otherwise: E): Promise<T | E> => {
  try {
    return await look()
  } catch (error) {
    if (unseen.has(codeOf(error))) return otherwise
    throw error
  }
}

/** Looking without acting: what is not there and what is not ours to see is the same to whoever looks. */
export const look = {
  text: (path: string): Promise<string | undefined> => seen(() => readFile(path, 'utf8'), undefined),
  names: (folder: string): Promise<string[]> => seen(async () => (await readdir(folder)).sort(), []),
  info: (path: string): Promise<FileState | undefined> => stateOf(path),
  /** Of the nearest folder above that is there. */
  space: async (path: string): Promise<{ free: number; total: number } | undefined> => {
    for (let at = path; ; at = dirname(at)) {
      const found = await seen(() => statfs(at), undefined)
      if (found) return { free: found.bavail * found.bsize, total: found.blocks * found.bsize }
      if (at === '/') return undefined
    }
  },
}

/** Fails where anybody but root could have put it there, or could change it under us. @throws AppError setup.unsafe */
export const demandRootsOwn = async (folder: string): Promise<void> => {
  for (let at = folder; ; at = dirname(at)) {
    const state = await stateOf(at)
    const isSafe = state?.kind === 'folder' && state.uid === 0 && ((state.mode & 0o022) === 0 || (state.mode & 0o1000) !== 0)
    if (state !== undefined && !isSafe) throw new AppError('setup.unsafe', { path: at })
    if (at === '/') return
  }
}

/** Makes a folder and its parents for everybody to read. @throws the system's error */
export const makeSystemFolder = async (path: string, mode = 0o755): Promise<void> => {
  await mkdir(path, { recursive: true, mode })
  await demandRootsOwn(path)
}

const beside = (path: string): string => join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)

/** Writes a file whole, with exactly this mode. @throws AppError storage.unwritable */
export const writeSystemFile = async (path: string, text: string, mode: number): Promise<void> => {
  const temporary = beside(path)
  try {
    await makeSystemFolder(dirname(path))
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.chmod(mode)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error instanceof AppError ? error : unwritable(path, error)
  }
}

export interface Expected {
  size?: number | undefined
  /** `sha3-384:<hex>` or `sha256:<hex>`; none for what carries its own signature. */
  digest?: string | undefined
}

const isExpected = async (path: string, { size, digest }: Expected): Promise<boolean> => {
  const state = await stateOf(path)
  if (state?.kind !== 'file' || (size !== undefined && state.size !== size)) return false
  return digest === undefined || (await digestOf(path, digest.slice(0, digest.indexOf(':')))) === digest
}

/** A file's digest, as `<algorithm>:<hex>`. @throws the system's error */
export const digestOf = async (path: string, algorithm: string): Promise<string> => {
  const hash = createHash(algorithm)
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk as Buffer)
    return `${algorithm}:${hash.digest('hex')}`
  } finally {
    await file.close()
  }
}

/**
 * Copies a file to where only root can write, then reads the copy: what is checked is what will be used.
 * A copy that is right already stays. @throws AppError setup.corrupt, setup.diskFull, setup.bundleMissing, storage.unwritable
 */
export const copyVerified = async (from: string, to: string, expected: Expected): Promise<void> => {
  if (expected.digest !== undefined && (await isExpected(to, expected))) return
  const temporary = beside(to)
  try {
    await copyFile(from, temporary, constants.COPYFILE_EXCL)
    await chmod(temporary, 0o600)
    if (!(await isExpected(temporary, expected))) throw new AppError('setup.corrupt', { file: basename(from) })
    await rename(temporary, to)
  } catch (error) {
    await rm(temporary, { force: true })
    if (error instanceof AppError) throw error
    if (codeOf(error) === 'ENOSPC') throw new AppError('setup.diskFull', { path: dirname(to) }, { cause: error })
    if (codeOf(error) === 'ENOENT') throw new AppError('setup.bundleMissing', { file: from }, { cause: error })
    throw unwritable(to, error)
  }
}

/** Gives a file a second name, or copies it where the names are on two disks. It appears whole or not at all. */
export const placeFile = async (from: string, to: string): Promise<void> => {
  const temporary = beside(to)
  try {
    await makeSystemFolder(dirname(to))
    await link(from, temporary).catch(async error => {
      if (codeOf(error) !== 'EXDEV') throw error
      await copyFile(from, temporary, constants.COPYFILE_EXCL)
    })
    await rename(temporary, to)
  } catch (error) {
    if (codeOf(error) === 'ENOSPC') throw new AppError('setup.diskFull', { path: dirname(to) }, { cause: error })
    throw error instanceof AppError ? error : unwritable(to, error)
  } finally {
    // A rename between two names of one file leaves both.
    await rm(temporary, { force: true })
  }
}

/** A link at `path`; one that is right stays, anything else there is not ours. @throws AppError setup.occupied */
export const makeLink = async (path: string, target: string): Promise<void> => {
  const state = await stateOf(path)
  if (state?.target === target) return
  if (state !== undefined) throw new AppError('setup.occupied', { path })
  await symlink(target, path)
}

/** Takes a link away if it still points where we pointed it. */
export const removeLink = async (path: string, target: string): Promise<void> => {
  if ((await stateOf(path))?.target === target) await rm(path, { force: true })
}

/** Removes a folder where it is empty; whatever else is there stays. */
export const removeIfEmpty = async (path: string): Promise<void> => {
  try {
    await rmdir(path)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error))) throw unwritable(path, error)
  }
}
