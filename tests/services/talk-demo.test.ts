// What slides do, decided on the host: real lessons' texts, with progress, time and terminal in the test's hand.

import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LessonProgress } from '../../electron/contract/lessons.ts'
import type { Doing, Position, Slide } from '../../electron/contract/talk.ts'
import { createChanging } from '../../electron/platform/changing.ts'
import { createLessonFiles } from '../../electron/services/lesson-files.ts'
import { createTalkDemo, type TalkDemo } from '../../electron/services/talk-demo.ts'
import { createPlace, noPlaces, type Place } from '../../electron/services/talk-place.ts'

const slides: Slide[] = (
  [
    { id: 'cover' },
    { id: 'ten', lesson: '02-deployment', task: 'ten' },
    { id: 'going', lesson: '02-deployment', task: 'ten', advance: 'ready' },
    { id: 'own', command: 'echo mine' },
    { id: 'end' },
  ] as Partial<Slide>[]
).map(fields => ({ title: '', layout: 'prose', body: '', notes: '', ...fields }) as Slide)

const lesson = await createLessonFiles(resolve('manifests'), '').load('02-deployment')

/** Progress in which the checks of one task have passed, or not; that task is at hand. */
const at = (id: string, passed: boolean): LessonProgress => ({
  lesson: lesson.id,
  marks: [],
  foreign: [],
  tasks: lesson.tasks.map(task => {
    const place = lesson.tasks.findIndex(each => each.id === id) - lesson.tasks.indexOf(task)
    const isPassed = place > 0 || (place === 0 && passed)
    return {
      id: task.id,
      state: place > 0 ? 'skipped' : place === 0 ? 'now' : 'later',
      canReset: false,
      actions: task.actions.map(action => ({ id: action.id, state: 'waiting' as const })),
      checks: task.checks.map(check => ({ id: check.id, passed: isPassed, everPassed: isPassed })),
    }
  }),
})

let progress: ReturnType<typeof createChanging<LessonProgress>>
let typed: string[]
let deck: Slide[]
let sleepers: (() => void)[]
let demo: TalkDemo
let shared: Place
let place: Position
let doing: Doing | null
let stop: AbortController

