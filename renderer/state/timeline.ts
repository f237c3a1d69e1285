// What happened, as seen from here: each Pod's life and each workload's replicas over time, reduced from the objects stream.

import type { Kind, KubeObject, ObjectsEvent } from '../../electron/contract/cluster.ts'
import type { Api } from '../api/connect-to-host.ts'
import { type Follower, follow } from './follow.ts'

/** Moments in milliseconds since the epoch. Each is when we saw it; what happened before we looked takes the object's own, coarser, times. */
export interface PodLife {
  uid: string
  name: string
  namespace: string
  /** uid of the controller that owns it. */
  owner?: string
  node?: string
  created: number
  scheduled?: number
  pulled?: number
  made?: number
  started?: number
  ready?: number
  /** Ready at this moment: a Pod can lose it. */
  isReady: boolean
  /** Why it waits, in the kubelet's own word: ImagePullBackOff, CrashLoopBackOff. */
  waiting?: string
  leaving?: number
  gone?: number
  /** How it ended by itself: a Job's Pod does. */
  end?: 'succeeded' | 'failed'
}

export interface ReplicaSample {
  at: number
  wanted: number
  ready: number
  available: number
}

export interface Workload {
  uid: string
  kind: string
  name: string
  namespace: string
  /** uid of its controller: a ReplicaSet's Deployment, a Job's CronJob. */
  owner?: string
  /** Empty for those that want no number of replicas. */
  samples: readonly ReplicaSample[]
  gone?: number
}

export interface Timeline {
  cluster: string
  pods: ReadonlyMap<string, PodLife>
  workloads: ReadonlyMap<string, Workload>
}

export const emptyTimeline: Timeline = { cluster: '', pods: new Map(), workloads: new Map() }

/** Dead Pods and samples are kept for the charts, but not for ever. */
const goneKept = 200
const samplesKept = 2000

const time = (text: unknown): number | undefined => (typeof text === 'string' ? Date.parse(text) : undefined)

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : [])

const isTrue = (pod: KubeObject, type: string): boolean =>
  records(record(pod.status).conditions).some(condition => condition.type === type && condition.status === 'True')

const conditionTime = (pod: KubeObject, type: string): number | undefined =>
  time(
    records(record(pod.status).conditions).find(condition => condition.type === type && condition.status === 'True')
      ?.lastTransitionTime,
  )

const waitingReason = (pod: KubeObject): string | undefined => {
  const status = record(pod.status)
  for (const container of [...records(status.initContainerStatuses), ...records(status.containerStatuses)]) {
    const reason = record(record(container.state).waiting).reason
    if (typeof reason === 'string' && reason !== 'ContainerCreating' && reason !== 'PodInitializing') return reason
  }
  return undefined
}

const startedAt = (pod: KubeObject): number | undefined =>
  time(record(record(records(record(pod.status).containerStatuses)[0]?.state).running).startedAt)

const endOf = (pod: KubeObject): PodLife['end'] => {
  const { phase } = record(pod.status)
  return phase === 'Succeeded' ? 'succeeded' : phase === 'Failed' ? 'failed' : undefined
}

const finishedAt = (pod: KubeObject): number | undefined =>
  time(record(record(records(record(pod.status).containerStatuses)[0]?.state).terminated).finishedAt)

const controllerOf = ({ metadata }: KubeObject): string | undefined =>
  metadata.ownerReferences?.find(owner => owner.controller === true)?.uid

/** A moment that we witnessed is now; one from before we looked is what the object says. */
const seen = (isHistory: boolean, now: number, own: number | undefined): number => (isHistory ? (own ?? now) : now)

const nextPod = (before: PodLife | undefined, pod: KubeObject, now: number, isHistory: boolean): PodLife => {
  const { metadata } = pod
  const created = before?.created ?? seen(isHistory, now, time(metadata.creationTimestamp))
  const node = record(pod.spec).nodeName
  const life: PodLife = {
    ...before,
    uid: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    owner: controllerOf(pod),
    created,
    isReady: isTrue(pod, 'Ready'),
    waiting: waitingReason(pod),
  }
  if (typeof node === 'string') {
    life.node = node
    life.scheduled ??= seen(isHistory, now, conditionTime(pod, 'PodScheduled') ?? created)
  }
  const started = startedAt(pod)
  if (started !== undefined) life.started ??= seen(isHistory, now, started)
  if (life.isReady) life.ready ??= seen(isHistory, now, conditionTime(pod, 'Ready'))
  if (metadata.deletionTimestamp) life.leaving ??= now
  // A Job's Pod that is done stays to be read, but lives no more.
  const end = endOf(pod)
  if (end) life.gone ??= seen(isHistory, now, finishedAt(pod))
  // one that was told to go ends because of that
  if (life.leaving === undefined) life.end = end
  return life
}

/** Which phase the kubelet's and scheduler's events end. */
const phaseOf: Record<string, 'scheduled' | 'pulled' | 'made' | 'started'> = {
  Scheduled: 'scheduled',
  Pulled: 'pulled',
  Created: 'made',
  Started: 'started',
}

const withEvent = (pods: Map<string, PodLife>, event: KubeObject, now: number, isHistory: boolean): void => {
  const about = record(event.involvedObject)
  const phase = typeof event.reason === 'string' ? phaseOf[event.reason] : undefined
  const life = typeof about.uid === 'string' ? pods.get(about.uid) : undefined
  if (!phase || !life) return
  const own = time(event.eventTime) ?? time(event.firstTimestamp)
  const known = life[phase]
  // Of the past an event may tell the moment within the second that the Pod's own status tells.
  const isFiner = isHistory && own !== undefined && known !== undefined && own > known && own - known < 1000
  if (known !== undefined && !isFiner) return
  pods.set(life.uid, { ...life, [phase]: Math.max(life.created, seen(isHistory, now, own)) })
}

