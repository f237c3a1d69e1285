// The trace as this window knows it: the current cluster's last writes, in order.

import { inOrder, type Journey, type TraceEvent } from '../../electron/contract/trace.ts'
import type { Api } from '../api/connect-to-host.ts'
import { type Follower, follow } from './follow.ts'

export interface Trace {
  cluster: string | null
  journeys: readonly Journey[]
}

/** As many as the host keeps. */
const kept = 2000

export const reduceTrace = (known: Trace | undefined, event: TraceEvent): Trace =>
  event.type === 'snapshot'
    ? { cluster: event.cluster, journeys: event.journeys }
    : { cluster: known?.cluster ?? null, journeys: inOrder([...(known?.journeys ?? []), ...event.journeys]).slice(-kept) }

export const followTrace = (api: Api): Follower<Trace> =>
  follow((onEvent, options) => api.trace.journeys({}, onEvent, options), reduceTrace)
