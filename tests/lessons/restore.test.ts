import { expect, test } from 'vitest'
import { parseLesson } from '../../electron/lessons/parse.ts'
import { emptyRecord, type LessonRecord } from '../../electron/lessons/record.ts'
import { bare, keepsake, wayBack } from '../../electron/lessons/restore.ts'
import { noteSteps, rewind } from '../../electron/lessons/steps.ts'
import { object, pod, snapshotOf } from './objects.ts'

const readme = '# T\n\nI.\n\n## A\n\nSay.\n\n```sh\nls\n```\n\n## B\n\nSay.\n\n```sh\nls\n```\n\n## Q\n\nWhy?\n'
const check = (id: string) => `{ id: ${id}, text: { zh-CN: a, en: a }, ran: ^ls }`
const lesson = parseLesson('05-x', {
  'README.md': readme,
  'README.en.md': readme,
  'lesson.yaml': `
namespace: default
creates: [deployment/web, service/web, configmap/web, pod/web]
cleanup: []
tasks:
- id: a
  actions: [{ id: ls, run: ls }]
  checks: [${check('one')}]
- id: b
  actions: [{ id: ls, run: ls }]
  checks: [${check('two')}]
`,
})
const deployment = (replicas: number, uid = 'd') => object('Deployment', 'web', { uid, spec: { replicas }, status: { replicas } })
const record: LessonRecord = { ...emptyRecord, before: ['theirs'] }

test('kept without what belongs to one life', () => {
  const token = { name: 'kube-api-access-x7k2p' }
  const spec = {
    nodeName: 'node1',
    volumes: [{ name: 'page' }, token],
    containers: [
      {
        name: 'web',
        image: 'x',
        volumeMounts: [
          { name: 'page', mountPath: '/a' },
          { ...token, mountPath: '/b' },
        ],
      },
    ],
  }
  const kept = bare(pod('web', { labels: { app: 'x' }, spec }))
  expect(kept).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'x' } },
    spec: {
      volumes: [{ name: 'page' }],
      containers: [{ name: 'web', image: 'x', volumeMounts: [{ name: 'page', mountPath: '/a' }] }],
    },
  })
})

test('back: new goes, gone comes, changed changes, a stranger’s stays', () => {
  const start = snapshotOf(deployment(3), object('Service', 'web', { uid: 's' }), object('ConfigMap', 'web', { uid: 'theirs' }))
  const kept = keepsake(lesson, record, start)
  expect(kept.map(({ kind }) => kind)).toEqual(['Deployment', 'Service'])
  const now = snapshotOf(deployment(9), pod('web', { uid: 'p' }), object('ConfigMap', 'web', { uid: 'theirs', data: { a: 'b' } }))
  const { remove, make, change } = wayBack(lesson, record, now, kept)
  expect(remove.map(({ metadata }) => metadata.uid)).toEqual(['p'])
  expect(make.map(({ kind }) => kind)).toEqual(['Service'])
  expect(change.map(({ now, was }) => [now.metadata.uid, was.spec])).toEqual([['d', { replicas: 3 }]])
})

test('a stranger that took the name of what is to come back is left alone', () => {
  const kept = keepsake(lesson, record, snapshotOf(deployment(3)))
  const way = wayBack(lesson, record, snapshotOf(deployment(1, 'theirs')), kept)
  expect(way).toEqual({ remove: [], make: [], change: [] })
})

test('nothing to do where nothing but the status changed', () => {
  const kept = keepsake(lesson, record, snapshotOf(deployment(3)))
  const now = snapshotOf(object('Deployment', 'web', { uid: 'd', spec: { replicas: 3 }, status: { replicas: 1 } }))
  expect(wayBack(lesson, record, now, kept)).toEqual({ remove: [], make: [], change: [] })
})

test('each step notes its beginning and its end; going back opens it and what came after', () => {
  const first = noteSteps(lesson, record, snapshotOf(), 10)
  expect(first.entries).toEqual({ a: { at: 10, objects: [] } })
  const passed = { one: { at: 20, uids: ['x'] }, two: { at: 40, uids: ['x'] } }
  const second = noteSteps(lesson, { ...first, done: ['a'], passed: { one: passed.one } }, snapshotOf(deployment(3)), 20)
  expect(second.left).toEqual({ a: 20 })
  expect(second.entries?.b).toMatchObject({ at: 20, objects: [{ kind: 'Deployment' }] })
  const marks = [15, 30].map(at => ({ label: 'apply', at }))
  const actions = { 'a/ls': { state: 'done' as const }, 'b/ls': { state: 'done' as const } }
  const all = noteSteps(lesson, { ...second, done: ['a', 'b'], passed, marks, actions }, snapshotOf(), 50)
  const back = rewind(lesson, all, lesson.tasks[1]!, ['new'])
  expect(back).toMatchObject({ done: ['a'], left: { a: 20 }, actions: { 'a/ls': {} }, marks: [{ at: 15 }] })
  expect(back.passed).toEqual({ one: { at: 20, uids: ['x', 'new'] } })
  expect(Object.keys(back.entries ?? {})).toEqual(['a', 'b'])
  const start = rewind(lesson, all, lesson.tasks[0]!, [])
  expect(start).toMatchObject({ done: [], passed: {}, actions: {}, marks: [], entries: { a: { at: 10 } }, left: {} })
})
