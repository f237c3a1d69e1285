// An append-only file of records that survives being killed at any instant: each record has a checksum, each append is synced.

import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile, realpath, rename, rm, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { AppError } from '../contract/errors.ts'
import { makeFolder, setAside, unwritable } from './files.ts'

export interface Journal {
  readonly path: string
  /** Bytes in the file. */
  readonly size: number
  /** Settles when all of them are on disk. @throws the system's error; the file is then as it was before */
  append(records: readonly string[]): Promise<void>
  /** Puts these records in place of all others, at once or not at all. @throws the system's error */
  rewrite(records: Iterable<string>): Promise<void>
  /** Keeps room on the disk for a last few writes; false where there is none. */
  reserve(): Promise<boolean>
  /** Gives that room free. */
  release(): Promise<void>
  close(): Promise<void>
}

export interface Opened {
  journal: Journal
  /** What is in the file, oldest first. */
  records: string[]
}

const fileName = 'state.log'
/** The format and its version. */
const header = Buffer.from('KHW-STATE 1\n')
/** Each record begins with these four bytes, so that records can be found behind damage; then length and checksum. */
const mark = Buffer.from('\u0001KR\n')
const frameSize = 12
const reserveBytes = 1024 * 1024
const chunkBytes = 256 * 1024

const frame = (record: string): Buffer => {
  const payload = Buffer.from(record)
  const framed = Buffer.allocUnsafe(frameSize + payload.length)
  mark.copy(framed, 0)
  framed.writeUInt32LE(payload.length, 4)
  framed.writeUInt32LE(crc32(payload, payload.length), 8)
  payload.copy(framed, frameSize)
  return framed
}

/** The record at a place; undefined where none is whole. */
const recordAt = (bytes: Buffer, at: number): { text: string; end: number } | undefined => {
  if (at + frameSize > bytes.length || bytes.compare(mark, 0, 4, at, at + 4) !== 0) return undefined
  const length = bytes.readUInt32LE(at + 4)
  const end = at + frameSize + length
  if (end > bytes.length) return undefined
  const payload = bytes.subarray(at + frameSize, end)
  return crc32(payload, length) === bytes.readUInt32LE(at + 8) ? { text: payload.toString(), end } : undefined
}

/** Reads records until one is not whole: at `end`. `isDamaged` where others follow it, so that it is no torn tail. */
export const readRecords = (bytes: Buffer, from = 0): { records: string[]; end: number; isDamaged: boolean } => {
  const records: string[] = []
  let end = from
  for (let next = recordAt(bytes, end); next; next = recordAt(bytes, end)) {
    records.push(next.text)
    end = next.end
  }
  let isDamaged = false
  for (let at = bytes.indexOf(mark, end + 1); at >= 0 && !isDamaged; at = bytes.indexOf(mark, at + 1))
    isDamaged = recordAt(bytes, at) !== undefined
  return { records, end, isDamaged }
}

/** Held by a listening socket that the kernel closes when we die, however we die. @throws AppError practice.inUse */
const lock = async (folder: string): Promise<Server> => {
  // In Linux' abstract namespace: no file is left behind.
  const name = `\0khw-state-${createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 32)}`
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    socket.end(String(process.pid))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(name, resolve)
  }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw unwritable(folder, error)
    throw new AppError('practice.inUse', { path: folder, pid: await ownerOf(name) })
  })
  return server.unref()
}

const ownerOf = (name: string): Promise<string> =>
  new Promise(resolve => {
    let pid = ''
    const socket = connect(name)
    socket.on('data', part => (pid += String(part)))
    socket.on('error', () => resolve('?'))
    socket.on('close', () => resolve(pid || '?'))
    socket.setTimeout(1000, () => socket.destroy())
  })

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A new file with these records, on disk; its size. */
const writeAll = async (path: string, records: Iterable<string>): Promise<number> => {
  const file = await open(path, 'w', 0o600)
  let size = 0
  try {
    let parts: Buffer[] = [header]
    let waiting = header.length
    const flush = async () => {
      await file.writev(parts)
      size += waiting
      parts = []
      waiting = 0
    }
    for (const record of records) {
      const framed = frame(record)
      parts.push(framed)
      waiting += framed.length
      if (waiting >= chunkBytes) await flush()
    }
    await flush()
    await file.sync()
  } finally {
    await file.close()
  }
  return size
}

