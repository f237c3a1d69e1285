// What the diagrams show of a cluster: counts and Pods, from a live one's objects, or from a story's journeys so far. Pure.

import type { KubeObject } from '../../../../electron/contract/cluster.ts'
import type { Journey } from '../../../../electron/contract/trace.ts'
import { type PodShape, podState } from '../../../state/pod-state.ts'

export interface PodDot {
  uid: string
  name: string
  state: PodShape
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

interface Fields {
  nodeName?: string
  replicas?: number
  conditions?: { type: string; status: string }[]
}

const spec = (object: KubeObject): Fields => (object.spec ?? {}) as Fields
const status = (object: KubeObject): Fields => (object.status ?? {}) as Fields
const isReady = (node: KubeObject): boolean =>
  status(node).conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false

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
      isReady: isReady(node),
      pods: pods
        .filter(pod => spec(pod).nodeName === node.metadata.name)
        .map(pod => ({ uid: pod.metadata.uid, name: pod.metadata.name, state: podState(pod).state })),
    })),
    wanted: sets.reduce((sum, set) => sum + (spec(set).replicas ?? 0), 0),
    have: sets.reduce((sum, set) => sum + (status(set).replicas ?? 0), 0),
    waitingForNode: pods.filter(pod => !spec(pod).nodeName && !pod.metadata.deletionTimestamp).length,
    services: objects.filter(object => object.kind === 'Service').length,
    ...(revision > 0 && { revision: String(revision) }),
  }
}

/** The two machines of every story. */
const storyNodes = ['node1', 'node2']

const dotOf: Partial<Record<Journey['deed'], PodShape>> = {
  created: 'pending',
  scheduled: 'progressing',
  started: 'progressing',
  ready: 'ready',
  unready: 'progressing',
  leaving: 'leaving',
  finished: 'ready',
}

/** The cluster after a story's journeys, on two nodes that were empty before them. */
export const storyFacts = (journeys: readonly Journey[]): ClusterFacts => {
  const last = new Map<string, Journey>()
  for (const journey of journeys)
    if (journey.deed === 'gone') last.delete(journey.uid)
    else last.set(journey.uid, journey)
  const of = (kind: string) => [...last.values()].filter(journey => journey.kind === kind)
  const pods = of('Pod')
  return {
    nodes: storyNodes.map(name => ({
      name,
      isReady: true,
      pods: pods
        .filter(({ node }) => node === name)
        .map(pod => ({ uid: pod.uid, name: pod.name, state: dotOf[pod.deed] ?? 'progressing' })),
    })),
    wanted: of('ReplicaSet').reduce((sum, { wanted = 0 }) => sum + wanted, 0),
    have: pods.length,
    waitingForNode: pods.filter(({ node }) => node === undefined).length,
    services: of('Service').length,
    ...(journeys.length > 0 && { revision: String(journeys.length) }),
  }
}
