// Disks as records: what changed in a file tree between two moments, and a tree made from records again. Pure.

import type { FileTree, SavedTree } from '../images/files.ts'

/** One change of the tree of that name: `x` all of it goes, `f` a file with these bytes (base64), `a` more of it, `d` a directory, `l` a link, `r` removed. */
export interface DiskRecord {
  t: string
  p?: string
  x?: 1
  f?: string
  a?: string
  d?: 1
  l?: string
  r?: 1
  /** Permission bits and time of change. */
  m?: number
  s?: number
}

const bytesOf = ({ bytes, size }: SavedTree): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, size)

const whole = (tree: string, path: string, node: SavedTree): DiskRecord[] => {
  const place = { t: tree, p: path }
  const look = { m: node.mode, s: node.modified }
  if (node.type === 'link') return [{ ...place, l: node.target }]
  if (node.type === 'file') return [{ ...place, f: bytesOf(node).toString('base64'), ...look }]
  const below = [...(node.children ?? [])].flatMap(([name, child]) => whole(tree, `${path === '/' ? '' : path}/${name}`, child))
  return path === '/' ? below : [{ ...place, d: 1, ...look }, ...below]
}

const changedFile = (tree: string, path: string, old: SavedTree, now: SavedTree): DiskRecord[] => {
  const [before, after] = [bytesOf(old), bytesOf(now)]
  const isLonger = after.length >= before.length && before.length > 0
  // The same memory needs no look: files are appended to in place, and replaced by new memory.
  const isSameMemory = before.buffer === after.buffer && before.byteOffset === after.byteOffset
  if (isSameMemory && before.length === after.length && old.modified === now.modified && old.mode === now.mode) return []
  const look = { m: now.mode, s: now.modified }
  if (isLonger && (isSameMemory || before.compare(after, 0, before.length) === 0))
    return [{ t: tree, p: path, a: after.subarray(before.length).toString('base64'), ...look }]
  return [{ t: tree, p: path, f: after.toString('base64'), ...look }]
}

/** The records that lead from one moment of a tree to another. */
export const differences = (tree: string, old: SavedTree | undefined, now: SavedTree, path = '/'): DiskRecord[] => {
  if (old === now) return []
  if (!old) return whole(tree, path, now)
  if (old.type !== now.type || (now.type === 'link' && old.target !== now.target))
    return [{ t: tree, p: path, r: 1 }, ...whole(tree, path, now)]
  if (now.type === 'link') return []
  if (now.type === 'file') return changedFile(tree, path, old, now)
  const at = (name: string) => `${path === '/' ? '' : path}/${name}`
  const gone = [...(old.children?.keys() ?? [])].filter(name => !now.children?.has(name))
  return [
    ...gone.map(name => ({ t: tree, p: at(name), r: 1 }) as const),
    ...[...(now.children ?? [])].flatMap(([name, child]) => differences(tree, old.children?.get(name), child, at(name))),
  ]
}

/** Carries out a record that has a path. */
export const applyTo = (tree: FileTree, { p = '/', f, a, d, l, r, m, s }: DiskRecord): void => {
  if (r) tree.remove(p, { recursive: true })
  else if (l !== undefined) tree.link(p, l)
  else if (d) tree.makeDirectory(p)
  else if (a !== undefined) tree.append(p, Buffer.from(a, 'base64'))
  else if (f !== undefined) tree.write(p, Buffer.from(f, 'base64'))
  if (r || l !== undefined) return
  if (m !== undefined) tree.chmod(p, m)
  if (s !== undefined) tree.touch(p, s)
}
