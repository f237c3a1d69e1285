import { join } from 'node:path'
import type { NodeCondition, Taint } from 'kubernetes-types/core/v1.js'
import { decideDeployment } from '../../../electron/practice/controllers/deployment-decision.ts'
import { decideSlice } from '../../../electron/practice/controllers/endpoint-slice.ts'
import { decideEndpoints } from '../../../electron/practice/controllers/endpoints.ts'
import { type CollectionInput, decideCollection } from '../../../electron/practice/controllers/garbage-collector.ts'
import type {
  Deployment,
  Namespace,
  NodeObject,
  Pod,
  ReplicaSet,
  V1Service,
} from '../../../electron/practice/controllers/kinds.ts'
import { decideNamespace, type Remaining } from '../../../electron/practice/controllers/namespace.ts'
import { decideLost, lostConditions } from '../../../electron/practice/controllers/node-heartbeat.ts'
import { decideTaints, decideUnready } from '../../../electron/practice/controllers/node-lifecycle.ts'
import { decideReplicaSet } from '../../../electron/practice/controllers/replica-set.ts'
import { decideEssentials } from '../../../electron/practice/controllers/service-account.ts'
import { decideEviction } from '../../../electron/practice/controllers/taint-eviction.ts'
import type { LeaseObject } from '../../../electron/practice/resources/lease.ts'
import { goldenTests, NOW } from '../golden.ts'

const pods = (count: number, first: Pod): Pod[] =>
  Array.from({ length: count }, (_, index) => ({
    ...first,
    metadata: { ...first.metadata, name: `pod-${index}`, uid: `uid-${index}` },
  }))

goldenTests(join(import.meta.dirname, 'golden'), {
  deployment: ({
    deployment,
    replicaSets = [],
    pods: given = [],
  }: {
    deployment: Deployment
    replicaSets?: ReplicaSet[]
    pods?: Pod[]
  }) => decideDeployment({ deployment, replicaSets, pods: given, now: NOW }),
  'replica-set': (input: {
    replicaSet: ReplicaSet
    pods?: Pod[]
    related?: Pod[]
    failure?: string
    copies?: { count: number; of: Pod }
  }) => {
    const { copies, pods: given = copies ? pods(copies.count, copies.of) : [], ...rest } = input
    const decision = decideReplicaSet({ ...rest, pods: given, now: NOW })
    return { ...decision, remove: decision.remove.map(pod => pod.metadata.name) }
  },
  endpoints: ({ service, pods: given }: { service: V1Service; pods: Pod[] }) => decideEndpoints(service, given),
  'endpoint-slice': ({ service, pods: given }: { service: V1Service; pods: Pod[] }) => decideSlice(service, given),
  'garbage-collector': (input: CollectionInput) => decideCollection(input),
  namespace: ({ namespace, remaining }: { namespace: Namespace; remaining: Remaining[] }) =>
    decideNamespace(namespace, remaining, NOW),
  'node-lifecycle': (node: NodeObject) => decideTaints(node, NOW),
  'node-lost': ({ conditions }: { conditions: NodeCondition[] }) => lostConditions(conditions, NOW),
  'node-heartbeat': ({ node, renewed }: { node: NodeObject; renewed?: string }) =>
    decideLost(node, { spec: { renewTime: renewed } } as LeaseObject, NOW) ?? 'nothing to do',
  'node-unready': ({ node, pods: given }: { node: NodeObject; pods: Pod[] }) =>
    decideUnready(node, given).map(({ metadata }) => metadata.name),
  'taint-eviction': ({ pod, taints }: { pod: Pod; taints: Taint[] }) => {
    const at = decideEviction(pod, taints, NOW)
    return at === undefined ? 'stays' : { seconds: (at - NOW) / 1000 }
  },
  'service-account': (input: { namespace: Namespace; existing: { account: boolean; certificate?: string }; ca: string }) =>
    decideEssentials(input.namespace, { certificate: undefined, ...input.existing }, input.ca),
})
