// Which bundle a run works from: the named one, else the one that came with the application.

import { join } from 'node:path'
import { AppError } from '../contract/errors.ts'
import { readText } from '../platform/files.ts'
import { archOf, bundleLock, lockFile } from './bundle/lock.ts'
import { type Bundle, bundleOf } from './job.ts'

/**
 * @param root the application's own folder
 * @returns undefined where none came along
 * @throws AppError setup.bundleMissing for a named one that is none
 */
export const findBundle = async (named: string | undefined, root: string): Promise<Bundle | undefined> => {
  const folder = named ?? join(root, 'snaps/bundle')
  const text = await readText(join(folder, lockFile))
  const arch = archOf(process.arch)
  const bundle = text === undefined || arch === undefined ? undefined : bundleOf(folder, bundleLock.parse(JSON.parse(text)), arch)
  if (bundle === undefined && named !== undefined) throw new AppError('setup.bundleMissing', { file: join(folder, lockFile) })
  return bundle
}