/** Everything that was waiting for its turn has had it. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(done => setImmediate(done))
}
const passTime = async () => {
  await settle()
  for (const wake of sleepers.splice(0)) wake()
  await settle()
}
const go = async (change: Partial<Position>) => {
  shared.go(change)
  await settle()
}

beforeEach(async () => {
  progress = createChanging(at('ten', false))
  typed = []
  deck = slides
  sleepers = []
  stop = new AbortController()
  const sessions = new Map<string, { id: string; title: string; cluster: string; cwd: string; running: boolean }>()
  let current: string | null = null
  const clock = {
    now: () => 0,
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((done, fail) => {
        sleepers.push(done)
        signal?.addEventListener('abort', () => fail(signal.reason), { once: true })
      }),
  }
  const report = (error: unknown) => {
    throw error
  }
  shared = createPlace({ deckName: '', kept: { value: noPlaces, set: async () => undefined }, clock, report })
  demo = createTalkDemo({
    position: shared.position,
    move: shared.go,
    edition: createChanging({ number: 1 }),
    deck: { read: async () => ({ title: '', slides: deck }), watch: () => () => undefined },
    lessonFiles: { load: async () => lesson },
    lessons: {
      progress: (_, { signal }) => progress.stream(signal),
      act: ({ task, action, terminal }) => {
        typed.push(`${terminal}: ${task}/${action}`)
        return {}
      },
      skip: ({ task }) => {
        const next = lesson.tasks[lesson.tasks.findIndex(({ id }) => id === task) + 1]
        if (next) progress.set(at(next.id, false))
        return {}
      },
    },
    clusters: {
      targets: () => ({ current, targets: [] }),
      use: async id => {
        current = id
      },
      ready: async () => ({}) as never,
    },
    terminal: {
      session: id => sessions.get(id),
      open: async ({ title = '' }) => {
        const id = `t${sessions.size + 1}`
        sessions.set(id, { id, title, cluster: current ?? '', cwd: '', running: true })
        return { id }
      },
      draft: async (id, line) => void typed.push(`${id}: draft ${line}`),
    },
    title: () => 'Talk',
    clock,
    report,
  })
  const { signal } = stop
  void (async () => {
    for await (const told of shared.position.stream(signal)) place = told
  })()
  void (async () => {
    for await (const told of demo.doing('en', signal)) doing = told
  })()
  await settle()
})
afterEach(() => {
  stop.abort()
  demo.close()
})

test('an armed slide turns once its checks pass, after a rest in which everybody sees it', async () => {
  await go({ slide: 'ten', isArmed: true })
  expect(doing).toMatchObject({ slide: 'ten', task: 'ten', isReady: false })
  progress.set(at('ten', true))
  await settle()
  expect(doing?.isReady).toBe(true)
  expect(place.slide).toBe('ten')
  await passTime()
  expect(place.slide).toBe('going')
})

test('a slide that says so is armed by itself; what was ready before it came turns nothing', async () => {
  progress.set(at('ten', true))
  await go({ slide: 'going' })
  await passTime()
  expect(place.slide).toBe('going')
  progress.set(at('ten', false))
  await settle()
  progress.set(at('ten', true))
  await passTime()
  expect(place.slide).toBe('own')
})

test('nothing turns without being armed, and arming late is too late', async () => {
  await go({ slide: 'ten' })
  progress.set(at('ten', true))
  await passTime()
  await go({ isArmed: true })
  await passTime()
  expect(place.slide).toBe('ten')
})

test.each([
  ['moved on', [{ slide: 'end' }], 'end'],
  ['moved on and came back', [{ slide: 'end' }, { slide: 'ten' }], 'ten'],
  ['took it back', [{ isArmed: false }], 'ten'],
])('nothing turns when the presenter %s in the meantime', async (_what, moves, end) => {
  await go({ slide: 'ten', isArmed: true })
  progress.set(at('ten', true))
  await settle()
  for (const move of moves) await go(move)
  await passTime()
  expect(place.slide).toBe(end)
})

test('another slide begins as it says itself: nothing beside it, nothing armed', async () => {
  await go({ slide: 'ten', isArmed: true, beside: 'both' })
  await go({ slide: 'end' })
  expect(place).toMatchObject({ slide: 'end', beside: null, isArmed: null })
})

test('a run begins practice where no cluster is chosen, opens one terminal, shows it, and leaves the tasks before', async () => {
  progress.set(at('returns', false))
  await go({ slide: 'ten' })
  let isOver = false
  void demo.run('ten').then(() => {
    isOver = true
  })
  // it rests between two looks at how far the lesson has come
  while (!isOver) await passTime()
  expect(typed).toEqual(['t1: ten/apply'])
  expect(place).toMatchObject({ beside: 'both', terminal: 't1' })
  await Promise.all([demo.openTerminal(), demo.run('ten')])
  expect(typed).toEqual(['t1: ten/apply', 't1: ten/apply'])
})

test('at a place that the deck does not have, its first slide runs', async () => {
  deck = [{ ...(slides[0] as Slide), id: 'first', command: 'echo first' }, ...slides.slice(1)]
  await demo.run('first')
  expect(typed).toEqual(['t1: draft echo first'])
})

test('a press that comes after the presenter has moved on runs nothing', async () => {
  await go({ slide: 'ten' })
  await go({ slide: 'end' })
  await demo.run('ten')
  expect(typed).toEqual([])
})

test('a command that the deck brought is only put at the prompt', async () => {
  await go({ slide: 'own' })
  expect(doing).toMatchObject({ next: { text: 'echo mine', isDraft: true } })
  await demo.run('own')
  expect(typed).toEqual(['t1: draft echo mine'])
  await settle()
  expect(place.beside).toBe('terminal')
})
