// The house as it stands: every source file, its room, and what it imports.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

export interface SourceFile {
  /** From the repository's root: `electron/rpc/serve.ts`. */
  path: string
  /** `rpc`, `renderer/state`. */
  room: string
  text: string
  /** Of ours: paths from the root; of others: package names. */
  imports: string[]
}

const walk = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))

export const roomOf = (path: string): string => {
  const [top, room = ''] = path.split('/')
  return top === 'electron' ? room : `${top}/${room}`
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"\n]*?(?:\{[^}]*\})?[^'"\n]*?from\s*['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g

export const importsOf = (path: string, text: string): string[] =>
  [...text.matchAll(importPattern)].map(match => {
    const name = (match[1] ?? match[2] ?? match[3]) as string
    return name.startsWith('.') ? relative(root, resolve(root, dirname(path), name)) : name.replace(/^node:/, '')
  })

export const sources = (): SourceFile[] =>
  ['electron', 'renderer'].flatMap(walk).map(path => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, room: roomOf(path), text, imports: importsOf(path, text) }
  })

/** The import table of ARCHITECTURE.md: room to what it may import. */
export const importTable = (): Map<string, string[]> => {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const table = page.slice(page.indexOf('## Rooms, and who may import whom'), page.indexOf('Beside them:'))
  const rows = table.split('\n').filter(line => /^\| [a-z]/.test(line) && !line.startsWith('| room'))
  return new Map(
    rows.map(row => {
      const cells = row.split('|').map(cell => cell.trim())
      return [cells[1] as string, [...(cells[3] as string).matchAll(/`([^`]+)`/g)].map(match => match[1] as string)]
    }),
  )
}
