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

/**
 * Paths are absolute and normalised inside; links are followed.
 * Methods throw Error with a `code` of ENOENT, EISDIR, ENOTDIR, EROFS, EEXIST, ENOTEMPTY, EBUSY, ELOOP or EINVAL.
 */
export interface FileTree {
  read(path: string): Uint8Array
  text(path: string): string
  write(path: string, data: string | Uint8Array, mode?: number): void
  append(path: string, data: string | Uint8Array): void
  stat(path: string): FileInfo
  /** Like stat, but tells of a link itself. */
  lstat(path: string): FileInfo
  exists(path: string): boolean
  list(path: string): FileInfo[]
  /** Makes parents too. */
  makeDirectory(path: string): void
  link(path: string, target: string): void
  remove(path: string, options?: { recursive?: boolean }): void
  move(from: string, to: string): void
  chmod(path: string, mode: number): void
  touch(path: string, modified: number): void
  /**
   * Shows another tree (or a path in it) at a path of this one. A subPath is bound to what it names now: a file that is
   * removed from the volume and written anew later (as a ConfigMap's update does) stays the old one here.
   */
  mount(path: string, volume: FileTree, options: { subPath?: string; readOnly: boolean }): void
  /** A tree that begins as this one and then goes its own way; this one must not be written to any more. */
  fork(): FileTree
  /** Grows with every change of what is in the tree itself; what is mounted has its own. */
  readonly changes: number
  /** How it is now, without what is mounted. It never changes, and shares what it can: cheap to keep. */
  save(): SavedTree
}

/** A file tree at one moment: {@link createFileTree} brings it back. */
export interface SavedTree {
  readonly type: 'file' | 'directory' | 'link'
  readonly mode: number
  readonly modified: number
  /** A file's; at least `size` long. */
  readonly bytes: Uint8Array
  readonly size: number
  readonly target: string
  readonly children?: ReadonlyMap<string, SavedTree>
}

export class FileError extends Error {
  readonly code: string

  constructor(code: string, path: string) {
    super(`${code}: ${path}`)
    this.name = 'FileError'
    this.code = code
  }
}

interface Mounted {
  tree: MemoryTree
  node: Node
  readOnly: boolean
}

interface Node {
  type: 'file' | 'directory' | 'link'
  mode: number
  modified: number
  /** The tree that may change this node; others copy it first. */
  owner: object
  /** A file's bytes; the buffer may be longer than `size`, to append cheaply. */
  bytes: Uint8Array
  size: number
  target: string
  children?: Map<string, Node>
  /** Something is mounted over this node. */
  mounted?: Mounted
}

/** One node on the way from the root, the tree it belongs to, and its name in its parent. */
interface Place {
  node: Node
  name: string
  tree: MemoryTree
  readOnly: boolean
}

const nothing = new Uint8Array(0)
/** The owner of what is saved: nobody may change it. */
const nobody = {}
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? encoder.encode(data) : data.slice())
const parts = (path: string) => path.split('/').filter(part => part !== '' && part !== '.')

/** Makes a path absolute and removes `.` and `..` by name. */
export const resolvePath = (cwd: string, path: string): string => {
  const out: string[] = []
  for (const part of parts(path.startsWith('/') ? path : `${cwd}/${path}`)) {
    if (part === '..') out.pop()
    else out.push(part)
  }
  return `/${out.join('/')}`
}

class MemoryTree implements FileTree {
  readonly #now: () => number
  #root: Node
  #saved: { at: number; root: Node } | undefined
  changes = 0

  constructor(now: () => number, root?: Node) {
    this.#now = now
    this.#root = root ?? this.#make('directory', 0o755)
  }

  #make(type: Node['type'], mode: number): Node {
    const node: Node = { type, mode, modified: this.#now(), owner: this, bytes: nothing, size: 0, target: '' }
    if (type === 'directory') node.children = new Map()
    return node
  }

  #rootPlace(): Place {
    return { node: this.#root, name: '', tree: this, readOnly: false }
  }

