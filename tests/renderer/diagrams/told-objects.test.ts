// A story's journeys, and the objects that a cluster would have after them.

import { expect, test } from 'vitest'
import { isShown } from '../../../renderer/screens/talk/diagrams/drawing.ts'
import { storyFacts } from '../../../renderer/screens/talk/diagrams/facts.ts'
import { tell, toldBy, type Write } from '../../../renderer/screens/talk/diagrams/story.ts'
import { toldObjects } from '../../../renderer/screens/talk/diagrams/told-objects.ts'
import { podState } from '../../../renderer/state/pod-state.ts'

const objectsAfter = (...writes: Write[]) => toldObjects(tell([{ after: 0, writes }]).steps.flat())
const after = (...writes: Write[]) => objectsAfter(...writes).at(-1)
const pod = (deed: Write['deed'], more: Partial<Write> = {}): Write => ({ by: 'kubectl', deed, object: 'Pod/a', ...more })

test.each<[Write['deed'], string]>([
  ['created', 'pending'],
  ['scheduled', 'progressing'],
  ['started', 'progressing'],
  ['ready', 'ready'],
  ['unready', 'progressing'],
  ['leaving', 'leaving'],
  ['finished', 'ready'],
])('a Pod that is %s is %s', (deed, state) => {
  const written = after(pod('created'), pod(deed))
  expect(written && podState(written).state).toBe(state)
})

test('what is gone is gone, and what comes back is young', () => {
  expect(objectsAfter(pod('created'), pod('gone')).map(({ kind }) => kind)).toEqual(['Node', 'Node'])
  expect(after(pod('leaving'), pod('gone'), pod('created'))?.metadata.deletionTimestamp).toBeUndefined()
})

test('fields are added to what is known: its owner, its node, its count, its labels, all else', () => {
  const set = after(
    { by: 'kubectl', deed: 'created', object: 'ReplicaSet/a', owner: 'Deployment/d', wanted: 3, fields: { labels: { x: '1' } } },
    { by: 'kubectl', deed: 'changed', object: 'ReplicaSet/a', fields: { spec: { paused: true }, labels: { y: '2' } } },
  )
  expect(set).toMatchObject({
    metadata: {
      labels: { x: '1', y: '2' },
      resourceVersion: '2',
      ownerReferences: [{ kind: 'Deployment', name: 'd', uid: 'Deployment/d' }],
    },
    spec: { replicas: 3, paused: true },
  })
  expect(after(pod('scheduled', { node: 'node2' }))?.spec).toEqual({ nodeName: 'node2' })
  expect(
    after({ by: 'kubectl', deed: 'created', object: 'EndpointSlice/a', fields: { rest: { endpoints: [1] } } }),
  ).toMatchObject({
    endpoints: [1],
  })
})

test('what was there before a story is in all of its pictures', () => {
  const story = tell(
    [
      { after: 0, writes: [pod('created')] },
      { after: 9, writes: [pod('ready', { node: 'node1' })] },
    ],
    undefined,
    [{ by: 'kubectl', deed: 'created', object: 'Service/s' }],
  )
  expect([-1, 0, 1].map(step => storyFacts(toldBy(story, step)).objects.length)).toEqual([3, 4, 4])
  expect(storyFacts(toldBy(story, 0))).toMatchObject({ services: 1, waiting: [{}] })
  expect(storyFacts(toldBy(story, 1)).nodes[0]?.pods).toMatchObject([{ name: 'a', state: 'ready' }])
})

test('a picture of single objects shows their writes and those of what they own', () => {
  const drawing = { width: 1, height: 1, places: [], wires: [] }
  const [own, owned, other] = tell([
    {
      after: 0,
      writes: [pod('created', { object: 'ReplicaSet/a' }), pod('created', { owner: 'ReplicaSet/a' }), pod('created')],
    },
  ]).steps.flat()
  const shown = (of?: ReadonlySet<string>) =>
    [own, owned, other].map(each => each && isShown({ ...drawing, ...(of && { of }) }, each))
  expect(shown(new Set(['ReplicaSet/a']))).toEqual([true, true, false])
  expect(shown()).toEqual([true, true, true])
})
