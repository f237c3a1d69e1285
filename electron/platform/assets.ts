// The built page's files, and nothing else.

import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'

export interface Asset {
  bytes: Uint8Array<ArrayBuffer>
  type: string
  /** Named by its content's hash: may be kept for ever. */
  isHashed: boolean
}

/** A file by its path from the page's root, such as `index.html`; undefined for anything else. */
export type ReadAsset = (path: string) => Promise<Asset | undefined>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** A path is looked up in a list of the folder and never joined to it, so no path can lead out. A rebuild is seen with the next page load. */
export const openAssets = (folder: string): ReadAsset => {
  let files = list(folder)
  return async path => {
    if (path === 'index.html') files = list(folder)
    const file = files.get(path)
    if (file === undefined) return undefined
    const bytes = new Uint8Array(await readFile(file))
    return { bytes, type: types[extname(file)] ?? '', isHashed: path.startsWith('assets/') }
  }
}

const list = (folder: string): ReadonlyMap<string, string> => {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true, recursive: true }) : []
  const known = entries.filter(entry => entry.isFile() && types[extname(entry.name)] !== undefined)
  return new Map(known.map(entry => join(entry.parentPath, entry.name)).map(path => [relative(folder, path), path]))
}
