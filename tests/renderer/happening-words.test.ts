// Events as Kubernetes and the practice cluster write them, and the sentences of ours that they become.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { wordsOf } from '../../renderer/screens/cluster/happening-words.ts'

const cases: readonly [kind: string, reason: string, message: string, word: string, facts?: Record<string, string>][] = [
  ['Pod', 'Scheduled', 'Successfully assigned default/web-1 to node2', 'scheduled', { node: 'node2' }],
  ['Pod', 'FailedScheduling', '0/2 nodes are available: 2 Insufficient cpu.', 'failedScheduling'],
  ['Pod', 'Pulling', 'Pulling image "redis"', 'pulling'],
  ['Pod', 'Pulled', 'Successfully pulled image "redis"', 'pulled'],
  ['Pod', 'Created', 'Container created', 'created'],
  ['Pod', 'Started', 'Container started', 'started'],
  ['Pod', 'Killing', 'Stopping container main', 'killing'],
  ['Pod', 'BackOff', 'Back-off restarting failed container', 'backOff'],
  ['Pod', 'Failed', 'Failed to pull image "nosuch": not found', 'imageFailed', { image: 'nosuch' }],
  ['Pod', 'InspectFailed', 'Failed to apply default image tag "A B": invalid', 'imageName', { image: 'A B' }],
  ['Pod', 'ErrImageNeverPull', 'Container image "x:1" is not present with pull policy of Never', 'imageAbsent', { image: 'x:1' }],
  ['Pod', 'Unhealthy', 'Startup probe failed: HTTP probe failed', 'startupProbe'],
  ['Pod', 'Unhealthy', 'Readiness probe failed: dial tcp', 'readinessProbe'],
  ['Pod', 'Unhealthy', 'Liveness probe errored', 'livenessProbe'],
  ['Pod', 'Unhealthy', 'something else', 'unhealthy'],
  ['Pod', 'FailedMount', 'MountVolume.SetUp failed for volume "c" : configmap "c" not found', 'volumeMissing'],
  ['Pod', 'FailedPostStartHook', 'PostStartHook failed', 'hookFailed'],
  ['Pod', 'Preempted', 'Preempted by pod 1 on node node1', 'preempted'],
  ['Pod', 'TaintManagerEviction', 'Marking for deletion Pod default/web-1', 'evicted'],
  ['Deployment', 'ScalingReplicaSet', 'Scaled up replica set web-5f from 1 to 3', 'scaledUp', { set: '5f', from: '1', to: '3' }],
  [
    'Deployment',
    'ScalingReplicaSet',
    'Scaled down replica set web-5f from 3 to 0',
    'scaledDown',
    { set: '5f', from: '3', to: '0' },
  ],
  ['Deployment', 'ScalingReplicaSet', 'Scaled up replica set web-5f to 3', 'scaledUpTo', { set: '5f', to: '3' }],
  ['CronJob', 'SuccessfulCreate', 'Created job web-29', 'jobCreated', { job: '29' }],
  [
    'StatefulSet',
    'SuccessfulCreate',
    'create Claim data-web-0 Pod web-0 in StatefulSet web success',
    'claimCreated',
    { claim: 'data-0' },
  ],
  ['ReplicaSet', 'SuccessfulCreate', 'Created pod: web-5f-abcde', 'podCreated'],
  ['CronJob', 'SuccessfulDelete', 'Deleted job other-29', 'jobDeleted', { job: 'other-29' }],
  ['ReplicaSet', 'SuccessfulDelete', 'Deleted pod: web-5f-abcde', 'podDeleted'],
  [
    'ReplicaSet',
    'FailedCreate',
    'Error creating: pods "a" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2',
    'failedCreate',
    { why: 'exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2' },
  ],
  ['CronJob', 'FailedCreate', 'Error creating job: no such thing', 'failedCreate', { why: 'no such thing' }],
  [
    'StatefulSet',
    'RecreatingFailedPod',
    'StatefulSet default/web is recreating failed Pod other-0',
    'podReplaced',
    { pod: 'other-0' },
  ],
  ['Deployment', 'SelectingAll', 'This deployment is selecting all pods.', 'selectsAll'],
  ['Job', 'Completed', 'Job completed', 'jobDone'],
  ['CronJob', 'SawCompletedJob', 'Saw completed job: c-29, condition: Complete', 'jobSeenDone', { job: 'c-29' }],
  ['CronJob', 'SawCompletedJob', 'Saw completed job: c-29, condition: Failed', 'jobSeenFailed', { job: 'c-29' }],
  ['Job', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit', 'triesUsedUp'],
  ['Job', 'DeadlineExceeded', 'Job was active longer than specified deadline', 'tooLong'],
  ['Job', 'Suspended', 'Job suspended', 'suspended'],
  ['Job', 'Resumed', 'Job resumed', 'resumed'],
  ['CronJob', 'MissSchedule', 'Missed scheduled time', 'scheduleMissed'],
  ['CronJob', 'JobAlreadyActive', 'Not starting job', 'jobStillRunning'],
  ['CronJob', 'MissingJob', 'Active job went missing: c-29', 'jobGone', { job: 'c-29' }],
  ['HorizontalPodAutoscaler', 'SuccessfulRescale', 'New size: 4; reason: cpu above target', 'rescaled', { to: '4' }],
  ['HorizontalPodAutoscaler', 'FailedGetScale', 'deployments.apps "x" not found', 'targetMissing'],
  ['HorizontalPodAutoscaler', 'FailedGetResourceMetric', 'failed to get cpu utilization', 'metricsMissing'],
  ['PersistentVolumeClaim', 'WaitForFirstConsumer', 'waiting for first consumer', 'claimWaits'],
  ['PersistentVolumeClaim', 'ExternalProvisioning', 'Waiting for a volume to be created', 'provisioning'],
  [
    'PersistentVolumeClaim',
    'ProvisioningSucceeded',
    'Successfully provisioned volume pvc-1 using x',
    'provisioned',
    { volume: 'pvc-1' },
  ],
  ['PersistentVolumeClaim', 'ProvisioningFailed', 'storageclass "x" not found', 'provisioningFailed'],
  ['PersistentVolumeClaim', 'FailedBinding', 'no persistent volumes available', 'noVolume'],
  ['PersistentVolume', 'VolumeFailedDelete', 'no plugin', 'volumeStays'],
  ['Node', 'NodeReady', 'Node node1 status is now: NodeReady', 'nodeReady'],
  ['Node', 'NodeNotReady', 'Node node1 status is now: NodeNotReady', 'nodeNotReady'],
  ['Node', 'NodeNotSchedulable', 'Node node1 status is now: NodeNotSchedulable', 'nodeClosed'],
  ['Node', 'NodeSchedulable', 'Node node1 status is now: NodeSchedulable', 'nodeOpen'],
  ['Node', 'RegisteredNode', 'Node node1 event: Registered', 'registered'],
  ['Node', 'RemovingNode', 'Node node1 event: Removing', 'nodeRemoved'],
  ['Node', 'Rebooted', 'Node node1 has been rebooted', 'rebooted'],
  ['Node', 'Starting', 'Starting kubelet.', 'kubeletStarted'],
]

test.each(cases)('%s %s: %s', (kind, reason, message, word, facts = {}) => {
  expect(wordsOf({ kind, reason, message, name: 'web' })).toEqual({ word, facts })
})

test('what we have no words for keeps its own', () => {
  for (const reason of ['Failed', 'Starting', 'NeverHeardOf', 'ScalingReplicaSet'])
    expect(wordsOf({ kind: 'Pod', reason, message: 'x', name: 'web' })).toBeUndefined()
})

test.each(['zh-CN', 'en'])('each has its sentence with its facts, and no sentence is without a case: %s', language => {
  const { event } = JSON.parse(readFileSync(`resources/locales/${language}/cluster.json`, 'utf8')) as {
    event: Record<string, string>
  }
  const plain = (key: string) => key.replace(/_(one|other)$|One$/, '')
  expect(new Set(Object.keys(event).map(plain))).toEqual(new Set(cases.map(([, , , word]) => word)))
  for (const [, , , word, facts = {}] of cases)
    for (const fact of Object.keys(facts)) expect(event[`${word}One`] ?? event[word], word).toContain(`{{${fact}}}`)
})
