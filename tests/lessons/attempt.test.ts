import { expect, test } from 'vitest'
import type { Snapshot } from '../../electron/cluster/snapshot.ts'
import { createAttempt } from '../../electron/lessons/attempt.ts'
import type { Lesson } from '../../electron/lessons/lesson.ts'
import { parseLesson } from '../../electron/lessons/parse.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { object, pod, snapshotOf } from './objects.ts'

const readme = '# T\n\nI.\n\n## A\n\nSay.\n\n```sh\nls\n```\n\n## B\n\nSay.\n\n```sh\nls\n```\n\n## Q\n\nWhy?\n'
const lesson: Lesson = parseLesson('05-x', {
  'README.md': readme,
  'README.en.md': readme,
  'lesson.yaml': `
namespace: default
creates: [pod -l app=x]
cleanup: []
tasks:
- id: a
  actions: [{ id: ls, run: ls }]
  checks:
  - { id: page, text: { zh-CN: a, en: a }, of: pod -l app=x, http: { path: /, each: true } }
  - { id: looked, text: { zh-CN: a, en: a }, ran: ^ls }
- id: b
  actions: [{ id: ls, run: ls }]
  checks:
  - { id: again, text: { zh-CN: b, en: b }, ran: ^ls }
`,
})

const begin = (answers: Record<string, { status?: number; hangs?: boolean }>, of = lesson) => {
  let tell = (_: Snapshot): void => {}
  let stopped = 0
  const asked: string[] = []
  const ran: string[] = []
  const attempt = createAttempt({
    lesson: of,
    subscribe: (_, listener) => {
      tell = listener
      return () => stopped++
    },
    probe: async ({ metadata: { name } }, _port, _path, signal) => {
      asked.push(name)
      if (answers[name]?.hangs) await realClock.sleep(60_000, signal as AbortSignal).catch(() => undefined)
      return { status: answers[name]?.status ?? 500, body: `${asked.length % 3}` }
    },
    exec: async (_pod, command) => {
      ran.push(command.join(' '))
      return { status: 0, body: 'Hello' }
    },
    now: () => 1,
    sleep: (ms, signal) => realClock.sleep(ms / 50, signal as AbortSignal),
  })
  // the lesson begins in an empty cluster: what comes then is its own
  tell(snapshotOf())
  return { attempt, asked, ran, tell: (snapshot: Snapshot) => tell(snapshot), stopped: () => stopped }
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let n = 0; !holds(); n++) {
    if (n > 500) throw new Error('never came true')
    await realClock.sleep(5)
  }
}

const labels = { app: 'x' }
const check = (attempt: ReturnType<typeof createAttempt>, id: string) =>
  attempt.tasks.flatMap(({ checks }) => [...checks]).find(view => view.check.id === id)

test('Pods are asked until they answer, each answer counts as it comes, leaving Pods are left alone', async () => {
  const answers: Record<string, { status?: number; hangs?: boolean }> = { slow: { hangs: true }, good: { status: 200 } }
  const { attempt, asked, tell } = begin(answers)
  tell(snapshotOf(pod('good', { labels }), pod('slow', { labels }), pod('left', { labels, leaving: true })))
  await until(() => check(attempt, 'page')?.seen === '1 / 2')
  tell(snapshotOf(pod('good', { labels, uid: 'g' }), pod('left', { labels, leaving: true })))
  expect(asked).not.toContain('left')
  attempt.stop()
})

test('an answer that changes is seen, without any change in the cluster', async () => {
  const answers: Record<string, { status?: number }> = { web: { status: 404 } }
  const { attempt, tell } = begin(answers)
  tell(snapshotOf(pod('web', { labels })))
  await until(() => check(attempt, 'page')?.hint !== undefined && check(attempt, 'page')?.seen === '0 / 1')
  answers.web = { status: 200 }
  await until(() => check(attempt, 'page')?.passed === true)
  attempt.stop()
})

