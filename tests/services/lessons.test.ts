// Lessons end to end without a page: a real practice process, a real shell in a real pty, a real kubectl.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clusters } from '../../electron/cluster/index.ts'
import type { LessonProgress } from '../../electron/contract/lessons.ts'
import { writeWhole } from '../../electron/platform/files.ts'
import type { LessonsService } from '../../electron/services/lessons.ts'
import type { TerminalService } from '../../electron/services/terminal.ts'
import { openClassroom } from './classroom.ts'

const lesson = '02-deployment'
let folder: string
let clusters: Clusters
let terminal: TerminalService
let createLessons: () => LessonsService
let lessons: LessonsService
let reported: unknown[]
let latest: LessonProgress
let wake = () => {}
let stop: AbortController

const watch = async (id = lesson): Promise<void> => {
  stop = new AbortController()
  for await (const progress of lessons.progress({ lesson: id, language: 'en' }, { signal: stop.signal })) {
    latest = progress
    wake()
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khw-lessons-'))
  reported = []
  ;({ clusters, terminal, createLessons } = openClassroom(folder, error => reported.push(error)))
  lessons = createLessons()
  void watch()
  await clusters.use('practice')
  await clusters.ready()
})
afterEach(async () => {
  stop.abort()
  await lessons.close()
  terminal.closeAll()
  await clusters.close()
  rmSync(folder, { recursive: true, force: true })
})

const until = async (holds: () => boolean | undefined): Promise<void> => {
  const signal = AbortSignal.timeout(30_000)
  while (latest === undefined || !holds()) {
    if (signal.aborted) throw new Error(`never: ${JSON.stringify({ latest, reported: reported.map(String) })}`)
    await new Promise<void>(go => {
      wake = go
      setTimeout(go, 500)
    })
  }
}

const task = (id: string) => latest.tasks.find(each => each.id === id)!
const check = (id: string) => latest.tasks.flatMap(each => each.checks).find(each => each.id === id)!
const action = (taskId: string, id: string) => task(taskId).actions.find(each => each.id === id)!
const open = async () => (await terminal.open({ cols: 100, rows: 30 }, { signal: stop.signal })).id
const context = () => ({ signal: stop.signal })

test('a click types the command in the lesson folder; checks follow; progress outlives us; reset takes all away', async () => {
  const id = await open()
  await until(() => check('one-ready').hint !== undefined)
  expect(check('one-ready').hint).toContain('notFound')
  await lessons.act({ lesson, task: 'returns', action: 'apply', terminal: id }, context())
  await until(() => check('one-ready').passed && action('returns', 'apply').state === 'done')
  expect(action('returns', 'apply')).toMatchObject({ exitCode: 0, ms: expect.any(Number) })
  expect(latest.marks).toEqual([{ label: 'apply', at: expect.any(Number) }])
  expect(check('one-ready').seen).toMatch(/^\d+\.\d\d s$/)

  await lessons.close()
  stop.abort()
  lessons = createLessons()
  void watch()
  await until(() => check('one-ready').everPassed && action('returns', 'apply').state === 'done')

  const { connection } = await clusters.ready()
  const path = '/api/v1/namespaces/default/configmaps'
  await connection.json('POST', path, { body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' } } })
  await lessons.reset({ lesson }, context())
  await until(() => !check('one-ready').everPassed && action('returns', 'apply').state === 'waiting')
  const left = await connection.request('GET', '/apis/apps/v1/namespaces/default/deployments/openresty')
  expect(left.status).toBe(404)
  await expect(connection.json('GET', `${path}/mine`)).resolves.toMatchObject({ metadata: { name: 'mine' } })
  expect(reported).toEqual([])
})

test('progress that cannot be read or kept is told, and the tab bears the name of the lesson at hand', async () => {
  const id = await open()
  const progress = join(folder, 'progress')
  await lessons.close()
  stop.abort()
  mkdirSync(progress, { recursive: true })
  writeFileSync(join(progress, `${lesson}@practice.json`), '{"passed": 7}')
  lessons = createLessons()
  void watch()
  await until(() => latest.problem?.code === 'progress.broken')
  expect(latest.problem?.details).toMatchObject({ path: join(progress, `${lesson}@practice.json`) })

  rmSync(progress, { recursive: true })
  writeFileSync(progress, 'no folder')
  await lessons.act({ lesson, task: 'returns', action: 'apply', terminal: id }, context())
  await until(() => latest.problem?.code === 'storage.unwritable')
  for await (const sessions of terminal.sessions({}, context())) {
    expect(sessions).toMatchObject([{ id, title: lesson }])
    break
  }
  rmSync(progress)
  await lessons.act({ lesson, task: 'returns', action: 'look', terminal: id }, context())
  // what could be kept again is no trouble any more; that of the beginning stays told
  await until(() => latest.problem?.code === 'progress.broken')
})

test('solve runs a whole task, waiting for each effect', async () => {
  const id = await open()
  await until(() => check('one-ready').hint !== undefined)
  await lessons.solve({ lesson, task: 'returns', terminal: id }, context())
  await until(() => task('returns').state === 'done')
  expect(task('returns').checks.map(each => each.everPassed)).toEqual([true, true, true, true])
  expect(task('ten').state).toBe('now')
  expect(reported).toEqual([])
})

test('a skipped task gives way', async () => {
  await until(() => check('one-ready').hint !== undefined)
  await lessons.skip({ lesson, task: 'returns' }, context())
  await until(() => task('ten').state === 'now')
  expect(task('returns').state).toBe('skipped')
})

test('what was there before the lesson is neither counted nor deleted', async () => {
  const { connection } = await clusters.ready()
  const path = '/api/v1/namespaces/default/configmaps'
  const made = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'openresty-configmap' } }
  await connection.json('POST', path, { body: made })
  void watch('01-pod')
  await until(() => latest.lesson === '01-pod' && check('pod-ready').hint !== undefined)
  await lessons.reset({ lesson: '01-pod' }, context())
  await expect(connection.json('GET', `${path}/openresty-configmap`)).resolves.toMatchObject({ kind: 'ConfigMap' })
})

