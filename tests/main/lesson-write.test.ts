// A lesson of one's own on the command line: made, verified, broken, and told how far one has come.

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toCsv } from '../../electron/main/commands/lesson-report.ts'
import type { ReportRow } from '../../electron/main/commands/report-row.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'khw-write-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const khw = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise(done => {
    const env = { PATH: process.env.PATH, HOME: home, LANG: 'en_US.UTF-8', XDG_RUNTIME_DIR: home }
    const argv = ['electron/main/khw.ts', ...args]
    execFile(process.execPath, argv, { env, cwd: resolve('.') }, (error, out, err) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })

test('what `new` makes is listed, cannot be made twice, and says in which file and line it is broken', async () => {
  const { code, out } = await khw('--json', 'lesson', 'new', 'hello')
  expect(code).toBe(0)
  const { lesson, folder } = JSON.parse(out) as { lesson: string; folder: string }
  expect(lesson).toMatch(/^\d\d-hello$/)
  expect(folder).toBe(join(home, '.local/share/kubernetes-hello-world/my-lessons', lesson))
  expect((await khw('lesson', 'list')).out).toContain(lesson)
  expect(await khw('lesson', 'new', lesson)).toMatchObject({ code: 2 })
  expect(await khw('lesson', 'new', '../evil')).toMatchObject({ code: 2 })

  const path = join(folder, 'lesson.yaml')
  writeFileSync(path, readFileSync(path, 'utf8').replace('for: delete', 'for: ever'))
  const { code: failed, err } = await khw('lesson', 'verify', lesson)
  expect(failed).not.toBe(0)
  expect(err).toMatch(/lesson\.yaml:\d+: tasks\.1\.checks\.0\.for `ever` is no condition that we know/)
  expect((await khw('lesson', 'list')).out).toMatch(/◆ lesson\.yaml:\d+: tasks\.1\.checks\.0\.for `ever` is no condition/)
  expect((await khw('--lang', 'zh-CN', 'lesson', 'list')).out).toMatch(/◆ lesson\.yaml:\d+: .+ 不认识 `ever` 这个条件/)
}, 90_000)

test('a report of this machine’s files: lines, JSON, CSV', async () => {
  expect((await khw('lesson', 'report')).out).toContain('No lab has been begun yet')
  const progress = join(home, '.local/state/kubernetes-hello-world/progress')
  mkdirSync(progress, { recursive: true })
  const at = Date.parse('2026-11-22T10:00:00Z')
  const record = {
    before: [],
    passed: { 'one-ready': { at: at + 5000, uids: [] } },
    done: ['returns'],
    skipped: [],
    actions: { 'returns/apply': { state: 'done', ms: 5, exitCode: 0 }, 'returns/look': { state: 'failed', exitCode: 1 } },
    marks: [],
    entries: { returns: { at, objects: [] }, ten: { at: at + 90_500, objects: [] } },
    left: { returns: at + 90_500 },
  }
  writeFileSync(join(progress, '02-deployment@practice.json'), JSON.stringify(record))
  const rows = JSON.parse((await khw('--json', 'lesson', 'report')).out) as object[]
  expect(rows[0]).toMatchObject({
    lesson: '02-deployment',
    cluster: 'practice',
    step: 1,
    task: 'returns',
    state: 'done',
    seconds: 90.5,
  })
  expect(rows[0]).toMatchObject({ begun: '2026-11-22T10:00:00.000Z', passed: 1, commands: 2, failed: 1 })
  expect(rows[1]).toMatchObject({ task: 'ten', state: 'now' })
  expect(rows[1]).not.toHaveProperty('seconds')
  const [head, first] = (await khw('lesson', 'report', '--csv')).out.split('\r\n')
  expect(head).toBe('who,at,lesson,cluster,step,task,title,state,begun,seconds,checks,passed,commands,failed')
  expect(first).toContain(',02-deployment,practice,1,returns,')
  expect((await khw('lesson', 'report')).out).toMatch(/●\s+90\.5 s\s+1\/4/)
}, 90_000)

const word = (who: string, task: string, state: ReportRow['state'], more: Partial<ReportRow> = {}): ReportRow => ({
  ...{ who, at: '2026-11-22T10:00:00.000Z', lesson: '02-deployment', cluster: 'practice', title: `Title of ${task}`, state },
  ...{ step: task === 'returns' ? 1 : 2, task, checks: 4, passed: 0, commands: 3, failed: 0, ...more },
})

test('a classroom’s reports become one table, who is behind first; of two reports by one learner the newer counts', async () => {
  const put = (name: string, rows: ReportRow[]) => writeFileSync(join(home, name), JSON.stringify(rows))
  put('a.json', [word('ann@pc1', 'returns', 'done', { seconds: 100 }), word('ann@pc1', 'ten', 'now', { failed: 2 })])
  put('b.json', [word('bob@pc2', 'returns', 'now'), word('bob@pc2', 'ten', 'later')])
  put('c.json', [word('cid@pc3', 'returns', 'done', { seconds: 50 }), word('cid@pc3', 'ten', 'now')])
  const newer = { at: '2026-11-22T11:00:00.000Z' }
  put('0.json', [
    word('bob@pc2', 'returns', 'done', { ...newer, seconds: 170 }),
    word('bob@pc2', 'ten', 'done', { ...newer, seconds: 11 }),
  ])
  const files = ['0.json', 'a.json', 'b.json', 'c.json'].map(name => join(home, name))
  const table = (await khw('lesson', 'report', ...files)).out.split('\n')
  expect(table.slice(0, 7)).toEqual([
    '02-deployment: 3 learners',
    '  ann@pc1  ● ◐    1:40  2 commands went wrong',
    '  cid@pc3  ● ◐    0:50',
    '  bob@pc2  ● ●    3:01',
    '  Step 1  done by 3 of 3, median 1:40  Title of returns',
    '  Step 2  done by 1 of 3, median 0:11  Title of ten',
    '  Most are at step 2: 2 (Title of ten)',
  ])
  const rows = JSON.parse((await khw('--json', 'lesson', 'report', ...files)).out) as ReportRow[]
  expect(rows).toHaveLength(6)
  expect(rows.filter(({ who }) => who === 'bob@pc2').map(({ state }) => state)).toEqual(['done', 'done'])

  writeFileSync(join(home, 'broken.json'), JSON.stringify([{ ...word('x', 'ten', 'now'), state: 'winning' }]))
  for (const [name, words] of [
    ['broken.json', '0.state'],
    ['nosuch.json', 'ENOENT'],
  ] as const) {
    const { code, err } = await khw('lesson', 'report', join(home, name))
    expect(code).toBe(2)
    expect(err).toContain(`${name}: ${words}`)
  }
}, 90_000)

test('no cell of the CSV is a formula, and commas stay inside', () => {
  const row = {
    who: '=cmd()',
    at: '',
    lesson: 'a,b',
    cluster: 'say "hi"',
    step: 1,
    task: 't',
    title: '+1',
    state: 'done' as const,
  }
  const counts = { checks: 1, passed: 1, commands: 1, failed: 0 }
  expect(toCsv([{ ...row, ...counts }]).split('\r\n')[1]).toBe(`'=cmd(),,"a,b","say ""hi""",1,t,'+1,done,,,1,1,1,0`)
})
