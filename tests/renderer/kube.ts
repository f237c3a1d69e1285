// Small Kubernetes objects for the screens' tests.

import type { KubeObject } from '../../electron/contract/cluster.ts'
import { type Objects, reduceObjects } from '../../renderer/state/objects.ts'

const born = Date.parse('2026-11-22T08:00:00Z')
const stamp = (seconds: number) => new Date(born + seconds * 1000).toISOString()

/** @param more metadata beside the name, and everything beside metadata */
export const kube = (kind: string, name: string, more: { metadata?: object; [field: string]: unknown } = {}): KubeObject => {
  const { metadata, ...rest } = more
  return {
    apiVersion: 'v1',
    kind,
    ...rest,
    metadata: {
      name,
      namespace: 'default',
      uid: `${kind}/${name}`,
      resourceVersion: '1',
      creationTimestamp: stamp(0),
      ...metadata,
    },
  }
}

export const ownedBy = (owner: KubeObject) => ({
  ownerReferences: [{ kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid }],
})

const conditions = (isReady: boolean) => [
  { type: 'PodScheduled', status: 'True' },
  { type: 'Ready', status: isReady ? 'True' : 'False' },
]

export const readyPod = {
  phase: 'Running',
  conditions: conditions(true),
  containerStatuses: [{ restartCount: 0, state: { running: {} } }],
}

export const waitingPod = (reason: string, message?: string) => ({
  phase: 'Pending',
  conditions: conditions(false),
  containerStatuses: [{ restartCount: 0, state: { waiting: { reason, message } } }],
})

/** @param at seconds after the first moment */
export const event = (at: number, object: KubeObject, reason: string, message = '', type = 'Normal'): KubeObject =>
  kube('Event', `${object.metadata.name}.${reason}.${at}`, {
    involvedObject: { kind: object.kind, name: object.metadata.name, uid: object.metadata.uid },
    reason,
    message,
    type,
    lastTimestamp: stamp(at),
  })

export const objectsWith = (...objects: KubeObject[]): Objects =>
  reduceObjects(undefined, { type: 'snapshot', cluster: 'practice', objects }) as Objects
