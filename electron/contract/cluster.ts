// Clusters the user can choose, and what lives in the chosen one. The seam is a kubeconfig.

import * as z from 'zod/mini'
import { call, stream } from './define.ts'
import { type Cause, causeIds, diagnosis, lifeStage } from './diagnosis.ts'
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

/** Which object: namespace left out for kinds that have none. */
const objectName = { kind, namespace: z.optional(id), name: id }
const uid = z.string().check(z.minLength(1), z.maxLength(200))

export const look = z.object({
  /** Why it, or a Pod under it, is not ready; null where nothing wrong is found, or it is not there. */
  trouble: z.nullable(diagnosis),
  /** For a Pod: how far it came, in trouble or not. */
  life: z.array(lifeStage),
})
export type Look = z.infer<typeof look>

/** How busy the API server is, by its own count. */
export const load = z.object({ watches: z.number(), requestsPerSecond: z.number() })
export type Load = z.infer<typeof load>

export const cluster = {
  targets: stream(nothing, targets),
  /** Makes a cluster the current one, starting it if it is ours to start. */
  use: call(z.object({ id: clusterId }), nothing),
  stop: call(z.object({ id: clusterId }), nothing),
  /** Objects of the current cluster; a fresh snapshot follows each change of cluster and each lost watch. */
  objects: stream(z.object({ kinds: z.array(kind) }), objectsEvent),
  /** A Pod container's last log lines, for a screen; following belongs to the terminal. */
  logs: call(z.object({ namespace: id, pod: id, container: z.optional(id), tail: z.number() }), z.object({ text: z.string() })),
  /** Everything in trouble in the current cluster, once each; empty while there is none. */
  diagnoses: stream(nothing, z.array(diagnosis)),
  /** Looked up every few seconds while somebody listens; null where it is not known, or not ours to know. */
  load: stream(nothing, z.nullable(load)),
  /** One object, looked at closely. */
  look: stream(z.object({ uid }), look),
  /** Types a command of a diagnosis into the learner's terminal. The page names it by its place; the host owns the words. */
  act: call(
    z.object({
      uid,
      cause: z.enum(Object.keys(causeIds) as [Cause, ...Cause[]]),
      index: z.number().check(z.gte(0), z.lte(20)),
      terminal: id,
    }),
    nothing,
  ),
  /** Types `kubectl exec` with a shell, or `kubectl logs -f`, into a terminal. */
  enter: call(
    z.object({ namespace: id, pod: id, container: z.optional(id), by: z.enum(['exec', 'logs']), terminal: id }),
    nothing,
  ),
  /** An object as kubectl would print it. */
  yaml: call(z.object(objectName), z.object({ text: z.string() })),
  /**
   * Deletes one object, and only that life of it, on the cluster that the page shows.
   * Where that is not the practice cluster, `confirm` must be the object's name, as the user typed it.
   */
  delete: call(z.object({ ...objectName, cluster: clusterId, uid, confirm: z.optional(z.string()) }), nothing),
}
