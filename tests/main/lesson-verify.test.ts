// Every lesson proves itself; and lessons that cannot be failed, finished or cleaned up are found out.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessOf, createHandle, type Handle, parseKubeconfig } from '../../electron/cluster/index.ts'
import { type Lesson, parseLesson } from '../../electron/lessons/index.ts'
import { verifyLesson } from '../../electron/main/commands/lesson-verify.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { writeWhole } from '../../electron/platform/files.ts'
import { type Launched, launch } from '../../electron/platform/launch.ts'

let practice: Launched
let handle: Handle
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khw-verify-'))
  practice = await launch({ file: 'electron/practice/main.ts', args: ['--speed', '10'] })
  const { kubeconfig } = practice.ready as { kubeconfig: string }
  const path = join(folder, 'kubeconfig')
  await writeWhole(path, kubeconfig)
  const access = accessOf(parseKubeconfig(kubeconfig, path), path)
  handle = createHandle({ id: 'practice', access, kubeconfigFile: path, cacheFolder: join(folder, 'cache'), clock: realClock })
})
afterAll(async () => {
  handle.close()
  await practice.stop()
  rmSync(folder, { recursive: true })
})

const verify = (lesson: Lesson, patienceMs?: number) =>
  verifyLesson(lesson, {
    handle,
    env: { ...process.env, ...handle.env },
    folder: join(folder, lesson.id),
    clock: realClock,
    signal: new AbortController().signal,
    ...(patienceMs !== undefined && { patienceMs }),
  })

const ids = readdirSync('manifests').filter(name => /^\d\d-/.test(name))

/** What may hold when its step begins: the minute has come by itself; what an accident is to befall is well. */
const mayHoldAlready = ['10-cronjob/struck', '20-break/five-before']

test.each(ids)(
  '%s: fails at its start, passes after its solution, leaves nothing',
  async id => {
    const texts = readdirSync(`manifests/${id}`).map(name => [name, readFileSync(`manifests/${id}/${name}`, 'utf8')])
    const outcome = await verify(parseLesson(id, Object.fromEntries(texts)))
    expect(outcome.problem).toBeUndefined()
    expect(outcome.checks.filter(check => !check.passed)).toEqual([])
    const silent = outcome.checks.filter(check => !check.failedFirst && !mayHoldAlready.includes(`${id}/${check.id}`))
    expect(silent.map(check => check.id)).toEqual([])
    expect(outcome.passed).toBe(true)
  },
  120_000,
)

test('the skeleton of `khw lesson new` proves itself', async () => {
  const fill = (text: string) => text.replaceAll('{{name}}', 'mine').replaceAll('{{id}}', '60-mine')
  const from = 'resources/lesson-template'
  const texts = readdirSync(from).map(name => [name.replace('NAME', 'mine'), fill(readFileSync(`${from}/${name}`, 'utf8'))])
  const outcome = await verify(parseLesson('60-mine', Object.fromEntries(texts)))
  expect(outcome).toMatchObject({ passed: true, checks: [{ passed: true }, { passed: true }, { passed: true }] })
}, 60_000)

/** A lesson of one command and one check. */
const small = (run: string, of: string, condition: string, cleanup = 'kubectl delete configmap small --ignore-not-found') => {
  const readme = `# T\n\nI.\n\n## A\n\nSay.\n\n\`\`\`sh\n${run}\n\`\`\`\n\n## Q\n\nWhy?\n`
  return parseLesson('05-small', {
    'README.md': readme,
    'README.en.md': readme,
    'lesson.yaml': `
namespace: default
creates: [configmap/small]
cleanup: ['${cleanup}']
tasks:
- id: a
  actions: [{ id: run, run: '${run}', passes: [c] }]
  checks: [{ id: c, text: { zh-CN: c, en: c }, of: ${of}, for: '${condition}' }]
`,
  })
}
const create = 'kubectl create configmap small --from-literal=a=b'

test('the smallest lesson that is right', async () => {
  expect(await verify(small(create, 'configmap/small', 'jsonpath={.data.a}=b'))).toMatchObject({ passed: true, commands: 2 })
})

test.each<[string, Lesson, RegExp]>([
  ['passes untouched', small(create, 'node/node1', 'exists'), /passes before anything is done/],
  ['has a command that fails', small('kubectl get configmap nosuch', 'configmap/small', 'exists'), /exit code 1 .*NotFound/s],
  ['never passes', small(create, 'configmap/small', 'jsonpath={.data.a}=c'), /no effect: c \(b; /],
  ['leaves something behind', small(create, 'configmap/small', 'exists', 'true'), /clean-up leaves 1 object/],
])('a lesson that %s is found out', async (_, lesson, problem) => {
  const outcome = await verify(lesson, 1_000)
  expect(outcome.passed).toBe(false)
  expect(outcome.problem).toMatch(problem)
  await handle.connection.request('DELETE', '/api/v1/namespaces/default/configmaps/small')
})

test('a lesson whose objects are there already is not begun, and they stay', async () => {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'small' } }
  await handle.connection.json('POST', '/api/v1/namespaces/default/configmaps', { body })
  const refusal = { code: 'lesson.blocked', details: { objects: 'configmap/small' } }
  await expect(verify(small(create, 'configmap/small', 'exists'))).rejects.toMatchObject(refusal)
  await expect(handle.connection.json('DELETE', '/api/v1/namespaces/default/configmaps/small')).resolves.toBeDefined()
})
