// How the presenter likes this desk: the notes' height and the size of their words, kept in this browser.

import { useCallback, useState } from 'react'

export interface Desk {
  /** In pixels. */
  notesHeight: number
  notesSize: number
}

export const deskLimits = { leastHeight: 96, slideKeeps: 320 }
const sizes: readonly number[] = [15, 17, 20, 24, 28, 34]

const place = 'khw.presenter'
const usual: Desk = { notesHeight: 240, notesSize: 20 }

const kept = (): Desk => {
  try {
    const { notesHeight, notesSize }: Partial<Desk> = JSON.parse(localStorage.getItem(place) ?? '{}')
    return {
      notesHeight: typeof notesHeight === 'number' && notesHeight >= deskLimits.leastHeight ? notesHeight : usual.notesHeight,
      notesSize: sizes.find(size => size === notesSize) ?? usual.notesSize,
    }
  } catch {
    // A broken note from another version is worth no more than none.
    return usual
  }
}

export const useDesk = (): [Desk, (change: Partial<Desk>) => void] => {
  const [desk, setDesk] = useState(kept)
  const change = useCallback(
    (part: Partial<Desk>) =>
      setDesk(now => {
        const next = { ...now, ...part }
        localStorage.setItem(place, JSON.stringify(next))
        return next
      }),
    [],
  )
  return [desk, change]
}

/** The next size up or down, or the same at the end of the row. */
export const sizeBeside = (size: number, step: 1 | -1): number => {
  return sizes[sizes.indexOf(size) + step] ?? size
}