const deployments = '/apis/apps/v1/namespaces/default/deployments'
const theirs = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'openresty' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'mine' } },
    template: {
      metadata: { labels: { app: 'mine' } },
      spec: { containers: [{ name: 'c', image: 'openresty/openresty:alpine' }] },
    },
  },
}

test('a Deployment of the same name that was there is named, not touched by our commands, not deleted at reset', async () => {
  await until(() => check('one-ready').hint !== undefined)
  stop.abort()
  await lessons.close()
  const { connection } = await clusters.ready()
  const made = (await connection.json('POST', deployments, { body: theirs })) as { metadata: { uid: string } }
  lessons = createLessons()
  void watch()
  await until(() => latest.foreign.includes('deployment/openresty'))
  const id = await open()
  const blocked = { code: 'lesson.blocked', details: { lesson, objects: 'deployment/openresty' } }
  await expect(lessons.act({ lesson, task: 'returns', action: 'apply', terminal: id }, context())).rejects.toMatchObject(blocked)
  await expect(lessons.solve({ lesson, task: 'returns', terminal: id }, context())).rejects.toMatchObject(blocked)
  await lessons.resetTask({ lesson, task: 'returns' }, context())
  await lessons.reset({ lesson }, context())
  const kept = await connection.json('GET', `${deployments}/openresty`)
  expect(kept).toMatchObject({ metadata: { uid: made.metadata.uid, generation: 1 }, spec: { replicas: 2 } })
  expect(check('one-ready').passed).toBe(false)
  // its owner takes it away: the lesson can be done
  await connection.json('DELETE', `${deployments}/openresty`)
  await until(() => latest.foreign.length === 0)
  await lessons.act({ lesson, task: 'returns', action: 'apply', terminal: id }, context())
  await until(() => check('one-ready').passed)
})

test('a step whose objects were deleted, changed and added to is put back as it began, and can be done', async () => {
  const id = await open()
  await until(() => check('one-ready').hint !== undefined)
  for (const each of ['returns', 'ten']) {
    await lessons.solve({ lesson, task: each, terminal: id }, context())
    await until(() => task(each).state === 'done')
  }
  await until(() => task('own-address').canReset)
  const { connection } = await clusters.ready()
  const isThere = () =>
    expect(connection.json('GET', `${deployments}/openresty`)).resolves.toMatchObject({ spec: { replicas: 5 } })
  await connection.json('DELETE', `${deployments}/openresty`)
  await until(() => check('five-left').passed === false)
  await lessons.resetTask({ lesson, task: 'own-address' }, context())
  await until(() => check('five-left').passed)
  await isThere()

  await lessons.act({ lesson, task: 'own-address', action: 'apply', terminal: id }, context())
  await until(() => task('own-address').actions[0]!.state === 'done')
  await lessons.resetTask({ lesson, task: 'own-address' }, context())
  await until(() => task('own-address').actions[0]!.state === 'waiting')
  await isThere()
  const map = await connection.request('GET', '/api/v1/namespaces/default/configmaps/openresty-configmap')
  expect(map.status).toBe(404)
  await lessons.solve({ lesson, task: 'own-address', terminal: id }, context())
  await until(() => task('own-address').state === 'done')
  // a step that is over can be opened again too
  await lessons.resetTask({ lesson, task: 'ten' }, context())
  await until(() => task('ten').state === 'now' && task('own-address').state === 'later')
  await until(() => check('ten-ready').passed === false)
  expect((await connection.request('GET', `${deployments}/openresty`)).status).toBe(404)
  expect(task('returns').state).toBe('done')
  expect(reported).toEqual([])
}, 90_000)

