// What must hold of a cluster at every moment, and what must hold once it is left alone. Pure: lists in, faults out.

export interface Thing {
  metadata: {
    name: string
    uid: string
    resourceVersion: string
    deletionTimestamp?: string
    ownerReferences?: { kind: string; uid: string; controller?: boolean }[]
  }
  spec?: { replicas?: number; hostNetwork?: boolean; nodeName?: string }
  status?: { phase?: string; podIP?: string; readyReplicas?: number; replicas?: number; updatedReplicas?: number }
}

export interface Look {
  /** The resourceVersion of the list. */
  revision: number
  pods: readonly Thing[]
  replicaSets: readonly Thing[]
  deployments: readonly Thing[]
}

const twice = (values: readonly string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index)

const ownerOf = ({ metadata }: Thing): string | undefined => metadata.ownerReferences?.find(owner => owner.controller)?.uid

/** Faults that no moment excuses. */
export const faultsNow = (look: Look, before: Look | undefined): string[] => {
  const faults: string[] = []
  const running = look.pods.filter(({ spec, status }) => status?.phase === 'Running' && status.podIP && !spec?.hostNetwork)
  for (const ip of twice(running.map(({ status }) => status?.podIP ?? ''))) faults.push(`two running Pods have ${ip}`)
  for (const uid of twice(look.pods.map(({ metadata }) => metadata.uid))) faults.push(`uid ${uid} twice`)
  if (before && look.revision < before.revision) faults.push(`revision fell from ${before.revision} to ${look.revision}`)
  const known = new Map(before?.pods.map(({ metadata }) => [metadata.uid, metadata]))
  for (const { metadata } of look.pods) {
    const old = known.get(metadata.uid)
    if (Number(metadata.resourceVersion) > look.revision) faults.push(`Pod ${metadata.name} is newer than its list`)
    if (Number(metadata.resourceVersion) < Number(old?.resourceVersion ?? 0)) faults.push(`Pod ${metadata.name} went back`)
    if (old?.deletionTimestamp && !metadata.deletionTimestamp) faults.push(`Pod ${metadata.name} is no longer being deleted`)
  }
  return faults
}

/** Faults of a cluster that has come to rest: `asked` is the replicas of each Deployment wanted. */
export const faultsAtRest = (look: Look, asked: ReadonlyMap<string, number>): string[] => {
  const faults: string[] = []
  const owners = new Set([...look.replicaSets, ...look.deployments].map(({ metadata }) => metadata.uid))
  for (const thing of [...look.pods, ...look.replicaSets]) {
    const owner = ownerOf(thing)
    if (owner === undefined || !owners.has(owner)) faults.push(`${thing.metadata.name} is an orphan`)
  }
  const names = look.deployments.map(({ metadata }) => metadata.name).sort()
  if (names.join() !== [...asked.keys()].sort().join())
    faults.push(`Deployments ${names.join()} where ${[...asked.keys()].join()} were asked`)
  for (const { metadata, status } of look.deployments) {
    const want = asked.get(metadata.name) ?? 0
    const { readyReplicas = 0, replicas = 0, updatedReplicas = 0 } = status ?? {}
    if (readyReplicas !== want || replicas !== want || updatedReplicas !== want)
      faults.push(`${metadata.name}: ${want} asked, ${replicas} there, ${updatedReplicas} new, ${readyReplicas} Ready`)
  }
  const wanted = [...asked.values()].reduce((sum, count) => sum + count, 0)
  if (look.pods.length !== wanted) faults.push(`${look.pods.length} Pods where ${wanted} were asked`)
  return faults
}
