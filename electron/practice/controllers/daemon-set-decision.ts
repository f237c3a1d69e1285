// Which nodes a DaemonSet's Pods belong on, and which Pods a rolling update replaces now. Pure.

import type { DaemonSetSpec, DaemonSetStatus } from 'kubernetes-types/apps/v1.js'
import type { PodSpec, Toleration } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../object.ts'
import type { NodeObject, Note, Pod } from './kinds.ts'
import { isAvailable, isReady } from './pod.ts'
import { matchesAffinity, tolerates } from './scheduler-node-fit.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/daemon/daemon_controller.go, update.go and util/daemonset_util.go
export interface DaemonSet extends KubeObject {
  spec: DaemonSetSpec
  status?: DaemonSetStatus
}

export const REVISION_HASH = 'controller-revision-hash'

export interface DaemonSetInput {
  daemonSet: DaemonSet
  nodes: readonly NodeObject[]
  /** Every Pod that it owns. */
  pods: readonly Pod[]
  /** Of the newest template. */
  hash: string
  now: number
}

export interface DaemonSetDecision {
  /** Names of nodes. */
  create: readonly string[]
  remove: readonly Pod[]
  status: DaemonSetStatus
  notes: readonly Note[]
  /** Look again in so many milliseconds: a Pod becomes available then. */
  after?: number
}

const PREFIX = 'node.kubernetes.io/'

/** What every daemon's Pod puts up with. */
export const daemonTolerations = (given: readonly Toleration[] = [], hostNetwork = false): Toleration[] => {
  const more: [string, 'NoExecute' | 'NoSchedule'][] = [
    ['not-ready', 'NoExecute'],
    ['unreachable', 'NoExecute'],
    ['disk-pressure', 'NoSchedule'],
    ['memory-pressure', 'NoSchedule'],
    ['pid-pressure', 'NoSchedule'],
    ['unschedulable', 'NoSchedule'],
  ]
  if (hostNetwork) more.push(['network-unavailable', 'NoSchedule'])
  const added = more.map(([name, effect]): Toleration => ({ key: `${PREFIX}${name}`, operator: 'Exists', effect }))
  const isAdded = ({ key, effect }: Toleration) => added.some(each => each.key === key && each.effect === effect)
  return [...given.filter(toleration => !isAdded(toleration)), ...added]
}

/** Names the node: the scheduler places daemons too. */
export const daemonAffinity = (given: PodSpec['affinity'], node: string): PodSpec['affinity'] => {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }]
  const terms = given?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return {
    ...given,
    nodeAffinity: {
      ...given?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        // An old term's own fields give way: the node is named.
        nodeSelectorTerms: terms?.map(term => ({ ...term, matchFields })) ?? [{ matchFields }],
      },
    },
  }
}

/** Where a Pod runs, or will. */
const nodeOf = ({ spec }: Pod): string =>
  spec.nodeName ||
  (spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
    ?.flatMap(({ matchFields = [] }) => matchFields)
    .find(({ key }) => key === 'metadata.name')?.values?.[0] ??
    '')

/** Whether a node should get a Pod, and whether one that is there may stay. */
const belongs = ({ spec }: DaemonSet, node: NodeObject): { run: boolean; stay: boolean } => {
  const template = spec.template.spec ?? { containers: [] }
  const fits =
    selects({ matchLabels: template.nodeSelector }, node.metadata.labels) &&
    matchesAffinity({ spec: { ...template } } as unknown as Pod, node) &&
    (!template.nodeName || template.nodeName === node.metadata.name)
  if (!fits) return { run: false, stay: false }
  const tolerations = daemonTolerations(template.tolerations, template.hostNetwork)
  const bad = (node.spec?.taints ?? []).filter(taint => !tolerations.some(toleration => tolerates(toleration, taint)))
  const stay = !bad.some(({ effect }) => effect === 'NoExecute')
  return { run: stay && !bad.some(({ effect }) => effect === 'NoSchedule'), stay }
}

