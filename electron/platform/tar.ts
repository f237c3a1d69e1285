// Writes a tar file: the same entries give the same bytes, whenever and wherever it is written.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../contract/errors.ts'
import { unwritable } from './files.ts'

export interface TarEntry {
  /** Up to 100 characters. */
  name: string
  size: number
  from: { bytes: Uint8Array } | { path: string }
}

const block = 512

/** POSIX ustar: owner root, mode 0644, no time. */
const header = ({ name, size }: TarEntry): Buffer => {
  const bytes = Buffer.alloc(block)
  const octal = (value: number, at: number, length: number) => bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  bytes.write(name, 0)
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  bytes.write('        ', 148)
  bytes.write('0', 156)
  bytes.write('ustar\x0000', 257)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return bytes
}

/** @returns size and sha256 of the file. @throws AppError bundle.full, storage.unwritable, or the signal's reason */
export const writeTar = async (
  path: string,
  entries: readonly TarEntry[],
  signal?: AbortSignal,
): Promise<{ size: number; sha256: string }> => {
  const partial = `${path}.partial`
  const hash = createHash('sha256')
  let size = 0
  const file = await open(partial, 'w').catch(error => {
    throw unwritable(partial, error)
  })
  const write = async (bytes: Uint8Array) => {
    signal?.throwIfAborted()
    hash.update(bytes)
    size += bytes.length
    await file.write(bytes)
  }
  try {
    for (const entry of entries) {
      await write(header(entry))
      if ('bytes' in entry.from) await write(entry.from.bytes)
      else
        for await (const chunk of createReadStream(entry.from.path, { highWaterMark: 1024 * 1024 })) await write(chunk as Buffer)
      await write(Buffer.alloc((block - (size % block)) % block))
    }
    await write(Buffer.alloc(2 * block))
    await file.sync()
    await file.close()
    await rename(partial, path)
    return { size, sha256: hash.digest('hex') }
  } catch (error) {
    await file.close().catch(() => {})
    await rm(partial, { force: true })
    signal?.throwIfAborted()
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw new AppError('bundle.full', { path: dirname(path), needed: '…' }, { cause: error })
    throw unwritable(path, error)
  }
}
