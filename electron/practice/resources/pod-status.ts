// A Pod's readiness, state and restarts as `kubectl get pods` shows them.

import type { ContainerState, ContainerStatus } from 'kubernetes-types/core/v1.js'
import { age } from './columns.ts'
import type { PodObject } from './pod-object.ts'

interface Printed {
  ready: string
  reason: string
  restarts: string
}

const endReason = ({ terminated }: ContainerState): string => {
  if (terminated?.reason) return terminated.reason
  return terminated?.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated?.exitCode ?? 0}`
}

const lastEnd = (statuses: readonly ContainerStatus[]): string | undefined =>
  statuses
    .map(status => status.lastState?.terminated?.finishedAt)
    .filter(time => time !== undefined)
    .sort()
    .at(-1)

/** The state of Pod's init containers in a word, while they are not done. */
const initReason = (pod: PodObject): string | undefined => {
  const statuses = pod.status?.initContainerStatuses ?? []
  const sidecars = new Set(
    (pod.spec.initContainers ?? []).filter(each => restartPolicyOf(each) === 'Always').map(({ name }) => name),
  )
  for (const [index, status] of statuses.entries()) {
    const state = status.state ?? {}
    if (state.terminated?.exitCode === 0 || (sidecars.has(status.name) && status.started)) continue
    if (state.terminated) return `Init:${endReason(state)}`
    if (state.waiting?.reason && state.waiting.reason !== 'PodInitializing') return `Init:${state.waiting.reason}`
    return `Init:${index}/${pod.spec.initContainers?.length ?? 0}`
  }
  return undefined
}

const restartPolicyOf = (container: object): unknown => ('restartPolicy' in container ? container.restartPolicy : undefined)

/** Models kubernetes/pkg/printers/internalversion/printers.go, printPod. */
export const podStatus = (pod: PodObject, now: number): Printed => {
  const { status = {} } = pod
  const conditions = status.conditions ?? []
  const isGated = conditions.some(each => each.type === 'PodScheduled' && each.reason === 'SchedulingGated')
  let reason = isGated ? 'SchedulingGated' : (status.reason ?? status.phase ?? '')
  const statuses = status.containerStatuses ?? []
  const initStatuses = status.initContainerStatuses ?? []
  const initializing = initReason(pod)
  const isInitialized = conditions.some(each => each.type === 'Initialized' && each.status === 'True')
  let ready = 0
  let counted: readonly ContainerStatus[] = initStatuses
  if (initializing) reason = initializing
  if (!initializing || isInitialized) {
    counted = statuses
    let isRunning = false
    for (const { state = {}, ready: isReady } of [...statuses].reverse()) {
      if (state.waiting?.reason) reason = state.waiting.reason
      else if (state.terminated) reason = endReason(state)
      else if (isReady && state.running) {
        isRunning = true
        ready++
      }
    }
    if (reason === 'Completed' && isRunning) {
      reason = conditions.some(each => each.type === 'Ready' && each.status === 'True') ? 'Running' : 'NotReady'
    }
  }
  if (pod.metadata.deletionTimestamp && status.reason === 'NodeLost') reason = 'Unknown'
  else if (pod.metadata.deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed') reason = 'Terminating'
  const restarts = counted.reduce((sum, each) => sum + (each.restartCount ?? 0), 0)
  const last = lastEnd(counted)
  return {
    ready: `${ready}/${pod.spec.containers.length}`,
    reason,
    restarts: restarts > 0 && last ? `${restarts} (${age(last, now)} ago)` : String(restarts),
  }
}
