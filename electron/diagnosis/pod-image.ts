// Why an image cannot be had. Models kubernetes/pkg/kubelet/images and the words of containerd and registries.

import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import type { Cause } from '../contract/diagnosis.ts'
import { describe, type Evidence, eventWith, headOf, inNamespace, type Next, type Rule, toEvidence } from './look.ts'

const reasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable'])

/** Tried in this order: a registry that cannot be reached says nothing about the image. */
const words: readonly [RegExp, Cause][] = [
  [
    /no such host|i\/o timeout|connection refused|network is unreachable|TLS handshake|deadline exceeded|dial tcp|server misbehaving/i,
    'image.unreachable',
  ],
  [/unauthorized|denied|forbidden|authentication required|insufficient_scope/i, 'image.denied'],
  [/not found|manifest unknown|no such image/i, 'image.notFound'],
]

export const containersOf = ({ status = {} }: Pod): ContainerStatus[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
  ...(status.ephemeralContainerStatuses ?? []),
]

const causeOf = (reason: string, text: string): Cause => {
  if (reason === 'InvalidImageName') return 'image.invalidName'
  if (reason === 'ErrImageNeverPull') return 'image.neverPull'
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? 'image.other'
}

export const image: Rule<Pod & KubeObject> = (pod, snapshot) => {
  const container = containersOf(pod).find(({ state }) => reasons.has(state?.waiting?.reason ?? ''))
  if (!container) return undefined
  const { reason = '', message = '' } = container.state?.waiting ?? {}
  const event = eventWith(snapshot, pod, ['Failed', 'InspectFailed'], /pull|image/i)
  const evidence: Evidence[] = event ? [toEvidence(event)] : []
  if (message) evidence.push({ text: message, from: `status ${reason}` })
  const name = specImage(pod, container.name) ?? container.image
  const tag = name.match(/:([^:/@]+)$/)?.[1] ?? 'latest'
  const facts = { image: name, tag, container: container.name, node: pod.spec?.nodeName ?? '' }
  return {
    cause: causeOf(reason, evidence.map(({ text }) => text).join('\n')),
    facts,
    evidence,
    next: nextFor(pod, headOf(snapshot, pod), container.name, name),
  }
}

const specImage = ({ spec }: Pod, name: string): string | undefined =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(container => container.name === name)?.image

const nextFor = (pod: KubeObject, head: KubeObject, container: string, name: string): Next[] => {
  const place = `${head.kind.toLowerCase()}/${head.metadata.name}${inNamespace(head.metadata.namespace)}`
  const set: Next = { command: `kubectl set image ${place} ${container}=${name.replace(/:[^:/@]+$/, '')}:TAG`, say: 'setImage' }
  const undo: Next = { command: `kubectl rollout undo ${place}`, say: 'rollBack' }
  const isRolledOut = head.kind === 'Deployment' || head.kind === 'StatefulSet' || head.kind === 'DaemonSet'
  return isRolledOut ? [undo, set, describe(pod)] : [set, describe(pod)]
}

/** Every Pod needs its sandbox's image first; where that cannot be pulled nothing starts, and only an event says so. */
export const sandbox: Rule<Pod & KubeObject> = (pod, snapshot) => {
  if (pod.status?.phase !== 'Pending') return undefined
  const event = eventWith(snapshot, pod, ['FailedCreatePodSandBox'], /sandbox image/)
  if (!event) return undefined
  const name = event.message?.match(/sandbox image \\?"([^"\\]+)/)?.[1] ?? ''
  return {
    cause: 'image.sandbox',
    facts: { image: name, node: pod.spec?.nodeName ?? '' },
    evidence: [toEvidence(event)],
    next: [describe(pod)],
  }
}
