// What a Deployment does next: make, size and remove ReplicaSets. Pure.

import { clone } from '../clone.ts'
import { timestamp } from '../object.ts'
import {
  annotateNew,
  annotateSizes,
  byCreation,
  DESIRED,
  findNewReplicaSet,
  REVISION,
  revisionOf,
} from './deployment-revision.ts'
import { availableOf, fenceposts, maxUnavailable, newSize, proportionalSizes, totalOf, wantedOf } from './deployment-size.ts'
import {
  conditionOf,
  countStatus,
  hasDeadline,
  isComplete,
  type Status,
  untilDeadline,
  withCondition,
  withProgress,
} from './deployment-status.ts'
import type { Deployment, Note, Pod, ReplicaSet } from './kinds.ts'
import { isTerminal } from './pod.ts'
import { isSameTemplate, ownerReference, TEMPLATE_HASH, templateHash } from './pod-template.ts'

// Models kubernetes/pkg/controller/deployment/deployment_controller.go, rolling.go, recreate.go and sync.go
export interface DeploymentInput {
  deployment: Deployment
  /** Every ReplicaSet that it owns. */
  replicaSets: readonly ReplicaSet[]
  /** Pods of those ReplicaSets: a Recreate waits for the old ones. */
  pods: readonly Pod[]
  now: number
}

export interface DeploymentDecision {
  create?: ReplicaSet
  update: readonly ReplicaSet[]
  remove: readonly ReplicaSet[]
  /** The revision to note on the Deployment, where it changes. */
  revision?: string
  status: Status
  notes: readonly Note[]
  after?: number
}

/** Works on private copies; `touched` are those to write. */
interface Plan {
  deployment: Deployment
  sets: ReplicaSet[]
  fresh: ReplicaSet | undefined
  created: ReplicaSet | undefined
  touched: Set<ReplicaSet>
  removed: ReplicaSet[]
  revision: string | undefined
  conditions: NonNullable<Status['conditions']>
  notes: Note[]
  pods: readonly Pod[]
  now: number
}

const isActiveSet = (set: ReplicaSet): boolean => wantedOf(set) > 0
const oldSets = (plan: Plan) => plan.sets.filter(set => set !== plan.fresh)

/** The next step of a Deployment; doing it and asking again leads to the goal. */
export const decideDeployment = ({ deployment, replicaSets, pods, now }: DeploymentInput): DeploymentDecision => {
  const sets = replicaSets.map(set => clone(set))
  const plan: Plan = {
    deployment,
    sets,
    fresh: findNewReplicaSet(deployment, sets),
    created: undefined,
    touched: new Set(),
    removed: [],
    revision: undefined,
    conditions: clone(deployment.status?.conditions ?? []),
    notes: [],
    pods,
    now,
  }
  const isDeleting = deployment.metadata.deletionTimestamp !== undefined
  if (!isDeleting) notePause(plan)
  const isScaling = sets.some(
    set => isActiveSet(set) && (set.metadata.annotations?.[DESIRED] ?? '') !== String(wantedOf(deployment)),
  )
  let isRollout = false
  if (isDeleting) {
    // Only counts are kept up: the garbage collector does the rest.
  } else if (deployment.spec.paused || isScaling) {
    adoptNew(plan, false)
    scaleAll(plan)
    if (deployment.spec.paused) cleanUp(plan)
  } else {
    isRollout = true
    if (deployment.spec.strategy?.type === 'Recreate') rollRecreate(plan)
    else rollForward(plan)
  }

  const counted = countStatus(deployment, plan.sets, plan.fresh, plan.conditions, now)
  const status = isRollout ? withProgress(deployment, counted, plan.fresh, now) : counted
  const left = isRollout ? untilDeadline(deployment, status, now) : undefined
  return {
    ...(plan.created && { create: plan.created }),
    update: [...plan.touched].filter(set => set !== plan.created),
    remove: plan.removed,
    ...(plan.revision !== undefined && { revision: plan.revision }),
    status,
    notes: plan.notes,
    ...(left !== undefined && { after: Math.max(left, 0) + 1000 }),
  }
}

const setProgress = (plan: Plan, status: 'True' | 'Unknown', reason: string, message: string) => {
  plan.conditions = withCondition(plan.conditions, { type: 'Progressing', status, reason, message }, plan.now)
}

