// Configuration and disks that a Pod names and the cluster lacks. Models kubernetes/pkg/kubelet/kuberuntime, volumemanager

import type { PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import { claimTrouble } from './claim.ts'
import { all, describe, eventWith, type Finding, firstOf, inNamespace, type Rule, toEvidence } from './look.ts'
import { containersOf } from './pod-image.ts'

/** `configmap "web" not found`, as kubelet says it in a waiting container or an event. */
const missing = /(configmap|secret)s? "([^"]+)" not found/i
/** `couldn't find key url in ConfigMap default/web` */
const keyMissing = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^/\s]+\/)?(\S+)/i
/** `references non-existent config key: url` names neither object. */
const itemMissing = /references non-existent (config|secret) key: (\S+)/i

export const config: Rule<Pod & KubeObject> = (pod, snapshot) => {
  if (pod.status?.phase !== 'Pending') return undefined
  const waiting = containersOf(pod).find(({ state }) => state?.waiting?.reason === 'CreateContainerConfigError')?.state?.waiting
  const event = waiting
    ? undefined
    : eventWith(snapshot, pod, ['FailedMount', 'Failed'], /not found|couldn't find key|non-existent/i)
  if (!waiting && !event) return undefined
  const text = waiting?.message ?? event?.message ?? ''
  const evidence = event ? [toEvidence(event)] : [{ text, from: `status ${waiting?.reason}` }]
  const place = inNamespace(pod.metadata.namespace)
  const key = text.match(keyMissing)
  if (key) {
    const facts = { key: key[1] ?? '', kind: key[2] ?? '', name: key[3] ?? '' }
    return {
      cause: 'config.keyMissing',
      facts,
      evidence,
      next: [{ command: `kubectl get ${facts.kind.toLowerCase()} ${facts.name}${place} -o yaml`, say: 'keys' }, describe(pod)],
    }
  }
  const item = text.match(itemMissing)
  if (item)
    return {
      cause: 'config.keyMissing',
      facts: { key: item[2] ?? '', kind: item[1] === 'secret' ? 'Secret' : 'ConfigMap', name: '' },
      evidence,
      next: [describe(pod)],
    }
  const object = text.match(missing)
  if (!object) return undefined
  const kind = object[1]?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'
  return {
    cause: 'config.missing',
    facts: { kind, name: object[2] ?? '' },
    evidence,
    next: [{ command: `kubectl get ${kind.toLowerCase()}s${place}`, say: 'list' }, describe(pod)],
  }
}

/** A claim that is not there, or not bound. */
export const claims: Rule<Pod & KubeObject> = (pod, snapshot) => {
  if (pod.status?.phase !== 'Pending') return undefined
  const known = all<PersistentVolumeClaim>(snapshot, 'PersistentVolumeClaim').filter(
    claim => claim.metadata.namespace === pod.metadata.namespace,
  )
  for (const { persistentVolumeClaim: wanted } of pod.spec?.volumes ?? []) {
    if (!wanted) continue
    const claim = known.find(({ metadata }) => metadata.name === wanted.claimName)
    const found = claim ? firstOf([claimTrouble], claim, snapshot) : noClaim(pod, wanted.claimName)
    if (found) return found
  }
  return undefined
}

const noClaim = (pod: Pod & KubeObject, claim: string): Finding => {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  const evidence = condition?.message ? [{ text: condition.message, from: 'status PodScheduled' }] : []
  return {
    cause: 'claim.missing',
    facts: { claim },
    evidence,
    next: [{ command: `kubectl get pvc${inNamespace(pod.metadata.namespace)}`, say: 'list' }, describe(pod)],
  }
}

/** Anything else that a volume failed with. */
export const mount: Rule<Pod & KubeObject> = (pod, snapshot) => {
  if (pod.status?.phase !== 'Pending') return undefined
  const event = eventWith(snapshot, pod, ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'])
  if (!event) return undefined
  const volume = event.message?.match(/volume "([^"]+)"/)?.[1] ?? ''
  return { cause: 'volume.mount', facts: { volume }, evidence: [toEvidence(event)], next: [describe(pod)] }
}
