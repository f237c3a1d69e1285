// The trace: every write that the current cluster's watches told of, with who wrote it, in the order of its revisions.

import * as z from 'zod/mini'
import { clusterId } from './cluster.ts'
import { stream } from './define.ts'
import { nothing } from './shapes.ts'

/** The parts of a cluster that write or watch; the names are Kubernetes' own. `kubectl` stands for every client. */
export const roles = [
  'kubectl',
  'kube-apiserver',
  'etcd',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'containerd',
  'ingress-controller',
  'deployment-controller',
  'replicaset-controller',
  'replicationcontroller-controller',
  'statefulset-controller',
  'daemonset-controller',
  'job-controller',
  'cronjob-controller',
  'horizontal-pod-autoscaler',
  'endpoints-controller',
  'endpointslice-controller',
  'persistentvolume-controller',
  'node-controller',
  'namespace-controller',
  'service-controller',
  'garbage-collector',
] as const
export type Role = (typeof roles)[number]

/** A role, and where there is one on every node, on which. */
export const actor = z.object({ role: z.enum(roles), node: z.optional(z.string()) })
export type Actor = z.infer<typeof actor>

/** What a write did to its object, in one word. */
export const deeds = [
  'created',
  'changed',
  /** A Pod got its node, or a claim the node it will be used on. */
  'scheduled',
  'started',
  'ready',
  'unready',
  'finished',
  /** A claim and a volume found each other. */
  'bound',
  /** Anything else in its status. */
  'told',
  /** It is to be deleted, and has time to end. */
  'leaving',
  'gone',
] as const
export type Deed = (typeof deeds)[number]

export const journey = z.object({
  /** One write has one. */
  id: z.string(),
  /** The store's counter at this write: the order in which things happened. */
  revision: z.number(),
  /** When its event was heard, in milliseconds since the epoch. */
  at: z.number(),
  verb: z.enum(['ADDED', 'MODIFIED', 'DELETED']),
  deed: z.enum(deeds),
  kind: z.string(),
  namespace: z.optional(z.string()),
  name: z.string(),
  uid: z.string(),
  /** The object that looks after it. */
  owner: z.optional(z.object({ kind: z.string(), uid: z.string() })),
  /** A Pod's node. */
  node: z.optional(z.string()),
  /** How many Pods a workload wants. */
  wanted: z.optional(z.number()),
  by: actor,
  /** A client's name for itself: `kubectl-client-side-apply`, `helm`. */
  client: z.optional(z.string()),
})
export type Journey = z.infer<typeof journey>

/** In the order in which they happened, however late a watch told of one. */
export const inOrder = (journeys: readonly Journey[]): Journey[] => journeys.toSorted((a, b) => a.revision - b.revision)

export const traceEvent = z.discriminatedUnion('type', [
  /** What is kept: a cluster's last writes since somebody first asked. No cluster: none yet whose watches have answered. */
  z.object({ type: z.literal('snapshot'), cluster: z.nullable(clusterId), journeys: z.array(journey) }),
  z.object({ type: z.literal('more'), journeys: z.array(journey) }),
])
export type TraceEvent = z.infer<typeof traceEvent>

export const trace = { journeys: stream(nothing, traceEvent) }
