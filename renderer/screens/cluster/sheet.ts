// The cluster as rows of a sheet, reduced from its objects: pure, so that a table test can hold it still.

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

export interface WorkloadRow {
  uid: string
  name: string
  kind: string
  namespace: string
  state: StateName
  ready: number
  wanted: number
  note?: 'stuck' | 'failing' | 'rolling' | 'leaving' | 'idle'
  pods: PodRow[]
  /** uids of everything that belongs to it, itself included: its events name one of them. */
  family: ReadonlySet<string>
}

interface Condition {
  type: string
  status: string
  reason?: string
}

const byName = (a: { name: string; namespace?: string }, b: { name: string; namespace?: string }): number => {
  const isSystem = (namespace = '') => Number(namespace.startsWith('kube-'))
  return isSystem(a.namespace) - isSystem(b.namespace) || a.name.localeCompare(b.name, 'en', { numeric: true })
}

const byBirth = (a: PodRow, b: PodRow): number => a.born.localeCompare(b.born) || byName(a, b)

const conditionsOf = (object: KubeObject): Condition[] => ((object.status ?? {}) as { conditions?: Condition[] }).conditions ?? []

const toRow = (pod: KubeObject): PodRow => ({
  uid: pod.metadata.uid,
  name: pod.metadata.name,
  node: ((pod.spec ?? {}) as { nodeName?: string }).nodeName ?? '',
  ip: ((pod.status ?? {}) as { podIP?: string }).podIP ?? '',
  born: pod.metadata.creationTimestamp,
  ...podState(pod),
})

const ownerOf = ({ metadata }: KubeObject) => metadata.ownerReferences?.[0]

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

/** What stands for a Pod in the list: its Deployment, else its topmost owner that we see, else itself. */
const heads = (objects: Objects) => {
  const sets = objects.byKind.get('ReplicaSet')
  const deployments = objects.byKind.get('Deployment')
  const statefulSets = objects.byKind.get('StatefulSet')
  return (pod: KubeObject): { uid: string; kind: string; name: string; object?: KubeObject } => {
    const owner = ownerOf(pod)
    if (!owner) return { uid: pod.metadata.uid, kind: 'Pod', name: pod.metadata.name, object: pod }
    const set = sets?.get(owner.uid)
    const above = set && ownerOf(set)
    const deployment = above && deployments?.get(above.uid)
    if (deployment)
      return { uid: deployment.metadata.uid, kind: 'Deployment', name: deployment.metadata.name, object: deployment }
    return { uid: owner.uid, kind: owner.kind, name: owner.name, object: set ?? statefulSets?.get(owner.uid) }
  }
}

const judge = (
  object: KubeObject | undefined,
  kind: string,
  pods: readonly PodRow[],
): Pick<WorkloadRow, 'state' | 'ready' | 'wanted' | 'note'> => {
  const staying = pods.filter(pod => pod.state !== 'leaving')
  const spec = (object?.spec ?? {}) as { replicas?: number }
  const status = (object?.status ?? {}) as { readyReplicas?: number; updatedReplicas?: number }
  const isScaled = kind === 'Deployment' || kind === 'ReplicaSet' || kind === 'StatefulSet'
  const wanted = isScaled && object ? (spec.replicas ?? 1) : staying.length
  const ready = isScaled && object ? (status.readyReplicas ?? 0) : staying.filter(pod => pod.state === 'ready').length
  const figures = { ready, wanted }
  const isStuck = conditionsOf(object ?? ({} as KubeObject)).some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  )
  const isFailing = staying.some(pod => pod.state === 'failed')
  if (isStuck || (isFailing && ready >= wanted && wanted > 0)) return { ...figures, state: 'failed', note: 'stuck' }
  if (isFailing) return { ...figures, state: 'failed', note: 'failing' }
  if (kind === 'Pod' && pods[0]) return { ...figures, wanted: 1, state: pods[0].state }
  const isRolling = kind === 'Deployment' && (status.updatedReplicas ?? 0) < wanted && staying.length > 0 && ready > 0
  if (isRolling) return { ...figures, state: 'progressing', note: 'rolling' }
  if (ready < wanted) return { ...figures, state: staying.some(pod => pod.state === 'attention') ? 'attention' : 'progressing' }
  if (pods.length > staying.length) return { ...figures, state: wanted > 0 ? 'ready' : 'leaving', note: 'leaving' }
  return wanted === 0 ? { ...figures, state: 'pending', note: 'idle' } : { ...figures, state: 'ready' }
}

export const workloadRows = (objects: Objects): WorkloadRow[] => {
  const headOf = heads(objects)
  const found = new Map<
    string,
    { name: string; kind: string; namespace: string; object?: KubeObject; pods: PodRow[]; family: Set<string> }
  >()
  const meet = (uid: string, kind: string, name: string, namespace: string, object?: KubeObject) => {
    const known = found.get(uid) ?? { name, kind, namespace, object, pods: [], family: new Set([uid]) }
    found.set(uid, known)
    return known
  }
  for (const deployment of objectsOf(objects, 'Deployment'))
    meet(deployment.metadata.uid, 'Deployment', deployment.metadata.name, deployment.metadata.namespace ?? '', deployment)
  for (const set of objectsOf(objects, 'StatefulSet'))
    meet(set.metadata.uid, 'StatefulSet', set.metadata.name, set.metadata.namespace ?? '', set)
  for (const set of objectsOf(objects, 'ReplicaSet')) {
    const owner = ownerOf(set)
    if (!owner) meet(set.metadata.uid, 'ReplicaSet', set.metadata.name, set.metadata.namespace ?? '', set)
    else found.get(owner.uid)?.family.add(set.metadata.uid)
  }
  for (const pod of objectsOf(objects, 'Pod')) {
    const { uid, kind, name, object } = headOf(pod)
    const row = meet(uid, kind, name, pod.metadata.namespace ?? '', object)
    row.pods.push(toRow(pod))
    row.family.add(pod.metadata.uid)
  }
  return [...found]
    .map(([uid, { object, ...row }]) => ({ uid, ...row, pods: row.pods.sort(byBirth), ...judge(object, row.kind, row.pods) }))
    .sort(byName)
}
