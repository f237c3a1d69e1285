// Files: read, and written whole or not at all, private unless said otherwise.

import { randomBytes } from 'node:crypto'
import { existsSync, type FSWatcher, mkdirSync, statSync, watch } from 'node:fs'
import { open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
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

/** Names in a folder, what was written last first; none where there is no such folder. */
export const newestFirst = async (path: string): Promise<string[]> => {
  const ages = await Promise.all(
    // one that goes away while we look is the oldest
    (await listFolder(path)).map(async name => ({
      name,
      at: (await stat(join(path, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  )
  return ages.toSorted((a, b) => b.at - a.at).map(({ name }) => name)
}

export interface Limits {
  /** How many files. */
  files: number
  /** Of one file. */
  bytes: number
  /** Other names are looked past, folders too. */
  matching?: RegExp
}

export interface FolderTexts {
  texts: ReadonlyMap<string, string>
  /** The first file that is not taken, and why. */
  problem?: { file: string; reason: 'tooMany' | 'elsewhere' | 'notPlain' | 'tooLarge' | 'notText'; message: string }
}

/**
 * The texts of a folder's own files, as untrusted input: nothing that lies elsewhere, is no plain UTF-8 text, or is too much.
 * Hidden files and an editor's copies are left out. None where there is no such folder. @throws the system's error for anything else
 */
export const readTexts = async (path: string, limits: Limits): Promise<FolderTexts> => {
  const texts = new Map<string, string>()
  const names = (await listFolder(path)).filter(name => !/^\.|~$/.test(name) && (limits.matching?.test(name) ?? true))
  const wrong = (file: string, reason: NonNullable<FolderTexts['problem']>['reason'], message: string): FolderTexts => ({
    texts,
    problem: { file, reason, message },
  })
  if (names.length > limits.files) return wrong(names[limits.files]!, 'tooMany', `more than ${limits.files} files`)
  const home = names.length > 0 ? await realpath(path) : path
  for (const name of names) {
    // a file that goes away while we look is as good as never there
    const real = await realpath(join(path, name)).catch(() => undefined)
    if (real === undefined) continue
    if (dirname(real) !== home) return wrong(name, 'elsewhere', 'a link to a file elsewhere')
    const { size, ...found } = await stat(real).then(each => ({ size: each.size, isFile: each.isFile() }))
    if (!found.isFile) return wrong(name, 'notPlain', 'no plain file')
    if (size > limits.bytes) return wrong(name, 'tooLarge', `larger than ${limits.bytes} bytes`)
    try {
      texts.set(name, new TextDecoder('utf-8', { fatal: true }).decode(await readFile(real)))
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      return wrong(name, 'notText', 'no UTF-8 text')
    }
  }
  return { texts }
}

/**
 * Tells when something changes in a folder or in the folders right below it; one that is not there yet is waited for in its parent.
 * Many changes at once are told more than once. Returns the stop.
 */
export const watchFolder = (path: string, listener: () => void): (() => void) => {
  const watchers = new Map<string, FSWatcher>()
  let isStopped = false
  const look = (folder: string): void => {
    if (isStopped || watchers.has(folder) || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
    const forget = (): void => {
      watchers.get(folder)?.close()
      watchers.delete(folder)
    }
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        if (!existsSync(folder)) forget()
        lookAll()
        listener()
      })
      watcher.on('error', forget)
      watchers.set(folder, watcher)
    } catch {
      // too many watches on this machine: whoever writes lessons loads the page again by hand
    }
  }
  const lookAll = (): void => {
    look(existsSync(path) ? path : dirname(path))
    void listFolder(path).then(
      names => {
        for (const name of names) if (!name.startsWith('.')) look(join(path, name))
      },
      () => undefined, // gone again
    )
  }
  lookAll()
  return () => {
    isStopped = true
    for (const watcher of watchers.values()) watcher.close()
    watchers.clear()
  }
}
