import { describe, expect, test } from 'vitest'
import { latestEpisode } from '../../renderer/screens/labs/drawing/episode.ts'
import { layout } from '../../renderer/screens/labs/drawing/layout.ts'
import { phasesOf } from '../../renderer/screens/labs/drawing/rows.ts'
import { emptyTimeline, type PodLife, type Timeline } from '../../renderer/state/timeline.ts'

const t0 = 1_700_000_000_000

const life = (uid: string, offset = 0, more: Partial<PodLife> = {}): PodLife => ({
  uid,
  name: `openresty-6686c4dc6f-${uid}`,
  namespace: 'default',
  owner: 'rs',
  created: t0 + offset,
  scheduled: t0 + offset + 50,
  pulled: t0 + offset + 150,
  made: t0 + offset + 250,
  started: t0 + offset + 350,
  ready: t0 + offset + 500,
  isReady: true,
  ...more,
})

const timelineOf = (pods: PodLife[], samples = [{ at: t0, wanted: pods.length, ready: 0, available: 0 }]): Timeline => ({
  cluster: 'practice',
  pods: new Map(pods.map(pod => [pod.uid, pod])),
  workloads: new Map([
    ['d', { uid: 'd', kind: 'Deployment', name: 'openresty', namespace: 'default', samples }],
    ['rs', { uid: 'rs', kind: 'ReplicaSet', name: 'openresty-6686c4dc6f', namespace: 'default', owner: 'd', samples }],
  ]),
})

const draw = (timeline: Timeline, now = t0 + 3000) =>
  layout({
    timeline,
    objects: new Map(),
    episode: latestEpisode(timeline, [], now) ?? { from: now, to: now + 1, isMoving: false },
    marks: [],
    isOurs: () => true,
    width: 640,
    height: 460,
    now,
  })

describe('the episode', () => {
  test('is nothing where nothing happened', () => {
    expect(latestEpisode(emptyTimeline, [], t0)).toBeUndefined()
  })

  test('stands still when all is at rest, and follows the clock while something moves', () => {
    const still = timelineOf([life('a')])
    expect(latestEpisode(still, [], t0 + 60_000)).toEqual({ from: t0, to: t0 + 3000, isMoving: false })
    const moving = timelineOf([life('a', 0, { ready: undefined, isReady: false })])
    expect(latestEpisode(moving, [], t0 + 60_000)).toEqual({ from: t0, to: t0 + 60_000, isMoving: true })
  })

  test('starts at the first act that still leaves room for the last', () => {
    const timeline = timelineOf([life('a'), life('b', 10_000), life('c', 20_000)], [])
    const marks = [0, 10_000, 20_000].map(at => ({ label: 'apply', at: t0 + at }))
    expect(latestEpisode(timeline, marks, t0 + 21_000)?.from).toBe(t0 + 10_000)
  })

  test('starts anew after a long quiet', () => {
    const timeline = timelineOf([life('a'), life('b', 60_000)], [])
    expect(latestEpisode(timeline, [], t0 + 70_000)?.from).toBe(t0 + 60_000)
  })
})

describe('the layout', () => {
  test('phases follow each other without gaps or overlaps, also when moments arrive out of order', () => {
    const phases = phasesOf(life('a', 0, { pulled: t0 + 30 }))
    expect(phases.map(({ from, to }) => to >= from)).toEqual([true, true, true, true, true])
    for (const [index, phase] of phases.slice(1).entries()) expect(phase.from).toBe(phases[index]?.to)
  })

  test('each Pod has a row of its own, in the order of creation, named by what differs', () => {
    const { rows } = draw(timelineOf([life('late', 200), life('early')]))
    expect(rows.map(row => row.label)).toEqual(['early', 'late'])
    expect(new Set(rows.map(row => row.y)).size).toBe(2)
  })

  test('everything lies within the pane, for one Pod and for two hundred', () => {
    for (const count of [1, 10, 200]) {
      const drawing = draw(timelineOf(Array.from({ length: count }, (_, index) => life(`p${index}`, index * 10))))
      for (const row of drawing.rows) {
        for (const bar of row.bars) {
          expect(bar.x).toBeGreaterThanOrEqual(drawing.left)
          expect(bar.x + bar.width).toBeLessThanOrEqual(drawing.right + 0.2)
        }
      }
      expect(drawing.height).toBeGreaterThanOrEqual(drawing.axisY + 20)
    }
  })

  test('a leaving Pod has a dotted line to its end, a waiting one says why', () => {
    const { rows } = draw(
      timelineOf([
        life('a', 0, { leaving: t0 + 1000, gone: t0 + 2000 }),
        life('b', 1, { ready: undefined, isReady: false, waiting: 'ErrImagePull' }),
      ]),
    )
    expect(rows[0]?.leave?.[1]).toBe(rows[0]?.bye)
    expect(rows[1]).toMatchObject({ waiting: 'ErrImagePull' })
    expect(rows[1]?.ready).toBeUndefined()
  })

  test('the chart steps: what is wanted is reached by what is ready', () => {
    const samples = [0, 1, 2].map(ready => ({ at: t0 + ready * 500, wanted: 2, ready, available: ready }))
    const { chart } = draw(timelineOf([life('a'), life('b')], samples))
    expect(chart?.readyLabel.count).toBe(2)
    expect(chart?.readyLabel.y).toBe(chart?.top)
    expect(chart?.ready.match(/V/g)?.length).toBe(2)
    expect(chart?.available).toBeUndefined()
    const late = samples.map(sample => ({ ...sample, available: 0 }))
    expect(draw(timelineOf([life('a'), life('b')], late)).chart?.available).toMatch(/^M/)
  })
})

test("a StatefulSet has its own box, curve and Pods' whole names, and no line from a Deployment", () => {
  const timeline = timelineOf([life('a'), life('r', 0, { name: 'redis-0', owner: 'sts' })])
  const samples = [{ at: t0, wanted: 1, ready: 0, available: 0 }]
  const redis = { uid: 'sts', kind: 'StatefulSet', name: 'redis', namespace: 'default', samples }
  const both = draw({ ...timeline, workloads: new Map([...timeline.workloads, ['sts', redis]]) })
  expect(both.boxes.map(box => [box.kind, box.label])).toContainEqual(['StatefulSet', 'redis'])
  expect(both.rows.map(row => row.label).sort()).toEqual(['a', 'redis-0'])
  // Deployment to ReplicaSet, and each owner to its Pod
  expect(both.links.map(({ type }) => type).sort()).toEqual(['owns', 'owns', 'under'])
  const alone = draw({ ...timelineOf([life('r', 0, { name: 'redis-0', owner: 'sts' })]), workloads: new Map([['sts', redis]]) })
  expect(alone.boxes.map(box => box.kind)).toEqual(['StatefulSet'])
  expect(alone.chart).toBeDefined()
})
