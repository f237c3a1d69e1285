// What the diagrams show of a cluster: counts and Pods, from a live one's objects, or from a story's journeys so far. Pure.

import type { KubeObject, Load } from '../../../../electron/contract/cluster.ts'
import { type PodShape, podState } from '../../../state/pod-state.ts'
import type { Told } from './story.ts'
import { toldObjects } from './told-objects.ts'

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
  /** Pods without a node. */
  waiting: PodDot[]
  services: number
  /** The newest resourceVersion seen: the store's counter. */
  revision?: string
  /** How busy the API server is, where it says so. */
  load?: Load
  /** All of it, for pictures of a single object. */
  objects: readonly KubeObject[]
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

const isOf = (object: KubeObject, kind: string): boolean =>
  object.metadata.ownerReferences?.some(owner => owner.kind === kind) ?? false

/** A Pod as a dot. */
export const dotOf = (pod: KubeObject): PodDot => ({ uid: pod.metadata.uid, name: pod.metadata.name, state: podState(pod).state })

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
      pods: pods.filter(pod => spec(pod).nodeName === node.metadata.name).map(dotOf),
    })),
    wanted: sets.reduce((sum, set) => sum + (spec(set).replicas ?? 0), 0),
    have: pods.filter(pod => isOf(pod, 'ReplicaSet') && !pod.metadata.deletionTimestamp).length,
    waiting: pods.filter(pod => !spec(pod).nodeName && !pod.metadata.deletionTimestamp).map(dotOf),
    services: objects.filter(object => object.kind === 'Service').length,
    ...(revision > 0 && { revision: String(revision) }),
    objects,
  }
}

/** The cluster after a story's journeys, on two nodes that were empty before them. */
export const storyFacts = (journeys: readonly Told[]): ClusterFacts => clusterFacts(toldObjects(journeys)) as ClusterFacts