const byAge = (a: Pod, b: Pod): number =>
  a.metadata.creationTimestamp < b.metadata.creationTimestamp
    ? -1
    : a.metadata.creationTimestamp > b.metadata.creationTimestamp
      ? 1
      : a.metadata.name < b.metadata.name
        ? -1
        : 1

/** A count, or a share of all nodes, rounded up. */
const countOf = (value: number | string | undefined, total: number): number => {
  if (typeof value === 'string') return Math.ceil((Number.parseInt(value, 10) * total) / 100)
  return value ?? 0
}

/** What to do next for a DaemonSet. */
export const decideDaemonSet = ({ daemonSet, nodes, pods, hash, now }: DaemonSetInput): DaemonSetDecision => {
  const { metadata } = daemonSet
  const notes: Note[] = []
  const create: string[] = []
  const remove: Pod[] = []
  const places = nodes.map(node => ({ name: node.metadata.name, ...belongs(daemonSet, node) }))
  const on = new Map<string, Pod[]>()
  for (const pod of pods) on.set(nodeOf(pod), [...(on.get(nodeOf(pod)) ?? []), pod])

  for (const { name, run, stay } of places) {
    const here = on.get(name) ?? []
    const alive = here.filter(pod => !pod.metadata.deletionTimestamp)
    const ended = alive.filter(({ status }) => status?.phase === 'Failed' || status?.phase === 'Succeeded')
    for (const pod of ended) {
      const isFailed = pod.status?.phase === 'Failed'
      const where = `${pod.metadata.namespace}/${pod.metadata.name} on node ${name}`
      notes.push({
        type: isFailed ? 'Warning' : 'Normal',
        reason: isFailed ? 'FailedDaemonPod' : 'SucceededDaemonPod',
        message: `Found ${isFailed ? 'failed' : 'succeeded'} daemon pod ${where}, will try to ${isFailed ? 'kill' : 'delete'} it`,
      })
    }
    remove.push(...ended)
    const useful = alive.filter(pod => !ended.includes(pod)).sort(byAge)
    if (!stay) remove.push(...useful)
    else if (useful.length > 1) remove.push(...surplus(daemonSet, hash, useful))
    if (run && here.length === 0) create.push(name)
  }
  // Pods of nodes that are gone.
  const known = new Set(places.map(({ name }) => name))
  for (const pod of pods) if (!known.has(nodeOf(pod)) && !pod.metadata.deletionTimestamp) remove.push(pod)
  const input = { daemonSet, nodes, pods, hash, now }
  const rolling = isSurging(daemonSet)
    ? surge(input, places, on, remove)
    : { create: [], remove: outdated(input, places, on, remove) }
  create.push(...rolling.create)
  remove.push(...rolling.remove)

  const isDeleted = metadata.deletionTimestamp !== undefined
  return {
    create: isDeleted ? [] : create,
    remove: isDeleted ? [] : remove,
    status: statusOf(input, places, on),
    notes: isDeleted ? [] : notes,
    ...nextLook(daemonSet, pods, now),
  }
}

type Place = { name: string; run: boolean; stay: boolean }

const isOf = (hash: string) => (pod: Pod) => pod.metadata.labels?.[REVISION_HASH] === hash

const isSurging = ({ spec: { updateStrategy } }: DaemonSet): boolean =>
  updateStrategy?.type !== 'OnDelete' && ![undefined, 0, '0%'].includes(updateStrategy?.rollingUpdate?.maxSurge)

/** Of several Pods on one node the oldest stays; in a surge, the oldest of the old and the oldest of the new template. */
const surplus = (daemonSet: DaemonSet, hash: string, oldestFirst: readonly Pod[]): Pod[] => {
  if (!isSurging(daemonSet)) return oldestFirst.slice(1)
  const isNew = isOf(hash)
  return [...oldestFirst.filter(isNew).slice(1), ...oldestFirst.filter(pod => !isNew(pod)).slice(1)]
}

