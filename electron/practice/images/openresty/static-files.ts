// Files from the container's tree: index, try_files, types, directories.

import { FileError, type FileTree } from '../files.ts'
import { strerror } from '../words.ts'
import { type Exchange, scopeOf } from './exchange.ts'

export type StaticAnswer =
  | { type: 'file'; bytes: Uint8Array; contentType: string; modified: number }
  | { type: 'redirect'; uri: string }
  | { type: 'internal'; uri: string }
  | { type: 'page'; html: string }
  | { type: 'error'; code: number; log?: string }

/** The path of a file for a URI, by root or alias. */
export const filePath = (exchange: Exchange, uri: string, root: string): string => {
  const { alias } = scopeOf(exchange)
  if (alias === undefined) return root.replace(/\/$/, '') + uri
  if (exchange.location?.pattern) return alias
  return alias + uri.slice(exchange.location?.path.length ?? 0)
}

export const contentTypeOf = (exchange: Exchange, path: string): string => {
  const scope = scopeOf(exchange)
  return scope.types.get(/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '') ?? scope.defaultType
}

const infoOf = (files: FileTree, path: string) => {
  try {
    return files.stat(path)
  } catch (error) {
    if (error instanceof FileError) return undefined
    throw error
  }
}

/** Numbers that Linux gives to what nginx tells of files. */
const errno: Readonly<Record<string, number>> = { ENOENT: 2, ENOTDIR: 20, EISDIR: 21, EACCES: 13, ELOOP: 40 }

const listing = (files: FileTree, path: string, uri: string): string => {
  const rows = files.list(path).map(({ name, type, size }) => {
    const shown = type === 'directory' ? `${name}/` : name
    return `<a href="${encodeURI(shown)}">${shown}</a>${' '.repeat(Math.max(1, 51 - shown.length))}${type === 'directory' ? '-' : size}`
  })
  return `<html>\r\n<head><title>Index of ${uri}</title></head>\r\n<body>\r\n<h1>Index of ${uri}</h1><hr><pre><a href="../">../</a>\r\n${rows.join('\r\n')}\r\n</pre><hr></body>\r\n</html>\r\n`
}

export const findFile = (exchange: Exchange, files: FileTree, root: string): StaticAnswer => {
  const scope = scopeOf(exchange)
  const { uri } = exchange
  if (!uri.endsWith('/')) {
    const path = filePath(exchange, uri, root)
    try {
      const info = files.stat(path)
      if (info.type === 'directory') return { type: 'redirect', uri: `${uri}/${exchange.args ? `?${exchange.args}` : ''}` }
      if ((info.mode & 0o444) === 0) throw new FileError('EACCES', path)
      return { type: 'file', bytes: files.read(path), contentType: contentTypeOf(exchange, path), modified: info.modified }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const code = error.code === 'EACCES' ? 403 : 404
      return { type: 'error', code, log: `open() "${path}" failed (${errno[error.code] ?? 2}: ${strerror(error)})` }
    }
  }
  const directory = filePath(exchange, uri, root)
  for (const name of scope.index) {
    if (name.startsWith('/')) return { type: 'internal', uri: name }
    if (infoOf(files, directory + name)?.type === 'file') return { type: 'internal', uri: uri + name }
  }
  if (infoOf(files, directory)?.type !== 'directory')
    return { type: 'error', code: 404, log: `"${directory}${scope.index[0] ?? ''}" is not found (2: No such file or directory)` }
  if (scope.autoindex) return { type: 'page', html: listing(files, directory, uri) }
  return { type: 'error', code: 403, log: `directory index of "${directory}" is forbidden` }
}
