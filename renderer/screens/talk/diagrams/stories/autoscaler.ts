// The story of an autoscaler: load rises, four become eight, each has less to do; load falls, and after five quiet minutes four are enough.

import { tell, type Write } from '../story.ts'
import { endings } from './names.ts'

const deployment = 'Deployment/web'
const owner = 'ReplicaSet/web-6b9d7c5f4'
const names = endings(8, 5)
const pods = (from: number, to: number, by: Write['by'], deed: Write['deed']): Write[] =>
  names.slice(from, to).map(end => ({ by, deed, object: `Pod/web-6b9d7c5f4-${end}`, owner }))

const told = (use: number, currentReplicas: number, desiredReplicas: number, deed: Write['deed'] = 'told'): Write => ({
  by: 'horizontal-pod-autoscaler',
  deed,
  object: 'HorizontalPodAutoscaler/web',
  fields: {
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 50 } } }],
    },
    status: {
      currentReplicas,
      desiredReplicas,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: use } } }],
    },
  },
})
const scaled = (by: Write['by'], wanted: number): Write[] => [{ by, deed: 'changed', object: deployment, wanted }]
const resized = (wanted: number): Write[] => [
  { by: 'deployment-controller', deed: 'changed', object: owner, owner: deployment, wanted },
]

export const autoscalerStory = tell(
  [
    { after: 0, writes: [told(90, 4, 8)] },
    { after: 50, writes: scaled('horizontal-pod-autoscaler', 8) },
    { after: 50, writes: [...resized(8), ...pods(4, 8, 'replicaset-controller', 'created')] },
    { after: 2000, writes: pods(4, 8, 'kubelet', 'ready') },
    { after: 4000, writes: [told(45, 8, 8)] },
    { after: 6000, writes: [told(20, 8, 4)] },
    { after: 50, writes: scaled('horizontal-pod-autoscaler', 4) },
    { after: 50, writes: [...resized(4), ...pods(4, 8, 'replicaset-controller', 'leaving')] },
    { after: 1500, writes: pods(4, 8, 'kubelet', 'gone') },
    { after: 4000, writes: [told(40, 4, 4)] },
  ],
  { step: 1, hop: 0 },
  [
    { by: 'kubectl', deed: 'created', object: deployment, wanted: 4 },
    { by: 'deployment-controller', deed: 'created', object: owner, owner: deployment, wanted: 4 },
    ...pods(0, 4, 'kubelet', 'ready'),
    told(45, 4, 4, 'created'),
  ],
)
