import { expect, test } from 'vitest'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import { clusterFacts, storyFacts } from '../../renderer/screens/talk/diagrams/facts.ts'
import { helloStory } from '../../renderer/screens/talk/diagrams/stories/hello.ts'

const object = (kind: string, name: string, revision: string, fields: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, uid: name, resourceVersion: revision, creationTimestamp: '2026-11-22T14:18:00Z' },
  ...fields,
})
const owned = (name: string, revision: string, fields: Record<string, unknown>): KubeObject => {
  const pod = object('Pod', name, revision, fields)
  return { ...pod, metadata: { ...pod.metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'new', uid: 'new' }] } }
}
const ready = { conditions: [{ type: 'Ready', status: 'True' }] }

test('without nodes there is no cluster to show', () => {
  expect(clusterFacts([object('Pod', 'lost', '1')])).toBeUndefined()
})

test('counts, Pods by node, and the newest revision, compared as numbers', () => {
  const facts = clusterFacts([
    object('Node', 'node1', '9', { status: ready }),
    object('Node', 'node2', '2', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }),
    owned('a', '10', { spec: { nodeName: 'node1' }, status: ready }),
    owned('b', '3', { spec: {}, status: {} }),
    object('Pod', 'bare', '1', { spec: { nodeName: 'node3' } }),
    object('ReplicaSet', 'old', '4', { spec: { replicas: 0 } }),
    object('ReplicaSet', 'new', '5', { spec: { replicas: 3 } }),
    object('Service', 's', '6'),
  ])
  expect(facts).toMatchObject({
    nodes: [
      { name: 'node1', isReady: true, pods: [{ uid: 'a', name: 'a', state: 'ready' }] },
      { name: 'node2', isReady: false, pods: [] },
    ],
    wanted: 3,
    have: 2,
    waiting: [{ uid: 'b', name: 'b', state: 'pending' }],
    services: 1,
    revision: '10',
  })
})

test.each([
  [0, { wanted: 0, have: 0, waiting: 0, nodes: ['', ''] }],
  [3, { wanted: 3, have: 3, waiting: 3, nodes: ['', ''] }],
  [4, { wanted: 3, have: 3, waiting: 0, nodes: ['progressing', 'progressing progressing'] }],
  [6, { wanted: 3, have: 3, waiting: 0, nodes: ['ready', 'ready ready'] }],
])('after %i steps of the story the same is counted from its journeys', (steps, expected) => {
  const { nodes, wanted, have, waiting } = storyFacts(helloStory.steps.slice(0, steps).flat())
  const dots = nodes.map(({ pods }) => pods.map(({ state }) => state).join(' '))
  expect({ wanted, have, waiting: waiting.length, nodes: dots }).toEqual(expected)
})
