// Lessons of others, as untrusted input: taken from a folder, never from beside it, and followed as they are written.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLessonFiles } from '../../electron/services/lesson-files.ts'

let folder: string
let mine: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-files-'))
  mine = join(folder, 'mine')
})
afterEach(() => rmSync(folder, { recursive: true }))

const readme = '# T\n\nI.\n\n## A\n\nSay.\n\n```sh\nls\n```\n\n## Q\n\nWhy?\n'
const yaml = `namespace: default
creates: []
cleanup: []
tasks:
- id: a
  actions: [{ id: ls, run: ls }]
  checks: [{ id: looked, text: { zh-CN: a, en: a }, ran: ^ls }]
`
const write = (id: string, more: Record<string, string | Buffer> = {}): string => {
  const path = join(mine, id)
  mkdirSync(path, { recursive: true })
  for (const [name, text] of Object.entries({ 'README.md': readme, 'README.en.md': readme, 'lesson.yaml': yaml, ...more }))
    writeFileSync(join(path, name), text)
  return path
}
const files = () => createLessonFiles(resolve('manifests'), join(folder, 'copies'), [mine])
const broken = (details: object) => ({ code: 'lesson.broken', details: expect.objectContaining(details) })

test('lessons of a user’s folder stand beside ours, with where they come from', async () => {
  const path = write('60-mine', { 'pod.yaml': 'kind: Pod\n' })
  expect(await files().ids()).toEqual(expect.arrayContaining(['01-pod', '60-mine']))
  expect(await files().origin('60-mine')).toBe(path)
  expect(await files().origin('01-pod')).toBeUndefined()
  expect((await files().load('60-mine')).files).toEqual([{ name: 'pod.yaml', text: 'kind: Pod\n' }])
})

test('nobody takes a name from a lesson of ours', async () => {
  const path = write('01-pod')
  expect((await files().load('01-pod')).title.en).not.toBe('T')
  expect(await files().hidden()).toEqual([path])
})

test('a link to a file elsewhere is not followed', async () => {
  const secret = join(folder, 'secret')
  writeFileSync(secret, 'key')
  symlinkSync(secret, join(write('60-mine'), 'page.html'))
  await expect(files().load('60-mine')).rejects.toMatchObject(broken({ file: 'page.html', lesson: '60-mine' }))
})

test.each([
  ['too large', { 'pod.yaml': 'x'.repeat(256 * 1024 + 1) }, { file: 'pod.yaml', wrong: 'tooLarge', bytes: 262144 }],
  ['no text', { 'logo.png': Buffer.from([0x89, 0x50, 0xff]) }, { file: 'logo.png', wrong: 'notText' }],
  ['too many', Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`f${n}`, ''])), { wrong: 'tooMany', files: 64 }],
])('what is %s is refused by name', async (_, more, details) => {
  write('60-mine', more)
  await expect(files().load('60-mine')).rejects.toMatchObject(broken(details))
})

test('a folder in a lesson is refused; an editor’s own files are not looked at', async () => {
  const path = write('60-mine', { '.README.md.swp': 'x', 'lesson.yaml~': 'x' })
  await expect(files().load('60-mine')).resolves.toMatchObject({ files: [] })
  mkdirSync(join(path, 'more'))
  await expect(files().load('60-mine')).rejects.toMatchObject(broken({ file: 'more' }))
})

test('changes are told: a folder that comes, a file that is written, a lesson that is added', async () => {
  const heard = vi.fn()
  const stop = files().onChange(heard)
  const next = async (change: () => void) => {
    heard.mockClear()
    change()
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), { timeout: 3000 })
  }
  await next(() => write('60-mine'))
  await new Promise(done => setTimeout(done, 300))
  await next(() => writeFileSync(join(mine, '60-mine/README.md'), readme.replace('Say', 'Tell')))
  await next(() => write('61-more'))
  await new Promise(done => setTimeout(done, 300))
  stop()
  heard.mockClear()
  writeFileSync(join(mine, '61-more/README.md'), 'x')
  await new Promise(done => setTimeout(done, 400))
  expect(heard).not.toHaveBeenCalled()
})
