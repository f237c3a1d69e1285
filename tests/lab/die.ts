// Loaded into `khw` before it: kills it at one line of its journal, as a power cut or a SIGKILL would, and at no other instant.
// KHW_DIE = before:N | torn:N | after:N | during:N:MS, where N counts the lines that this process writes, from 1.

import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [how = '', count = '0', ms = '0'] = (process.env.KHW_DIE ?? '').split(':')
const at = Number(count)
const die = () => process.kill(process.pid, 'SIGKILL')

const { writeSync, fsyncSync } = fs
let lines = 0
let isDue = false

const isJournal = (data: unknown): data is Buffer => Buffer.isBuffer(data) && data.subarray(0, 9).toString() === '{"type":"'

fs.writeSync = ((handle: number, data: Buffer, ...rest: []) => {
  if (!isJournal(data)) return writeSync(handle, data, ...rest)
  lines += 1
  if (lines === at && how === 'before') die()
  if (lines === at && how === 'torn') {
    writeSync(handle, data.subarray(0, data.length / 2))
    fsyncSync(handle)
    die()
  }
  isDue = lines === at
  return writeSync(handle, data, ...rest)
}) as typeof fs.writeSync

fs.fsyncSync = handle => {
  fsyncSync(handle)
  if (!isDue) return
  isDue = false
  if (how === 'after') die()
  if (how === 'during') setTimeout(die, Number(ms))
}

syncBuiltinESMExports()
