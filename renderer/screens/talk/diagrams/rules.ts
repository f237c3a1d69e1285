// What kube-proxy did last. It writes no objects, so nobody hears of its work: it is known by what it had to turn into rules. Pure.

import type { KubeObject } from '../../../../electron/contract/cluster.ts'
import type { Journey } from '../../../../electron/contract/trace.ts'
import { watchersOf } from './route.ts'

const changes: ReadonlySet<Journey['deed']> = new Set(['created', 'changed', 'gone'])

/** A headless Service and one that is only a name have no address of their own: there is nothing to forward. */
const hasRules = ({ kind, uid, owner }: Journey, objects: readonly KubeObject[]): boolean => {
  const of = kind === 'Service' ? uid : owner?.uid
  const service = objects.find(object => object.kind === 'Service' && object.metadata.uid === of)
  const { clusterIP, type } = (service?.spec ?? {}) as { clusterIP?: string; type?: string }
  return clusterIP !== 'None' && type !== 'ExternalName'
}

/** The last write that changed its rules; undefined where none is known of. */
export const lastRuled = (journeys: readonly Journey[], objects: readonly KubeObject[]): Journey | undefined =>
  journeys.findLast(
    journey =>
      changes.has(journey.deed) && watchersOf(journey).some(({ role }) => role === 'kube-proxy') && hasRules(journey, objects),
  )
