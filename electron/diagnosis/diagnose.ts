// Why is it not ready? From a snapshot to a cause, its evidence and the next command. Pure.

import type { Deployment } from 'kubernetes-types/apps/v1.js'
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2.js'
import type { Job } from 'kubernetes-types/batch/v1.js'
import type { Node, PersistentVolumeClaim, Pod, Service } from 'kubernetes-types/core/v1.js'
import type { Snapshot } from '../cluster/snapshot.ts'
import type { Kind, KubeObject } from '../contract/cluster.ts'
import type { Diagnosis } from '../contract/diagnosis.ts'
import { claimTrouble } from './claim.ts'
import { lifeOf } from './life.ts'
import { type Finding, firstOf, headOf, podsOf, type Rule } from './look.ts'
import { heldBack, nodeAway, nodeTrouble } from './node.ts'
import { image, sandbox } from './pod-image.ts'
import { crash, evicted, probes } from './pod-running.ts'
import { scheduling } from './pod-scheduling.ts'
import { claims, config, mount } from './pod-volumes.ts'
import { serviceTrouble } from './service.ts'
import { autoscaler, jobFailed, paused, refused } from './workload.ts'

/** The kinds whose objects the rules read. */
export const diagnosisKinds: readonly Kind[] = [
  'Node',
  'Pod',
  'ReplicaSet',
  'ReplicationController',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'HorizontalPodAutoscaler',
  'Service',
  'PersistentVolumeClaim',
  'StorageClass',
  'Event',
]

/** A node that is away explains all that its Pods say; then what stands first on a Pod's way. */
const podRules: readonly Rule<Pod & KubeObject>[] = [
  heldBack,
  nodeAway,
  evicted,
  claims,
  scheduling,
  sandbox,
  image,
  config,
  mount,
  crash,
  probes,
]

/** What a Pod on its way out still waits for does not matter, but for what keeps it from going. */
const leavingRules: readonly Rule<Pod & KubeObject>[] = [heldBack, nodeAway]

const ownRules: Partial<Record<Kind, (object: KubeObject, snapshot: Snapshot) => Finding | undefined>> = {
  Pod: (pod, snapshot) => firstOf(pod.metadata.deletionTimestamp ? leavingRules : podRules, pod as Pod & KubeObject, snapshot),
  Node: (node, snapshot) => nodeTrouble(node as Node & KubeObject, snapshot),
  Service: (service, snapshot) => serviceTrouble(service as Service & KubeObject, snapshot),
  PersistentVolumeClaim: (claim, snapshot) => claimTrouble(claim as PersistentVolumeClaim & KubeObject, snapshot),
  Deployment: (object, snapshot) => firstOf([paused, refused], object as Deployment & KubeObject, snapshot),
  ReplicaSet: refused,
  ReplicationController: refused,
  StatefulSet: refused,
  DaemonSet: refused,
  Job: (object, snapshot) => firstOf([refused, jobFailed], object as Job & KubeObject, snapshot),
  HorizontalPodAutoscaler: (object, snapshot) => autoscaler(object as HorizontalPodAutoscaler & KubeObject, snapshot),
}

const isPod = (object: KubeObject): object is Pod & KubeObject => object.kind === 'Pod'

const tell = (object: KubeObject, snapshot: Snapshot): Diagnosis | undefined => {
  const found = ownRules[object.kind as Kind]?.(object, snapshot)
  if (!found) return undefined
  const { kind, metadata } = object
  const subject = { kind, name: metadata.name, namespace: metadata.namespace, uid: metadata.uid }
  return { subject, ...found, life: isPod(object) ? lifeOf(object, snapshot, true) : [] }
}

/** What is wrong with an object, or with the Pods it stands for; undefined where the rules see nothing wrong. */
export const diagnose = (object: KubeObject, snapshot: Snapshot): Diagnosis | undefined => {
  const own = tell(object, snapshot)
  if (own || isPod(object)) return own
  const pods = podsOf(snapshot).filter(pod => pod.metadata.uid !== object.metadata.uid && isUnder(object, pod, snapshot))
  for (const pod of pods) {
    const found = tell(pod, snapshot)
    if (found) return found
  }
  // A set of its own that cannot make Pods has none to ask.
  const sets = (snapshot.get('ReplicaSet') ?? []).filter(
    ({ metadata }) => metadata.ownerReferences?.[0]?.uid === object.metadata.uid,
  )
  for (const set of sets) {
    const found = tell(set, snapshot)
    if (found) return found
  }
  return undefined
}

const isUnder = (head: KubeObject, pod: KubeObject, snapshot: Snapshot): boolean =>
  headOf(snapshot, pod).metadata.uid === head.metadata.uid || pod.metadata.ownerReferences?.[0]?.uid === head.metadata.uid

/** How far a Pod came on its way, in trouble or not; nothing for what has no such way. */
export const lifeIn = (object: KubeObject, snapshot: Snapshot): Diagnosis['life'] =>
  isPod(object) ? lifeOf(object, snapshot, tell(object, snapshot) !== undefined) : []

/** Everything in a cluster that is in trouble, once each: a workload's many Pods with one cause are one trouble. */
export const diagnoseAll = (snapshot: Snapshot): Diagnosis[] => {
  const found: Diagnosis[] = []
  const told = new Set<string>()
  for (const kind of diagnosisKinds) {
    for (const object of snapshot.get(kind) ?? []) {
      const trouble = tell(object, snapshot)
      const key = trouble && `${headOf(snapshot, object).metadata.uid} ${trouble.cause}`
      if (!trouble || !key || told.has(key)) continue
      told.add(key)
      found.push(trouble)
    }
  }
  return found
}
