// What a snapshot of the cluster keeps of one container's life, and whether anything has happened to it since.

import { isEqual } from '../clone.ts'
import type { SavedRun } from './runtime.ts'
import type { ContainerFacts } from './status.ts'

/** A container's life at one moment. */
export interface SavedLife {
  facts: ContainerFacts
  attempts: number
  backOff: number
  /** When its back-off is over. */
  wakesAt: number
  current?: SavedRun
  previous?: SavedRun
}

const isSameRun = (a: SavedRun | undefined, b: SavedRun | undefined): boolean =>
  a?.id === b?.id && a?.mark === b?.mark && a?.layer === b?.layer && a?.log === b?.log

/** It runs, or rests for good, as it did then, and has done nothing since; one that waits does not wait as long as it did then. */
export const isStill = (now: SavedLife, then: SavedLife): boolean => {
  const { running, terminated } = now.facts.state ?? {}
  return (
    (running !== undefined || terminated !== undefined) &&
    now.attempts === then.attempts &&
    isSameRun(now.current, then.current) &&
    isSameRun(now.previous, then.previous) &&
    isEqual(now.facts, then.facts)
  )
}
