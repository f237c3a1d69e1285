// What keeps a controller from making its Pods, or from going on. Models kubernetes/pkg/controller/{deployment,replicaset,job,podautoscaler}

import type { Deployment } from 'kubernetes-types/apps/v1.js'
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2.js'
import type { Job } from 'kubernetes-types/batch/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import { describe, type Evidence, eventWith, type Finding, inNamespace, kubectl, type Rule, toEvidence } from './look.ts'

interface Conditions {
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] }
}

const conditionOf = (object: KubeObject, type: string, status = 'True') =>
  (object as Conditions).status?.conditions?.find(condition => condition.type === type && condition.status === status)

/** `exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4` */
const quota = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+?)$/

/** Pods that the API server refused: only the controller heard of it. */
export const refused: Rule<KubeObject> = (object, snapshot): Finding | undefined => {
  const condition = conditionOf(object, 'ReplicaFailure')
  // The condition goes when it works again; events stay for an hour, so they count only where no condition exists.
  const event = hasCondition.has(object.kind) ? undefined : eventWith(snapshot, object, ['FailedCreate'])
  const text = condition?.message ?? event?.message
  if (text === undefined) return undefined
  const evidence: Evidence[] = event ? [toEvidence(event)] : [{ text, from: 'status ReplicaFailure' }]
  const over = text.match(quota)
  const place = inNamespace(object.metadata.namespace)
  if (over)
    return {
      cause: 'quota.exceeded',
      facts: { quota: over[1] ?? '', requested: over[2] ?? '', used: over[3] ?? '', limited: over[4] ?? '' },
      evidence,
      next: [
        { command: `kubectl describe resourcequota ${over[1]}${place}`, say: 'quota' },
        { command: kubectl('scale', object, ' --replicas=N'), say: 'scale' },
      ],
    }
  return { cause: 'create.forbidden', facts: { message: text }, evidence, next: [describe(object)] }
}

const hasCondition = new Set(['Deployment', 'ReplicaSet', 'ReplicationController'])

export const paused: Rule<Deployment & KubeObject> = deployment => {
  const { spec, status } = deployment
  const isBehind = (status?.updatedReplicas ?? 0) < (spec?.replicas ?? 1)
  if (!spec?.paused || !isBehind) return undefined
  return {
    cause: 'rollout.paused',
    facts: {},
    evidence: [{ text: 'paused: true', from: 'spec' }],
    next: [{ command: kubectl('rollout resume', deployment), say: 'resume' }],
  }
}

export const jobFailed: Rule<Job & KubeObject> = job => {
  const condition = conditionOf(job, 'Failed')
  if (!condition) return undefined
  const facts = { reason: condition.reason ?? '', failed: job.status?.failed ?? 0 }
  return {
    cause: 'job.failed',
    facts,
    evidence: [{ text: condition.message ?? '', from: `status ${condition.reason ?? 'Failed'}` }],
    next: [{ command: kubectl('logs', job), say: 'logs' }, describe(job)],
  }
}

export const autoscaler: Rule<HorizontalPodAutoscaler & KubeObject> = object => {
  const condition = conditionOf(object, 'ScalingActive', 'False')
  if (!condition || condition.reason === 'ScalingDisabled') return undefined
  const { kind = '', name = '' } = object.spec?.scaleTargetRef ?? {}
  const isUnasked = /missing request for/.test(condition.message ?? '')
  const place = inNamespace(object.metadata.namespace)
  const set = { command: `kubectl set resources ${kind.toLowerCase()}/${name}${place} --requests=cpu=100m`, say: 'setRequests' }
  const top = { command: `kubectl top pods${place}`, say: 'top' }
  return {
    cause: isUnasked ? 'autoscaler.noRequests' : 'autoscaler.noMetrics',
    facts: { target: `${kind.toLowerCase()}/${name}` },
    evidence: [{ text: condition.message ?? '', from: `status ${condition.reason ?? ''}` }],
    next: isUnasked ? [set, describe(object)] : [top, describe(object)],
  }
}
