// Runs Jobs to their end: carries out decideJob.

import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { controllerOf, keyOf, type ObjectMeta, splitKey } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Index } from './index-of.ts'
import { COMPLETION_INDEX, decideJob, type Job, TRACKING } from './job-decision.ts'
import { FAILURE_COUNT } from './job-failure.ts'
import type { Pod } from './kinds.ts'
import { podFromTemplate } from './pod-template.ts'

// Models kubernetes/pkg/controller/job/job_controller.go and indexed_job_utils.go

/** The Pod with what an index adds: a label, an annotation, a name, a host name and an environment variable. */
const indexed = (
  job: Job,
  pod: ReturnType<typeof podFromTemplate>,
  index: number,
  failures: ReadonlyMap<number, number> | undefined,
): ReturnType<typeof podFromTemplate> => {
  const metadata = pod.metadata as ObjectMeta
  const mark = { [COMPLETION_INDEX]: String(index) }
  const spec = pod.spec as PodSpec
  const name = 'JOB_COMPLETION_INDEX'
  const valueFrom = { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } }
  const withIndex = (containers: PodSpec['containers'] = []) =>
    containers.map(each => ({
      ...each,
      env: [...(each.env ?? []).filter(variable => variable.name !== name), { name, valueFrom }],
    }))
  return {
    ...pod,
    metadata: {
      ...metadata,
      generateName: `${job.metadata.name}-${index}-`,
      labels: { ...metadata.labels, ...mark },
      annotations: {
        ...metadata.annotations,
        ...mark,
        ...(failures && { [FAILURE_COUNT]: String(failures.get(index) ?? 0) }),
      },
    },
    spec: {
      ...spec,
      hostname: `${job.metadata.name}-${index}`,
      containers: withIndex(spec.containers),
      ...(spec.initContainers && { initContainers: withIndex(spec.initContainers) }),
    },
  }
}

/** The controller. */
export const job = ({ registry, clock, record }: ControllerContext, podsByOwner: Index<Pod>): Controller => {
  const { store } = registry

  const start = (owner: Job, index: number | undefined, failures: ReadonlyMap<number, number> | undefined) => {
    const plain = podFromTemplate(owner, owner.spec.template)
    const metadata = plain.metadata as ObjectMeta
    metadata.finalizers = [...(metadata.finalizers ?? []), TRACKING]
    const pod = registry.create('pods', index === undefined ? plain : indexed(owner, plain, index, failures))
    record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
  }
  const release = ({ metadata }: Pod) =>
    registry.modify('pods', metadata.namespace ?? '', metadata.name, copy => {
      if (copy.metadata.uid !== metadata.uid) return undefined
      copy.metadata.finalizers = copy.metadata.finalizers?.filter(each => each !== TRACKING)
      if (copy.metadata.finalizers?.length === 0) delete copy.metadata.finalizers
      return copy
    })
  const end = (owner: Job, { metadata }: Pod) => {
    registry.delete('pods', metadata.namespace ?? '', metadata.name, { preconditions: { uid: metadata.uid } })
    record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
  }

  return {
    name: 'job',
    watches: {
      'jobs.batch': ({ type, object }) => (type === 'DELETED' ? [`gone/${object.metadata.uid}`] : [keyOf(object)]),
      pods: ({ object }) => {
        const owner = controllerOf(object)
        if (owner?.kind !== 'Job') return []
        const stored = store.get('jobs.batch', object.metadata.namespace ?? '', owner.name)
        return [stored?.metadata.uid === owner.uid ? `${object.metadata.namespace}/${owner.name}` : `gone/${owner.uid}`]
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const owner = store.get('jobs.batch', namespace, name) as Job | undefined
      if (!owner) {
        // A Job that is gone counts no more: its Pods may leave. `gone/UID` names it.
        for (const pod of podsByOwner.get(name)) if (pod.metadata.finalizers?.includes(TRACKING)) release(pod)
        return undefined
      }
      const decision = decideJob(owner, podsByOwner.get(owner.metadata.uid), clock.now())
      if (decision.expired) {
        registry.delete('jobs.batch', namespace, name, { propagationPolicy: 'Foreground' })
        return undefined
      }
      for (const pod of decision.kill) end(owner, pod)
      for (const pod of decision.remove) {
        release(pod)
        end(owner, pod)
      }
      // Counted and released in one go: nothing else runs in between.
      if (!isEqual(decision.status, owner.status ?? {})) {
        const { status } = decision
        registry.modify('jobs.batch', namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
      }
      for (const pod of decision.release) release(pod)
      for (const { type, reason, message } of decision.notes) record(owner, type, reason, message)
      for (const index of decision.create) start(owner, index, decision.failures)
      return decision.after === undefined ? undefined : { after: decision.after }
    },
  }
}
