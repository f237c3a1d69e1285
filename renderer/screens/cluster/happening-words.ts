// An Event's reason and message as the name of a sentence of ours, with the facts that the sentence tells.

export interface Words {
  /** Key under `cluster.event` in the locale files. */
  word: string
  facts: Record<string, string>
}

/** @param message where it must match; its named groups are the sentence's facts. @param kind only of objects of this kind */
type Rule = readonly [reason: string, word: string, message?: RegExp, kind?: string]

// Models the messages of kubernetes/pkg/{controller,kubelet,scheduler}; the first rule that fits counts.
const rules: readonly Rule[] = [
  // Pods
  ['Scheduled', 'scheduled', / to (?<node>\S+)$/],
  ['FailedScheduling', 'failedScheduling'],
  ['Pulling', 'pulling'],
  ['Pulled', 'pulled'],
  ['Created', 'created'],
  ['Started', 'started'],
  ['Killing', 'killing'],
  ['BackOff', 'backOff'],
  ['Failed', 'imageFailed', /image "(?<image>[^"]+)"/],
  ['InspectFailed', 'imageName', /image tag "(?<image>[^"]+)"/],
  ['ErrImageNeverPull', 'imageAbsent', /image "(?<image>[^"]+)"/],
  ['Unhealthy', 'startupProbe', /^Startup/],
  ['Unhealthy', 'readinessProbe', /^Readiness/],
  ['Unhealthy', 'livenessProbe', /^Liveness/],
  ['Unhealthy', 'unhealthy'],
  ['FailedMount', 'volumeMissing'],
  ['FailedAttachVolume', 'volumeMissing'],
  ['FailedPostStartHook', 'hookFailed'],
  ['FailedPreStopHook', 'hookFailed'],
  ['Preempted', 'preempted'],
  ['TaintManagerEviction', 'evicted'],
  ['Evicted', 'evicted'],
  // Workloads
  ['ScalingReplicaSet', 'scaledUp', /Scaled up replica set (?<set>\S+) from (?<from>\d+) to (?<to>\d+)/],
  ['ScalingReplicaSet', 'scaledDown', /Scaled down replica set (?<set>\S+) from (?<from>\d+) to (?<to>\d+)/],
  ['ScalingReplicaSet', 'scaledUpTo', /Scaled up replica set (?<set>\S+) to (?<to>\d+)/],
  ['SuccessfulCreate', 'jobCreated', /^Created job (?<job>\S+)/],
  ['SuccessfulCreate', 'claimCreated', /^create Claim (?<claim>\S+) /],
  ['SuccessfulCreate', 'podCreated'],
  ['SuccessfulDelete', 'jobDeleted', /^Deleted job (?<job>\S+)/],
  ['SuccessfulDelete', 'podDeleted'],
  ['FailedCreate', 'failedCreate', /(?:is forbidden|Error creating(?: job)?): (?<why>(?!.*is forbidden: ).+)$/s],
  ['RecreatingFailedPod', 'podReplaced', / Pod (?<pod>\S+)$/],
  ['RecreatingTerminatedPod', 'podReplaced', / Pod (?<pod>\S+)$/],
  ['SelectingAll', 'selectsAll'],
  // Jobs
  ['Completed', 'jobDone', undefined, 'Job'],
  ['SawCompletedJob', 'jobSeenFailed', /job: (?<job>[^,\s]+), condition: Failed/],
  ['SawCompletedJob', 'jobSeenDone', /job: (?<job>[^,\s]+)/],
  ['BackoffLimitExceeded', 'triesUsedUp'],
  ['DeadlineExceeded', 'tooLong'],
  ['Suspended', 'suspended'],
  ['Resumed', 'resumed'],
  ['MissSchedule', 'scheduleMissed'],
  ['TooManyMissedTimes', 'scheduleMissed'],
  ['JobAlreadyActive', 'jobStillRunning'],
  ['MissingJob', 'jobGone', /: (?<job>\S+)$/],
  // Autoscalers
  ['SuccessfulRescale', 'rescaled', /New size: (?<to>\d+)/],
  ['FailedGetScale', 'targetMissing'],
  ['FailedGetResourceMetric', 'metricsMissing'],
  ['FailedComputeMetricsReplicas', 'metricsMissing'],
  // Volumes
  ['WaitForFirstConsumer', 'claimWaits'],
  ['Provisioning', 'provisioning'],
  ['ExternalProvisioning', 'provisioning'],
  ['ProvisioningSucceeded', 'provisioned', /volume (?<volume>\S+)/],
  ['ProvisioningFailed', 'provisioningFailed'],
  ['FailedBinding', 'noVolume'],
  ['VolumeFailedDelete', 'volumeStays'],
  // Nodes
  ['NodeReady', 'nodeReady'],
  ['NodeNotReady', 'nodeNotReady'],
  ['NodeNotSchedulable', 'nodeClosed'],
  ['NodeSchedulable', 'nodeOpen'],
  ['RegisteredNode', 'registered'],
  ['RemovingNode', 'nodeRemoved'],
  ['Rebooted', 'rebooted'],
  ['Starting', 'kubeletStarted', /kubelet/],
]

/** Undefined for what we have no words for: Kubernetes' own are shown then. */
export const wordsOf = (event: { reason: string; message: string; kind: string; name: string }): Words | undefined => {
  for (const [reason, word, message, kind] of rules) {
    if (reason !== event.reason || (kind !== undefined && kind !== event.kind)) continue
    const found = message === undefined ? undefined : message.exec(event.message)
    if (found === null) continue
    // A ReplicaSet's name begins with its Deployment's, which is told already.
    const facts = Object.entries(found?.groups ?? {}).map(([name, value]) => [name, value.replace(`${event.name}-`, '')])
    return { word, facts: Object.fromEntries(facts) }
  }
  return undefined
}