const read = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** What is in the file, and how long its good part is. @throws AppError practice.damaged, practice.newer */
const load = (path: string, bytes: Buffer): { records: string[]; end: number } => {
  const begin = bytes.subarray(0, header.length)
  // Killed while it was being made: there was nothing in it yet.
  if (bytes.length < header.length && begin.equals(header.subarray(0, begin.length))) return { records: [], end: 0 }
  if (!begin.equals(header)) {
    const isOurs = begin.toString('latin1').startsWith('KHW-STATE ')
    throw isOurs ? new AppError('practice.newer', { path }) : new AppError('practice.damaged', { path, at: 0 })
  }
  const { records, end, isDamaged } = readRecords(bytes, header.length)
  if (isDamaged) throw new AppError('practice.damaged', { path, at: end })
  return { records, end }
}

/**
 * Opens the journal of a folder, made where it is missing; only one process has it at a time.
 * @param options.isAfresh sets what is there aside, under another name, and begins anew
 * @throws AppError practice.inUse, practice.damaged, practice.newer, storage.unwritable
 */
export const openJournal = async (folder: string, options: { isAfresh?: boolean; now: number }): Promise<Opened> => {
  await makeFolder(folder)
  const held = await lock(folder)
  const path = join(folder, fileName)
  const reserve = join(folder, 'reserve')
  try {
    const found = await read(path)
    const isKept = found !== undefined && !options.isAfresh
    if (found && options.isAfresh) await setAside(path, `aside-${options.now}`)
    const { records, end } = isKept ? load(path, found) : { records: [], end: 0 }
    if (end === 0) await writeAll(path, [])
    const file = await open(path, 'r+')
    const size = end || header.length
    // What a kill tore off was told to nobody.
    await file.truncate(size)
    await syncFolder(folder)
    return { records, journal: createJournal({ folder, path, reserve, file, size, held }) }
  } catch (error) {
    held.close()
    throw error instanceof AppError ? error : unwritable(path, error)
  }
}

interface Parts {
  folder: string
  path: string
  reserve: string
  file: FileHandle
  size: number
  held: Server
}

const createJournal = ({ folder, path, reserve, file: first, size: found, held }: Parts): Journal => {
  let file = first
  let size = found
  return {
    path,
    get size() {
      return size
    },
    async append(records) {
      const bytes = Buffer.concat(records.map(frame))
      try {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, done, bytes.length - done, size + done)
          done += bytesWritten
        }
        await file.datasync()
        size += bytes.length
      } catch (error) {
        // A half record in the middle would look like damage later.
        await file.truncate(size)
        throw error
      }
    },
    async rewrite(records) {
      const fresh = `${path}.new`
      try {
        const length = await writeAll(fresh, records)
        const next = await open(fresh, 'r+')
        await rename(fresh, path)
        const old = file
        file = next
        size = length
        await old.close()
        await syncFolder(folder)
      } catch (error) {
        await rm(fresh, { force: true })
        throw error
      }
    },
    async reserve() {
      try {
        const room = await open(reserve, 'w', 0o600)
        try {
          await room.writeFile(Buffer.alloc(reserveBytes, 1))
          await room.datasync()
        } finally {
          await room.close()
        }
        return true
      } catch {
        // Told by the answer.
        await rm(reserve, { force: true })
        return false
      }
    },
    release: () => unlink(reserve).catch(() => {}),
    async close() {
      await file.close()
      held.close()
    },
  }
}
