// A Pod's status from what the kubelet knows of it: phase, conditions, containers. Pure.

import type { Container, ContainerState, ContainerStatus, EphemeralContainer } from 'kubernetes-types/core/v1.js'
import type { ObservedPodCondition, Pod } from '../controllers/kinds.ts'
import { timestamp } from '../object.ts'
import { qosClass } from '../resources/quality.ts'
import type { ResizeObstacle } from './resize.ts'

const RESIZE_PENDING = 'PodResizePending'

// Models kubernetes/pkg/kubelet/kubelet_pods.go getPhase and status/generate.go
export type PodStatus = NonNullable<Pod['status']>

/** In which list of the Pod's spec a container stands. */
export type ContainerList = 'initContainers' | 'containers' | 'ephemeralContainers'

/** What is known of one container. */
export interface ContainerFacts {
  state?: ContainerState
  lastState?: ContainerState
  restartCount: number
  image?: string
  imageId?: string
  id?: string
  /** Running, but its postStart hook is not done. */
  starting?: boolean
  /** Running, and its startup probe has passed. */
  started: boolean
  /** Its readiness probe has passed, or it has none. */
  ready: boolean
}

export interface PodFacts {
  hostIp: string
  podIp?: string
  /** Milliseconds since the epoch. */
  startTime: number
  sandboxReady: boolean
  containers: Map<string, ContainerFacts>
  /** All is over: nothing will be started again. */
  ended: boolean
  /** A resize that waits, and what the containers have meanwhile. */
  resize?: ResizeObstacle & { kept: ReadonlyMap<string, Container['resources']> }
  /** The kubelet's own verdict, as `DeadlineExceeded`. */
  failure?: { reason: string; message: string }
}

export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always'

/** The whole status, with times kept where nothing changed. */
export const decidePodStatus = (pod: Pod, facts: PodFacts, now: number): PodStatus => {
  const init = pod.spec.initContainers ?? []
  const initialized = isInitialized(pod, facts)
  const waiting = init.length > 0 && !initialized ? 'PodInitializing' : 'ContainerCreating'
  const statuses = pod.spec.containers.map(container => containerStatus(container, facts, waiting))
  const initStatuses = init.map((container, index) =>
    containerStatus(container, facts, index === 0 && !facts.sandboxReady ? 'ContainerCreating' : 'PodInitializing', true),
  )
  const phase = facts.failure ? 'Failed' : decidePhase(pod, facts)
  const { metadata } = pod
  return {
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
    phase,
    conditions: decideConditions(pod, facts, phase, statuses, now),
    ...(facts.failure && facts.failure),
    hostIP: facts.hostIp,
    hostIPs: [{ ip: facts.hostIp }],
    ...(facts.podIp && { podIP: facts.podIp, podIPs: [{ ip: facts.podIp }] }),
    startTime: timestamp(facts.startTime),
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    ...(pod.spec.ephemeralContainers?.length && {
      ephemeralContainerStatuses: pod.spec.ephemeralContainers.map(each => ephemeralStatus(each, facts)),
    }),
    qosClass: pod.status?.qosClass ?? qosClass(pod.spec),
    resources: {},
  }
}

const containerStatus = (container: Container, facts: PodFacts, waiting: string, isInit = false): ContainerStatus => {
  const known = facts.containers.get(container.name)
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly && { readOnly, recursiveReadOnly: 'Disabled' }),
  }))
  const isDone = isInit && known?.state?.terminated?.exitCode === 0
  const status = {
    name: container.name,
    state: known?.state && !known.starting ? known.state : { waiting: { reason: waiting } },
    lastState: known?.lastState ?? {},
    ready: isDone || (known?.ready ?? false),
    restartCount: known?.restartCount ?? 0,
    image: known?.image ?? container.image ?? '',
    imageID: known?.imageId ?? '',
    ...(known?.id && { containerID: known.id }),
    started: known?.started ?? false,
    resources: (facts.resize ? facts.resize.kept.get(container.name) : container.resources) ?? {},
    ...(mounts.length > 0 && { volumeMounts: mounts }),
    ...(known?.id && { user: { linux: { uid: 0, gid: 0, supplementalGroups: [0] } } }),
  }
  return status as ContainerStatus
}

/** An ephemeral container is never ready, nor waited for. */
const ephemeralStatus = (container: EphemeralContainer, facts: PodFacts): ContainerStatus => {
  const { started, ...status } = containerStatus(container, facts, 'ContainerCreating')
  return { ...status, ready: false }
}

