// Which Jobs a CronJob starts and clears away now, and when it should look again. Pure.

import type { CronJobSpec, CronJobStatus } from 'kubernetes-types/batch/v1.js'
import { nextTime, parseSchedule } from '../cron.ts'
import { controllerOf, type KubeObject, timestamp } from '../object.ts'
import type { Job } from './job-decision.ts'
import type { Note } from './kinds.ts'

// Models kubernetes/pkg/controller/cronjob/cronjob_controllerv2.go and utils.go
export interface CronJob extends KubeObject {
  spec: CronJobSpec
  status?: CronJobStatus
}

export interface CronJobDecision {
  /** Milliseconds since the epoch of the time that is due. */
  start?: number
  remove: readonly Job[]
  status: CronJobStatus
  notes: readonly Note[]
  /** Look again in so many milliseconds. */
  after?: number
}

/** Times missed beyond this are not made up for, nor counted. */
const TOO_MANY = 100
/** Past the minute, so that the look finds it due. */
const SLACK_MS = 100

const endOf = (job: Job): 'Complete' | 'Failed' | undefined =>
  (['Complete', 'Failed'] as const).find(type =>
    job.status?.conditions?.some(condition => condition.type === type && condition.status === 'True'),
  )

const createdAt = ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp)

/** Finished Jobs beyond the limit, oldest first. */
const beyond = (jobs: readonly Job[], limit: number | undefined): Job[] => {
  if (limit === undefined) return []
  const sorted = [...jobs].sort((a, b) => createdAt(a) - createdAt(b))
  return sorted.slice(0, Math.max(0, sorted.length - limit))
}

const referenceTo = ({ metadata: { namespace, name, uid, resourceVersion } }: Job) => ({
  kind: 'Job',
  namespace,
  name,
  uid,
  apiVersion: 'batch/v1',
  resourceVersion,
})

/** Every time missed since the last start; `many` where there were more than can be looked at. */
const missedTimes = (cronJob: CronJob, now: number): { last?: number; many: boolean; next?: number } => {
  const { spec, status, metadata } = cronJob
  const schedule = parseSchedule(spec.schedule)
  if ('fault' in schedule) return { many: false }
  const since = status?.lastScheduleTime ? Date.parse(status.lastScheduleTime) : Date.parse(metadata.creationTimestamp)
  const earliest = spec.startingDeadlineSeconds === undefined ? since : Math.max(since, now - spec.startingDeadlineSeconds * 1000)
  let last: number | undefined
  let count = 0
  for (let at = nextTime(schedule, earliest, spec.timeZone); at !== undefined && at <= now; ) {
    last = at
    // Far behind: go straight to the last hours.
    if (++count > TOO_MANY) break
    at = nextTime(schedule, at, spec.timeZone)
  }
  if (count > TOO_MANY) {
    for (let at = nextTime(schedule, now - 3_600_000, spec.timeZone); at !== undefined && at <= now; ) {
      last = at
      at = nextTime(schedule, at, spec.timeZone)
    }
  }
  const next = nextTime(schedule, now, spec.timeZone)
  return { many: count > TOO_MANY, ...(last !== undefined && { last }), ...(next !== undefined && { next }) }
}

/** What to do next, given the Jobs that it owns. */
export const decideCronJob = (cronJob: CronJob, jobs: readonly Job[], now: number): CronJobDecision => {
  const { spec, status: old = {}, metadata } = cronJob
  const notes: Note[] = []
  const mine = jobs.filter(job => controllerOf(job)?.uid === metadata.uid)
  const finished = mine.filter(job => endOf(job))
  let lastSuccessfulTime = old.lastSuccessfulTime
  for (const job of finished) {
    const wasActive = old.active?.some(({ uid }) => uid === job.metadata.uid)
    if (wasActive) {
      const message = `Saw completed job: ${job.metadata.name}, condition: ${endOf(job)}`
      notes.push({ type: 'Normal', reason: 'SawCompletedJob', message })
    }
    const time = job.status?.completionTime
    if (endOf(job) === 'Complete' && time && (!lastSuccessfulTime || Date.parse(time) > Date.parse(lastSuccessfulTime)))
      lastSuccessfulTime = time
  }
  for (const { uid, name } of old.active ?? []) {
    if (mine.some(job => job.metadata.uid === uid)) continue
    notes.push({ type: 'Normal', reason: 'MissingJob', message: `Active job went missing: ${name}` })
  }
  const running = mine.filter(job => !endOf(job) && !job.metadata.deletionTimestamp)
  const remove = [
    ...beyond(
      finished.filter(job => endOf(job) === 'Complete'),
      spec.successfulJobsHistoryLimit,
    ),
    ...beyond(
      finished.filter(job => endOf(job) === 'Failed'),
      spec.failedJobsHistoryLimit,
    ),
  ]
  const statusWith = (active: readonly Job[], lastScheduleTime = old.lastScheduleTime): CronJobStatus => ({
    ...(active.length > 0 && { active: active.map(referenceTo) }),
    ...(lastScheduleTime && { lastScheduleTime }),
    ...(lastSuccessfulTime && { lastSuccessfulTime }),
  })
  if (metadata.deletionTimestamp || spec.suspend) return { remove, status: statusWith(running), notes }

  const { last: due, many, next } = missedTimes(cronJob, now)
  const after = next === undefined ? {} : { after: next - now + SLACK_MS }
  const rest = () => ({ remove, status: statusWith(running), notes, ...after })
  if (due === undefined) return rest()
  if (many) {
    const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
    notes.push({ type: 'Warning', reason: 'TooManyMissedTimes', message })
  }
  if (spec.startingDeadlineSeconds !== undefined && due + spec.startingDeadlineSeconds * 1000 < now) {
    const message = `Missed scheduled time to start a job: ${new Date(due).toUTCString().replace('GMT', '+0000')}`
    notes.push({ type: 'Warning', reason: 'MissSchedule', message })
    return rest()
  }
  if (spec.concurrencyPolicy === 'Forbid' && running.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    notes.push({ type: 'Normal', reason: 'JobAlreadyActive', message })
    return rest()
  }
  const replaced = spec.concurrencyPolicy === 'Replace' ? running : []
  const active = running.filter(job => !replaced.includes(job))
  return { start: due, remove: [...remove, ...replaced], status: statusWith(active, timestamp(due)), notes, ...after }
}
