// Files that must tell the truth after a power cut: each line is on the disk before the next thing happens.

import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolders, unwritable } from './files.ts'

export interface DurableLines {
  /** Whole lines that were there at the beginning. */
  readonly lines: readonly string[]
  /** Bytes of a last line that a crash cut off; they are gone from the file now. */
  readonly torn: number
  /** Returns when the line is on the disk. @throws AppError storage.unwritable */
  append(line: string): void
  close(): void
}

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Opens or makes a file of lines, readable by its owner only. @throws AppError storage.unwritable */
export const openDurableLines = (path: string): DurableLines => {
  try {
    makeFolders(dirname(path))
    const handle = openSync(path, 'a+', 0o600)
    const bytes = readFileSync(handle)
    const whole = bytes.lastIndexOf(10) + 1
    if (whole < bytes.length) ftruncateSync(handle, whole)
    fsyncSync(handle)
    syncFolder(dirname(path))
    return {
      lines: bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1),
      torn: bytes.length - whole,
      append: line => {
        const before = fstatSync(handle).size
        try {
          const bytes = Buffer.from(`${line}\n`)
          // The last room on a disk takes a part of a line without a complaint; only the rest of it is refused.
          for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done)
          fsyncSync(handle)
        } catch (error) {
          ftruncateSync(handle, before)
          throw unwritable(path, error)
        }
      },
      close: () => closeSync(handle),
    }
  } catch (error) {
    throw unwritable(path, error)
  }
}