const isInitialized = (pod: Pod, { containers }: PodFacts): boolean =>
  (pod.spec.initContainers ?? []).every(container => {
    const facts = containers.get(container.name)
    return isSidecar(container) ? facts?.started : facts?.state?.terminated?.exitCode === 0
  })

const decidePhase = (pod: Pod, facts: PodFacts): string => {
  const { restartPolicy = 'Always', containers } = pod.spec
  const initFailed = (pod.spec.initContainers ?? []).some(container => {
    const end = facts.containers.get(container.name)?.state?.terminated
    return !isSidecar(container) && end && end.exitCode !== 0 && (restartPolicy === 'Never' || facts.ended)
  })
  if (initFailed) return 'Failed'
  let [waiting, running, stopped, succeeded] = [0, 0, 0, 0]
  for (const { name } of containers) {
    const { state: given, starting, lastState } = facts.containers.get(name) ?? {}
    const state = starting ? undefined : given
    const end = state?.terminated ?? (state?.running ? undefined : lastState?.terminated)
    if (state?.running) running++
    else if (end) {
      stopped++
      if (end.exitCode === 0) succeeded++
    } else waiting++
  }
  if (facts.ended) return stopped > 0 && stopped === succeeded ? 'Succeeded' : 'Failed'
  if (!isInitialized(pod, facts) || waiting > 0) return 'Pending'
  if (running > 0 || restartPolicy === 'Always') return 'Running'
  if (stopped === succeeded) return 'Succeeded'
  return restartPolicy === 'Never' ? 'Failed' : 'Running'
}

interface Verdict {
  type: string
  isTrue: boolean
  reason?: string | undefined
  message?: string | undefined
}

const decideConditions = (
  pod: Pod,
  facts: PodFacts,
  phase: string,
  statuses: readonly ContainerStatus[],
  now: number,
): ObservedPodCondition[] => {
  const initNames = (pod.spec.initContainers ?? [])
    .filter(container => {
      const known = facts.containers.get(container.name)
      return isSidecar(container) ? !known?.started : known?.state?.terminated?.exitCode !== 0
    })
    .map(({ name }) => name)
  const unready = statuses.filter(({ ready }) => !ready).map(({ name }) => name)
  const over = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined
  const list = (names: readonly string[]) => `[${names.join(' ')}]`
  const containersReady: Verdict =
    over !== undefined
      ? { type: 'ContainersReady', isTrue: false, reason: over }
      : unready.length > 0
        ? {
            type: 'ContainersReady',
            isTrue: false,
            reason: 'ContainersNotReady',
            message: `containers with unready status: ${list(unready)}`,
          }
        : { type: 'ContainersReady', isTrue: true }
  const gate = pod.spec.readinessGates?.find(
    ({ conditionType }) => pod.status?.conditions?.find(({ type }) => type === conditionType)?.status !== 'True',
  )
  const ready: Verdict =
    containersReady.isTrue && gate
      ? {
          type: 'Ready',
          isTrue: false,
          reason: 'ReadinessGatesNotReady',
          message: `the status of pod readiness gate "${gate.conditionType}" is not "True", but False`,
        }
      : { ...containersReady, type: 'Ready' }
  const initialized: Verdict =
    phase === 'Succeeded'
      ? { type: 'Initialized', isTrue: true, reason: 'PodCompleted' }
      : initNames.length > 0
        ? {
            type: 'Initialized',
            isTrue: false,
            reason: 'ContainersNotInitialized',
            message: `containers with incomplete status: ${list(initNames)}`,
          }
        : { type: 'Initialized', isTrue: true }
  const verdicts: Verdict[] = [
    { type: 'PodReadyToStartContainers', isTrue: facts.sandboxReady },
    initialized,
    ready,
    containersReady,
    { type: 'PodScheduled', isTrue: true },
  ]
  const old = pod.status?.conditions ?? []
  if (facts.resize) {
    const { reason, message } = facts.resize
    verdicts.push({ type: RESIZE_PENDING, isTrue: true, reason, message })
  }
  const ours = verdicts.map(verdict => condition(verdict, old, pod.metadata.generation, now))
  const others = old.filter(({ type }) => type !== RESIZE_PENDING && !verdicts.some(verdict => verdict.type === type))
  return [...ours, ...others]
}

const condition = (
  { type, isTrue, reason, message }: Verdict,
  conditions: readonly ObservedPodCondition[],
  generation: number | undefined,
  now: number,
): ObservedPodCondition => {
  const status = isTrue ? 'True' : 'False'
  const old = conditions.find(candidate => candidate.type === type)
  return {
    type,
    ...(generation !== undefined && { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? timestamp(now)) : timestamp(now),
    ...(reason && { reason }),
    ...(message && { message }),
  }
}
