// What the diagrams show of a live cluster: counts and Pods, reduced from its objects. Pure.

import type { KubeObject } from '../../../../electron/contract/cluster.ts'

export interface PodDot {
  uid: string
  name: string
  state: 'ready' | 'progressing' | 'pending' | 'failed' | 'leaving'
}

export interface NodeFacts {
  name: string
  isReady: boolean
  pods: PodDot[]
}

export interface ClusterFacts {
  nodes: NodeFacts[]
  /** Sum over Deployments' ReplicaSets. */
  wanted: number
  have: number
  waitingForNode: number
  services: number
  /** The newest resourceVersion seen: the store's counter. */
  revision?: string
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : [])
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

const hasCondition = (object: KubeObject, type: string): boolean =>
  records(record(object.status).conditions).some(condition => condition.type === type && condition.status === 'True')

const isFailing = (pod: KubeObject): boolean =>
  record(pod.status).phase === 'Failed' ||
  records(record(pod.status).containerStatuses).some(container => {
    const reason = record(record(container.state).waiting).reason
    return typeof reason === 'string' && /BackOff|^Err|Error$|Invalid/.test(reason)
  })

export const stateOf = (pod: KubeObject): PodDot['state'] => {
  if (pod.metadata.deletionTimestamp) return 'leaving'
  if (isFailing(pod)) return 'failed'
  if (hasCondition(pod, 'Ready') || record(pod.status).phase === 'Succeeded') return 'ready'
  return record(pod.spec).nodeName ? 'progressing' : 'pending'
}

/** The cluster's objects as the diagrams need them; undefined where no cluster is attached. */
export const clusterFacts = (objects: readonly KubeObject[]): ClusterFacts | undefined => {
  const nodes = objects.filter(object => object.kind === 'Node')
  if (nodes.length === 0) return undefined
  const pods = objects.filter(object => object.kind === 'Pod')
  const sets = objects.filter(object => object.kind === 'ReplicaSet')
  const revision = objects.reduce((newest, object) => Math.max(newest, Number(object.metadata.resourceVersion) || 0), 0)
  return {
    nodes: nodes.map(node => ({
      name: node.metadata.name,
      isReady: hasCondition(node, 'Ready'),
      pods: pods
        .filter(pod => record(pod.spec).nodeName === node.metadata.name)
        .map(pod => ({ uid: pod.metadata.uid, name: pod.metadata.name, state: stateOf(pod) })),
    })),
    wanted: sets.reduce((sum, set) => sum + number(record(set.spec).replicas), 0),
    have: sets.reduce((sum, set) => sum + number(record(set.status).replicas), 0),
    waitingForNode: pods.filter(pod => !record(pod.spec).nodeName && !pod.metadata.deletionTimestamp).length,
    services: objects.filter(object => object.kind === 'Service').length,
    ...(revision > 0 && { revision: String(revision) }),
  }
}
