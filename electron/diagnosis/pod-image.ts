// Why an image cannot be had. Models kubernetes/pkg/kubelet/images and the words of containerd and registries.

import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1.js'
import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import type { Cause } from '../contract/diagnosis.ts'
import { all, describe, type Evidence, eventWith, headOf, inNamespace, type Next, type Rule, toEvidence } from './look.ts'

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
  // `Error: ImagePullBackOff` is an event too, and says nothing
  const event =
    eventWith(snapshot, pod, ['Failed', 'InspectFailed'], /^Failed to /) ??
    eventWith(snapshot, pod, ['Failed', 'InspectFailed'], /pull|image/i)
  const evidence: Evidence[] = event ? [toEvidence(event)] : []
  if (message && !event?.message?.startsWith('Failed to ')) evidence.push({ text: message, from: `status ${reason}` })
  const name = specImage(pod, container.name) ?? container.image
  const tag = name.match(/:([^:/@]+)$/)?.[1] ?? 'latest'
  const facts = { image: name, tag, container: container.name, node: pod.spec?.nodeName ?? '' }
  return {
    cause: causeOf(reason, evidence.map(({ text }) => text).join('\n')),
    facts,
    evidence,
    next: nextFor(pod, snapshot, container.name, name),
  }
}

const specImage = ({ spec }: Pod, name: string): string | undefined =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(container => container.name === name)?.image

const nextFor = (pod: KubeObject, snapshot: Snapshot, container: string, name: string): Next[] => {
  const head = headOf(snapshot, pod)
  const place = `${head.kind.toLowerCase()}/${head.metadata.name}${inNamespace(head.metadata.namespace)}`
  const { image: before, isOlder } = versionBefore(head, snapshot, container, name)
  const wanted = before ?? `${name.replace(/@.*$/, '').replace(/:[^:/@]+$/, '')}:TAG`
  const set: Next = { command: `kubectl set image ${place} ${container}=${wanted}`, say: before ? 'setImageBack' : 'setImage' }
  const undo: Next = { command: `kubectl rollout undo ${place}`, say: 'rollBack' }
  return isOlder ? [undo, set, describe(pod)] : [set, describe(pod)]
}

interface Template {
  spec?: { template?: Pod }
}

/** The version that a workload had before this one, if it had any, and the other image that its container had then. */
const versionBefore = (head: KubeObject, snapshot: Snapshot, container: string, name: string) => {
  const { currentRevision, updateRevision } = (head.status ?? {}) as { currentRevision?: string; updateRevision?: string }
  if (head.kind === 'StatefulSet') return { image: undefined, isOlder: currentRevision !== updateRevision }
  const revision = ({ metadata }: KubeObject) => Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  const sets = all<Template>(snapshot, 'ReplicaSet')
    .filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === head.metadata.uid)
    .sort((a, b) => revision(b) - revision(a))
  const images = sets.slice(1).map(({ spec }) => specImage(spec?.template ?? {}, container))
  return { image: images.find(image => image !== undefined && image !== name), isOlder: sets.length > 1 }
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
