// What a Job needs next: Pods to start, Pods to end, counts, conditions and Events. Pure.

import type { JobSpec, JobStatus } from 'kubernetes-types/batch/v1.js'
import { type KubeObject, timestamp } from '../object.ts'
import { failuresByIndex, type IndexFailures, judge, successRule } from './job-failure.ts'
import type { Note, Pod } from './kinds.ts'
import { isActive, isReady, isTerminal } from './pod.ts'

// Models kubernetes/pkg/controller/job/job_controller.go, backoff_utils.go and indexed_job_utils.go
export interface Job extends KubeObject {
  spec: JobSpec
  status?: JobStatus
}

/** Holds a Pod until its Job has counted it. */
export const TRACKING = 'batch.kubernetes.io/job-tracking'
export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index'
const BACKOFF_FIRST_MS = 10_000
const BACKOFF_LAST_MS = 600_000

type Condition = NonNullable<JobStatus['conditions']>[number]

export interface JobDecision {
  /** One Pod each; the number is its index where the Job is Indexed. */
  create: readonly (number | undefined)[]
  /** How often each index has failed, where each has a limit of its own. */
  failures?: ReadonlyMap<number, number>
  /** Ended without being counted: there are too many, or the Job is suspended. */
  remove: readonly Pod[]
  /** Ended because the Job is over; they count as failed. */
  kill: readonly Pod[]
  /** Counted: their finalizer may go. */
  release: readonly Pod[]
  status: JobStatus
  notes: readonly Note[]
  /** Look again in so many milliseconds. */
  after?: number
  /** Finished for longer than ttlSecondsAfterFinished. */
  expired?: boolean
}

const has = (conditions: readonly Condition[], type: string): Condition | undefined =>
  conditions.find(condition => condition.type === type && condition.status === 'True')

export const isFinished = (job: Job): boolean =>
  has(job.status?.conditions ?? [], 'Complete') !== undefined || has(job.status?.conditions ?? [], 'Failed') !== undefined

const finishedAt = (pod: Pod): number =>
  Math.max(
    0,
    ...(pod.status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? '') || 0),
    Date.parse(pod.metadata.deletionTimestamp ?? '') || 0,
  )

const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(TRACKING) ?? false
const hasSucceeded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded'
/** A Pod that is told to end counts as failed at once, unless the Job wants to see how it ends. */
const isPatient = ({ podReplacementPolicy, podFailurePolicy }: JobSpec): boolean =>
  podReplacementPolicy === 'Failed' || podFailurePolicy !== undefined
const hasFailed = (pod: Pod, { spec }: Job): boolean =>
  pod.status?.phase === 'Failed' || (!hasSucceeded(pod) && pod.metadata.deletionTimestamp !== undefined && !isPatient(spec))

export const indexOfPod = (pod: Pod): number => Number(pod.metadata.annotations?.[COMPLETION_INDEX] ?? -1)

/** `0-2,5` as numbers. */
const parseIndexes = (text = ''): Set<number> => {
  const found = new Set<number>()
  for (const part of text.split(',').filter(Boolean)) {
    const [from = 0, to = from] = part.split('-').map(Number)
    for (let index = from; index <= to; index++) found.add(index)
  }
  return found
}

const indexesText = (indexes: ReadonlySet<number>): string => {
  const sorted = [...indexes].sort((a, b) => a - b)
  const runs: [number, number][] = []
  for (const index of sorted) {
    const last = runs.at(-1)
    if (last && last[1] === index - 1) last[1] = index
    else runs.push([index, index])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

const backoffOf = (failures: number): number => Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_LAST_MS)

/** Milliseconds until the next Pod may start: ten seconds after a failure, doubling while they go on. */
const backoffLeft = (job: Job, pods: readonly Pod[], now: number): number => {
  const ended = pods.filter(pod => hasSucceeded(pod) || hasFailed(pod, job)).sort((a, b) => finishedAt(b) - finishedAt(a))
  const until = ended.findIndex(hasSucceeded)
  const failures = until < 0 ? ended.length : until
  return failures === 0 ? 0 : finishedAt(ended[0]!) + backoffOf(failures) - now
}

/** The same for each index by itself. */
const backoffsLeft = (failedPods: readonly Pod[], { counts }: IndexFailures, now: number): ReadonlyMap<number, number> => {
  const left = new Map<number, number>()
  for (const pod of failedPods) {
    const index = indexOfPod(pod)
    const wait = finishedAt(pod) + backoffOf(Math.max(1, counts.get(index) ?? 1)) - now
    left.set(index, Math.max(left.get(index) ?? 0, wait))
  }
  return left
}

const isPastLimit = ({ spec }: Job, pods: readonly Pod[], failed: number): boolean => {
  const limit = spec.backoffLimit ?? 6
  if (failed > limit) return true
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false
  const restarts = pods
    .filter(pod => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending')
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0)
  return limit === 0 ? restarts > 0 : restarts >= limit
}

/** Why each index being judged by itself ends the Job. */
const indexFault = (
  { completions = 0, maxFailedIndexes }: JobSpec,
  failed: number,
  done: number,
): [string, string] | undefined => {
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes)
    return ['MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes']
  return failed > 0 && failed + done >= completions ? ['FailedIndexes', 'Job has failed indexes'] : undefined
}