test('requests through a Service are counted for each Pod, from their own logs; our checks are not', async () => {
  const service = '03-service'
  const id = await open()
  stop.abort()
  void watch(service)
  await until(() => latest.lesson === service && check('address').hint === undefined)
  let counts: number[] = []
  void (async () => {
    for await (const { pods } of lessons.requests({ lesson: service }, context())) counts = pods.map(({ count }) => count)
  })()
  for (const each of ['stage', 'cluster-ip']) {
    await lessons.solve({ lesson: service, task: each, terminal: id }, context())
    await until(() => task(each).state === 'done')
  }
  const sum = () => counts.reduce((all, count) => all + count, 0)
  // the check of the same task sent some dozens of its own
  await until(() => counts.length === 10 && sum() === 5)
}, 90_000)

test('a terminal opens where files are: not in the folder of a lesson that is only followed', async () => {
  expect(lessons.cwd()).toBeUndefined()
  await lessons.get({ lesson, language: 'en' }, { signal: stop.signal })
  expect(readFileSync(join(lessons.cwd() ?? '', 'openresty-deployment.yaml'), 'utf8')).toContain('kind: Deployment')
})

test('files go to the learner; an edit is kept and told', async () => {
  const before = await lessons.get({ lesson, language: 'en' }, context())
  expect(before.files.every(file => file.edited === undefined)).toBe(true)
  const path = join(folder, 'lessons', lesson, 'openresty-deployment.yaml')
  expect(readFileSync(path, 'utf8')).toBe(before.files.find(file => file.name === 'openresty-deployment.yaml')?.text)
  writeFileSync(path, '# mine\n')
  const after = await lessons.get({ lesson, language: 'zh-CN' }, context())
  expect(after.files.find(file => file.name === 'openresty-deployment.yaml')).toEqual({
    name: 'openresty-deployment.yaml',
    text: '# mine\n',
    edited: true,
  })
  expect(readFileSync(path, 'utf8')).toBe('# mine\n')
  expect(lessons.cwd()).toBe(join(folder, 'lessons', lesson))
})

test('while somebody writes a lesson, its words and checks follow, through mistakes too', async () => {
  const path = join(folder, 'mine/60-mine')
  const words = (check: string) => `namespace: default
creates: [configmap/mine]
cleanup: []
tasks:
- id: a
  actions: [{ id: ls, run: ls }]
  checks: [{ id: ${check}, text: { zh-CN: a, en: a }, of: configmap/mine, for: exists }]
`
  const readme = '# T\n\nI.\n\n## A\n\nSay.\n\n```sh\nls\n```\n\n## Q\n\nWhy?\n'
  await writeWhole(join(path, 'README.md'), readme)
  await writeWhole(join(path, 'README.en.md'), readme)
  await writeWhole(join(path, 'lesson.yaml'), words('one'))
  let revision = -1
  void (async () => {
    for await (const event of lessons.revision({}, context())) revision = event.revision
  })()
  const rewritten = async (text: string) => {
    const before = revision
    await writeWhole(join(path, 'lesson.yaml'), text)
    await until(() => revision > before)
  }
  const list = async () => (await lessons.list({ language: 'en' }, context())).find(({ id }) => id === '60-mine')
  await until(() => check('one-ready').hint !== undefined)
  void watch('60-mine')
  await until(() => latest.lesson === '60-mine' && check('one')?.hint !== undefined)
  expect(await list()).toMatchObject({ origin: path, tasks: 1 })

  await rewritten('tasks: [')
  expect(await list()).toMatchObject({ problem: { code: 'lesson.broken', details: { file: 'lesson.yaml' } } })
  await rewritten(words('two'))
  await until(() => check('two')?.hint !== undefined)
  expect(await list()).not.toHaveProperty('problem')
})

test('what cannot be done says so', async () => {
  await expect(lessons.get({ lesson: '77-x', language: 'en' }, context())).rejects.toMatchObject({ code: 'lesson.unknown' })
  const id = await open()
  const act = (place: object) => lessons.act({ lesson, task: 'returns', action: 'apply', terminal: id, ...place }, context())
  await expect(act({ action: 'nothing' })).rejects.toMatchObject({ code: 'lesson.unknown' })
  await expect(act({ task: 'nothing' })).rejects.toMatchObject({ code: 'lesson.unknown' })
  await expect(act({ terminal: 'nobody' })).rejects.toMatchObject({ code: 'lesson.elsewhere' })
  await clusters.stop('practice')
  await expect(act({})).rejects.toMatchObject({ code: 'cluster.stopped' })
})

test('a page that comes before any cluster sees the lesson, waiting', async () => {
  await clusters.stop('practice')
  await until(() => check('one-ready').hint === undefined)
  expect(latest.tasks.map(({ state }) => state)).toEqual(['now', 'later', 'later', 'later', 'later'])
})
