// The practice domain over the contract: follows the cluster's clock, and asks its doors for the rest whenever something was done.

import type { Clusters, Handle } from '../cluster/index.ts'
import type { Services } from '../contract/define.ts'
import { AppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import { type PracticeState, practiceState } from '../contract/practice.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'

export interface PracticeServiceDeps {
  clusters: Clusters
  clock: Clock
  /** Has the next start of the practice cluster set aside what is kept of it. */
  setAside(): void
  report(error: unknown): void
}

const id = 'practice'
/** After a broken line, before the next try: a cluster that ended is told by the targets meanwhile. */
const againMs = 500

export const createPracticeService = (
  deps: PracticeServiceDeps,
): { service: Services<AppContract>['practice']; close(): void } => {
  const { clusters, clock, setAside, report } = deps
  /** What the cluster said last, and when on this machine's clock. */
  const said = createChanging<{ state: PracticeState; at: number } | null>(null)
  let followed: Handle | undefined
  let leaving = new AbortController()

  const read = async ({ connection }: Handle): Promise<void> => {
    const ask = (place: string) => connection.json('GET', `/practice/${place}`) as Promise<Record<string, unknown>>
    const at = clock.now()
    const [now, nodes, memory] = await Promise.all([ask('clock'), ask('nodes'), ask('snapshots')])
    const state = practiceState.parse({ clock: now, ...nodes, ...memory })
    if (followed?.connection === connection) said.set({ state, at })
  }
  /** The cluster's time has gone on since it told us: a window that opens later is to see it as it is now. */
  const untilNow = ({ state, at }: { state: PracticeState; at: number }): PracticeState => {
    const { now, isPaused, speed } = state.clock
    return isPaused ? state : { ...state, clock: { ...state.clock, now: now + (clock.now() - at) * speed } }
  }
  const follow = async (handle: Handle, { signal }: AbortController): Promise<void> => {
    while (!signal.aborted) {
      try {
        const onLine = () => void read(handle).catch(error => signal.aborted || report(error))
        await handle.connection.lines('/practice/clock?watch=true', onLine, { signal })
      } catch (error) {
        if (signal.aborted) return
        report(error)
      }
      // Only the signal ends it early.
      await clock.sleep(againMs, signal).catch(() => undefined)
    }
  }
  const look = (): void => {
    const current = clusters.current()
    const handle = current?.id === id ? current : undefined
    if (handle === followed) return
    leaving.abort()
    leaving = new AbortController()
    followed = handle
    said.set(null)
    if (handle) void follow(handle, leaving)
  }
  const stopLooking = clusters.onTargets(look)
  look()

  const act = async (path: string, body: unknown = {}, method = 'POST'): Promise<unknown> => {
    const handle = clusters.current()
    if (handle?.id !== id) throw new AppError('cluster.stopped')
    const answer = await handle.connection.json(method, `/practice/${path}`, { body })
    await read(handle)
    return answer
  }
  const quiet = async (doing: Promise<unknown>) => {
    await doing
    return {}
  }

  const service: Services<AppContract>['practice'] = {
    state: async function* (_, { signal }) {
      for await (const last of said.stream(signal)) yield last && untilNow(last)
    },
    clock: wish => quiet(act('clock', wish)),
    addNode: async () => (await act('nodes')) as { name: string },
    node: ({ name, action }) => quiet(act(`nodes/${encodeURIComponent(name)}/${action}`)),
    rewind: async ({ seconds }) => (await act('rewind', { seconds })) as { at: number; changed: number },
    takeSnapshot: ({ name }) => quiet(act('snapshots', { name })),
    restoreSnapshot: async ({ name }) =>
      (await act(`snapshots/${encodeURIComponent(name)}/restore`)) as { at: number; changed: number },
    removeSnapshot: ({ name }) => quiet(act(`snapshots/${encodeURIComponent(name)}`, undefined, 'DELETE')),
    startAfresh: async () => {
      if (clusters.current()?.id === id) return quiet(act('afresh'))
      setAside()
      await clusters.use(id)
      return {}
    },
  }
  return {
    service,
    close: () => {
      stopLooking()
      leaving.abort()
    },
  }
}