const nothing = { create: [], remove: [], kill: [], release: [], notes: [] } as const

/** What to do next for a Job, given every Pod that it owns. */
export const decideJob = (job: Job, pods: readonly Pod[], now: number): JobDecision => {
  const { spec, metadata } = job
  const old = job.status ?? {}
  const release = pods.filter(pod => isTracked(pod) && (hasSucceeded(pod) || hasFailed(pod, job)))
  if (isFinished(job) || metadata.deletionTimestamp) {
    return { ...nothing, release, status: old, ...afterFinish(job, now) }
  }
  const isIndexed = spec.completionMode === 'Indexed'
  const doneIndexes = parseIndexes(old.completedIndexes)
  for (const pod of pods) if (isIndexed && hasSucceeded(pod)) doneIndexes.add(indexOfPod(pod))
  const succeeded = isIndexed ? doneIndexes.size : (old.succeeded ?? 0) + release.filter(hasSucceeded).length
  const failing = release.filter(pod => hasFailed(pod, job))
  const verdicts = failing.map(pod => judge(spec, pod))
  const failed = (old.failed ?? 0) + verdicts.filter(({ action }) => action !== 'Ignore').length
  const failedPods = spec.backoffLimitPerIndex === undefined ? [] : pods.filter(pod => hasFailed(pod, job))
  const byIndex = failuresByIndex(job, failedPods, indexOfPod, parseIndexes(old.failedIndexes))
  const active = pods.filter(isActive)
  const terminating = pods.filter(pod => pod.metadata.deletionTimestamp && !isTerminal(pod))
  const notes: Note[] = []
  let conditions = old.conditions ?? []
  const set = (type: string, status: 'True' | 'False', reason: string, message: string) => {
    const time = timestamp(now)
    const condition = { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message }
    conditions = [...conditions.filter(each => each.type !== type), condition]
  }

  let startTime = old.startTime
  const suspended = conditions.find(({ type }) => type === 'Suspended')
  if (spec.suspend) {
    startTime = undefined
    if (suspended?.status !== 'True') {
      set('Suspended', 'True', 'JobSuspended', 'Job suspended')
      notes.push({ type: 'Normal', reason: 'Suspended', message: 'Job suspended' })
    }
  } else {
    startTime ??= timestamp(now)
    if (suspended?.status === 'True') {
      set('Suspended', 'False', 'JobResumed', 'Job resumed')
      notes.push({ type: 'Normal', reason: 'Resumed', message: 'Job resumed' })
    }
  }

  const deadline = startTime && spec.activeDeadlineSeconds ? Date.parse(startTime) + spec.activeDeadlineSeconds * 1000 : undefined
  const isComplete = spec.completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= spec.completions
  if (!has(conditions, 'FailureTarget') && !has(conditions, 'SuccessCriteriaMet')) {
    const byPolicy = verdicts.find(({ action }) => action === 'FailJob')
    const byIndexes = indexFault(spec, byIndex.failed.size, doneIndexes.size)
    const byRule = isIndexed ? successRule(spec, doneIndexes, parseIndexes) : undefined
    if (byPolicy) {
      set('FailureTarget', 'True', 'PodFailurePolicy', byPolicy.message ?? '')
    } else if (isPastLimit(job, pods, failed)) {
      set('FailureTarget', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')
    } else if (deadline !== undefined && deadline <= now) {
      set('FailureTarget', 'True', 'DeadlineExceeded', 'Job was active longer than specified deadline')
    } else if (byIndexes) {
      set('FailureTarget', 'True', ...byIndexes)
    } else if (byRule) {
      set('SuccessCriteriaMet', 'True', 'SuccessPolicy', byRule)
    } else if (isComplete) {
      set('SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods')
    }
  }
  const target = has(conditions, 'FailureTarget') ?? has(conditions, 'SuccessCriteriaMet')

  let completionTime: string | undefined
  if (target && active.length === 0 && terminating.length === 0) {
    if (target.type === 'SuccessCriteriaMet') {
      set('Complete', 'True', target.reason ?? '', target.message ?? '')
      completionTime = timestamp(now)
      notes.push({ type: 'Normal', reason: 'Completed', message: 'Job completed' })
    } else {
      set('Failed', 'True', target.reason ?? '', target.message ?? '')
      notes.push({ type: 'Warning', reason: target.reason ?? '', message: target.message ?? '' })
    }
  }

  const wanted = target || spec.suspend ? 0 : wantedActive(spec, succeeded + byIndex.failed.size, active.length)
  const excess = target ? [] : surplus(active, wanted, isIndexed ? doneIndexes : undefined)
  const missing = wanted - (active.length - excess.length) - (isPatient(spec) ? terminating.length : 0)
  const resting = backoffsLeft(failedPods, byIndex, now)
  const wait = missing > 0 && spec.backoffLimitPerIndex === undefined ? backoffLeft(job, pods, now) : 0
  const isOut = (index: number) => doneIndexes.has(index) || byIndex.failed.has(index) || (resting.get(index) ?? 0) > 0
  const taken = isPatient(spec) ? [...active, ...terminating] : active
  const create = missing > 0 && wait <= 0 ? chosen(job, taken, isOut, missing) : []
  const rests = target ? [] : [...resting].filter(([index]) => !byIndex.failed.has(index)).map(([, ms]) => ms)
  const waits = [wait, ...rests, deadline === undefined || target ? 0 : deadline - now].filter(ms => ms > 0)

  const status: JobStatus & { terminating?: number } = {
    ...(conditions.length > 0 && { conditions }),
    ...(startTime && { startTime }),
    ...(completionTime && { completionTime }),
    ...(active.length > 0 && { active: active.length }),
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    terminating: terminating.length,
    ...(isIndexed && doneIndexes.size > 0 && { completedIndexes: indexesText(doneIndexes) }),
    ...(spec.backoffLimitPerIndex !== undefined && { failedIndexes: indexesText(byIndex.failed) }),
    uncountedTerminatedPods: {},
    ready: active.filter(isReady).length,
  }
  return {
    create,
    ...(spec.backoffLimitPerIndex !== undefined && { failures: byIndex.counts }),
    remove: excess,
    kill: target ? active : [],
    release,
    status,
    notes,
    ...(waits.length > 0 && { after: Math.min(...waits) }),
  }
}

const wantedActive = (spec: JobSpec, succeeded: number, active: number): number => {
  const parallelism = spec.parallelism ?? 1
  // Without completions the first success ends the queue: the others may finish.
  if (spec.completions === undefined) return succeeded > 0 ? active : parallelism
  return Math.min(Math.max(spec.completions - succeeded, 0), parallelism)
}

/** Those that do not run yet go first; of an index that is done, or doubled, every one. */
const surplus = (active: readonly Pod[], wanted: number, done: ReadonlySet<number> | undefined): Pod[] => {
  const needless = done ? active.filter(pod => done.has(indexOfPod(pod))) : []
  const others = active.filter(pod => !needless.includes(pod))
  const rank = (pod: Pod) => Number(pod.status?.phase === 'Running') + Number(isReady(pod))
  const byRank = [...others].sort((a, b) => rank(a) - rank(b))
  return [...needless, ...byRank.slice(0, Math.max(0, others.length - wanted))]
}

const chosen = (
  { spec }: Job,
  taken: readonly Pod[],
  isOut: (index: number) => boolean,
  count: number,
): (number | undefined)[] => {
  if (spec.completionMode !== 'Indexed') return Array.from({ length: count }, () => undefined)
  const theirs = new Set(taken.map(indexOfPod))
  const free: number[] = []
  for (let index = 0; index < (spec.completions ?? 0) && free.length < count; index++) {
    if (!theirs.has(index) && !isOut(index)) free.push(index)
  }
  return free
}

// Models kubernetes/pkg/controller/ttlafterfinished/ttlafterfinished_controller.go
const afterFinish = ({ spec, status, metadata }: Job, now: number): { after?: number; expired?: boolean } => {
  const ttl = spec.ttlSecondsAfterFinished
  const conditions = status?.conditions ?? []
  const end = (has(conditions, 'Complete') ?? has(conditions, 'Failed'))?.lastTransitionTime
  if (ttl === undefined || !end || metadata.deletionTimestamp) return {}
  const left = Date.parse(end) + ttl * 1000 - now
  return left > 0 ? { after: left } : { expired: true }
}
