// Workloads as rows: whatever makes Pods, each with the Pods that stand under it, and how far it is.

import type { Kind, KubeObject } from '../../../electron/contract/cluster.ts'
import type { StateName } from '../../parts/state-shape.tsx'
import { type Objects, objectsOf } from '../../state/objects.ts'
import { byBirth, byName, conditionsOf, type PodRow, toRow } from './sheet.ts'

export interface WorkloadRow {
  uid: string
  name: string
  kind: string
  namespace: string
  state: StateName
  ready: number
  wanted: number
  /** In place of ready and wanted, for kinds that have no such figures: a schedule, an autoscaler's bounds. */
  figure?: string
  note?: 'stuck' | 'failing' | 'rolling' | 'leaving' | 'idle' | 'suspended' | 'done'
  pods: PodRow[]
  /** uids of everything that belongs to it, itself included: its events name one of them. */
  family: ReadonlySet<string>
}

type Judgement = Pick<WorkloadRow, 'state' | 'ready' | 'wanted' | 'note' | 'figure'>

/** Kinds that can stand above a Pod, in the order in which they are met: an owner before what it owns. */
const makers: readonly Kind[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'ReplicationController',
  'ReplicaSet',
  'HorizontalPodAutoscaler',
]

interface Head {
  uid: string
  kind: string
  name: string
  object?: KubeObject
}

/** What stands for an object in the list: its topmost owner that makes Pods; a Pod that a node runs by itself has none. */
const headOf = (objects: Objects, object: KubeObject): Head => {
  const own = { uid: object.metadata.uid, kind: object.kind, name: object.metadata.name, object }
  const owner = object.metadata.ownerReferences?.[0]
  if (!owner || owner.kind === 'Node') return own
  const above = objects.byKind.get(owner.kind)?.get(owner.uid)
  if (above) return headOf(objects, above)
  // an owner of a kind that we do not watch, or that has just gone
  return object.kind === 'Pod' ? { uid: owner.uid, kind: owner.kind, name: owner.name } : own
}

const hasCondition = (object: KubeObject, name: string, reason?: string): boolean =>
  conditionsOf(object).some(each => each.type === name && each.status === 'True' && (!reason || each.reason === reason))

interface Figures {
  replicas?: number
  readyReplicas?: number
  updatedReplicas?: number
  desiredNumberScheduled?: number
  numberReady?: number
  completions?: number
  succeeded?: number
  active?: number
  schedule?: string
  suspend?: boolean
  minReplicas?: number
  maxReplicas?: number
  currentReplicas?: number
  desiredReplicas?: number
}

const figuresOf = (object: KubeObject | undefined): { spec: Figures; status: Figures } => ({
  spec: (object?.spec ?? {}) as Figures,
  status: (object?.status ?? {}) as Figures,
})

const scaled = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'])

const judgeJob = (job: KubeObject): Judgement => {
  const { spec, status } = figuresOf(job)
  const figures = { ready: status.succeeded ?? 0, wanted: spec.completions ?? 1 }
  if (hasCondition(job, 'Failed')) return { ...figures, state: 'failed', note: 'failing' }
  if (hasCondition(job, 'Complete')) return { ...figures, state: 'ready', note: 'done' }
  return spec.suspend ? { ...figures, state: 'pending', note: 'suspended' } : { ...figures, state: 'progressing' }
}

const judgeCronJob = (job: KubeObject): Judgement => {
  const { spec } = figuresOf(job)
  const figures = { ready: 0, wanted: 0, figure: spec.schedule ?? '' }
  return spec.suspend ? { ...figures, state: 'pending', note: 'suspended' } : { ...figures, state: 'ready' }
}

const judgeAutoscaler = (object: KubeObject): Judgement => {
  const { spec, status } = figuresOf(object)
  const figure = `${status.currentReplicas ?? 0} → ${status.desiredReplicas ?? 0} (${spec.minReplicas ?? 1}–${spec.maxReplicas ?? 1})`
  const isJudged = conditionsOf(object).some(({ type }) => type === 'ScalingActive')
  const state = hasCondition(object, 'ScalingActive') ? 'ready' : isJudged ? 'attention' : 'progressing'
  return { ready: status.currentReplicas ?? 0, wanted: status.desiredReplicas ?? 0, figure, state }
}

const judge = (object: KubeObject | undefined, kind: string, pods: readonly PodRow[]): Judgement => {
  if (object && kind === 'Job') return judgeJob(object)
  if (object && kind === 'CronJob') return judgeCronJob(object)
  if (object && kind === 'HorizontalPodAutoscaler') return judgeAutoscaler(object)
  const staying = pods.filter(pod => pod.state !== 'leaving')
  const { spec, status } = figuresOf(object)
  const isScaled = object !== undefined && scaled.has(kind)
  const isSpread = object !== undefined && kind === 'DaemonSet'
  const wanted = isScaled ? (spec.replicas ?? 1) : isSpread ? (status.desiredNumberScheduled ?? 0) : staying.length
  const ready = isScaled
    ? (status.readyReplicas ?? 0)
    : isSpread
      ? (status.numberReady ?? 0)
      : staying.filter(pod => pod.state === 'ready').length
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

/** @param namespace only what lives in it */
export const workloadRows = (objects: Objects, namespace?: string): WorkloadRow[] => {
  const found = new Map<string, Head & { namespace: string; pods: PodRow[]; family: Set<string> }>()
  const meet = (member: KubeObject) => {
    const head = headOf(objects, member)
    const row = found.get(head.uid) ?? {
      ...head,
      namespace: member.metadata.namespace ?? '',
      pods: [],
      family: new Set([head.uid]),
    }
    found.set(head.uid, row)
    row.family.add(member.metadata.uid)
    return row
  }
  const isAsked = ({ metadata }: KubeObject): boolean => namespace === undefined || metadata.namespace === namespace
  for (const kind of makers) for (const object of objectsOf(objects, kind)) if (isAsked(object)) meet(object)
  for (const pod of objectsOf(objects, 'Pod')) if (isAsked(pod)) meet(pod).pods.push(toRow(pod))
  return [...found.values()]
    .map(({ object, ...row }) => ({ ...row, pods: row.pods.sort(byBirth), ...judge(object, row.kind, row.pods) }))
    .sort(byName)
}
