import { expect, test } from 'vitest'
import type { Snapshot } from '../../electron/cluster/snapshot.ts'
import type { Check, Lesson, Task } from '../../electron/lessons/lesson.ts'
import { uidsIn } from '../../electron/lessons/ownership.ts'
import { advance, type Gathered, leaveTask, markOf, noteCommand } from '../../electron/lessons/progress.ts'
import { emptyRecord, type LessonRecord } from '../../electron/lessons/record.ts'
import { check, object, pod, snapshotOf } from './objects.ts'

const text = { 'zh-CN': '文', en: 'text' }
const named = (id: string, of: string, condition: string, parts: Partial<Check> = {}) => check(of, condition, { id, ...parts })
const task = (id: string, checks: Check[], commands: string[] = []): Task => ({
  id,
  title: text,
  say: text,
  checks,
  actions: commands.map((command, n) => ({
    id: `${id}${n}`,
    kind: 'run',
    text: command,
    exits: command === 'false' ? 1 : 0,
    passes: [],
  })),
})
const lesson = (...tasks: Task[]): Lesson => ({
  id: '05-x',
  number: '05',
  namespace: 'default',
  title: text,
  about: text,
  intro: text,
  question: text,
  tasks,
  needs: [],
  creates: [],
  cleanup: [],
  files: [],
})
const none: Gathered = { answers: new Map(), commands: [], now: 1000 }

/** Looks at one snapshot after another, keeping the record. */
const walk = (one: Lesson, snapshots: Snapshot[], from: LessonRecord = emptyRecord) => {
  let record = from
  return snapshots.map((snapshot, index) => {
    const result = advance(one, record, snapshot, { ...none, now: 1000 * (index + 1) })
    record = result.record
    return {
      record,
      states: result.tasks.map(({ state }) => state),
      passed: result.tasks.flatMap(({ checks }) => checks.map(each => each.passed)),
      ever: result.tasks.flatMap(({ checks }) => checks.map(each => each.everPassed)),
      hints: result.tasks.flatMap(({ checks }) => checks.map(each => each.hint !== undefined)),
    }
  })
}

const [a, b] = [snapshotOf(pod('a')), snapshotOf(pod('b'))]

test('a task is done when all its checks pass together; the next one begins at once', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists')]), task('two', [named('b', 'pod/b', 'exists')]))
  const [first, second, third] = walk(one, [snapshotOf(), a, b])
  expect(first).toMatchObject({ states: ['now', 'later'], passed: [false, false], hints: [true, false] })
  expect(second).toMatchObject({ states: ['done', 'now'], passed: [true, false], hints: [false, true] })
  expect(third).toMatchObject({ states: ['done', 'done'], passed: [false, true], ever: [true, true], hints: [false, false] })
})

test('a check that regresses in the current task shows it, and is remembered', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists'), named('b', 'pod/b', 'exists')]))
  const [, second, third] = walk(one, [snapshotOf(), a, b])
  expect(second).toMatchObject({ states: ['now'], passed: [true, false], hints: [false, true] })
  expect(third).toMatchObject({ states: ['now'], passed: [false, true], ever: [true, true], hints: [true, false] })
})

test('`once` holds what came true before a later command undid it', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists', { once: true }), named('b', 'pod/b', 'exists')]))
  expect(walk(one, [a, b]).at(-1)).toMatchObject({ states: ['done'], passed: [true, true] })
})

test('`replaced` compares with the moment of the other check', () => {
  const checks = [
    named('up', 'pod -l app=x', 'count=1', { once: true }),
    named('back', 'pod -l app=x', 'replaced', { since: 'up' }),
  ]
  const labels = { app: 'x' }
  const old = snapshotOf(pod('p1', { uid: 'p1', labels }))
  const both = snapshotOf(pod('p1', { uid: 'p1', labels, leaving: true }), pod('p2', { uid: 'p2', labels }))
  const looks = walk(lesson(task('one', checks)), [snapshotOf(), old, old, both])
  expect(looks.map(({ passed }) => passed)).toEqual([
    [false, false],
    [true, false],
    [true, false],
    [true, true],
  ])
})

test('what was there at the start is written down once', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists')]))
  const [first, second] = walk(one, [snapshotOf(pod('x', { uid: 'x' })), snapshotOf(pod('y', { uid: 'y' }))])
  expect(first?.record.before).toEqual(['x'])
  expect(second?.record.before).toEqual(['x'])
})