/** New Pods beside old ones, as many as may be too many; the old one goes when the new one is available. */
const surge = (
  { daemonSet: { spec }, hash, now }: DaemonSetInput,
  places: readonly Place[],
  on: ReadonlyMap<string, readonly Pod[]>,
  leaving: readonly Pod[],
): { create: string[]; remove: Pod[] } => {
  const wanted = places.filter(({ run }) => run)
  const isNew = isOf(hash)
  const serves = (pod: Pod) => isAvailable(pod, spec.minReadySeconds ?? 0, now)
  const remove: Pod[] = []
  const idle: string[] = []
  const serving: string[] = []
  let surging = 0
  for (const { name } of wanted) {
    const here = (on.get(name) ?? []).filter(pod => !leaving.includes(pod))
    const old = here.find(pod => !isNew(pod))
    const fresh = here.find(isNew)
    if (!old) continue
    if (!fresh) (serves(old) ? serving : idle).push(name)
    else if (!serves(fresh)) surging++
    else if (!old.metadata.deletionTimestamp) remove.push(old)
  }
  const room = countOf(spec.updateStrategy?.rollingUpdate?.maxSurge, wanted.length) - surging
  return { create: [...idle, ...serving.slice(0, Math.max(0, room))], remove }
}

/** Old Pods that a rolling update may end now: what does not serve anyway, then as many as may be missing. */
const outdated = (
  { daemonSet: { spec }, hash, now }: DaemonSetInput,
  places: readonly Place[],
  on: ReadonlyMap<string, readonly Pod[]>,
  leaving: readonly Pod[],
): Pod[] => {
  if (spec.updateStrategy?.type === 'OnDelete') return []
  const wanted = places.filter(({ run }) => run)
  const allowed = Math.max(1, countOf(spec.updateStrategy?.rollingUpdate?.maxUnavailable, wanted.length))
  let missing = 0
  const idle: Pod[] = []
  const serving: Pod[] = []
  for (const { name } of wanted) {
    const pod = on.get(name)?.find(({ metadata }) => !metadata.deletionTimestamp)
    const serves = pod !== undefined && !leaving.includes(pod) && isAvailable(pod, spec.minReadySeconds ?? 0, now)
    if (!serves) missing++
    if (!pod || leaving.includes(pod) || pod.metadata.labels?.[REVISION_HASH] === hash) continue
    if (serves) serving.push(pod)
    else idle.push(pod)
  }
  return [...idle, ...serving.slice(0, Math.max(0, allowed - missing))]
}

const statusOf = (
  { daemonSet, hash, now }: DaemonSetInput,
  places: readonly Place[],
  on: ReadonlyMap<string, readonly Pod[]>,
): DaemonSetStatus => {
  const { spec, status, metadata } = daemonSet
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 }
  for (const { name, run } of places) {
    const [oldest] = [...(on.get(name) ?? [])].sort(byAge)
    if (!run) {
      if (oldest) counts.misscheduled++
      continue
    }
    counts.desired++
    if (!oldest) continue
    counts.current++
    if (oldest.metadata.labels?.[REVISION_HASH] === hash) counts.updated++
    if (oldest.metadata.deletionTimestamp || !isReady(oldest)) continue
    counts.ready++
    if (isAvailable(oldest, spec.minReadySeconds ?? 0, now)) counts.available++
  }
  const unavailable = counts.desired - counts.available
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
    ...(counts.updated > 0 && { updatedNumberScheduled: counts.updated }),
    ...(counts.available > 0 && { numberAvailable: counts.available }),
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
    ...(status?.collisionCount !== undefined && { collisionCount: status.collisionCount }),
  }
}

const nextLook = ({ spec }: DaemonSet, pods: readonly Pod[], now: number): { after?: number } => {
  const minReady = spec.minReadySeconds ?? 0
  const waits = pods
    .filter(pod => minReady > 0 && isReady(pod) && !isAvailable(pod, minReady, now))
    .map(({ status }) => {
      const since = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? ''
      return Date.parse(since) + minReady * 1000 - now
    })
  return waits.length > 0 ? { after: Math.max(1, Math.min(...waits)) } : {}
}