const notePause = (plan: Plan) => {
  const { deployment } = plan
  if (!hasDeadline(deployment)) return
  const condition = conditionOf(plan.conditions, 'Progressing')
  if (condition?.reason === 'ProgressDeadlineExceeded') return
  const isPaused = condition?.reason === 'DeploymentPaused'
  if (deployment.spec.paused && !isPaused) setProgress(plan, 'Unknown', 'DeploymentPaused', 'Deployment is paused')
  else if (!deployment.spec.paused && isPaused) setProgress(plan, 'Unknown', 'DeploymentResumed', 'Deployment is resumed')
}

/** Gives the new ReplicaSet its revision, and makes it where there is none and `create` says so. */
const adoptNew = (plan: Plan, create: boolean) => {
  const { deployment } = plan
  const revision = Math.max(0, ...oldSets(plan).map(revisionOf)) + 1
  if (plan.fresh) {
    if (annotateNew(deployment, plan.fresh, revision)) plan.touched.add(plan.fresh)
    if ((plan.fresh.spec.minReadySeconds ?? 0) !== (deployment.spec.minReadySeconds ?? 0)) {
      plan.fresh.spec.minReadySeconds = deployment.spec.minReadySeconds ?? 0
      plan.touched.add(plan.fresh)
    }
    noteRevision(plan, plan.fresh)
    if (hasDeadline(deployment) && !conditionOf(plan.conditions, 'Progressing'))
      setProgress(plan, 'True', 'FoundNewReplicaSet', `Found new replica set "${plan.fresh.metadata.name}"`)
    return
  }
  if (!create) return
  const set = newReplicaSet(plan)
  const size = newSize(deployment, [...plan.sets, set], 0)
  set.spec.replicas = size
  annotateNew(deployment, set, revision)
  annotateSizes(set, wantedOf(deployment), wantedOf(deployment) + fenceposts(deployment).surge)
  plan.sets.push(set)
  plan.fresh = set
  plan.created = set
  if (size > 0) note(plan, set, 0, size)
  noteRevision(plan, set)
  if (hasDeadline(deployment)) setProgress(plan, 'True', 'NewReplicaSetCreated', `Created new replica set "${set.metadata.name}"`)
}

const noteRevision = (plan: Plan, set: ReplicaSet) => {
  const revision = set.metadata.annotations?.[REVISION]
  if (revision && plan.deployment.metadata.annotations?.[REVISION] !== revision) plan.revision = revision
}

const newReplicaSet = ({ deployment, sets, now }: Plan): ReplicaSet => {
  const { name, namespace } = deployment.metadata
  let collisions = deployment.status?.collisionCount
  let hash = templateHash(deployment.spec.template, collisions)
  // Two templates with one hash: count on, as upstream does.
  while (
    sets.some(
      set => set.metadata.name === `${name}-${hash}` && !isSameTemplate(set.spec.template ?? {}, deployment.spec.template),
    )
  ) {
    collisions = (collisions ?? 0) + 1
    hash = templateHash(deployment.spec.template, collisions)
  }
  const template = clone(deployment.spec.template)
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [TEMPLATE_HASH]: hash } }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace && { namespace }),
      labels: { ...template.metadata.labels },
      ownerReferences: [ownerReference(deployment)],
      uid: '',
      resourceVersion: '',
      creationTimestamp: timestamp(now),
    },
    spec: {
      replicas: 0,
      ...(deployment.spec.minReadySeconds && { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: {
        ...clone(deployment.spec.selector),
        matchLabels: { ...deployment.spec.selector.matchLabels, [TEMPLATE_HASH]: hash },
      },
      template,
    },
  }
}

const note = (plan: Plan, set: ReplicaSet, from: number, to: number) => {
  const way = to > from ? 'up' : 'down'
  const message = `Scaled ${way} replica set ${set.metadata.name} from ${from} to ${to}`
  plan.notes.push({ type: 'Normal', reason: 'ScalingReplicaSet', message })
}

const resize = (plan: Plan, set: ReplicaSet, size: number) => {
  const wanted = wantedOf(plan.deployment)
  const from = wantedOf(set)
  const isAnnotated = annotateSizes(set, wanted, wanted + fenceposts(plan.deployment).surge)
  set.spec.replicas = size
  if (size !== from || isAnnotated) plan.touched.add(set)
  if (size !== from) note(plan, set, from, size)
}

