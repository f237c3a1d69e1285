// Copies for whom our own place is closed: root cannot read what an AppImage mounts for one user.

import { cp, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { makeFolder, remove, unwritable } from './files.ts'

/** Where our files lie under a mount that only this user can read; undefined everywhere else. */
export const closedPlace = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env.APPIMAGE !== undefined && env.APPDIR?.startsWith('/') ? env.APPDIR : undefined

/**
 * The path itself; for one inside of the closed place a fresh copy of it, file or folder, in a folder of ours.
 * @throws AppError storage.unwritable
 */
export const stageFor = async (path: string, closed: string | undefined, folder: string): Promise<string> => {
  if (closed === undefined || !path.startsWith(`${closed}/`)) return path
  const to = join(folder, relative(closed, path))
  try {
    await remove(to)
    await makeFolder(join(to, '..'))
    await cp(path, to, { recursive: true, preserveTimestamps: true, dereference: true })
    await stat(to)
    return to
  } catch (error) {
    throw unwritable(to, error)
  }
}
