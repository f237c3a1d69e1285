// The keys that work everywhere.

import type { StoreApi } from 'zustand/vanilla'
import type { View } from '../state/view.ts'

/** In the terminal Ctrl+K belongs to the shell (cut to the end of the line); Ctrl+Shift+P opens the palette there too. */
const opensPalette = (event: KeyboardEvent): boolean => {
  const isInTerminal = event.target instanceof Element && event.target.closest('.xterm') !== null
  const control = event.ctrlKey || event.metaKey
  if (control && event.shiftKey && event.code === 'KeyP') return true
  return control && !event.shiftKey && !event.altKey && event.code === 'KeyK' && !isInTerminal
}

const togglesDock = (event: KeyboardEvent): boolean =>
  event.ctrlKey && !event.shiftKey && !event.altKey && event.code === 'Backquote'

export const listenForKeys = (target: Window, view: StoreApi<View>, hasDock: boolean): (() => void) => {
  const onKey = (event: KeyboardEvent) => {
    if (opensPalette(event)) view.setState(({ isPaletteOpen }) => ({ isPaletteOpen: !isPaletteOpen }))
    else if (hasDock && togglesDock(event)) view.setState(({ isDockOpen }) => ({ isDockOpen: !isDockOpen }))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  // Before the terminal sees them.
  target.addEventListener('keydown', onKey, { capture: true })
  return () => target.removeEventListener('keydown', onKey, { capture: true })
}
