// A container's file tree in memory: what an image holds, what volumes add, what programs write.

export interface FileInfo {
  name: string
  type: 'file' | 'directory' | 'link'
  size: number
  /** Permission bits. */
  mode: number
  /** Milliseconds since the epoch. */
  modified: number
  /** For a link. */
  target?: string
}

/** Paths are absolute and normalised inside; links are followed. Methods throw Error with a `code` of ENOENT, EISDIR, ENOTDIR, EROFS, EEXIST or ENOTEMPTY. */
export interface FileTree {
  read(path: string): Uint8Array
  text(path: string): string
  write(path: string, data: string | Uint8Array, mode?: number): void
  append(path: string, data: string | Uint8Array): void
  stat(path: string): FileInfo
  exists(path: string): boolean
  list(path: string): FileInfo[]
  /** Makes parents too. */
  makeDirectory(path: string): void
  link(path: string, target: string): void
  remove(path: string, options?: { recursive?: boolean }): void
  move(from: string, to: string): void
  chmod(path: string, mode: number): void
  /** Shows another tree (or a path in it) at a path of this one. */
  mount(path: string, volume: FileTree, options: { subPath?: string; readOnly: boolean }): void
}