test('a command counts for the task in which it ran; nobody is asked once the task is over, or after the stop', async () => {
  const { attempt, asked, tell, stopped } = begin({ web: { status: 200 } })
  tell(snapshotOf(pod('web', { labels })))
  attempt.command({ line: 'ls', startedAt: 1, exitCode: 0 })
  await until(() => attempt.record.done.includes('a'))
  expect(check(attempt, 'again')?.passed).toBe(false)
  const count = asked.length
  await realClock.sleep(60)
  expect(asked.length - count).toBeLessThanOrEqual(1)
  attempt.command({ line: 'ls', startedAt: 2, exitCode: 0 })
  expect(attempt.record.done).toEqual(['a', 'b'])
  attempt.stop()
  expect(stopped()).toBe(1)
})

test('opening a lesson sends nothing to Pods and Services that were there before it', async () => {
  const asked: string[] = []
  const theirs = snapshotOf(object('Service', 'web'), pod('web'))
  const say = async (of: { metadata: { name: string } }) => {
    asked.push(of.metadata.name)
    return { status: 200 }
  }
  const attempt = createAttempt({
    lesson: { ...asking, creates: [] },
    subscribe: (_, listener) => {
      listener(theirs)
      return () => {}
    },
    probe: say,
    exec: say,
    now: () => 1,
    sleep: (ms, signal) => realClock.sleep(ms / 50, signal as AbortSignal),
  })
  await realClock.sleep(100)
  expect(asked).toEqual([])
  attempt.stop()
})

test('restart forgets; what is there then counts as there before', () => {
  const { attempt, tell } = begin({})
  tell(snapshotOf(pod('web', { uid: 'w' })))
  attempt.command({ line: 'ls', startedAt: 1, exitCode: 0 })
  expect(attempt.record.passed.looked).toBeDefined()
  attempt.restart()
  expect(attempt.record).toMatchObject({ before: ['w'], own: [], passed: {}, done: [], skipped: [], actions: {}, marks: [] })
  attempt.stop()
})

const asking: Lesson = parseLesson('05-x', {
  'README.md': readme,
  'README.en.md': readme,
  'lesson.yaml': `
namespace: default
creates: [service/web, pod/web]
cleanup: []
tasks:
- id: a
  actions: [{ id: ls, run: ls }]
  checks:
  - { id: entry, text: { zh-CN: a, en: a }, of: service/web, http: { path: /, varies: 3 } }
  - { id: word, text: { zh-CN: a, en: a }, of: pod/web, exec: { command: [redis-cli, get, x], contains: Hello } }
- id: b
  actions: [{ id: ls, run: ls }]
  checks:
  - { id: again, text: { zh-CN: b, en: b }, ran: ^ls }
`,
})

test('a Service whose answers are to vary is asked many times; commands run in Pods that are Ready', async () => {
  const { attempt, asked, ran, tell } = begin({ web: { status: 200 } }, asking)
  tell(snapshotOf(object('Service', 'web'), object('Pod', 'web')))
  await until(() => check(attempt, 'entry')?.passed === true)
  expect(check(attempt, 'entry')?.seen).toBe('3 / 3')
  expect(asked.length).toBeGreaterThanOrEqual(24)
  expect(ran).toEqual([])
  tell(snapshotOf(object('Service', 'web'), pod('web')))
  await until(() => check(attempt, 'word')?.passed === true)
  expect(ran[0]).toBe('redis-cli get x')
  attempt.stop()
})

test('a Service that fails now and then has not passed', async () => {
  const answers: Record<string, { status?: number }> = { web: { status: 502 } }
  const { attempt, asked, tell } = begin(answers, asking)
  tell(snapshotOf(object('Service', 'web')))
  await until(() => asked.length >= 24 && check(attempt, 'entry')?.hint !== undefined)
  expect(check(attempt, 'entry')?.passed).toBe(false)
  attempt.stop()
})
