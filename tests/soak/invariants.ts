// What must hold of a cluster at every moment, and what must hold once it is left alone. Pure: lists in, faults out.

export interface Thing {
  metadata: {
    name: string
    uid: string
    resourceVersion: string
    namespace?: string
    labels?: Record<string, string>
    deletionTimestamp?: string
    ownerReferences?: { kind: string; uid: string; controller?: boolean }[]
  }
  spec?: { replicas?: number; hostNetwork?: boolean; nodeName?: string; minReplicas?: number; maxReplicas?: number }
  status?: Record<string, unknown> & { phase?: string; podIP?: string; conditions?: { type: string; status: string }[] }
}

export const kinds = {
  pods: '/api/v1/pods',
  replicaSets: '/apis/apps/v1/replicasets',
  deployments: '/apis/apps/v1/deployments',
  daemonSets: '/apis/apps/v1/daemonsets',
  statefulSets: '/apis/apps/v1/statefulsets',
  jobs: '/apis/batch/v1/jobs',
  cronJobs: '/apis/batch/v1/cronjobs',
  budgets: '/apis/policy/v1/poddisruptionbudgets',
  autoscalers: '/apis/autoscaling/v2/horizontalpodautoscalers',
  quotas: '/api/v1/resourcequotas',
  nodes: '/api/v1/nodes',
}
export type Lists = Record<keyof typeof kinds, readonly Thing[]>

export interface Look extends Partial<Lists> {
  /** The resourceVersion of the list of Pods, the first that was read. */
  revision: number
  pods: readonly Thing[]
  /** The time machine went back since the look before. */
  isRewound?: boolean
}

/** The quota that the soak gives the namespace `tight`. */
export const tightPods = 5

const twice = (values: readonly string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index)
const ownerOf = ({ metadata }: Thing): string | undefined => metadata.ownerReferences?.find(owner => owner.controller)?.uid
const isOver = ({ status }: Thing): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'
const isTrue = ({ status }: Thing, type: string): boolean =>
  status?.conditions?.some(each => each.type === type && each.status === 'True') ?? false
const count = ({ status }: Thing, field: string): number => Number(status?.[field] ?? 0)

/** Faults that no moment excuses. */
export const faultsNow = (look: Look, before: Look | undefined): string[] => {
  const faults: string[] = []
  const running = look.pods.filter(({ spec, status }) => status?.phase === 'Running' && status.podIP && !spec?.hostNetwork)
  for (const ip of twice(running.map(({ status }) => status?.podIP ?? ''))) faults.push(`two running Pods have ${ip}`)
  for (const uid of twice(look.pods.map(({ metadata }) => metadata.uid))) faults.push(`uid ${uid} twice`)
  const tight = look.pods.filter(pod => pod.metadata.namespace === 'tight' && !isOver(pod))
  if (tight.length > tightPods) faults.push(`${tight.length} Pods where the quota allows ${tightPods}`)
  if (before && look.revision < before.revision) faults.push(`revision fell from ${before.revision} to ${look.revision}`)
  const known = new Map(before?.pods.map(({ metadata }) => [metadata.uid, metadata]))
  for (const { metadata } of look.pods) {
    const old = known.get(metadata.uid)
    if (Number(metadata.resourceVersion) > look.revision) faults.push(`Pod ${metadata.name} is newer than its list`)
    if (Number(metadata.resourceVersion) < Number(old?.resourceVersion ?? 0)) faults.push(`Pod ${metadata.name} went back`)
    if (old?.deletionTimestamp && !metadata.deletionTimestamp && !look.isRewound)
      faults.push(`Pod ${metadata.name} is no longer being deleted`)
  }
  return faults
}

const orphans = (look: Look): string[] => {
  const { replicaSets = [], deployments = [], daemonSets = [], statefulSets = [], jobs = [], cronJobs = [] } = look
  const owners = new Set(
    [...replicaSets, ...deployments, ...daemonSets, ...statefulSets, ...jobs, ...cronJobs].map(({ metadata }) => metadata.uid),
  )
  return [...look.pods, ...replicaSets].flatMap(thing => {
    const owner = ownerOf(thing)
    return owner === undefined || !owners.has(owner) ? [`${thing.metadata.name} is an orphan`] : []
  })
}

