// Nodes and their Pods as rows of a sheet, reduced from the cluster's objects: pure, so that a table test can hold it still.

import type { KubeObject } from '../../../electron/contract/cluster.ts'
import type { StateName } from '../../parts/state-shape.tsx'
import { type Objects, objectsOf } from '../../state/objects.ts'
import { type PodState, podState } from '../../state/pod-state.ts'

export interface PodRow extends PodState {
  uid: string
  name: string
  node: string
  ip: string
  /** RFC 3339: Pods stand in the order of their birth. */
  born: string
}

export interface NodeRow {
  uid: string
  name: string
  state: StateName
  word: 'ready' | 'notReady' | 'unknown'
  isCordoned: boolean
  pods: PodRow[]
}

export interface Condition {
  type: string
  status: string
  reason?: string
}

export const byName = (a: { name: string; namespace?: string }, b: { name: string; namespace?: string }): number => {
  const isSystem = (namespace = '') => Number(namespace.startsWith('kube-'))
  return isSystem(a.namespace) - isSystem(b.namespace) || a.name.localeCompare(b.name, 'en', { numeric: true })
}

export const byBirth = (a: PodRow, b: PodRow): number => a.born.localeCompare(b.born) || byName(a, b)

export const conditionsOf = (object: KubeObject): Condition[] =>
  ((object.status ?? {}) as { conditions?: Condition[] }).conditions ?? []

export const toRow = (pod: KubeObject): PodRow => ({
  uid: pod.metadata.uid,
  name: pod.metadata.name,
  node: ((pod.spec ?? {}) as { nodeName?: string }).nodeName ?? '',
  ip: ((pod.status ?? {}) as { podIP?: string }).podIP ?? '',
  born: pod.metadata.creationTimestamp,
  ...podState(pod),
})

export const nodeRows = (objects: Objects): NodeRow[] => {
  const pods = objectsOf(objects, 'Pod').map(toRow).sort(byBirth)
  return objectsOf(objects, 'Node')
    .map(node => {
      const ready = conditionsOf(node).find(({ type }) => type === 'Ready')?.status
      return {
        uid: node.metadata.uid,
        name: node.metadata.name,
        state: ready === 'True' ? ('ready' as const) : ready === 'False' ? ('failed' as const) : ('attention' as const),
        word: ready === 'True' ? ('ready' as const) : ready === 'False' ? ('notReady' as const) : ('unknown' as const),
        isCordoned: ((node.spec ?? {}) as { unschedulable?: boolean }).unschedulable === true,
        pods: pods.filter(pod => pod.node === node.metadata.name),
      }
    })
    .sort(byName)
}

/** Namespaces that every cluster has; they are no news. */
const builtIn = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease'])

export interface NamespaceRow {
  uid: string
  name: string
  state: StateName
  phase: string
  pods: PodRow[]
}

/** Namespaces that somebody made. */
export const namespaceRows = (objects: Objects): NamespaceRow[] => {
  const pods = objectsOf(objects, 'Pod')
  return objectsOf(objects, 'Namespace')
    .filter(({ metadata }) => !builtIn.has(metadata.name))
    .map(({ metadata, status }) => {
      const { phase = 'Active' } = (status ?? {}) as { phase?: string }
      const own = pods.filter(pod => pod.metadata.namespace === metadata.name)
      const state = phase === 'Active' ? ('ready' as const) : ('leaving' as const)
      return { uid: metadata.uid, name: metadata.name, state, phase, pods: own.map(toRow).sort(byBirth) }
    })
    .sort(byName)
}

/** Namespaces with something in them, the usual one first. */
export const namespaceNames = (objects: Objects): string[] => {
  const names = new Set(objectsOf(objects, 'Namespace').map(({ metadata }) => metadata.name))
  return [...names].sort((a, b) => Number(b === 'default') - Number(a === 'default') || a.localeCompare(b, 'en'))
}
