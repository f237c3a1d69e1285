// How a Job judges failed Pods: its podFailurePolicy, the limit of each index, and its successPolicy. Pure.

import type { JobSpec, PodFailurePolicyRule } from 'kubernetes-types/batch/v1.js'
import type { KubeObject } from '../object.ts'
import type { Pod } from './kinds.ts'

// Models kubernetes/pkg/controller/job/pod_failure_policy.go, backoff_utils.go and success_policy.go
/** How often its index had failed before this Pod; those that the policy ignores are not counted. */
export const FAILURE_COUNT = 'batch.kubernetes.io/job-index-failure-count'

export interface Verdict {
  action: 'Count' | 'Ignore' | 'FailIndex' | 'FailJob'
  /** Why the whole Job fails. */
  message?: string
}

type Rule = Omit<PodFailurePolicyRule, 'onPodConditions'> & { onPodConditions?: readonly { type: string; status?: string }[] }

const words = (rule: Rule, pod: Pod): string | undefined => {
  const { namespace, name } = pod.metadata
  const { onExitCodes, onPodConditions = [] } = rule
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes
    const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
    for (const status of statuses) {
      const code = status.state?.terminated?.exitCode ?? 0
      if (code === 0 || (containerName !== undefined && containerName !== status.name)) continue
      if (values.includes(code) === (operator === 'In'))
        return `Container ${status.name} for pod ${namespace}/${name} failed with exit code ${code}`
    }
    return undefined
  }
  const has = ({ type, status = 'True' }: { type: string; status?: string }) =>
    pod.status?.conditions?.some(each => each.type === type && each.status === status)
  const found = onPodConditions.find(has)
  return found && `Pod ${namespace}/${name} has condition ${found.type}`
}

/** What the first rule that fits a failed Pod says. */
export const judge = ({ podFailurePolicy }: JobSpec, pod: Pod): Verdict => {
  if (pod.status?.phase !== 'Failed') return { action: 'Count' }
  for (const [index, rule] of ((podFailurePolicy?.rules ?? []) as readonly Rule[]).entries()) {
    const why = words(rule, pod)
    if (why === undefined) continue
    const action = rule.action as Verdict['action']
    return { action, ...(action === 'FailJob' && { message: `${why} matching ${action} rule at index ${index}` }) }
  }
  return { action: 'Count' }
}

export interface IndexFailures {
  /** Given up. */
  failed: ReadonlySet<number>
  /** Failures of each index so far, for the Pod that comes next. */
  counts: ReadonlyMap<number, number>
}

/** Judges each index by itself: given up after so many failures, or when the policy says so. */
export const failuresByIndex = (
  { spec }: KubeObject & { spec: JobSpec },
  failedPods: readonly Pod[],
  indexOf: (pod: Pod) => number,
  known: ReadonlySet<number>,
): IndexFailures => {
  const counts = new Map<number, number>()
  const failed = new Set(known)
  for (const pod of failedPods) {
    const index = indexOf(pod)
    const { action } = judge(spec, pod)
    const before = Number(pod.metadata.annotations?.[FAILURE_COUNT] ?? 0)
    const count = action === 'Ignore' ? before : before + 1
    counts.set(index, Math.max(counts.get(index) ?? 0, count))
    if (action === 'FailIndex' || count > (spec.backoffLimitPerIndex ?? Number.POSITIVE_INFINITY)) failed.add(index)
  }
  return { failed, counts }
}

/** Which rule of the successPolicy the done indexes satisfy. */
export const successRule = (
  { successPolicy }: JobSpec,
  done: ReadonlySet<number>,
  parse: (text: string) => ReadonlySet<number>,
): string | undefined => {
  const index = (successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    const asked = succeededIndexes === undefined ? undefined : parse(succeededIndexes)
    const met = asked ? [...asked].filter(each => done.has(each)).length : done.size
    return met >= (succeededCount ?? asked?.size ?? Number.POSITIVE_INFINITY)
  })
  return index < 0 ? undefined : `Matched rules at index ${index}`
}
