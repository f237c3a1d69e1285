// Clusters the user can choose, and what lives in the chosen one. The seam is a kubeconfig.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { id, nothing, wireError } from './shapes.ts'

/** `practice`, `microk8s` or `context:<name>`. */
export const clusterId = z.string().check(z.minLength(1), z.maxLength(300))

export const target = z.object({
  id: clusterId,
  kind: z.enum(['practice', 'microk8s', 'context']),
  /** The context's name; screens give practice and MicroK8s their own words. */
  name: z.string(),
  server: z.optional(z.string()),
  state: z.enum(['stopped', 'starting', 'ready', 'failed']),
  error: z.optional(wireError),
  /** Milliseconds from start to ready, for clusters that we start. */
  readyMs: z.optional(z.number()),
})
export type Target = z.infer<typeof target>

/** The kinds a snapshot can hold; the spelling is Kubernetes'. */
export const kind = z.enum([
  'Node',
  'Namespace',
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'ReplicationController',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'ConfigMap',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'ResourceQuota',
  'Event',
])
export type Kind = z.infer<typeof kind>

const meta = z.looseObject({
  name: z.string(),
  namespace: z.optional(z.string()),
  uid: z.string(),
  resourceVersion: z.string(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.optional(z.string()),
  labels: z.optional(z.record(z.string(), z.string())),
  annotations: z.optional(z.record(z.string(), z.string())),
  ownerReferences: z.optional(z.array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() }))),
})

/** A Kubernetes object as plain JSON: times are RFC 3339 strings. Nothing from a watch is ever mutated. */
export const kubeObject = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: meta })
export type KubeObject = z.infer<typeof kubeObject>

export const change = z.object({ type: z.enum(['put', 'remove']), object: kubeObject })
export type Change = z.infer<typeof change>

export const objectsEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), cluster: clusterId, objects: z.array(kubeObject) }),
  z.object({ type: z.literal('changes'), changes: z.array(change) }),
])
export type ObjectsEvent = z.infer<typeof objectsEvent>

export const targets = z.object({ current: z.nullable(clusterId), targets: z.array(target) })
export type Targets = z.infer<typeof targets>

export const cluster = {
  targets: stream(nothing, targets),
  /** Makes a cluster the current one, starting it if it is ours to start. */
  use: call(z.object({ id: clusterId }), nothing),
  stop: call(z.object({ id: clusterId }), nothing),
  /** Objects of the current cluster; a fresh snapshot follows each change of cluster and each lost watch. */
  objects: stream(z.object({ kinds: z.array(kind) }), objectsEvent),
  /** A Pod container's last log lines, for a screen; following belongs to the terminal. */
  logs: call(z.object({ namespace: id, pod: id, container: z.optional(id), tail: z.number() }), z.object({ text: z.string() })),
}
