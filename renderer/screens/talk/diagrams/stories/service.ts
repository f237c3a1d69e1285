// The story of a Service's list: a Pod fails its probe and drops out, comes back, and a new one joins once it is ready.

import { tell, type Write } from '../story.ts'
import { endings } from './names.ts'

const service = 'Service/openresty'
const owner = 'ReplicaSet/openresty-7d9c6f5b8'
const names = endings(4, 4)
  .toSorted()
  .map(end => `openresty-7d9c6f5b8-${end}`)
const pod = (index: number): `Pod/${string}` => `Pod/${names[index]}`

/** The list with its first `count` Pods, of which one may not be ready. */
const list = (deed: Write['deed'], count: number, unready?: number): Write => ({
  by: 'endpointslice-controller',
  deed,
  object: 'EndpointSlice/openresty-t5v88',
  owner: service,
  fields: {
    labels: { 'kubernetes.io/service-name': 'openresty' },
    rest: {
      ports: [{ port: 80 }],
      endpoints: names.slice(0, count).map((name, index) => ({
        addresses: [`10.1.77.${index + 5}`],
        conditions: { ready: index !== unready },
        targetRef: { kind: 'Pod', name },
      })),
    },
  },
})
const kubelet = (deed: Write['deed'], index: number): Write => ({ by: 'kubelet', deed, object: pod(index), owner, node: 'node1' })

export const serviceStory = tell(
  [
    { after: 0, writes: [kubelet('unready', 1)] },
    { after: 20, writes: [list('changed', 3, 1)] },
    { after: 5000, writes: [kubelet('ready', 1)] },
    { after: 20, writes: [list('changed', 3)] },
    { after: 4000, writes: [kubelet('started', 3)] },
    { after: 20, writes: [list('changed', 4, 3)] },
    { after: 2000, writes: [kubelet('ready', 3)] },
    { after: 20, writes: [list('changed', 4)] },
  ],
  { step: 1, hop: 1 },
  [
    {
      by: 'kubectl',
      deed: 'created',
      object: service,
      fields: { spec: { clusterIP: '10.152.183.20', selector: { app: 'openresty' }, ports: [{ port: 80 }] } },
    },
    ...[0, 1, 2].map(index => kubelet('ready', index)),
    list('created', 3),
  ],
)