test('before the lesson: all in its namespaces and what belongs to none, nothing else', () => {
  const one = { ...lesson(task('one', [])), creates: [{ kind: 'Pod' as const, name: 'a', namespace: 'lab-blue' }] }
  const node = object('Node', 'node1', { uid: 'node' })
  const pods = ['default', 'lab-blue', 'other'].map(namespace => pod('a', { uid: namespace, namespace }))
  expect(uidsIn(one, snapshotOf(node, ...pods)).sort()).toEqual(['default', 'lab-blue', 'node'])
})

test('a skipped task gives way to the next', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists')]), task('two', [named('b', 'pod/b', 'exists')]))
  expect(walk(one, [b], { ...emptyRecord, skipped: ['one'] })[0]).toMatchObject({ states: ['skipped', 'done'] })
})

test('a task whose checks pass by themselves stays until its commands have been run', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists')], ['look', 'false']), task('two', []))
  const [first] = walk(one, [a])
  expect(first).toMatchObject({ states: ['now', 'later'], passed: [true] })
  let record = first!.record
  record = noteCommand(one, record, { line: 'look', startedAt: 1, exitCode: 0, ms: 1 })
  record = noteCommand(one, record, { line: 'false', startedAt: 2 })
  expect(walk(one, [a], record)[0]?.states).toEqual(['now', 'later'])
  record = noteCommand(one, record, { line: 'false', startedAt: 2, exitCode: 1, ms: 1 })
  expect(walk(one, [a], record)[0]?.states[0]).toBe('done')
})

test('moving on counts as done where the checks pass, else as skipped', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists')], ['look']), task('two', [named('b', 'pod/b', 'exists')]))
  const views = (snapshot: Snapshot) => advance(one, emptyRecord, snapshot, none)
  for (const [snapshot, field] of [
    [a, 'done'],
    [b, 'skipped'],
  ] as const) {
    const { record, tasks } = views(snapshot)
    expect(leaveTask(record, tasks[0]!)[field]).toEqual(['one'])
  }
})

test('nothing new leaves the record as it was', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists')]))
  const [first] = walk(one, [b])
  expect(advance(one, first!.record, b, none).record).toBe(first?.record)
})

test('a passed check tells how long the cluster took', () => {
  const one = lesson(task('one', [named('r', 'deployment/d', 'jsonpath={.status.readyReplicas}=2')]))
  const begun = noteCommand(one, emptyRecord, { line: 'kubectl apply -f d.yaml', startedAt: 1000 })
  const ready = snapshotOf(object('Deployment', 'd', { status: { readyReplicas: 2 } }))
  expect(advance(one, begun, ready, { ...none, now: 3140 }).record.passed.r?.seen).toBe('2.14 s')
  expect(advance(one, emptyRecord, ready, { ...none, now: 3140 }).record.passed.r?.seen).toBe('2')
})

test('a typed command is an action of the current task: running, then done or failed by the exit code it should have', () => {
  const one = lesson(task('one', [named('a', 'pod/a', 'exists')], ['true', 'false', 'true']))
  const note = (record: LessonRecord, line: string, exitCode?: number) =>
    noteCommand(one, record, { line, startedAt: 1, ...(exitCode !== undefined && { exitCode, ms: 5 }) })
  let record = note(emptyRecord, ' true ')
  expect(record.actions).toEqual({ 'one/one0': { state: 'running' } })
  record = note(record, 'true', 0)
  expect(record.actions).toEqual({ 'one/one0': { state: 'done', exitCode: 0, ms: 5 } })
  record = note(note(record, 'true'), 'true', 7)
  expect(record.actions['one/one2']).toEqual({ state: 'failed', exitCode: 7, ms: 5 })
  record = note(note(record, 'false'), 'false', 1)
  expect(record.actions['one/one1']?.state).toBe('done')
  expect(note(record, 'something else', 0)).toEqual(record)
})

test.each([
  ['kubectl apply -f x', 'apply'],
  ['kubectl scale deployment x --replicas=5', 'scale'],
  ['kubectl set image deployment/x a=b', 'set image'],
  ['kubectl rollout undo deployment/x', 'undo'],
  ['kubectl rollout status deployment/x', undefined],
  ['kubectl get pod', undefined],
  ['kubectl delete pod x', 'delete'],
])('%s is marked %s', (line, mark) => expect(markOf(line)).toBe(mark))
