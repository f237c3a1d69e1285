// One large file from the network: goes on where it stopped, is verified, and has its name only when it is whole and right.

import { open, rename, rm, statfs } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { AppError } from '../contract/errors.ts'
import type { Clock } from './clock.ts'
import { makeFolder, unwritable } from './files.ts'
import { hashFile, sizeOf } from './hash.ts'
import { type Answer, type Http, networkProblem } from './http.ts'

export interface Download {
  url: string
  path: string
  size: number
  digest: { algorithm: 'sha256' | 'sha3-384'; hex: string }
  /** Asked anew before each attempt: tokens do not last. */
  headers?: () => Promise<Readonly<Record<string, string>>>
  /** A token that is no longer good; true where another attempt is worth it. */
  onDenied?: (answer: Answer) => Promise<boolean>
  onBytes?: (done: number) => void
  signal?: AbortSignal
}

/** In a row, without one byte between them. */
const mostFailures = 5

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`

/** Says before anything is fetched that it will not fit. @throws AppError bundle.full */
export const ensureRoom = async (folder: string, bytes: number): Promise<void> => {
  const { bavail, bsize } = await statfs(folder)
  const missing = bytes - bavail * bsize
  if (missing > 0) throw new AppError('bundle.full', { path: folder, needed: megabytes(missing) })
}

/** Whether the file is there, whole and right. */
export const isWhole = async ({ path, size, digest, signal }: Omit<Download, 'url'>): Promise<boolean> =>
  (await sizeOf(path)) === size && (await hashFile(path, digest.algorithm, signal ? { signal } : {})) === digest.hex

/** @throws AppError bundle.network, bundle.refused, bundle.corrupt, bundle.full, storage.unwritable */
export const download = async (http: Http, clock: Clock, wanted: Download): Promise<void> => {
  const { path, size, onBytes, signal } = wanted
  if (await isWhole(wanted)) return onBytes?.(size)
  await makeFolder(dirname(path))
  const partial = `${path}.partial`
  if (((await sizeOf(partial)) ?? 0) > size) await rm(partial)
  await ensureRoom(dirname(path), size - ((await sizeOf(partial)) ?? 0))
  let failures = 0
  for (let before = (await sizeOf(partial)) ?? 0; before < size; ) {
    const problem = await attempt(http, wanted, partial, before)
    const after = (await sizeOf(partial)) ?? 0
    failures = after > before ? 0 : failures + 1
    if (problem !== undefined && failures >= mostFailures)
      throw new AppError('bundle.network', { host: new URL(wanted.url).host, problem })
    if (problem !== undefined) await clock.sleep(500 * 2 ** failures, signal)
    before = after
  }
  const { algorithm, hex } = wanted.digest
  const found = await hashFile(partial, algorithm, signal ? { signal } : {})
  if (found !== hex || (await sizeOf(partial)) !== size) {
    await rm(partial, { force: true })
    throw new AppError('bundle.corrupt', {
      file: basename(path),
      problem: `${algorithm} ${found.slice(0, 16)}…, ${hex.slice(0, 16)}…`,
    })
  }
  await rename(partial, path)
}

/** Appends what it gets; the words of what went wrong where it is worth another attempt. */
const attempt = async (http: Http, wanted: Download, partial: string, before: number): Promise<string | undefined> => {
  const { url, path, size, signal, onBytes, onDenied } = wanted
  const range: Record<string, string> = before > 0 ? { range: `bytes=${before}-` } : {}
  const headers = { ...(await wanted.headers?.()), ...range }
  const answer = await http.ask(url, { headers, ...(signal && { signal }) })
  const { status, body } = answer
  if (status === 401 && (await onDenied?.(answer))) return 'HTTP 401'
  // 416: the server's file is shorter than what we have. It is begun anew.
  const starts = status === 200 || status === 416
  if (status !== 206 && !starts) {
    body.destroy()
    throw new AppError('bundle.refused', { host: new URL(url).host, what: basename(path), problem: `HTTP ${status}` })
  }
  const file = await open(partial, starts ? 'w' : 'a').catch(error => {
    body.destroy()
    throw unwritable(partial, error)
  })
  let done = starts ? 0 : before
  try {
    if (status === 416) {
      body.destroy()
      return 'HTTP 416'
    }
    for await (const chunk of body) {
      done += (chunk as Buffer).length
      if (done > size) throw new Error(`more than ${size} bytes`)
      await file.write(chunk as Buffer)
      onBytes?.(done)
      signal?.throwIfAborted()
    }
    return done < size ? `ended after ${done} of ${size} bytes` : undefined
  } catch (error) {
    signal?.throwIfAborted()
    if (isFull(error))
      throw new AppError('bundle.full', { path: dirname(path), needed: megabytes(size - done) }, { cause: error })
    if (done > size) {
      await rm(partial, { force: true })
      throw new AppError('bundle.corrupt', { file: basename(path), problem: networkProblem(error) }, { cause: error })
    }
    return networkProblem(error)
  } finally {
    await file.close()
  }
}
