// The disks of all nodes: file trees that outlive containers, each by a name.

import { createFileTree, type FileTree, type SavedTree } from '../images/files.ts'

/** `persistent/UID` of a PersistentVolume, `host/NODE:PATH`, `empty/POD-UID/VOLUME`, and `memory/...` for what a reboot clears. */
export type SavedDisks = ReadonlyMap<string, SavedTree>

export interface Disks {
  /** The tree of this name, made where there is none. */
  tree(name: string): FileTree
  /** Forgets a tree and all below it. */
  drop(name: string): void
  /** Another number after each change. */
  readonly changes: number
  save(): SavedDisks
  /** A tree that is as it was saved stays the one that it is; all others are new ones. */
  restore(saved: SavedDisks | undefined): void
}

/** No disks, or those that were saved. */
export const createDisks = (now: () => number, from?: SavedDisks): Disks => {
  const trees = new Map([...(from ?? [])].map(([name, saved]) => [name, createFileTree(now, saved)]))
  /** Changes of trees that are gone, and the dropping itself. */
  let past = 0
  const forget = (name: string, tree: FileTree) => {
    past += tree.changes + 1
    trees.delete(name)
  }
  return {
    tree(name) {
      const tree = trees.get(name) ?? createFileTree(now)
      if (!trees.has(name)) past++
      trees.set(name, tree)
      return tree
    },
    drop(name) {
      for (const [key, tree] of trees) {
        if (key !== name && !key.startsWith(`${name}/`)) continue
        forget(key, tree)
      }
    },
    get changes() {
      let sum = past
      for (const tree of trees.values()) sum += tree.changes
      return sum
    },
    save: () => new Map([...trees].map(([name, tree]) => [name, tree.save()])),
    restore(saved = new Map()) {
      for (const [name, tree] of trees) if (tree.save() !== saved.get(name)) forget(name, tree)
      for (const [name, root] of saved) if (!trees.has(name)) trees.set(name, createFileTree(now, root))
    },
  }
}
