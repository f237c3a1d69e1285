// How sizes and permissions are written.

import type { FileInfo } from '../files.ts'

const letters = (bits: number) => `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`
export const modeText = (info: FileInfo): string => {
  const type = info.type === 'directory' ? 'd' : info.type === 'link' ? 'l' : '-'
  return type + letters(info.mode >> 6) + letters(info.mode >> 3) + letters(info.mode)
}

export const humanSize = (size: number): string => {
  let value = size
  let unit = 0
  while (value >= 1024) {
    value /= 1024
    unit++
  }
  return unit === 0 ? String(size) : `${value.toFixed(1)}${'KMGT'[unit - 1]}`
}
