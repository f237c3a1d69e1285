import { expect, test } from 'vitest'
import { lifeOf, lifeStages, newestPod, replayOf } from '../../../renderer/screens/talk/diagrams/life.ts'
import { helloStory } from '../../../renderer/screens/talk/diagrams/stories/hello.ts'
import { waitMs } from '../../../renderer/screens/talk/diagrams/use-play.ts'
import type { PodLife } from '../../../renderer/state/timeline.ts'

const pod = 'Pod/hello-7d9c6f5b8-v6knv'
const story = (steps: number) => helloStory.steps.slice(0, steps).flat()

test.each([
  [3, ['submitted', 'stored', 'made']],
  [4, ['submitted', 'stored', 'made', 'placed']],
  [5, ['submitted', 'stored', 'made', 'placed', 'started']],
  [9, [...lifeStages]],
])('after %i steps of the story its Pod has come to %o', (steps, stages) => {
  expect([...(lifeOf(story(steps), pod)?.reached ?? [])]).toEqual(stages)
})

test('each stage has the time of its write, counted from the Deployment’s', () => {
  expect(lifeOf(story(9), pod)).toMatchObject({
    name: 'hello-7d9c6f5b8-v6knv',
    short: 'v6knv',
    at: { stored: 0, made: 20, placed: 30, started: 930, ready: 1530 },
  })
})

test('containers that run and are ready in one write have started by it', () => {
  const atOnce = story(9).filter(({ deed }) => deed !== 'started')
  expect(lifeOf(atOnce, pod)?.at).toMatchObject({ started: 1530, ready: 1530 })
})

test('a Pod from before the trace has the times that it tells itself, and passed what lies before them', () => {
  const known: PodLife = { uid: 'p', name: 'redis-0', namespace: 'default', created: 5, scheduled: 6, ready: 9, isReady: true }
  const life = lifeOf([], 'p', known)
  expect(life?.at).toEqual({ made: 5, placed: 6, started: undefined, ready: 9 })
  expect([...(life?.reached ?? [])]).toEqual([...lifeStages])
  expect(life?.short).toBe('redis-0')
  expect(lifeOf([], 'p')).toBeUndefined()
})

test('a replay begins with what somebody asked for and holds nothing of other Pods', () => {
  const steps = replayOf(story(9), pod)
  expect(steps.map(([journey]) => `${journey?.deed} ${journey?.kind}`)).toEqual([
    'created Deployment',
    'created ReplicaSet',
    'created Pod',
    'scheduled Pod',
    'started Pod',
    'ready Pod',
  ])
  expect(
    new Set(
      steps
        .flat()
        .filter(({ kind }) => kind === 'Pod')
        .map(({ uid }) => uid),
    ),
  ).toEqual(new Set([pod]))
  expect(replayOf(story(9), 'Pod/other')).toEqual([])
})

test('a scaled-up Deployment is the cause, not its first apply', () => {
  const [deployment, replicaSet, first] = helloStory.steps.map(([journey]) => journey)
  if (!deployment || !replicaSet || !first) throw new Error('the story has its beginning')
  const again = { id: 'again', at: 9_000 }
  const trace = [
    deployment,
    replicaSet,
    first,
    { ...deployment, ...again, deed: 'changed' as const, wanted: 4 },
    { ...replicaSet, ...again, at: 9_010, deed: 'changed' as const, wanted: 4 },
    { ...first, ...again, at: 9_020, uid: 'Pod/fourth', name: 'hello-7d9c6f5b8-44444' },
  ]
  expect(replayOf(trace, 'Pod/fourth').map(([journey]) => journey?.at)).toEqual([9_000, 9_010, 9_020])
  expect(newestPod(trace)).toBe('Pod/fourth')
})

test.each([
  [1, 1, 2100],
  [4, 1, 2100],
  [4, 4, 525],
])('moment %i at speed %i lasts as long as its pills fly: %i ms', (step, speed, wait) => {
  expect(waitMs(helloStory.steps, step, speed)).toBe(wait)
})

test('a long wait is as long again, at half the speed twice as long', () => {
  const [[journey] = []] = helloStory.steps
  if (!journey) throw new Error('the story has its beginning')
  const steps = [[journey], [{ ...journey, at: 8_000 }]]
  expect(waitMs(steps, 1, 1)).toBe(8_000)
  expect(waitMs(steps, 1, 0.5)).toBe(16_000)
})