const deploymentFaults = ({ deployments = [], autoscalers = [] }: Look, asked: ReadonlyMap<string, number>): string[] => {
  const faults: string[] = []
  const ours = deployments.filter(({ metadata }) => metadata.namespace !== 'tight')
  const names = ours.map(({ metadata }) => metadata.name).sort()
  if (names.join() !== [...asked.keys()].sort().join())
    faults.push(`Deployments ${names.join()} where ${[...asked.keys()].join()} were asked`)
  for (const deployment of ours) {
    const { metadata, spec } = deployment
    const scaler = autoscalers.find(each => each.metadata.name === metadata.name)
    const want = scaler ? (spec?.replicas ?? 1) : (asked.get(metadata.name) ?? 0)
    const [ready, there, updated] = ['readyReplicas', 'replicas', 'updatedReplicas'].map(field => count(deployment, field))
    if (ready !== want || there !== want || updated !== want)
      faults.push(`${metadata.name}: ${want} asked, ${there} there, ${updated} new, ${ready} Ready`)
    const { minReplicas = 1, maxReplicas = 0 } = scaler?.spec ?? {}
    // None is no number for an autoscaler: it is switched off.
    if (scaler && want > 0 && (want < minReplicas || want > maxReplicas))
      faults.push(`${metadata.name} has ${want}, not ${minReplicas} to ${maxReplicas}`)
  }
  return faults
}

const podsOf = ({ pods }: Look, owner: Thing): Thing[] => pods.filter(pod => ownerOf(pod) === owner.metadata.uid)

const workloadFaults = (look: Look): string[] => {
  const faults: string[] = []
  const { daemonSets = [], statefulSets = [], jobs = [], cronJobs = [], nodes = [] } = look
  for (const set of daemonSets) {
    const seen = ['desiredNumberScheduled', 'currentNumberScheduled', 'numberReady'].map(field => count(set, field))
    if (seen.some(number => number !== nodes.length) || podsOf(look, set).length !== nodes.length)
      faults.push(`DaemonSet ${set.metadata.name}: ${seen.join(', ')} of ${nodes.length}`)
  }
  for (const set of statefulSets) {
    const want = set.spec?.replicas ?? 1
    const names = podsOf(look, set).map(({ metadata }) => metadata.name)
    const wanted = Array.from({ length: want }, (_, index) => `${set.metadata.name}-${index}`)
    if (count(set, 'readyReplicas') !== want || names.sort().join() !== wanted.sort().join())
      faults.push(`StatefulSet ${set.metadata.name}: ${names.join()} where ${want} were asked`)
  }
  for (const job of jobs) {
    const live = podsOf(look, job).filter(pod => !isOver(pod)).length
    const isDone = isTrue(job, 'Complete') || isTrue(job, 'Failed')
    if (!isDone || live > 0 || count(job, 'active') > 0)
      faults.push(`Job ${job.metadata.name} is ${isDone ? '' : 'not '}done and has ${live} Pods, ${count(job, 'active')} active`)
  }
  for (const cron of cronJobs) {
    const own = jobs.filter(job => ownerOf(job) === cron.metadata.uid)
    const good = own.filter(job => isTrue(job, 'Complete')).length
    const active = (cron.status?.active as unknown[] | undefined)?.length ?? 0
    if (good > 3 || own.length - good > 1 || active > 0)
      faults.push(`CronJob ${cron.metadata.name} keeps ${good} good Jobs of ${own.length}, and ${active} active`)
  }
  return faults
}

const guardFaults = (look: Look): string[] => {
  const faults: string[] = []
  for (const budget of look.budgets ?? []) {
    const healthy = look.pods.filter(
      pod => pod.metadata.labels?.app === budget.metadata.name && pod.metadata.namespace === 'default' && isTrue(pod, 'Ready'),
    ).length
    const [current, desired, allowed] = ['currentHealthy', 'desiredHealthy', 'disruptionsAllowed'].map(field =>
      count(budget, field),
    )
    if (current !== healthy || allowed !== Math.max(0, healthy - desired!))
      faults.push(`budget ${budget.metadata.name}: ${current} healthy of ${healthy}, ${allowed} allowed, ${desired} desired`)
  }
  for (const quota of look.quotas ?? []) {
    const live = look.pods.filter(pod => pod.metadata.namespace === quota.metadata.namespace && !isOver(pod)).length
    const used = Number((quota.status?.used as { pods?: string } | undefined)?.pods)
    if (used !== live || live !== tightPods) faults.push(`quota: ${used} used, ${live} Pods, ${tightPods} allowed`)
  }
  return faults
}

/** Faults of a cluster that has come to rest: `asked` is the replicas of each Deployment wanted. */
export const faultsAtRest = (look: Look, asked: ReadonlyMap<string, number>): string[] => {
  const faults = [...orphans(look), ...deploymentFaults(look, asked), ...workloadFaults(look), ...guardFaults(look)]
  for (const deployment of look.replicaSets ?? []) {
    const live = podsOf(look, deployment).length
    if (live !== (deployment.spec?.replicas ?? 1) && deployment.metadata.namespace !== 'tight')
      faults.push(`ReplicaSet ${deployment.metadata.name}: ${live} Pods where ${deployment.spec?.replicas} were asked`)
  }
  return faults
}
