// Keeps the cluster's state on disk: what clients were told is written and synced first, many writes by one sync.

import type { Clock } from '../../platform/clock.ts'
import type { Journal } from '../../platform/journal.ts'
import { jsonOf } from '../api/exchange.ts'
import { withManagers } from '../api/ownership.ts'
import type { Disks } from '../kubelet/disks.ts'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import { differences } from './disk-records.ts'
import { objectsOf } from './history.ts'
import type { Position, StateRecord } from './past.ts'

export interface Keeper {
  /** Settles when everything up to now is on disk. @throws StatusError 507 */
  kept(): Promise<void>
  /** To be called before a change is made: refuses it while the disk is full. @throws StatusError 507 */
  check(): Promise<void>
  /** Writes the rest and lets the file go. */
  stop(): Promise<void>
}

export interface KeeperOptions {
  store: Store
  disks: Disks
  /** The file behind it. */
  log: Journal
  /** Real time. */
  clock: Clock
  position(): Position
  /** What clients know the cluster by. */
  identity: unknown
  onError(error: unknown): void
}

/** Changes that nobody waits for are written together. */
const gatherMs = 20
/** How often volumes are looked at; what a program wrote is on disk this soon. */
const disksMs = 250
/** The file is written anew when it has outgrown what it was then by so much. */
const growth = { factor: 4, leastBytes: 8 * 1024 * 1024 }

interface Changed {
  resource: string
  id: string
  /** Undefined where it is gone. */
  object?: KubeObject
}

const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`
const text = (record: StateRecord): string => JSON.stringify(record)
/** With who owns which field: what is not told to clients yet would be forgotten. */
const objectText = (resource: string, object: KubeObject): string =>
  `{"k":${JSON.stringify(resource)},"o":${jsonOf(withManagers(object))}}`

const textOf = ({ resource, id, object }: Changed): string =>
  object ? objectText(resource, object) : text({ k: resource, gone: id })

export const createKeeper = (options: KeeperOptions): Keeper => {
  const { store, disks, log, clock, position, identity, onError } = options
  /** The newest state of each object that changed: what changed twice before a sync is written once. */
  let pending = new Map<string, Changed>()
  let waiting: PromiseWithResolvers<void>[] = []
  let written: ReturnType<Disks['save']> = new Map()
  let disksSeen = -1
  let compactAt = growth.leastBytes
  let working: Promise<void> | undefined
  let isScheduled = false
  let isFull = false
  /** What an earlier life left is written anew once, with all that has changed since it was read. */
  let isBegun = false
  const stopping = new AbortController()

  const full = (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    return new StatusError(
      507,
      'InsufficientStorage',
      `the state of this cluster cannot be written to ${log.path}: ${why}; nothing was changed. Free some space on that disk and try again`,
    )
  }

  const diskRecords = (): string[] => {
    if (disks.changes === disksSeen) return []
    disksSeen = disks.changes
    const now = new Map([...disks.save()].filter(([name]) => !name.startsWith('memory/')))
    const records: StateRecord[] = []
    for (const name of written.keys()) if (!now.has(name)) records.push({ t: name, x: 1 })
    for (const [name, tree] of now) records.push(...differences(name, written.get(name), tree))
    written = now
    return records.map(text)
  }
  function* everything(objects: ReturnType<typeof objectsOf>, trees: typeof written, where: Position): Iterable<string> {
    yield text({ identity })
    for (const [resource, list] of objects) for (const object of list) yield objectText(resource, object)
    for (const [name, tree] of trees) for (const record of differences(name, undefined, tree)) yield text(record)
    yield text({ position: where })
  }

  /** Everything as it is now, in a new file. */
  const compact = async () => {
    const [batch, trees] = [pending, written]
    pending = new Map()
    diskRecords()
    try {
      await log.rewrite(everything(objectsOf(store), written, position()))
      compactAt = Math.max(growth.leastBytes, log.size * growth.factor)
    } catch (error) {
      // The old file is whole, and goes on.
      pending = new Map([...batch, ...pending])
      written = trees
      disksSeen = -1
      throw error
    }
  }
  const append = async () => {
    const [batch, trees] = [pending, written]
    pending = new Map()
    const records = [...[...batch.values()].map(textOf), ...diskRecords(), text({ position: position() })]
    try {
      await log.append(records).catch(async (error: unknown) => {
        // The room kept free takes what a full disk does not.
        isFull = true
        onError(error)
        await log.release()
        await log.append(records)
      })
    } catch (error) {
      // Tried again with what comes next; the newest state of an object counts.
      pending = new Map([...batch, ...pending])
      written = trees
      disksSeen = -1
      throw error
    }
  }

  const work = async () => {
    while (!isBegun || pending.size > 0 || waiting.length > 0 || disks.changes !== disksSeen) {
      const told = waiting
      waiting = []
      try {
        if (isBegun) await append()
        else await compact()
        isBegun = true
      } catch (error) {
        isFull = true
        onError(error)
        for (const each of told) each.reject(full(error))
        return
      }
      for (const each of told) each.resolve()
      if (log.size <= compactAt) continue
      await compact().catch((error: unknown) => {
        compactAt = log.size * 2
        onError(error)
      })
    }
  }
  const begin = (): Promise<void> => {
    working ??= work().finally(() => {
      working = undefined
      if (pending.size > 0) soon()
    })
    return working
  }
  const soon = () => {
    if (isScheduled || working || isFull) return
    isScheduled = true
    clock
      .sleep(gatherMs, stopping.signal)
      .then(begin)
      .catch(error => {
        if (!stopping.signal.aborted) onError(error)
      })
      .finally(() => {
        isScheduled = false
      })
  }
  const watchDisks = async () => {
    while (!stopping.signal.aborted) {
      await clock.sleep(disksMs, stopping.signal)
      if (disks.changes !== disksSeen) soon()
    }
  }

  const unwatch = store.watch('*', undefined, ({ type, resource, object }) => {
    const id = idOf(object)
    pending.set(`${resource} ${id}`, type === 'DELETED' ? { resource, id } : { resource, id, object })
    soon()
  })
  soon()
  watchDisks().catch(error => {
    if (!stopping.signal.aborted) onError(error)
  })
  void log.reserve().then(isThere => {
    isFull ||= !isThere
  })

  return {
    async kept() {
      const told = Promise.withResolvers<void>()
      waiting.push(told)
      void begin().then(() => {
        // What came in while the last round ended.
        if (waiting.length > 0) void begin()
      })
      await told.promise
    },
    async check() {
      if (!isFull) return
      if (!(await log.reserve())) throw full(new Error('ENOSPC: no space left on device'))
      isFull = false
      soon()
    },
    async stop() {
      unwatch()
      stopping.abort()
      await begin()
      await log.close()
    },
  }
}
