// Which terminals there are, and the one that this window shows.

import { createStore, type StoreApi } from 'zustand/vanilla'
import { toAppError, type WireError } from '../../electron/contract/errors.ts'
import type { Session } from '../../electron/contract/terminal.ts'
import type { Api } from '../api/connect-to-host.ts'

export interface TerminalState {
  /** Undefined until the host has told. */
  sessions: readonly Session[] | undefined
  /** Programs of ours, each shown by its own screen. */
  programs: readonly Session[]
  active: string | undefined
  isOpening: boolean
  /** Why the last opening failed. */
  error: WireError | undefined
}

export interface TerminalStore {
  store: StoreApi<TerminalState>
  choose(id: string): void
  /** Opens one and chooses it; undefined when that failed, the store then says why. */
  open(size?: Partial<Size>): Promise<string | undefined>
  /**
   * Where a lesson types: the chosen terminal if it runs and was opened for that cluster, else another such, else a new one.
   * Throws when none can be opened.
   */
  ensure(cluster?: string): Promise<string>
  close(id: string): Promise<void>
  stop(): void
}

interface Size {
  cols: number
  rows: number
  /** On its tab; the folder's name without one. */
  title?: string
}

/** How long an opened terminal may stay untold, in milliseconds: longer than a slow host takes, shorter than a learner waits. */
const untoldMs = 3000

/** Until a view has measured itself. */
const usual: Size = { cols: 110, rows: 12 }

export const createTerminals = (calls: Api['terminal']): TerminalStore => {
  const store = createStore<TerminalState>(() => ({
    sessions: undefined,
    programs: [],
    active: undefined,
    isOpening: false,
    error: undefined,
  }))

  const take = (all: readonly Session[]) => {
    const sessions = all.filter(session => !session.program)
    const { active, sessions: before = [] } = store.getState()
    store.setState({ sessions, programs: all.filter(session => session.program), active: nextActive(active, before, sessions) })
  }
  const stop = calls.sessions({}, take)

  let opening: Promise<string> | undefined
  /** Opened for one Pod's shell or log: no place to type other commands into. */
  const taken = new Set<string>()
  /** The answer may come before the stream tells: who looked between the two would open another. */
  const told = (id: string): Promise<void> =>
    new Promise(resolve => {
      const isTold = () => store.getState().sessions?.some(session => session.id === id) ?? false
      if (isTold()) return resolve()
      const end = () => {
        clearTimeout(timer)
        unsubscribe()
        resolve()
      }
      const timer = setTimeout(end, untoldMs)
      const unsubscribe = store.subscribe(() => isTold() && end())
    })
  const openOne = async (size: Size): Promise<string> => {
    store.setState({ isOpening: true, error: undefined })
    try {
      const { id } = await calls.open(size)
      if (size.title !== undefined) taken.add(id)
      store.setState({ active: id })
      await told(id)
      return id
    } catch (error) {
      store.setState({ error: toAppError(error).toWire() })
      throw error
    } finally {
      opening = undefined
      store.setState({ isOpening: false })
    }
  }
  /** A second wish while one is opening gets the same. */
  const open = (size = usual): Promise<string> => {
    opening ??= openOne(size)
    return opening
  }
  return {
    store,
    choose: active => store.setState({ active }),
    open: size => open({ ...usual, ...size }).catch(() => undefined),
    ensure: async cluster => {
      const { sessions = [], active } = store.getState()
      const isFitting = (session: Session) =>
        session.running && !taken.has(session.id) && (cluster === undefined || session.cluster === cluster)
      const fitting = sessions.filter(isFitting)
      const found = fitting.find(session => session.id === active) ?? fitting.at(-1)
      if (!found) return open()
      store.setState({ active: found.id })
      return found.id
    },
    close: async id => {
      await calls.close({ id })
    },
    stop,
  }
}

/** The chosen one while it is there or about to come; else its right neighbour, the left one, or none. */
export const nextActive = (
  active: string | undefined,
  before: readonly Session[],
  after: readonly Session[],
): string | undefined => {
  if (active === undefined) return after[0]?.id
  if (after.some(session => session.id === active)) return active
  const place = before.findIndex(session => session.id === active)
  return place < 0 ? active : (after[place] ?? after.at(-1))?.id
}
