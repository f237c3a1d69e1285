// The control loops of the practice cluster: startControllers wires them to one registry.

import type { Clock } from '../../platform/clock.ts'
import type { Tokens } from '../auth/tokens.ts'
import type { Metrics } from '../metrics.ts'
import { controllerOf, type KubeObject } from '../object.ts'
import type { Registry } from '../registry.ts'
import { resourceKey } from '../resource.ts'
import type { ControllerRevisionObject } from '../resources/controller-revision.ts'
import { clusterRoleAggregation } from './cluster-role-aggregation.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { cronJob } from './cron-job.ts'
import { customResourceDefinition } from './custom-resource-definition.ts'
import { daemonSet } from './daemon-set.ts'
import { deployment } from './deployment.ts'
import { disruption } from './disruption.ts'
import { endpointSlice } from './endpoint-slice.ts'
import { endpoints } from './endpoints.ts'
import { eventExpiry } from './event-expiry.ts'
import { managerOf, type Recorder } from './events.ts'
import { garbageCollector } from './garbage-collector.ts'
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts'
import { indexOf } from './index-of.ts'
import { job } from './job.ts'
import type { Job } from './job-decision.ts'
import type { Pod, ReplicaSet } from './kinds.ts'
import { namespace } from './namespace.ts'
import { nodeLifecycle } from './node-lifecycle.ts'
import { persistentVolume } from './persistent-volume.ts'
import { podGarbageCollector } from './pod-garbage-collector.ts'
import { quotaUsage } from './quota-usage.ts'
import { replicaSet, replicationControllers } from './replica-set.ts'
import { type Running, runControllers } from './run.ts'
import { scheduler } from './scheduler.ts'
import { createSchedulerView } from './scheduler-view.ts'
import { serviceAccount } from './service-account.ts'
import { serviceAccountToken } from './service-account-token.ts'
import { statefulSet } from './stateful-set.ts'
import { taintEviction } from './taint-eviction.ts'

export { createRecorder, type Recorder } from './events.ts'

export interface ControllersOptions {
  registry: Registry
  clock: Clock
  random: () => number
  /** What createRecorder returned; each controller signs with its own name. */
  record: Recorder
  signal: AbortSignal
  /** What autoscalers look at; without it there are none. */
  metrics?: Metrics
  /** What signs the tokens that Secrets ask for; without it none are filled. */
  tokens?: Tokens
  /** PEM published in every Namespace as `kube-root-ca.crt`. */
  ca?: string
  /** Hears of errors that no controller expects. */
  onError?(controller: string, key: string, error: unknown): void
}

const byOwner = (object: KubeObject): string[] => {
  const owner = controllerOf(object)
  return [owner ? owner.uid : `orphan/${object.metadata.namespace}`]
}

/** Starts every controller and the scheduler; all stop with the signal. */
export const startControllers = ({
  registry,
  clock,
  random,
  record,
  signal,
  metrics,
  tokens,
  ca = '',
  onError,
}: ControllersOptions): Running => {
  const { store } = registry
  const podsByOwner = indexOf<Pod>(store, 'pods', byOwner)
  const podsByNode = indexOf<Pod>(store, 'pods', pod => [pod.spec.nodeName ?? ''])
  const replicaSetsByOwner = indexOf<ReplicaSet>(store, 'replicasets.apps', byOwner)
  const revisionsByOwner = indexOf<ControllerRevisionObject>(store, 'controllerrevisions.apps', byOwner)
  const jobsByOwner = indexOf<Job>(store, 'jobs.batch', byOwner)
  const view = createSchedulerView(store, podsByNode)
  for (const { stop } of [podsByOwner, podsByNode, replicaSetsByOwner, revisionsByOwner, jobsByOwner, view])
    signal.addEventListener('abort', stop, { once: true })

  const as = (component: string): ControllerContext => ({
    registry: registry.as(managerOf(component)),
    clock,
    record: record(component),
  })
  const hasSlices = registry.resources.some(resource => resourceKey(resource) === 'endpointslices.discovery.k8s.io')
  const controllers: Controller[] = [
    deployment(as('deployment-controller'), { podsByOwner, replicaSetsByOwner }),
    replicaSet(as('replicaset-controller'), { podsByOwner, replicaSetsByOwner }),
    replicaSet(as('replication-controller'), { podsByOwner, replicaSetsByOwner }, replicationControllers),
    daemonSet(as('daemonset-controller'), { podsByOwner, revisionsByOwner }),
    job(as('job-controller'), podsByOwner),
    cronJob(as('cronjob-controller'), jobsByOwner),
    ...(metrics ? [horizontalPodAutoscaler(as('horizontal-pod-autoscaler'), metrics)] : []),
    disruption(as('controllermanager')),
    quotaUsage(as('resourcequota-controller')),
    statefulSet(as('statefulset-controller'), { podsByOwner, revisionsByOwner }),
    // Before the scheduler: a claim is bound before its Pod is looked at.
    persistentVolume(as('persistentvolume-controller'), random),
    scheduler(as('default-scheduler'), { view, podsByNode, random }),
    endpoints(as('endpoint-controller')),
    ...(hasSlices ? [endpointSlice(as('endpoint-slice-controller'))] : []),
    garbageCollector(as('garbage-collector'), signal),
    namespace(as('namespace-controller')),
    serviceAccount(as('service-account-controller'), ca),
    ...(tokens ? [serviceAccountToken(as('service-account-token-controller'), tokens, ca)] : []),
    clusterRoleAggregation(as('clusterrole-aggregation-controller')),
    nodeLifecycle(as('node-controller'), { podsByNode }),
    taintEviction(as('taint-eviction-controller'), { podsByNode }),
    podGarbageCollector(as('pod-garbage-collector'), { podsByNode }),
    customResourceDefinition(as('customresourcedefinition')),
    eventExpiry(as('event-expiry')),
  ]
  return runControllers(controllers, { registry, clock, signal, ...(onError && { onError }) })
}
