// What a controller is: a name, what wakes it, and one reconcile. Queue, retry, timers and watches are in run.ts, once.

import type { Clock } from '../../platform/clock.ts'
import type { KubeObject } from '../object.ts'
import type { Registry } from '../registry.ts'
import type { Change } from '../store.ts'

/** Writes an Event about an object; repeated ones are counted up, as client-go's recorder does. */
export type RecordEvent = (
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  fieldPath?: string,
) => void

export interface ControllerContext {
  registry: Registry
  clock: Clock
  record: RecordEvent
}

export interface Controller {
  name: string
  /** Resource key to: which keys does this change wake? */
  watches: Record<string, (change: Change) => Iterable<string>>
  /** Of the keys that wait, those of a higher number come first; without it, first come, first served. */
  order?(key: string): number
  /** Brings one key a step nearer; errors are retried with back-off; `after` asks to be called again in so many milliseconds. */
  reconcile(key: string, signal: AbortSignal): Promise<undefined | { after: number }> | undefined | { after: number }
}
