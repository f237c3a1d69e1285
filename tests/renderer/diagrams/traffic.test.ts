import { describe, expect, test } from 'vitest'
import { along, type Drawing, lengthOf, type Place, placesOf, wayOf } from '../../../renderer/screens/talk/diagrams/drawing.ts'
import { pillAt, pillText, pillWidth, shareOf } from '../../../renderer/screens/talk/diagrams/pill.ts'
import { routeOf } from '../../../renderer/screens/talk/diagrams/route.ts'
import { tell, type Write } from '../../../renderer/screens/talk/diagrams/story.ts'
import {
  advance,
  enqueue,
  groupOf,
  isQuiet,
  mostFlying,
  mostWaiting,
  noTraffic,
  type Traffic,
} from '../../../renderer/screens/talk/diagrams/traffic.ts'

const place = (id: string, x: number): Place => ({ id, part: id.split('/')[0] as string, x, y: 0, width: 100, height: 50 })
const wire = (from: string, to: string, x: number) => ({
  from,
  to,
  points: [
    [x, 50],
    [x, 150],
  ] as const,
})
const drawing: Drawing = {
  width: 1000,
  height: 300,
  places: [
    'kubectl',
    'etcd',
    'kube-controller-manager',
    'kube-scheduler',
    'kubelet/node1',
    'kubelet/node2',
    'kube-apiserver',
  ].map((id, index) => place(id, index * 120)),
  wires: [
    ...['kubectl', 'etcd', 'kube-controller-manager', 'kube-scheduler'].map((id, index) =>
      wire(id, 'kube-apiserver', 50 + index * 120),
    ),
    ...['kubelet/node1', 'kubelet/node2'].map((id, index) => wire('kube-apiserver', id, 500 + index * 100)),
  ],
}
const journeysOf = (...writes: Write[]) => tell([{ after: 0, writes }]).steps.flat()
const group = (write: Write) => {
  const [journey] = journeysOf(write)
  if (!journey) throw new Error('one write is one journey')
  return groupOf(journey, routeOf(journey), drawing)
}
const queued = (...writes: Write[]): Traffic => writes.reduce((traffic, write) => enqueue(traffic, group(write)), noTraffic)
const pod = (name: string, more: Partial<Write> = {}): Write => ({
  by: 'replicaset-controller',
  deed: 'created',
  object: `Pod/${name}`,
  owner: 'ReplicaSet/set',
  ...more,
})

describe('on a drawing', () => {
  test.each([
    [{ role: 'kubelet', node: 'node2' }, ['kubelet/node2']],
    [{ role: 'kubelet' }, ['kubelet/node1', 'kubelet/node2']],
    [{ role: 'kubelet', node: 'node9' }, []],
    [{ role: 'deployment-controller' }, ['kube-controller-manager']],
    [{ role: 'horizontal-pod-autoscaler' }, ['kube-controller-manager']],
    [{ role: 'kube-proxy' }, []],
  ] as const)('%o stands at %o', (actor, places) => {
    expect(placesOf(drawing, actor).map(({ id }) => id)).toEqual(places)
  })

  test('a controller that is drawn stands in its own place', () => {
    const own = {
      ...drawing,
      places: [...drawing.places, place('deployment-controller', 900)],
      wires: [...drawing.wires, wire('deployment-controller', 'kube-apiserver', 900)],
    }
    expect(placesOf(own, { role: 'deployment-controller' }).map(({ id }) => id)).toEqual(['deployment-controller'])
  })

  test('a controller without a wire of its own is reached through its program', () => {
    const own = { ...drawing, places: [...drawing.places, place('deployment-controller', 900)] }
    expect(placesOf(own, { role: 'deployment-controller' }).map(({ id }) => id)).toEqual(['kube-controller-manager'])
  })

  test('a wire is travelled both ways, and only where there is one', () => {
    const [kubectl, etcd, , , , , api] = drawing.places as [Place, Place, Place, Place, Place, Place, Place]
    expect(wayOf(drawing, kubectl, api)).toEqual([
      [50, 50],
      [50, 150],
    ])
    expect(wayOf(drawing, api, kubectl)).toEqual([
      [50, 150],
      [50, 50],
    ])
    expect(wayOf(drawing, kubectl, etcd)).toBeUndefined()
  })

  test.each([
    [0, [0, 0]],
    [0.25, [10, 0]],
    [0.5, [20, 0]],
    [0.75, [20, 10]],
    [1, [20, 20]],
  ])('at %d of its way round a corner it is at %o', (share, point) => {
    const points = [
      [0, 0],
      [20, 0],
      [20, 20],
    ] as const
    expect(lengthOf(points)).toBe(40)
    expect(along(points, share)).toEqual(point)
  })

  test('a pill stays between the boxes and inside the drawing', () => {
    const points = [
      [50, 50],
      [50, 150],
    ] as const
    const width = pillWidth('ADDED v6knv')
    const at = (progress: number) => pillAt(drawing, points, shareOf(points, progress), width)
    expect(at(0)).toEqual([width / 2, 72])
    expect(at(1)).toEqual([width / 2, 128])
  })
})

