// What every container of the nodes works with.

import type { Clock } from '../../platform/clock.ts'
import type { RecordEvent } from '../controllers/controller.ts'
import type { Network } from '../network/network.ts'
import type { Store } from '../store.ts'
import type { Pace } from './pace.ts'
import type { Runtime } from './runtime.ts'

/** What every container of the node shares. */
export interface NodeKit {
  store: Store
  clock: Clock
  random: () => number
  runtime: Runtime
  network: Network
  pace: Pace
  record: RecordEvent
}