/** A change of size without a new template: keeps the proportions of a rollout under way. */
const scaleAll = (plan: Plan) => {
  const { deployment, fresh } = plan
  const wanted = wantedOf(deployment)
  const active = plan.sets.filter(isActiveSet)
  const latest = [...plan.sets].sort(byCreation).at(-1)
  const only = active.length === 0 ? (fresh ?? latest) : active.length === 1 ? active[0] : undefined
  const isSaturated = fresh && wantedOf(fresh) === wanted && fresh.status?.availableReplicas === wanted
  if (only) resize(plan, only, wanted)
  else if (isSaturated) for (const set of oldSets(plan).filter(isActiveSet)) resize(plan, set, 0)
  else if (deployment.spec.strategy?.type !== 'Recreate')
    for (const [set, size] of proportionalSizes(deployment, active)) resize(plan, set, size)
}

const rollForward = (plan: Plan) => {
  adoptNew(plan, true)
  const before = plan.notes.length
  const { deployment, fresh } = plan
  if (!fresh) return
  const wanted = wantedOf(deployment)
  if (wantedOf(fresh) > wanted) resize(plan, fresh, wanted)
  else if (wantedOf(fresh) < wanted) resize(plan, fresh, newSize(deployment, plan.sets, wantedOf(fresh)))
  if (plan.notes.length > before) return
  if (shrinkOld(plan, fresh)) return
  if (isComplete(deployment, deployment.status ?? {})) cleanUp(plan)
}

/** First old Pods that never became available, then available ones as far as the minimum allows. */
const shrinkOld = (plan: Plan, fresh: ReplicaSet): boolean => {
  const { deployment } = plan
  const old = oldSets(plan).sort(byCreation)
  if (totalOf(old) === 0) return false
  const minimum = wantedOf(deployment) - maxUnavailable(deployment)
  const room = totalOf(plan.sets) - minimum - (wantedOf(fresh) - (fresh.status?.availableReplicas ?? 0))
  if (room <= 0) return false

  let unhealthy = 0
  for (const set of old) {
    const missing = wantedOf(set) - (set.status?.availableReplicas ?? 0)
    const step = Math.min(room - unhealthy, missing)
    if (step <= 0) continue
    resize(plan, set, wantedOf(set) - step)
    unhealthy += step
  }
  let spare = availableOf(plan.sets) - minimum
  let healthy = 0
  for (const set of old) {
    const step = Math.min(spare, wantedOf(set))
    if (step <= 0) continue
    resize(plan, set, wantedOf(set) - step)
    spare -= step
    healthy += step
  }
  return unhealthy + healthy > 0
}

const rollRecreate = (plan: Plan) => {
  adoptNew(plan, false)
  const active = oldSets(plan).filter(isActiveSet)
  for (const set of active) resize(plan, set, 0)
  const hash = plan.fresh?.metadata.uid
  const oldPodsRun = plan.pods.some(pod => !isTerminal(pod) && !pod.metadata.ownerReferences?.some(({ uid }) => uid === hash))
  if (active.length > 0 || oldPodsRun) return
  if (!plan.fresh) adoptNew(plan, true)
  if (plan.fresh) resize(plan, plan.fresh, wantedOf(plan.deployment))
  if (isComplete(plan.deployment, plan.deployment.status ?? {})) cleanUp(plan)
}

/** Removes the oldest empty ReplicaSets beyond revisionHistoryLimit. */
const cleanUp = (plan: Plan) => {
  const limit = plan.deployment.spec.revisionHistoryLimit
  if (limit === undefined) return
  const candidates = oldSets(plan).filter(set => !set.metadata.deletionTimestamp)
  const excess = candidates.length - limit
  candidates.sort((a, b) => revisionOf(a) - revisionOf(b) || byCreation(a, b))
  for (const set of candidates.slice(0, Math.max(excess, 0))) {
    const isEmpty = wantedOf(set) === 0 && (set.status?.replicas ?? 0) === 0
    const isSeen = (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0)
    if (isEmpty && isSeen) plan.removed.push(set)
  }
}
