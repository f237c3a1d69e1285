// Removes Events an hour after they were last seen, as the API server's lease on them does.

import { type KubeObject, keyOf, splitKey } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'

// Models the default of kube-apiserver --event-ttl
const TTL_MS = 3_600_000

/** Milliseconds that an Event still has to live; zero or less when its time is over. */
export const timeLeft = (event: KubeObject, now: number): number => {
  const { lastObservedTime } = (event.series ?? {}) as { lastObservedTime?: string }
  const seen = lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp
  return Date.parse(String(seen)) + TTL_MS - now
}

/** How often Events are swept: they may live so much longer than their hour. */
const SWEEP_MS = 60_000

/** The controller: one key for all Events. */
export const eventExpiry = ({ registry, clock }: ControllerContext): Controller => ({
  name: 'eventexpiry',
  // Nothing wakes it but its own timer; the first Namespace starts that.
  watches: { namespaces: ({ type }) => (type === 'ADDED' ? ['events'] : []) },
  reconcile: () => {
    const now = clock.now()
    for (const event of registry.store.list('events')) {
      const { namespace, name } = splitKey(keyOf(event))
      if (timeLeft(event, now) <= 0) registry.delete('events', namespace, name)
    }
    return { after: SWEEP_MS }
  },
})