const phases = ['created', 'scheduled', 'pulled', 'made', 'started', 'ready'] as const

/** Conditions tell whole seconds, events finer ones: no phase of a life read from both ends before the one it follows. */
const inOrder = (life: PodLife): PodLife => {
  const told = { ...life }
  let least = life.created
  for (const phase of phases) {
    const at = told[phase]
    if (at !== undefined) least = told[phase] = Math.max(at, least)
  }
  return told
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** How many a workload wants and has; undefined for one that counts otherwise. */
const countsOf = ({ kind, spec, status }: KubeObject): Omit<ReplicaSample, 'at'> | undefined => {
  const [wants, has] = [record(spec), record(status)]
  if (kind === 'Job' || kind === 'CronJob') return undefined
  if (kind === 'DaemonSet')
    return {
      wanted: number(has.desiredNumberScheduled),
      ready: number(has.numberReady),
      available: number(has.numberAvailable),
    }
  return { wanted: number(wants.replicas), ready: number(has.readyReplicas), available: number(has.availableReplicas) }
}

const nextWorkload = (before: Workload | undefined, object: KubeObject, now: number, isHistory: boolean): Workload => {
  const { kind, metadata } = object
  const counts = countsOf(object)
  const samples = before?.samples ?? []
  const last = samples.at(-1)
  const isSame =
    !counts || (last && last.wanted === counts.wanted && last.ready === counts.ready && last.available === counts.available)
  const at = before === undefined && isHistory ? (time(metadata.creationTimestamp) ?? now) : now
  return {
    uid: metadata.uid,
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    owner: controllerOf(object),
    samples: isSame ? samples : [...samples, { at, ...counts }].slice(-samplesKept),
  }
}

const workloadKinds: readonly Kind[] = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
  'Job',
  'CronJob',
]

const isWorkload = ({ kind }: KubeObject): boolean => workloadKinds.some(each => each === kind)

const forgetOldest = <T extends { gone?: number }>(items: Map<string, T>): void => {
  const gone = [...items].filter(([, item]) => item.gone !== undefined)
  for (const [uid] of gone.slice(0, Math.max(0, gone.length - goneKept))) items.delete(uid)
}

/** Folds one event of the objects stream in. `now` is when it arrived. Pure: the given timeline is not changed. */
export const reduceTimeline = (timeline: Timeline, event: ObjectsEvent, now: number): Timeline => {
  const isSnapshot = event.type === 'snapshot'
  const isNewCluster = isSnapshot && event.cluster !== timeline.cluster
  const pods = new Map(isNewCluster ? [] : timeline.pods)
  const workloads = new Map(isNewCluster ? [] : timeline.workloads)
  const changes = isSnapshot ? event.objects.map(object => ({ type: 'put' as const, object })) : event.changes

  // Events may arrive before or after the Pod they tell of: first everything else, then events.
  for (const { type, object } of changes) {
    const { uid } = object.metadata
    if (object.kind === 'Pod') {
      const life = pods.get(uid)
      if (type === 'put') pods.set(uid, nextPod(life, object, now, isSnapshot))
      else if (life) pods.set(uid, { ...life, isReady: false, leaving: life.leaving ?? life.gone ?? now, gone: life.gone ?? now })
    } else if (isWorkload(object)) {
      const workload = workloads.get(uid)
      if (type === 'put') workloads.set(uid, nextWorkload(workload, object, now, isSnapshot))
      else if (workload) workloads.set(uid, { ...workload, gone: now })
    }
  }
  for (const { type, object } of changes) if (type === 'put' && object.kind === 'Event') withEvent(pods, object, now, isSnapshot)

  if (isSnapshot) {
    for (const [uid, life] of pods) pods.set(uid, inOrder(life))
    markMissing(pods, workloads, event.objects, now)
  }
  forgetOldest(pods)
  forgetOldest(workloads)
  return { cluster: isSnapshot ? event.cluster : timeline.cluster, pods, workloads }
}

/** After a lost watch, a snapshot tells by silence what went away meanwhile. */
const markMissing = (
  pods: Map<string, PodLife>,
  workloads: Map<string, Workload>,
  objects: readonly KubeObject[],
  now: number,
): void => {
  const alive = new Set(objects.map(object => object.metadata.uid))
  for (const [uid, life] of pods)
    if (!alive.has(uid) && life.gone === undefined)
      pods.set(uid, { ...life, isReady: false, leaving: life.leaving ?? now, gone: now })
  for (const [uid, workload] of workloads)
    if (!alive.has(uid) && workload.gone === undefined) workloads.set(uid, { ...workload, gone: now })
}

/** The kinds that the timeline is made from. */
export const timelineKinds: readonly Kind[] = ['Pod', ...workloadKinds, 'Event']

/** Follows the current cluster from now on; kept while the page lives, so that a lesson left and come back to has its past. */
export const followTimeline = (api: Api): Follower<Timeline> =>
  follow<ObjectsEvent, Timeline>(
    (onEvent, options) => api.cluster.objects({ kinds: [...timelineKinds] }, onEvent, options),
    (known, event) => reduceTimeline(known ?? emptyTimeline, event, Date.now()),
  )
