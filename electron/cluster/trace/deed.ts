// What a write did to its object, told from how it was before and how it is now. Pure.

import { isDeepStrictEqual } from 'node:util'
import type { Node } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../contract/cluster.ts'
import type { Deed } from '../../contract/trace.ts'
import type { Pod } from './pods.ts'

/** Which node a claim's first Pod goes to: the scheduler's word to the provisioner. */
const chosenNode = 'volume.kubernetes.io/selected-node'

const isReady = ({ status }: Pick<Pod | Node, 'status'>): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true

const running = (pod: Pod): number =>
  pod.status?.containerStatuses?.filter(({ state }) => state?.running !== undefined).length ?? 0

const podDeed = (before: Pod, pod: Pod): Deed | undefined => {
  if (!before.spec?.nodeName && pod.spec?.nodeName) return 'scheduled'
  const phase = pod.status?.phase
  if (phase !== before.status?.phase && (phase === 'Succeeded' || phase === 'Failed')) return 'finished'
  if (isReady(before) !== isReady(pod)) return isReady(pod) ? 'ready' : 'unready'
  return running(pod) > running(before) ? 'started' : undefined
}

interface Status {
  phase?: string
  readyReplicas?: number
}
const statusOf = ({ status }: KubeObject): Status => (status ?? {}) as Status

const volumeDeed = (before: KubeObject, object: KubeObject): Deed | undefined => {
  if (statusOf(object).phase === 'Bound' && statusOf(before).phase !== 'Bound') return 'bound'
  const chosen = object.metadata.annotations?.[chosenNode]
  return chosen !== undefined && chosen !== before.metadata.annotations?.[chosenNode] ? 'scheduled' : undefined
}

/** What is of its kind alone. */
const ownDeed = (before: KubeObject, object: KubeObject): Deed | undefined => {
  if (object.kind === 'Pod') return podDeed(before as Pod, object as Pod)
  if (object.kind === 'PersistentVolumeClaim' || object.kind === 'PersistentVolume') return volumeDeed(before, object)
  const [was, is] = [isReady(before as Node), isReady(object as Node)]
  return object.kind === 'Node' && was !== is ? (is ? 'ready' : 'unready') : undefined
}

/** All that somebody asks for: what is left when bookkeeping and status are taken away. */
const wish = ({ metadata: { labels }, status: _, ...rest }: KubeObject) => ({ ...rest, labels })

/** Undefined for a write that changed nothing but bookkeeping: annotations, heartbeats, owners of fields. */
export const deedOf = (before: KubeObject | undefined, object: KubeObject, isRemoved: boolean): Deed | undefined => {
  if (isRemoved) return 'gone'
  if (before === undefined) return 'created'
  if (object.metadata.deletionTimestamp && !before.metadata.deletionTimestamp) return 'leaving'
  const own = ownDeed(before, object)
  if (own) return own
  if (!isDeepStrictEqual(wish(before), wish(object))) return 'changed'
  // A node tells its status every few seconds: only what others act on counts.
  if (object.kind === 'Node' || isDeepStrictEqual(before.status, object.status)) return undefined
  const ready = (each: KubeObject) => statusOf(each).readyReplicas ?? 0
  return ready(object) > ready(before) ? 'ready' : 'told'
}
