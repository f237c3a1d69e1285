// The keys of one controller that wait to be reconciled: first come, first served, within one order.

import type { Controller } from './controller.ts'

export interface Ready {
  readonly size: number
  /** Does nothing where the key waits already. */
  add(key: string): void
  delete(key: string): void
  first(): string | undefined
}

/** Asks a controller with an order for that of each key as it comes. */
export const createReady = ({ order }: Pick<Controller, 'order'>): Ready => {
  const ranks = new Map<string, number>()
  const groups = new Map<number, Set<string>>()
  return {
    get size() {
      return ranks.size
    },
    add(key) {
      if (ranks.has(key)) return
      const rank = order?.(key) ?? 0
      const group = groups.get(rank) ?? new Set()
      groups.set(rank, group)
      group.add(key)
      ranks.set(key, rank)
    },
    delete(key) {
      const rank = ranks.get(key)
      if (rank === undefined) return
      ranks.delete(key)
      const group = groups.get(rank)
      group?.delete(key)
      if (group?.size === 0) groups.delete(rank)
    },
    first() {
      if (groups.size === 0) return undefined
      const [key] = groups.get(Math.max(...groups.keys())) ?? []
      return key
    },
  }
}
