import { expect, test } from 'vitest'
import type { Lesson } from '../../electron/lessons/lesson.ts'
import { foreignObjects, ownObjects, resume, takeIn, under } from '../../electron/lessons/ownership.ts'
import { emptyRecord } from '../../electron/lessons/record.ts'
import { parseRef } from '../../electron/lessons/refs.ts'
import { object, pod, snapshotOf } from './objects.ts'

const words = { 'zh-CN': '', en: '' }
const lesson: Lesson = {
  id: '05-x',
  number: '05',
  namespace: 'default',
  title: words,
  about: words,
  intro: words,
  question: words,
  tasks: [],
  needs: [],
  creates: [parseRef('deployment/web')!, parseRef('pod -l app=web')!],
  cleanup: [],
  files: [],
}
const labels = { app: 'web' }
const names = (objects: readonly { metadata: { uid: string } }[]) => objects.map(({ metadata }) => metadata.uid)
const begun = { ...emptyRecord, marks: [{ label: 'apply', at: 1 }] }

test('what is there at the start is in the way and never the lesson’s; what comes while we look is', () => {
  const theirs = object('Deployment', 'web', { uid: 'theirs' })
  const record = resume(lesson, emptyRecord, snapshotOf(theirs))
  const now = snapshotOf(theirs, pod('web-1', { uid: 'ours', labels }))
  expect(names(foreignObjects(lesson, record, now))).toEqual(['theirs'])
  expect(names(ownObjects(lesson, record, now))).toEqual(['ours'])
  expect(takeIn(lesson, record, now).own).toEqual(['ours'])
})

test('before a lesson has begun, each look anew takes what is there for somebody’s', () => {
  const opened = resume(lesson, emptyRecord, snapshotOf())
  const later = snapshotOf(object('Deployment', 'web', { uid: 'made meanwhile' }))
  expect(ownObjects(lesson, resume(lesson, opened, later), later)).toEqual([])
})

test('what came while nobody looked is somebody’s, but what our own made is ours', () => {
  const ours = object('Deployment', 'web', { uid: 'ours' })
  const set = object('ReplicaSet', 'web-1', { owner: ours })
  const child = pod('web-1-a', { uid: 'child', owner: set, labels })
  const stranger = pod('stranger', { uid: 'stranger', labels })
  const now = snapshotOf(ours, set, child, stranger)
  const record = resume(lesson, { ...begun, before: [], own: ['ours'] }, now)
  expect(names(ownObjects(lesson, record, now))).toEqual(['ours', 'child'])
  expect(names(foreignObjects(lesson, record, now))).toEqual(['stranger'])
})

test('a lesson goes on with what another of ours made', () => {
  const now = snapshotOf(object('Deployment', 'web', { uid: 'lent' }))
  const record = resume(lesson, emptyRecord, now, new Set(['lent']))
  expect(foreignObjects(lesson, record, now)).toEqual([])
  expect(names(ownObjects(lesson, record, now))).toEqual(['lent'])
})

test('a record of before this was kept loses nothing', () => {
  const now = snapshotOf(object('Deployment', 'web', { uid: 'made' }))
  expect(resume(lesson, { ...begun, before: [] }, now).own).toEqual(['made'])
})

test('all in a namespace of ours is ours', () => {
  const room = object('Namespace', 'lab-red', { uid: 'room', namespace: undefined })
  const inside = pod('web', { namespace: 'lab-red' })
  const snapshot = snapshotOf(room, inside)
  expect(under(new Set(['room']), snapshot)(inside)).toBe(true)
  expect(under(new Set(['room']), snapshot)(pod('web'))).toBe(false)
})
