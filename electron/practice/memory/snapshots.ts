// The cluster's memory: moments kept by themselves for rewinding, and those that somebody asked for by name.

import type { PausableClock } from '../clock.ts'
import { LEASES } from '../controllers/node-heartbeat.ts'
import { alreadyExists, badRequest, notFound, StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import type { SavedWorld, World } from '../world.ts'
import { bringBack } from './bring-back.ts'
import { type Checkpoint, createHistory, type Objects, objectsOf } from './history.ts'

/** The whole cluster at one moment. */
interface Moment {
  /** Milliseconds of cluster time. */
  at: number
  objects: Objects
  rest: SavedWorld
}

export interface SnapshotInfo {
  name: string
  /** Milliseconds of cluster time. */
  at: number
  /** How many objects it holds. */
  objects: number
}

/** Where a restore led, in milliseconds of cluster time, and how many objects it changed. */
export interface Restored {
  at: number
  changed: number
}

export interface Snapshots {
  list(): SnapshotInfo[]
  /** The oldest moment that rewinding reaches, in milliseconds of cluster time. */
  readonly since: number
  /** @throws StatusError 400, 409, 429 */
  take(name: string): SnapshotInfo
  /** @throws StatusError 404 */
  restore(name: string): Restored
  /** @throws StatusError 404 */
  remove(name: string): void
  /** Goes back in cluster time, as far as it is remembered. @throws StatusError 400 */
  rewind(seconds: number): Restored
  /** Begins again with an empty cluster. */
  startAfresh(): Restored
}

export interface SnapshotsOptions {
  store: Store
  clock: PausableClock
  world: World
  signal: AbortSignal
  /** Fills an emptied store with what a new cluster has. */
  furnish(): void
  /** Hears of each restore. */
  onRestored?(): void
}

/** A moment is kept so often, in cluster time, while anything changes; in hurried time, twice in a real second. */
const everyMs = 2000
/** Four minutes of unbroken change; more of a cluster that rests. And about 60 MB of old Pods at most. */
const limits = { checkpoints: 120, states: 20_000 }
const mostSnapshots = 20
/** Taken before each restore, so that it can be undone. */
export const beforeRestore = 'before-restore'
const longestSeconds = 86_400

/** Words of any language, as a person names things; no path. */
const nameFault = (name: string): string | undefined =>
  /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u.test(name)
    ? undefined
    : `a snapshot's name has 1 to 63 letters, digits, spaces, dots, dashes or underscores, and begins with a letter or digit: ${JSON.stringify(name)}`

export const createSnapshots = (options: SnapshotsOptions): Snapshots => {
  const { store, clock, world, signal, furnish, onRestored = () => {} } = options
  const named = new Map<string, Moment>()
  const history = createHistory<SavedWorld>(store, limits)
  /** Changes but heartbeats: a cluster that rests is one moment. */
  let changes = 0
  let seen = { changes: -1, disks: -1 }

  const now = (): Moment => ({ at: clock.now(), objects: objectsOf(store), rest: world.save() })
  const info = (name: string, { at, objects }: Moment): SnapshotInfo => ({
    name,
    at,
    objects: [...objects.values()].reduce((sum, list) => sum + list.length, 0),
  })
  const see = () => {
    seen = { changes, disks: world.disks.changes }
  }
  const mark = () => {
    history.mark(clock.now(), world.save())
    see()
  }
  const look = () => {
    const last = history.checkpoints.at(-1)
    if (changes !== seen.changes || world.disks.changes !== seen.disks) mark()
    else if (last) last.until = clock.now()
  }
  const keepLooking = async () => {
    while (!signal.aborted) {
      await clock.sleep(Math.max(everyMs, clock.state().speed * 500), signal)
      look()
    }
  }

  /** `wanted` is asked for while nothing lives. */
  const goTo = (wanted: { at: number; objects: Objects; rest?: SavedWorld }, settle: () => void): Restored => {
    named.set(beforeRestore, now())
    let changed = 0
    world.exchange(() => {
      changed = bringBack(store, objectsOf(store), wanted.objects)
      clock.jump(wanted.at)
      settle()
      return wanted.rest
    })
    see()
    onRestored()
    return { at: wanted.at, changed }
  }
  const found = (name: string): Moment => {
    const moment = named.get(name)
    if (!moment) throw notFound('snapshots.practice', name)
    return moment
  }

  const unwatch = store.watch('*', undefined, ({ resource }) => {
    if (resource !== LEASES) changes++
  })
  mark()
  signal.addEventListener('abort', history.stop, { once: true })
  signal.addEventListener('abort', unwatch, { once: true })
  keepLooking().catch(error => {
    if (!signal.aborted) throw error
  })

  return {
    list: () => [...named].map(([name, moment]) => info(name, moment)),
    get since() {
      return history.checkpoints[0]?.at ?? clock.now()
    },
    take(name) {
      const fault = nameFault(name)
      if (fault) throw badRequest(fault)
      if (named.has(name) || name === beforeRestore) throw alreadyExists('snapshots.practice', name)
      if (named.size >= mostSnapshots)
        throw new StatusError(429, 'TooManyRequests', `there are ${mostSnapshots} snapshots already: delete one first`)
      const moment = now()
      named.set(name, moment)
      return info(name, moment)
    },
    restore(name) {
      const moment = found(name)
      return goTo(moment, () => {
        history.clear()
        history.mark(moment.at, moment.rest)
      })
    },
    remove(name) {
      found(name)
      named.delete(name)
    },
    rewind(seconds) {
      if (!(seconds > 0 && seconds <= longestSeconds))
        throw badRequest(`seconds must be more than 0 and at most ${longestSeconds}`)
      const at = clock.now() - seconds * 1000
      const checkpoint = history.find(at) as Checkpoint<SavedWorld>
      // A millisecond later, so that what is to be named by its time finds no namesake.
      const reached = Math.max(checkpoint.at, Math.min(at, checkpoint.until)) + 1
      const objects = history.objects(checkpoint)
      return goTo({ at: reached, objects, rest: checkpoint.rest }, () => history.cut(checkpoint))
    },
    startAfresh: () =>
      goTo({ at: clock.now(), objects: new Map() }, () => {
        history.clear()
        furnish()
        history.mark(clock.now(), emptied(world.save()))
      }),
  }
}

/** A world in which nothing has happened yet. */
const emptied = ({ random }: SavedWorld): SavedWorld => ({
  network: { nodes: [], lastHost: [], pods: [], unplugged: [] },
  images: [],
  kubelet: { pods: new Map(), dark: [] },
  nodes: [],
  disks: new Map(),
  random,
})
