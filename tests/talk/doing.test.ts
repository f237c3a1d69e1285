import { describe, expect, test } from 'vitest'
import type { LessonProgress, TaskState } from '../../electron/contract/lessons.ts'
import type { Slide } from '../../electron/contract/talk.ts'
import { doingOf, nextAction } from '../../electron/talk/index.ts'

const action = (id: string) => ({ id, kind: 'run' as const, text: `kubectl ${id}` })
const tasks = [
  { id: 'one', title: '', say: '', actions: [action('apply'), action('look')], checks: [{ id: 'ready', text: 'Ready' }] },
  { id: 'ten', title: '', say: '', actions: [action('scale')], checks: [{ id: 'ten-ready', text: 'Ten ready' }] },
]

const slide = (fields: Partial<Slide>): Slide => ({ id: 's', title: 'S', layout: 'prose', body: '', notes: '', ...fields })

type Run = TaskState['actions'][number]['state']
const state = (id: string, at: TaskState['state'], runs: Record<string, Run>, check: Partial<TaskState['checks'][number]>) => ({
  id,
  state: at,
  canReset: false,
  actions: Object.entries(runs).map(([id, state]) => ({ id, state })),
  checks: [{ id: id === 'one' ? 'ready' : 'ten-ready', passed: false, everPassed: false, ...check }],
})
const progress = (...states: TaskState[]): LessonProgress => ({ lesson: 'l', marks: [], foreign: [], tasks: states })

describe('what a slide does', () => {
  test('is nothing without a lesson or a command', () => {
    expect(doingOf(slide({}), undefined)).toBeNull()
  })

  test('is a line for the prompt where the deck brings one of its own', () => {
    expect(doingOf(slide({ command: 'ls' }), undefined)).toMatchObject({ next: { text: 'ls', isDraft: true }, isReady: false })
  })

  test('is the first command of its task while nothing is known of its progress', () => {
    const doing = doingOf(slide({ lesson: 'l', task: 'one' }), { tasks })
    expect(doing).toMatchObject({ task: 'one', next: { text: 'kubectl apply', state: 'waiting', isDraft: false } })
    expect(doing?.checks).toEqual([{ id: 'ready', text: 'Ready', passed: false }])
  })

  test('goes from command to command as they end well; one that failed comes again', () => {
    const at = (runs: Record<string, Run>) =>
      doingOf(slide({ lesson: 'l', task: 'one' }), { tasks, progress: progress(state('one', 'now', runs, {})) })?.next
    expect(at({ apply: 'running', look: 'waiting' })).toMatchObject({ text: 'kubectl apply', state: 'running' })
    expect(at({ apply: 'failed', look: 'waiting' })).toMatchObject({ text: 'kubectl apply', state: 'failed' })
    expect(at({ apply: 'done', look: 'waiting' })).toMatchObject({ text: 'kubectl look', state: 'waiting' })
    expect(at({ apply: 'done', look: 'done' })).toBeUndefined()
  })

  test('of a whole lesson is the task that it is at, and ready is when all tasks are', () => {
    const known = progress(
      state('one', 'done', { apply: 'done', look: 'done' }, { everPassed: true }),
      state('ten', 'now', { scale: 'waiting' }, {}),
    )
    const doing = doingOf(slide({ lesson: 'l' }), { tasks, progress: known })
    expect(doing).toMatchObject({ task: 'ten', next: { text: 'kubectl scale' }, isReady: false })
    expect(nextAction(slide({ lesson: 'l' }), { tasks, progress: known })).toEqual({ task: 'ten', action: 'scale' })
  })

  test('of one action is that command, again and again, and nothing is waited for', () => {
    const known = progress(state('one', 'done', { apply: 'done', look: 'done' }, { everPassed: true, passed: true }))
    const doing = doingOf(slide({ lesson: 'l', task: 'one', action: 'look' }), { tasks, progress: known })
    expect(doing).toMatchObject({ next: { text: 'kubectl look' }, checks: [], isReady: false })
  })

  test('has passed a check for good once the task is left, and shows one that is lost while it is at hand', () => {
    const passed = (at: TaskState['state']) => {
      const known = progress(state('one', at, {}, { everPassed: true }))
      const doing = doingOf(slide({ lesson: 'l', task: 'one' }), { tasks, progress: known })
      return { shown: doing?.checks[0]?.passed, isReady: doing?.isReady }
    }
    expect(passed('done')).toEqual({ shown: true, isReady: true })
    expect(passed('now')).toEqual({ shown: false, isReady: true })
  })
})
