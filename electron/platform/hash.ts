// Digests of files too large to hold: read in pieces, stopped by a signal.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

export interface HashOptions {
  signal?: AbortSignal
  /** Bytes read so far. */
  onBytes?: (bytes: number) => void
}

/** Hex. @throws the system's error, or the signal's reason */
export const hashFile = async (
  path: string,
  algorithm: 'sha256' | 'sha3-384',
  { signal, onBytes }: HashOptions = {},
): Promise<string> => {
  const hash = createHash(algorithm)
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    signal?.throwIfAborted()
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
    onBytes?.(bytes)
  }
  return hash.digest('hex')
}

/** A regular file's size; undefined for anything else. */
export const sizeOf = async (path: string): Promise<number | undefined> => {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ? found.size : undefined
}
