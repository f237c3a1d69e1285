// The heartbeats of nodes: each renews a Lease of its own name as long as it has power.

import type { Clock } from '../../platform/clock.ts'
import { microTime } from '../controllers/events.ts'
import { LEASES, NODE_LEASES } from '../controllers/node-heartbeat.ts'
import type { KubeObject } from '../object.ts'
import type { Registry } from '../registry.ts'

// Models kubernetes/component-helpers/apimachinery/lease/controller.go and pkg/kubelet/kubelet.go
const DURATION_SECONDS = 40
/** A quarter of the duration. */
const EVERY_MS = 10_000

export interface HeartbeatsOptions {
  registry: Registry
  clock: Clock
  signal: AbortSignal
  isSilent(node: string): boolean
  onError(error: unknown): void
}

/** Starts them, and gives what one node does at once. */
export const startHeartbeats = ({ registry, clock, signal, isSilent, onError }: HeartbeatsOptions): ((node: string) => void) => {
  const { store } = registry

  const beat = (name: string) => {
    const node = store.get('nodes', '', name)
    if (!node || isSilent(name) || !store.get('namespaces', '', NODE_LEASES)) return
    const spec = { holderIdentity: name, leaseDurationSeconds: DURATION_SECONDS, renewTime: microTime(clock.now()) }
    const { uid } = node.metadata
    const metadata = { name, namespace: NODE_LEASES, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] }
    const renewed = registry.modify(LEASES, NODE_LEASES, name, copy => ({ ...copy, spec }))
    if (!renewed)
      registry.create(LEASES, { metadata: metadata as Partial<KubeObject['metadata']> as KubeObject['metadata'], spec })
  }
  const keepBeating = async () => {
    while (!signal.aborted) {
      for (const { metadata } of store.list('nodes')) beat(metadata.name)
      await clock.sleep(EVERY_MS, signal)
    }
  }

  const stop = store.watch('nodes', undefined, ({ type, object }) => {
    if (type === 'ADDED') beat(object.metadata.name)
  })
  signal.addEventListener('abort', stop, { once: true })
  keepBeating().catch(error => {
    if (!signal.aborted) onError(error)
  })
  return beat
}
