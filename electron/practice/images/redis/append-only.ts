// The append-only file of a redis server: every write as a request, on its volume, played again at the start.

import type { FileTree } from '../files.ts'
import type { Data } from './data.ts'
import { readRdb, writeRdb } from './rdb.ts'
import { encodeRequest, Parser } from './resp.ts'

// Models redis/src/aof.c: a base file, a file of what came later, and a manifest that names them
export interface AppendOnly {
  /** Adds a write. */
  append(database: number, words: readonly string[]): void
  /** Writes all data into a new base file and begins a new file of changes. */
  rewrite(): void
}

interface Options {
  files: FileTree
  /** `/data/appendonlydir`. */
  folder: string
  data: Data
  /** Carries out a request that was read. */
  replay(database: number, words: readonly string[]): void
  log(text: string): void
}

const name = 'appendonly.aof'
const base = (number: number) => `${name}.${number}.base.rdb`
const incremental = (number: number) => `${name}.${number}.incr.aof`

/** Loads what the folder holds, or begins anew. @throws Error where a file cannot be read as what it should be */
export const openAppendOnly = ({ files, folder, data, replay, log }: Options): AppendOnly => {
  const manifest = `${folder}/${name}.manifest`
  let number = 1
  let selected = -1

  const begin = () => {
    files.write(`${folder}/${base(number)}`, Buffer.from(writeRdb(data), 'latin1'))
    files.write(`${folder}/${incremental(number)}`, '')
    files.write(manifest, `file ${base(number)} seq ${number} type b\nfile ${incremental(number)} seq ${number} type i\n`)
    selected = -1
  }

  const load = (file: string) => {
    const parser = new Parser()
    parser.push(Buffer.from(files.read(file)).toString('latin1'))
    let database = 0
    for (let words = parser.request(); words; words = parser.request()) {
      if (words[0]?.toUpperCase() === 'SELECT') database = Number(words[1])
      else replay(database, words)
    }
    if (!parser.isPartial) return
    log(`!!! Warning: short read while loading the AOF file ${file.replace(/^.*\//, '')}!!!`)
  }

  if (files.exists(manifest)) {
    number = Number(/seq (\d+) type b/.exec(files.text(manifest))?.[1] ?? 1)
    log('Reading RDB base file on AOF loading...')
    readRdb(files.read(`${folder}/${base(number)}`), data)
    log(`DB loaded from base file ${base(number)}: 0.000 seconds`)
    load(`${folder}/${incremental(number)}`)
    log(`DB loaded from incr file ${incremental(number)}: 0.000 seconds`)
    log('DB loaded from append only file: 0.000 seconds')
    log(`Opening AOF incr file ${incremental(number)} on server start`)
  } else {
    files.makeDirectory(folder)
    begin()
    log(`Creating AOF base file ${base(number)} on server start`)
    log(`Creating AOF incr file ${incremental(number)} on server start`)
  }

  return {
    append(database, words) {
      const select = database === selected ? '' : encodeRequest(['SELECT', String(database)])
      selected = database
      files.append(`${folder}/${incremental(number)}`, Buffer.from(`${select}${encodeRequest(words)}`, 'latin1'))
    },
    rewrite() {
      const old = number++
      begin()
      for (const file of [base(old), incremental(old)]) files.remove(`${folder}/${file}`)
    },
  }
}
