// Hooks over the stores: a component draws again when what it reads changes.

import { createContext, useCallback, useContext, useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Kind, KubeObject, Target } from '../../electron/contract/cluster.ts'
import type { Followed } from './follow.ts'
import type { Objects } from './objects.ts'
import type { Route } from './route.ts'
import type { State, Told } from './state.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'
import { attempt, type View } from './view.ts'

export const StateContext = createContext<State | null>(null)

/** @throws Error outside the connected part of the page */
export const useAppState = (): State => {
  const state = useContext(StateContext)
  if (!state) throw new Error('useAppState needs a StateContext above it')
  return state
}

export const useLink = () => useStore(useAppState().link)
export const useSettings = () => useStore(useAppState().settings.store).value
export const useTargets = () => useStore(useAppState().targets.store)
export const useCatalogue = () => useStore(useAppState().catalogue.store)
export const useObjects = (): Followed<Objects> => useStore(useAppState().objects.store)
/** Objects of one kind by uid: draws again only when one of that kind changes. */
export const useKind = (kind: Kind): ReadonlyMap<string, KubeObject> | undefined =>
  useStore(useAppState().objects.store, ({ value }) => value?.byKind.get(kind))
/** Several kinds at once. @param kinds the same array each time */
export const useKinds = (kinds: readonly Kind[]): Objects['byKind'] => {
  const maps = useStore(
    useAppState().objects.store,
    useShallow(({ value }) => kinds.map(kind => value?.byKind.get(kind))),
  )
  return useMemo(() => new Map(kinds.flatMap((kind, index) => (maps[index] ? [[kind, maps[index]]] : []))), [kinds, maps])
}
export const usePractice = (): Told | undefined => useStore(useAppState().practice.store).value
export const useTimeline = (): Followed<Timeline> => useStore(useAppState().timeline.store)
export const useTrace = (): Followed<Trace> => useStore(useAppState().trace.store)
export const useRoute = (): Route | undefined => useStore(useAppState().router.store)
export const useView = <T>(select: (view: View) => T): T => useStore(useAppState().view, select)

/** The cluster that is chosen, with its state; undefined while none is. */
export const useCurrentTarget = (): Target | undefined => {
  const { value } = useTargets()
  return value?.targets.find(target => target.id === value.current)
}

export const useTerminals = () => useStore(useAppState().terminals.store)

/** Shows the dock and gives the terminal that a lesson types into, opening one where none of this cluster runs. @throws AppError why none opened */
export const useLearnersTerminal = () => {
  const { targets, terminals, view } = useAppState()
  return (): Promise<string> => {
    view.setState({ isDockOpen: true })
    return terminals.ensure(targets.store.getState().value?.current ?? undefined)
  }
}

/** Runs a call and shows its failure at the top of the sheet; true when it worked. */
export const useAttempt = () => {
  const { view } = useAppState()
  return useCallback((work: () => Promise<unknown>) => attempt(view, work), [view])
}