describe('what waits and what flies', () => {
  test('a journey flies hop by hop, and lands', () => {
    let traffic = advance(queued(pod('a')), 0, 100)
    const seen: string[] = []
    for (let now = 0; now <= 300; now += 100) {
      traffic = advance(traffic, now, 100)
      seen.push(traffic.flying.flatMap(({ hops, hop }) => hops[hop]?.map(({ id }) => id) ?? []).join())
    }
    expect(seen).toEqual(['kube-controller-manager kube-apiserver', 'kube-apiserver etcd', 'kube-apiserver kube-scheduler', ''])
    expect(isQuiet(traffic)).toBe(true)
  })

  test('ten Pods of one moment share a pill, and say how many they are', () => {
    const traffic = queued(...Array.from({ length: 10 }, (_, index) => pod(`p${index}`)))
    expect(traffic.queue).toHaveLength(1)
    expect(traffic.queue[0]?.hops.map(trips => trips.map(pillText))).toEqual([
      ['ADDED Pod ×10'],
      ['ADDED Pod ×10'],
      ['ADDED Pod ×10'],
    ])
  })

  test('those that go to different nodes part where their ways do', () => {
    const scheduled = (name: string, node: string) => pod(name, { by: 'kube-scheduler', deed: 'scheduled', node })
    const { queue } = queued(
      scheduled('hello-1-aaa', 'node1'),
      scheduled('hello-1-bbb', 'node2'),
      scheduled('hello-1-ccc', 'node2'),
    )
    expect(queue[0]?.hops.at(-1)?.map(trip => `${trip.id}: ${pillText(trip)}`)).toEqual([
      'kube-apiserver kubelet/node1: MODIFIED aaa',
      'kube-apiserver kubelet/node2: MODIFIED Pod ×2',
    ])
  })

  test('the next starts when the one before has made its first hop and is not in its way', () => {
    // in by the scheduler's wire, out by a kubelet's: nobody is in anybody's way
    const scheduled: Write = { by: 'kube-scheduler', deed: 'scheduled', object: 'Pod/a', node: 'node1' }
    const started: Write = { by: 'kubelet/node2', deed: 'started', object: 'Pod/b', node: 'node2' }
    let traffic = advance(queued(scheduled, started), 0, 100)
    traffic = advance(traffic, 50, 100)
    expect(traffic.flying).toHaveLength(1)
    traffic = advance(traffic, 100, 100)
    expect(traffic.flying).toHaveLength(2)
  })

  const wiresOf = ({ flying }: Traffic) =>
    flying.flatMap(({ hops, hop }) => hops[hop]?.map(({ id }) => id.split(' ').toSorted().join(' ')) ?? [])

  test('no two pills are ever on one wire, and no more fly than one could follow', () => {
    const deeds = ['created', 'started', 'ready', 'unready', 'finished', 'gone'] as const
    let traffic = queued(...deeds.flatMap(deed => [pod('a', { deed }), pod('b', { deed, by: 'kubelet/node1', node: 'node1' })]))
    const count = traffic.queue.length
    for (let now = 0; now < 6000; now += 10) {
      traffic = advance(traffic, now, 100)
      expect(traffic.flying.length).toBeLessThanOrEqual(mostFlying)
      expect(new Set(wiresOf(traffic)).size).toBe(wiresOf(traffic).length)
    }
    expect(isQuiet(traffic)).toBe(true)
    expect(traffic.count).toBe(count)
  })

  test('what is only told of a status does not wait behind what happened', () => {
    const told: Write = { by: 'replicaset-controller', deed: 'told', object: 'ReplicaSet/a', owner: 'Deployment/a' }
    const { queue } = queued(pod('a'), pod('a', { deed: 'ready' }), told)
    expect(queue.map(({ deed }) => deed)).toEqual(['created', 'ready'])
    expect(queued(told).queue).toHaveLength(1)
  })

  test('whatever comes, no more waits than one could follow', () => {
    const many = Array.from({ length: 500 }, (_, index) => pod('a', { by: `kubelet/node${index}`, deed: 'started' }))
    const traffic = many.reduce((all, write) => enqueue(all, { ...group(pod('a')), key: write.by }), noTraffic)
    expect(traffic.queue).toHaveLength(mostWaiting)
    expect(traffic.queue.at(-1)?.key).toBe('kubelet/node499')
  })

  test('what has no wire here does not wait', () => {
    expect(enqueue(noTraffic, { key: 'x', deed: 'created', hops: [] })).toBe(noTraffic)
  })

  test('a moment in which nothing ends or starts changes nothing', () => {
    const traffic = advance(queued(pod('a')), 0, 100)
    expect(advance(traffic, 16, 100)).toBe(traffic)
  })
})
