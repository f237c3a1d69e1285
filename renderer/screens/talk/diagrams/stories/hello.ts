// The story of one `kubectl apply`: a Deployment of three Pods behind a Service that is there already, from the first write to the last rule.

import { tell, type Write } from '../story.ts'

const deployment = 'Deployment/hello'
const replicaSet = 'ReplicaSet/hello-7d9c6f5b8'
const pod = (end: string): Write['object'] => `Pod/hello-7d9c6f5b8-${end}`
const pods: readonly (readonly [end: string, node: string])[] = [
  ['v6knv', 'node2'],
  ['gt8dg', 'node1'],
  ['x2b4q', 'node2'],
]

const ofPods = (write: (end: string, node: string) => Omit<Write, 'object' | 'owner'>): Write[] =>
  pods.map(([end, node]) => ({ object: pod(end), owner: replicaSet, ...write(end, node) }))

const slice = 'EndpointSlice/hello-t5v88'
const endpoints = pods.map(([end]) => ({ targetRef: { kind: 'Pod', name: `hello-7d9c6f5b8-${end}` } }))
const ready = { status: { readyReplicas: 3 } }

/** Figures are those of a practice cluster, rounded. */
export const helloStory = tell(
  [
    { after: 0, writes: [{ by: 'kubectl', deed: 'created', object: deployment, wanted: 3 }] },
    {
      after: 10,
      writes: [{ by: 'deployment-controller', deed: 'created', object: replicaSet, owner: deployment, wanted: 3 }],
    },
    { after: 10, writes: ofPods(() => ({ by: 'replicaset-controller', deed: 'created' })) },
    { after: 10, writes: ofPods((_, node) => ({ by: 'kube-scheduler', deed: 'scheduled', node })) },
    { after: 900, writes: ofPods((_, node) => ({ by: `kubelet/${node}`, deed: 'started', node })) },
    { after: 600, writes: ofPods((_, node) => ({ by: `kubelet/${node}`, deed: 'ready', node })) },
    {
      after: 10,
      writes: [{ by: 'endpointslice-controller', deed: 'changed', object: slice, fields: { rest: { endpoints } } }],
    },
    {
      after: 10,
      writes: [{ by: 'replicaset-controller', deed: 'ready', object: replicaSet, owner: deployment, wanted: 3, fields: ready }],
    },
    { after: 10, writes: [{ by: 'deployment-controller', deed: 'ready', object: deployment, wanted: 3, fields: ready }] },
  ],
  { step: 2, hop: 2 },
  [
    { by: 'kubectl', deed: 'created', object: 'Service/hello' },
    { by: 'endpointslice-controller', deed: 'created', object: slice, owner: 'Service/hello' },
  ],
)
