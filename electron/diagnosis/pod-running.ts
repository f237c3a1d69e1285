// Why a container does not stay up, or is up and not ready. Models kubernetes/pkg/kubelet/prober, kuberuntime

import type { ContainerStatus, Pod, Probe } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import type { Cause } from '../contract/diagnosis.ts'
import {
  describe,
  type Evidence,
  eventWith,
  type Facts,
  headOf,
  inNamespace,
  kubectl,
  type Next,
  type Rule,
  toEvidence,
} from './look.ts'
import { containersOf } from './pod-image.ts'

const startErrors = new Set(['CreateContainerError', 'RunContainerError', 'PreCreateHookError', 'PostStartHookError'])
const noCommand = /executable file not found|no such file or directory|exec format error/i

const logs = (pod: KubeObject, container: string, rest = ''): Next => ({
  command: `kubectl logs ${pod.metadata.name}${inNamespace(pod.metadata.namespace)} -c ${container}${rest}`,
  say: rest === '' ? 'logs' : 'lastLogs',
})

/** How its last run ended, if a run has ended. */
const endOf = ({ state, lastState }: ContainerStatus) => state?.terminated ?? lastState?.terminated

export const crash: Rule<Pod & KubeObject> = (pod, snapshot) => {
  for (const container of containersOf(pod)) {
    const { waiting, terminated, running } = container.state ?? {}
    const isStuck = startErrors.has(waiting?.reason ?? '')
    const isAgain =
      waiting?.reason === 'CrashLoopBackOff' ||
      (terminated !== undefined && pod.spec?.restartPolicy !== 'Never' && terminated.exitCode !== 0)
    const hasFailed = pod.status?.phase === 'Failed' && (terminated?.exitCode ?? 0) !== 0
    const keepsDying = running !== undefined && !container.ready && container.restartCount > 2
    if (!isStuck && !isAgain && !hasFailed && !keepsDying) continue
    const end = endOf(container)
    const text = [waiting?.message, end?.message, end?.reason].filter(Boolean).join('\n')
    const facts: Facts = {
      container: container.name,
      image: container.image,
      exitCode: end?.exitCode ?? 0,
      restarts: container.restartCount,
      memory: pod.spec?.containers.find(({ name }) => name === container.name)?.resources?.limits?.memory ?? '',
      command: commandOf(pod, container.name),
    }
    const evidence: Evidence[] = [
      { text: text || `exit code ${facts.exitCode}`, from: `status ${waiting?.reason ?? end?.reason ?? ''}`.trim() },
    ]
    const killed = eventWith(snapshot, pod, ['Killing'], /failed liveness probe/)
    const failed = killed && eventWith(snapshot, pod, ['Unhealthy'], /^Liveness/)
    if (failed)
      return {
        cause: 'probe.liveness',
        facts: { ...facts, ...probeFacts(pod, container.name, 'livenessProbe') },
        evidence: [toEvidence(failed), toEvidence(killed)],
        next: [logs(pod, container.name, ' --previous'), describe(pod)],
      }
    const cause = causeOf(end?.reason, end?.exitCode, isStuck, text)
    const next =
      cause === 'crash.noCommand' || cause === 'crash.cannotStart'
        ? [describe(pod)]
        : [logs(pod, container.name, ' --previous'), describe(pod)]
    return { cause, facts, evidence, next }
  }
  return undefined
}

const causeOf = (reason: string | undefined, exitCode: number | undefined, isStuck: boolean, text: string): Cause => {
  if (reason === 'OOMKilled') return 'crash.outOfMemory'
  if (exitCode === 127 || noCommand.test(text)) return 'crash.noCommand'
  if (isStuck || reason === 'StartError' || reason === 'ContainerCannotRun') return 'crash.cannotStart'
  return exitCode === 0 ? 'crash.exitsAtOnce' : 'crash.exitCode'
}

const commandOf = ({ spec }: Pod, name: string): string => {
  const container = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(each => each.name === name)
  return [...(container?.command ?? []), ...(container?.args ?? [])].join(' ')
}

type ProbeKind = 'livenessProbe' | 'readinessProbe' | 'startupProbe'

const probeFacts = (pod: Pod, container: string, kind: ProbeKind): Facts => {
  const probe: Probe | undefined = pod.spec?.containers.find(({ name }) => name === container)?.[kind]
  const { httpGet, tcpSocket, exec } = probe ?? {}
  if (httpGet) return { probe: `GET ${httpGet.path ?? '/'} :${httpGet.port}` }
  if (tcpSocket) return { probe: `TCP :${tcpSocket.port}` }
  return { probe: (exec?.command ?? []).join(' ') }
}

/** Running and not ready, and a probe has said why. */
export const probes: Rule<Pod & KubeObject> = (pod, snapshot) => {
  const container = (pod.status?.containerStatuses ?? []).find(({ state, ready }) => state?.running && !ready)
  if (!container) return undefined
  const event = eventWith(snapshot, pod, ['Unhealthy', 'ProbeError'], /^(Readiness|Startup)/)
  if (!event) return undefined
  const isStartup = event.message?.startsWith('Startup') === true
  const head = headOf(snapshot, pod)
  return {
    cause: isStartup ? 'probe.startup' : 'probe.readiness',
    facts: { container: container.name, ...probeFacts(pod, container.name, isStartup ? 'startupProbe' : 'readinessProbe') },
    evidence: [toEvidence(event)],
    next: [logs(pod, container.name), describe(pod), { command: kubectl('edit', head), say: 'editProbe' }],
  }
}

/** The kubelet threw it out to save its node. */
export const evicted: Rule<Pod & KubeObject> = pod =>
  pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted'
    ? {
        cause: 'node.evicted',
        facts: { node: pod.spec?.nodeName ?? '' },
        evidence: [{ text: pod.status.message ?? '', from: 'status Evicted' }],
        next: [{ command: `kubectl describe node ${pod.spec?.nodeName ?? ''}`.trim(), say: 'describe' }],
      }
    : undefined
