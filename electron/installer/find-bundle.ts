// Which bundle a run works from: the named one, else the one that came with the application.

import { join } from 'node:path'
import { AppError } from '../contract/errors.ts'
import { readText } from '../platform/files.ts'
import { lookAtBundle, readLock } from './bundle/index.ts'
import { archOf, lockFile } from './bundle/lock.ts'
import { type Bundle, bundleOf } from './job.ts'

/**
 * Looked at by sizes only: root verifies every byte of its own copy.
 * @param snaps the application's own folder of that name
 * @returns undefined where none came along
 * @throws AppError bundle.lock; setup.bundleMissing for a named one that is none, or for one that lacks a file
 */
export const findBundle = async (named: string | undefined, snaps: string): Promise<Bundle | undefined> => {
  const folder = named ?? join(snaps, 'bundle')
  const arch = archOf(process.arch)
  if (arch === undefined) return undefined
  const lock = await readable(folder, named !== undefined)
  if (lock === undefined) return undefined
  const report = await lookAtBundle(folder, lock, arch)
  const problem = report.state === 'broken' ? report.problems[0] : undefined
  if (problem !== undefined) throw new AppError('setup.bundleMissing', { file: join(folder, problem.file) })
  const isUsable = report.state === 'good'
  if (!isUsable && named !== undefined) throw new AppError('setup.bundleMissing', { file: join(folder, lockFile) })
  return isUsable ? bundleOf(folder, lock, arch) : undefined
}

/** A folder that we may not read is told like one that is none. @throws AppError bundle.lock */
const readable = async (folder: string, mustBeThere: boolean) => {
  try {
    if (!mustBeThere && (await readText(join(folder, lockFile))) === undefined) return undefined
    return await readLock(folder)
  } catch (error) {
    if (error instanceof AppError) throw error
    const problem = error instanceof Error ? error.message : String(error)
    throw new AppError('bundle.lock', { path: join(folder, lockFile), problem }, { cause: error })
  }
}
