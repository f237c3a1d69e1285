// Wires the phone's clicker: its host, its own contract, and its page.

import { clickerContract } from '../contract/clicker.ts'
import { startClicker } from '../hosts/clicker.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { serve } from '../rpc/serve.ts'
import type { StartClicker } from '../services/index.ts'

/** A phone asks for one stream, and taps. */
const limits = { maxCalls: 4, maxStreams: 2 }

export const createStartClicker =
  ({ clock, log }: { clock: Clock; log: Log }): StartClicker =>
  ({ services, ...options }) =>
    startClicker({
      ...options,
      clock,
      serve: transport =>
        serve(clickerContract, services, transport, {
          ...limits,
          report: (error, method) => log.error(`in ${method}`, error),
        }),
      onRefused: words => log.warn(`clicker refused ${words}`),
    })