  #step(place: Place, name: string, path: string): Place | undefined {
    if (place.node.type !== 'directory') throw new FileError('ENOTDIR', path)
    const node = place.node.children?.get(name)
    if (!node) return undefined
    if (!node.mounted) return { node, name, tree: place.tree, readOnly: place.readOnly }
    return { node: node.mounted.node, name, tree: node.mounted.tree, readOnly: node.mounted.readOnly }
  }

  /** Walks to a path; the last part may be missing (`missing` is then its name) where `create` is set. */
  #walk(path: string, options: { follow: boolean; create?: boolean }): { way: Place[]; missing?: string } {
    let way: Place[] = [this.#rootPlace()]
    const rest = parts(path)
    for (let links = 0; rest.length > 0; ) {
      const name = rest.shift()!
      if (name === '..') {
        if (way.length > 1) way.pop()
        continue
      }
      const next = this.#step(way.at(-1)!, name, path)
      if (!next) {
        if (options.create && rest.length === 0) return { way, missing: name }
        throw new FileError('ENOENT', path)
      }
      if (next.node.type === 'link' && (rest.length > 0 || options.follow)) {
        if (++links > 40) throw new FileError('ELOOP', path)
        if (next.node.target.startsWith('/')) way = [this.#rootPlace()]
        rest.unshift(...parts(next.node.target))
      } else way.push(next)
    }
    return { way }
  }

  #find(path: string, follow = true): Node {
    return this.#walk(path, { follow }).way.at(-1)!.node
  }

  /** Makes every node of a way this tree's own, so that the last may be changed; returns the last. */
  #own(way: Place[], path: string): Node {
    if (way.at(-1)!.readOnly) throw new FileError('EROFS', path)
    way.at(-1)!.tree.changes++
    for (const [index, place] of way.entries()) {
      if (place.node.owner === place.tree) continue
      // Without the spare room, so that two trees never append into one buffer.
      const copy: Node = { ...place.node, owner: place.tree, bytes: place.node.bytes.subarray(0, place.node.size) }
      if (place.node.children) copy.children = new Map(place.node.children)
      const parent = way[index - 1]
      if (!parent || parent.tree !== place.tree) place.tree.#root = copy
      else parent.node.children!.set(place.name, copy)
      place.node = copy
    }
    return way.at(-1)!.node
  }

  #fill(node: Node, data: string | Uint8Array) {
    node.bytes = bytesOf(data)
    node.size = node.bytes.length
    node.modified = this.#now()
  }

  /** The file at a path, made where it is missing, ready to be changed. */
  #file(path: string, mode?: number): Node {
    const { way, missing } = this.#walk(path, { follow: true, create: true })
    const node = this.#own(way, path)
    if (missing === undefined) {
      if (node.type === 'directory') throw new FileError('EISDIR', path)
      if (mode !== undefined) node.mode = mode
      return node
    }
    if (node.type !== 'directory') throw new FileError('ENOTDIR', path)
    const file = way.at(-1)!.tree.#make('file', mode ?? 0o644)
    node.children!.set(missing, file)
    node.modified = this.#now()
    return file
  }

  read(path: string): Uint8Array {
    const node = this.#find(path)
    if (node.type === 'directory') throw new FileError('EISDIR', path)
    return node.bytes.subarray(0, node.size)
  }

  text(path: string): string {
    return decoder.decode(this.read(path))
  }

  write(path: string, data: string | Uint8Array, mode?: number): void {
    this.#fill(this.#file(path, mode), data)
  }

  append(path: string, data: string | Uint8Array): void {
    const node = this.#file(path)
    const added = bytesOf(data)
    if (node.size + added.length > node.bytes.length) {
      const longer = new Uint8Array(Math.max(node.size + added.length, node.bytes.length * 2))
      longer.set(node.bytes.subarray(0, node.size))
      node.bytes = longer
    }
    node.bytes.set(added, node.size)
    node.size += added.length
    node.modified = this.#now()
  }

  #info(name: string, node: Node): FileInfo {
    const size = node.type === 'directory' ? 4096 : node.type === 'link' ? node.target.length : node.size
    const info: FileInfo = { name, type: node.type, size, mode: node.mode, modified: node.modified }
    if (node.type === 'link') info.target = node.target
    return info
  }

  stat(path: string): FileInfo {
    return this.#info(parts(path).at(-1) ?? '/', this.#find(path))
  }

  lstat(path: string): FileInfo {
    return this.#info(parts(path).at(-1) ?? '/', this.#find(path, false))
  }

  exists(path: string): boolean {
    try {
      this.#find(path)
      return true
    } catch (error) {
      if (error instanceof FileError) return false
      throw error
    }
  }

  list(path: string): FileInfo[] {
    const node = this.#find(path)
    if (node.type !== 'directory') throw new FileError('ENOTDIR', path)
    return [...node.children!]
      .map(([name, child]) => this.#info(name, child.mounted?.node ?? child))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  makeDirectory(path: string): void {
    const names = parts(resolvePath('/', path))
    for (let depth = 1; depth <= names.length; depth++) {
      const { way, missing } = this.#walk(`/${names.slice(0, depth).join('/')}`, { follow: true, create: true })
      if (missing === undefined) {
        if (way.at(-1)!.node.type !== 'directory') throw new FileError(depth === names.length ? 'EEXIST' : 'ENOTDIR', path)
        continue
      }
      const parent = this.#own(way, path)
      parent.children!.set(missing, way.at(-1)!.tree.#make('directory', 0o755))
      parent.modified = this.#now()
    }
  }

  link(path: string, target: string): void {
    const { way, missing } = this.#walk(path, { follow: false, create: true })
    if (missing === undefined) throw new FileError('EEXIST', path)
    const parent = this.#own(way, path)
    if (parent.type !== 'directory') throw new FileError('ENOTDIR', path)
    parent.children!.set(missing, { ...way.at(-1)!.tree.#make('link', 0o777), target })
  }

  remove(path: string, options: { recursive?: boolean } = {}): void {
    const { way } = this.#walk(path, { follow: false })
    const place = way.pop()!
    const above = way.at(-1)
    if (!above || above.node.children?.get(place.name)?.mounted) throw new FileError('EBUSY', path)
    if (place.node.type === 'directory' && !options.recursive && place.node.children!.size > 0)
      throw new FileError('ENOTEMPTY', path)
    const parent = this.#own(way, path)
    if (holdsMount(place.node)) throw new FileError('EBUSY', path)
    parent.children!.delete(place.name)
    parent.modified = this.#now()
  }

  move(from: string, to: string): void {
    const source = this.#walk(from, { follow: false })
    const { way, missing } = this.#walk(to, { follow: false, create: true })
    if (source.way.some(place => place.node === way.at(-1)!.node) && source.way.length === way.length && missing === undefined)
      return
    if (way.some(place => place.node === source.way.at(-1)!.node)) throw new FileError('EINVAL', to)
    const name = missing ?? way.pop()!.name
    const parent = this.#own(way, to)
    if (parent.type !== 'directory') throw new FileError('ENOTDIR', to)
    const old = parent.children!.get(name)
    if (old?.mounted) throw new FileError('EBUSY', to)
    if (old?.type === 'directory' && old.children!.size > 0) throw new FileError('ENOTEMPTY', to)
    const node = source.way.at(-1)!.node
    this.remove(from, { recursive: true })
    // Found again: removing may have copied the way.
    const after = this.#walk(to, { follow: false, create: true }).way
    if (missing === undefined) after.pop()
    this.#own(after, to).children!.set(name, node)
  }

  chmod(path: string, mode: number): void {
    this.#own(this.#walk(path, { follow: true }).way, path).mode = mode
  }

  touch(path: string, modified: number): void {
    this.#own(this.#walk(path, { follow: true }).way, path).modified = modified
  }

  mount(path: string, volume: FileTree, options: { subPath?: string; readOnly: boolean }): void {
    if (!(volume instanceof MemoryTree)) throw new TypeError('only trees made by createFileTree can be mounted')
    if (options.subPath && !volume.exists(options.subPath)) volume.makeDirectory(options.subPath)
    // The volume's own from now on: a copy made later would not be seen here.
    const node = volume.#own(volume.#walk(options.subPath ?? '/', { follow: true }).way, path)
    this.makeDirectory(resolvePath(path, '..'))
    const { way, missing } = this.#walk(path, { follow: true, create: true })
    const name = missing ?? way.pop()!.name
    const place = this.#own(way, path)
    const point = this.#make(node.type, node.mode)
    point.mounted = { tree: volume, node, readOnly: options.readOnly }
    place.children!.set(name, point)
  }

  fork(): FileTree {
    return new MemoryTree(this.#now, this.#root)
  }

  save(): SavedTree {
    if (this.#saved?.at !== this.changes) this.#saved = { at: this.changes, root: this.#frozen(this.#root) }
    return this.#saved.root
  }

  /** A copy of what is this tree's own; the rest does not change anyway. */
  #frozen(node: Node): Node {
    if (node.owner !== this) return node
    const { mounted: _, ...kept } = node
    const copy: Node = { ...kept, owner: nobody, bytes: node.bytes.subarray(0, node.size) }
    if (node.children) copy.children = new Map([...node.children].map(([name, child]) => [name, this.#frozen(child)]))
    return copy
  }
}

/** What was saved, or read from elsewhere, as nodes that are copied before they are changed. */
const nodeOf = (saved: SavedTree): Node =>
  'owner' in saved
    ? (saved as Node)
    : {
        ...saved,
        owner: nobody,
        children: saved.children && new Map([...saved.children].map(([name, child]) => [name, nodeOf(child)])),
      }

const holdsMount = (node: Node): boolean =>
  node.mounted !== undefined ||
  (node.children !== undefined && node.children.size > 0 && [...node.children.values()].some(holdsMount))

/** An empty tree, or one that begins as it was saved; `now` stamps what is written. */
export const createFileTree = (now: () => number, saved?: SavedTree): FileTree => new MemoryTree(now, saved && nodeOf(saved))
