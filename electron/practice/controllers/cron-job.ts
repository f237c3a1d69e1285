// Starts Jobs by the clock: carries out decideCronJob.

import { clone, isEqual } from '../clone.ts'
import { controllerOf, type KubeObject, keyOf, splitKey, timestamp } from '../object.ts'
import { StatusError } from '../status-error.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { type CronJob, decideCronJob } from './cron-job-decision.ts'
import type { Index } from './index-of.ts'
import type { Job } from './job-decision.ts'
import { ownerReference } from './pod-template.ts'

// Models kubernetes/pkg/controller/cronjob/utils.go, getJobFromTemplate2
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

/** The Job of a time; its name tells the minute, so that no minute starts two. */
const jobOf = (owner: CronJob, due: number): Partial<KubeObject> => {
  const { metadata, spec } = owner.spec.jobTemplate
  const labels = metadata?.labels
  return {
    metadata: {
      name: `${owner.metadata.name}-${Math.floor(due / 60_000)}`,
      namespace: owner.metadata.namespace,
      annotations: { ...metadata?.annotations, [SCHEDULED]: timestamp(due) },
      ...(labels && { labels: { ...labels } }),
      ownerReferences: [ownerReference(owner)],
    } as Partial<KubeObject['metadata']> as KubeObject['metadata'],
    spec: clone(spec),
  }
}

/** The controller. */
export const cronJob = ({ registry, clock, record }: ControllerContext, jobsByOwner: Index<Job>): Controller => {
  const { store } = registry

  const start = (owner: CronJob, due: number): void => {
    const job = jobOf(owner, due)
    try {
      const made = registry.create('jobs.batch', job)
      record(owner, 'Normal', 'SuccessfulCreate', `Created job ${made.metadata.name}`)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      if (error.status.reason === 'AlreadyExists') return
      record(owner, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`)
      throw error
    }
  }

  return {
    name: 'cronjob',
    watches: {
      'cronjobs.batch': ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object)]),
      'jobs.batch': ({ object }) => {
        const owner = controllerOf(object)
        return owner?.kind === 'CronJob' ? [`${object.metadata.namespace}/${owner.name}`] : []
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const owner = store.get('cronjobs.batch', namespace, name) as CronJob | undefined
      if (!owner) return undefined
      const { start: due, remove, status, notes, after } = decideCronJob(owner, jobsByOwner.get(owner.metadata.uid), clock.now())
      for (const { type, reason, message } of notes) record(owner, type, reason, message)
      for (const { metadata } of remove) {
        registry.delete('jobs.batch', namespace, metadata.name, { propagationPolicy: 'Background' })
        record(owner, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`)
      }
      if (due !== undefined) start(owner, due)
      if (!isEqual(status, owner.status ?? {})) {
        registry.modify('cronjobs.batch', namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
      }
      return after === undefined ? undefined : { after }
    },
  }
}
