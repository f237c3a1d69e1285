// The clusters a user can choose, which one is current, and its life from start to stop.

import type { Target, Targets } from '../contract/cluster.ts'
import { AppError, toAppError } from '../contract/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { discover, type Found, failed, type Machine } from './discover.ts'
import { createHandle, type Handle } from './handle.ts'
import { type Access, accessOf, parseKubeconfig, writeKubeconfig } from './kubeconfig.ts'

/** The practice cluster's process, once it has said that it is ready. */
export interface PracticeProcess {
  /** YAML. */
  kubeconfig: string
  readyMs: number
  /** Settles when the process is gone, with the reason in a few words. */
  exited: Promise<string>
  stop(): Promise<void>
}

export interface ClusterDeps {
  clock: Clock
  machine: Machine
  /** Private folder (0700) for kubeconfigs and kubectl's caches. */
  folder: string
  /** Writes a file that only this user can read (0600). */
  writePrivate(path: string, text: string): Promise<void>
  launchPractice(signal: AbortSignal): Promise<PracticeProcess>
  random?: () => number
}

export interface Clusters {
  targets(): Targets
  onTargets(listener: () => void): () => void
  /** Looks again at the user's kubeconfigs and MicroK8s. */
  refresh(): Promise<void>
  /** Makes a cluster current and starts it; how that goes is told by the targets. @throws AppError cluster.unknown */
  use(id: string): Promise<void>
  stop(id: string): Promise<void>
  /** The current cluster, when it can be used. */
  current(): Handle | undefined
  /** Waits while the current cluster starts. @throws AppError cluster.stopped, or why it failed */
  ready(signal?: AbortSignal): Promise<Handle>
  close(): Promise<void>
}

interface Entry {
  target: Target
  access?: Access
  handle?: Handle
  /** Ends the present life: aborts a start, stops a process. */
  end?: () => Promise<void>
  starting?: Promise<void>
}

export const createClusters = (deps: ClusterDeps): Clusters => {
  const { clock, folder } = deps
  const entries = new Map<string, Entry>()
  const listeners = new Set<() => void>()
  let current: string | null = null
  let starts = 0
  let discovered: Promise<void> | undefined

  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }

  const set = (entry: Entry, change: Partial<Target>): void => {
    const { error: _, ...rest } = entry.target
    entry.target = { ...rest, ...change }
    tell()
  }

  const merge = (found: readonly Found[]): void => {
    const ids = new Set(found.map(({ target }) => target.id))
    for (const [id, entry] of entries) if (!ids.has(id) && entry.handle === undefined && id !== current) entries.delete(id)
    for (const { target, access } of found) {
      const entry = entries.get(target.id)
      if (entry === undefined) entries.set(target.id, { target, access })
      else {
        entry.access = access
        // a life that goes on keeps its state; a still one takes what was found now
        if (entry.handle === undefined && entry.starting === undefined && target.kind !== 'practice') entry.target = target
      }
    }
    tell()
  }

  const refresh = async (): Promise<void> => {
    discovered = discover(deps.machine).then(merge)
    await discovered
  }

  /** Brings an entry from stopped to ready; throws what went wrong. */
  const bring = async (entry: Entry, signal: AbortSignal): Promise<void> => {
    const { id, kind } = entry.target
    const startedAt = clock.now()
    const number = ++starts
    const practice = kind === 'practice' ? await deps.launchPractice(signal) : undefined
    let handle: Handle | undefined
    const end = async (): Promise<void> => {
      handle?.close()
      await practice?.stop()
    }
    try {
      const access =
        practice === undefined ? entry.access : accessOf(parseKubeconfig(practice.kubeconfig, 'practice', folder), 'practice')
      if (access === undefined) throw new AppError('cluster.unknown', { id })
      const kubeconfigFile = `${folder}/${encodeURIComponent(id)}.kubeconfig`
      await deps.writePrivate(kubeconfigFile, writeKubeconfig(access))
      const cacheFolder = `${folder}/cache-${number}`
      handle = createHandle({ ...deps, id, access, kubeconfigFile, cacheFolder })
      if (practice === undefined) await handle.connection.json('GET', '/version', { signal })
      signal.throwIfAborted()
    } catch (error) {
      await end()
      throw error
    }
    settle(entry, handle, end, practice)
    set(entry, { state: 'ready', server: handle.connection.server, readyMs: practice?.readyMs ?? clock.now() - startedAt })
  }

  /** From here on the entry lives until somebody stops it or its process dies. */
  const settle = (entry: Entry, handle: Handle, end: () => Promise<void>, practice: PracticeProcess | undefined): void => {
    entry.handle = handle
    entry.end = end
    void practice?.exited.then(reason => {
      if (entry.handle !== handle) return
      lose(entry, new AppError('practice.lost', { reason }))
    })
    handle.feed.onHealth(error => {
      if (entry.handle !== handle) return
      set(entry, error === undefined ? { state: 'ready' } : { state: 'failed', error: error.toWire() })
    })
  }

  const lose = (entry: Entry, error: AppError): void => {
    entry.handle?.close()
    entry.handle = undefined
    entry.end = undefined
    set(entry, { state: 'failed', error: error.toWire() })
  }

  const start = (entry: Entry): void => {
    const stop = new AbortController()
    set(entry, { state: 'starting' })
    const bringing = bring(entry, stop.signal)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) entry.target = failed(entry.target, toAppError(error))
      })
      .finally(() => {
        if (entry.starting === bringing) entry.starting = undefined
        tell()
      })
    entry.starting = bringing
    entry.end = async () => {
      stop.abort()
      await bringing
    }
  }

  const known = async (id: string): Promise<Entry> => {
    await (discovered ?? refresh())
    // One that came into being since we last looked, as when Setup has just ended.
    if (!entries.has(id)) await refresh()
    const entry = entries.get(id)
    if (entry === undefined) throw new AppError('cluster.unknown', { id })
    return entry
  }

  const stop = async (entry: Entry): Promise<void> => {
    const { end } = entry
    entry.handle = undefined
    entry.end = undefined
    await end?.()
    set(entry, { state: 'stopped', readyMs: undefined })
  }

  return {
    targets: () => ({ current, targets: [...entries.values()].map(({ target }) => target) }),
    onTargets: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    refresh,
    use: async id => {
      const entry = await known(id)
      current = id
      if (entry.handle === undefined && entry.starting === undefined) start(entry)
      else tell()
    },
    stop: async id => stop(await known(id)),
    current: () => (current === null ? undefined : entries.get(current)?.handle),
    ready: async signal => {
      const entry = current === null ? undefined : entries.get(current)
      await entry?.starting
      signal?.throwIfAborted()
      if (entry?.handle !== undefined) return entry.handle
      const error = entry?.target.error
      throw error === undefined ? new AppError('cluster.stopped') : new AppError(error.code, error.details)
    },
    close: async () => {
      listeners.clear()
      await Promise.all([...entries.values()].map(stop))
    },
  }
}
