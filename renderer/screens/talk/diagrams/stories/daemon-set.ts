// The story of a DaemonSet: a node joins and gets its Pod without anybody asking; a Pod that is deleted comes back to its node.

import { tell, type Write } from '../story.ts'

const owner = 'DaemonSet/agent'
const agent =
  (node: string, end: string) =>
  (by: Write['by'], deed: Write['deed']): Write => ({
    by,
    deed,
    object: `Pod/agent-${end}`,
    owner,
    ...(deed !== 'created' && { node }),
  })
const [one, two, three, again] = [
  agent('node1', 'k8s2f'),
  agent('node2', 'wq9xt'),
  agent('node3', 'b5dlm'),
  agent('node1', 'r7zpc'),
] as const
const other = (name: string, node: string): Write => ({
  by: 'kubelet',
  deed: 'ready',
  object: `Pod/${name}`,
  node,
  owner: 'ReplicaSet/web-1',
})

export const daemonSetStory = tell(
  [
    { after: 0, writes: [{ by: 'kubelet/node3', deed: 'created', object: 'Node/node3' }] },
    { after: 50, writes: [three('daemonset-controller', 'created')] },
    { after: 50, writes: [three('kube-scheduler', 'scheduled')] },
    { after: 1500, writes: [three('kubelet/node3', 'ready')] },
    { after: 5000, writes: [one('kubectl', 'leaving')] },
    { after: 1000, writes: [one('kubelet/node1', 'gone')] },
    { after: 50, writes: [again('daemonset-controller', 'created')] },
    { after: 50, writes: [again('kube-scheduler', 'scheduled')] },
    { after: 1500, writes: [again('kubelet/node1', 'ready')] },
  ],
  { step: 2, hop: 1 },
  [
    { by: 'kubectl', deed: 'created', object: owner },
    one('kubelet/node1', 'ready'),
    two('kubelet/node2', 'ready'),
    other('web-1-a', 'node1'),
    other('web-1-b', 'node1'),
    other('web-1-c', 'node2'),
    other('web-1-d', 'node1'),
  ],
)
