// Files: read, and written whole or not at all, private unless said otherwise.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../contract/errors.ts'

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** The system's own words without its call and path: `EACCES: permission denied`. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message.replace(/,.*$/s, '') : String(error))

/** The error for a path that the system does not let us write, with the system's reason. */
export const unwritable = (path: string, error: unknown): AppError =>
  new AppError('storage.unwritable', { path, reason: reasonOf(error) }, { cause: error })

/** A file's text; undefined where there is no such file. @throws the system's error for anything else */
export const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return undefined
    throw error
  }
}

/**
 * Makes a folder and its parents, readable only by this user. Node's own recursion never ends where the system answers ENOENT
 * below a folder that is there, as /proc and automounters do. @throws the system's error
 */
export const makeFolders = (path: string): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (!existsSync(dirname(path))) makeFolders(dirname(path))
  try {
    mkdirSync(path, 0o700)
  } catch (error) {
    // Somebody else was faster.
    if (systemCode(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error
  }
}

/** @throws AppError storage.unwritable */
export const makeFolder = async (path: string): Promise<void> => {
  try {
    makeFolders(path)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/**
 * Writes a file (0600 unless `mode` says otherwise) so that a reader, or a crash, meets either the old text or the new.
 * Its folder is made where it is missing. @throws AppError storage.unwritable
 */
export const writeWhole = async (path: string, data: string | Uint8Array, mode = 0o600): Promise<void> => {
  await makeFolder(dirname(path))
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw unwritable(path, error)
  }
}

/** Gives a file another name beside it; the new path. @throws AppError storage.unwritable */
export const setAside = async (path: string, suffix: string): Promise<string> => {
  const kept = `${path}.${suffix}`
  try {
    await rename(path, kept)
  } catch (error) {
    throw unwritable(kept, error)
  }
  return kept
}

/** Removes a file or a whole folder; it may be gone already. @throws AppError storage.unwritable */
export const remove = async (path: string): Promise<void> => {
  try {
    await rm(path, { recursive: true, force: true })
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** Names in a folder, sorted; none where there is no such folder. */
export const listFolder = async (path: string): Promise<string[]> => {
  try {
    return (await readdir(path)).sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
