// Whether a bundle's folder holds what its lock says: a look at the sizes, or every digest.

import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import { readText } from '../../platform/files.ts'
import { hashFile, sizeOf } from '../../platform/hash.ts'
import type { Facts } from '../step.ts'
import { problemOf } from './assertions.ts'
import { type Arch, type BundleFile, type BundleLock, bundleLock, filesOf, lockFile, snapFolder } from './lock.ts'

export interface BundleProblem {
  /** Words: `cli:bundle.problems.<code>`. */
  code: 'missing' | 'size' | 'digest' | 'assertions' | 'unreadable'
  file: string
  facts: Facts
}

export type BundleReport =
  /** Not one of its files is there. */
  | { state: 'absent' }
  /** The lock does not know the files for this architecture yet. */
  | { state: 'unresolved' }
  | { state: 'good'; files: readonly BundleFile[]; bytes: number }
  | { state: 'broken'; problems: readonly BundleProblem[] }

/** A lock's text; undefined where there is no such file. @throws AppError bundle.lock */
export const parseLock = (text: string | undefined, path: string): BundleLock => {
  if (text === undefined) throw new AppError('bundle.lock', { path, problem: 'no such file' })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('bundle.lock', { path, problem: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  const read = bundleLock.safeParse(value)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new AppError('bundle.lock', { path, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` })
}

/** The lock in a folder. @throws AppError bundle.lock */
export const readLock = async (folder: string): Promise<BundleLock> => {
  const path = join(folder, lockFile)
  return parseLock(await readText(path), path)
}

export interface VerifyOptions {
  arch: Arch
  signal?: AbortSignal
  /** Bytes looked at so far, of all. */
  onProgress?: (done: number, total: number) => void
}

type Check = (file: BundleFile) => Promise<BundleProblem | undefined>
/** Of a regular file; undefined for anything else. */
type Size = (path: string) => Promise<number | undefined>

const checkAll = async (folder: string, lock: BundleLock, arch: Arch, size: Size, check: Check): Promise<BundleReport> => {
  const files = filesOf(lock, arch)
  if (files === undefined) return { state: 'unresolved' }
  const sizes = await Promise.all(files.map(({ path }) => size(join(folder, path))))
  if (sizes.every(size => size === undefined)) return { state: 'absent' }
  const problems: BundleProblem[] = []
  for (const [index, file] of files.entries()) {
    const size = sizes[index]
    if (size === undefined) problems.push({ code: 'missing', file: file.path, facts: {} })
    else if (file.size !== undefined && file.size !== size)
      problems.push({ code: 'size', file: file.path, facts: { size, expected: file.size } })
    else {
      const problem = await check(file)
      if (problem !== undefined) problems.push(problem)
    }
  }
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
  return problems.length > 0 ? { state: 'broken', problems } : { state: 'good', files, bytes }
}

/** Names and sizes only: a few milliseconds. */
export const lookAtBundle = (folder: string, lock: BundleLock, arch: Arch, size: Size = sizeOf): Promise<BundleReport> =>
  checkAll(folder, lock, arch, size, async () => undefined)

/** Every byte, and that the assertions speak of these very snaps. */
export const verifyBundle = (folder: string, lock: BundleLock, options: VerifyOptions): Promise<BundleReport> => {
  const { arch, signal, onProgress } = options
  const total = (filesOf(lock, arch) ?? []).reduce((sum, { size }) => sum + (size ?? 0), 0)
  let before = 0
  return checkAll(folder, lock, arch, sizeOf, async file => {
    if (file.kind === 'assertions') return checkAssertions(folder, lock, arch, file)
    if (file.digest === undefined) return undefined
    const { algorithm, hex: expected } = file.digest
    try {
      const onBytes = (bytes: number) => onProgress?.(before + bytes, total)
      const digest = await hashFile(join(folder, file.path), algorithm, { onBytes, ...(signal === undefined ? {} : { signal }) })
      before += file.size ?? 0
      return digest === expected ? undefined : { code: 'digest', file: file.path, facts: { digest, expected, algorithm } }
    } catch (error) {
      signal?.throwIfAborted()
      return { code: 'unreadable', file: file.path, facts: { problem: error instanceof Error ? error.message : String(error) } }
    }
  })
}

const checkAssertions = async (
  folder: string,
  lock: BundleLock,
  arch: Arch,
  file: BundleFile,
): Promise<BundleProblem | undefined> => {
  const snap = lock.snaps.find(({ name }) => name === file.snap)
  const resolved = snap?.resolved[arch]
  if (snap?.source !== 'store' || !resolved || !('snapId' in resolved)) return undefined
  const text = (await readText(join(folder, snapFolder, resolved.assertions))) ?? ''
  const problem = problemOf(text, { ...resolved, name: snap.name })
  return problem === undefined ? undefined : { code: 'assertions', file: file.path, facts: { problem } }
}
