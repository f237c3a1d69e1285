// What this window shows beside its screen: the dock, the palette, and the last thing that went wrong.

import { createStore, type StoreApi } from 'zustand/vanilla'
import { toAppError, type WireError } from '../../electron/contract/errors.ts'

export interface View {
  isDockOpen: boolean
  /** In pixels. */
  dockHeight: number
  isPaletteOpen: boolean
  /** A call that failed and has no place of its own to say so. */
  failure: WireError | undefined
}

/** In pixels: a tab row and a few lines; and what the screen above keeps. */
export const dockLimits = { least: 120, screenKeeps: 200 }

const place = 'khw.view'

const kept = (): Partial<View> => {
  try {
    const { isDockOpen, dockHeight } = JSON.parse(localStorage.getItem(place) ?? '{}')
    return {
      ...(typeof isDockOpen === 'boolean' && { isDockOpen }),
      ...(typeof dockHeight === 'number' && dockHeight >= dockLimits.least && { dockHeight }),
    }
  } catch {
    // A broken note from another version is worth no more than none.
    return {}
  }
}

export const createView = (): StoreApi<View> => {
  const store = createStore<View>(() => ({
    isDockOpen: false,
    dockHeight: 266,
    isPaletteOpen: false,
    failure: undefined,
    ...kept(),
  }))
  store.subscribe(({ isDockOpen, dockHeight }) => localStorage.setItem(place, JSON.stringify({ isDockOpen, dockHeight })))
  return store
}

/** Does what a button asks and shows its failure where everybody looks; true when it worked. */
export const attempt = async (view: StoreApi<View>, work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work()
    view.setState({ failure: undefined })
    return true
  } catch (error) {
    view.setState({ failure: toAppError(error).toWire() })
    return false
  }
}
