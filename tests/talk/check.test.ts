import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDeckFiles, readSlides } from '../../electron/services/deck-files.ts'
import { createLessonFiles } from '../../electron/services/lesson-files.ts'
import { checkSlides } from '../../electron/talk/index.ts'

const lessons = new Map([
  [
    '02-deployment',
    {
      tasks: [
        {
          id: 'ten',
          actions: [
            { id: 'apply', kind: 'run' as const, text: 'kubectl apply -f ten.yaml' },
            { id: 'more', kind: 'slide' as const, text: 'deployment' },
          ],
        },
      ],
    },
  ],
])
const slide = (body: string, title = 'One') => `---\ntitle: ${title}\nlayout: prose\n---\n\n${body}\n`
const faultsOf = (body: string) => checkSlides([{ name: '010-one.md', text: slide(body) }], lessons)

describe('a deck from somebody else', () => {
  test.each([
    ['a script', 'Hello <script>alert(1)</script>', /no HTML/],
    ['a tag', 'Hello <b>you</b>', /no HTML/],
    ['a comment in the middle', '<!-- aside -->\n\nHello', /no HTML/],
    ['a remote image', '![cat](https://example.com/cat.png)', /no images/],
    ['a local image', '![cat](cat.png)', /no images/],
    ['an image by reference', '![cat][1]\n', /no images/],
    ['a script behind a link', '[click](javascript:alert(1))', /links lead/],
    ['a file behind a link', '[click](file:///etc/passwd)', /links lead/],
    ['a script behind a reference', 'See [it].\n\n[it]: javascript:alert(1)', /links lead/],
  ])('may not hold %s', (_what, body, reason) => {
    expect(faultsOf(body)).toEqual(
      [{ file: '010-one.md', line: 6, reason: expect.stringMatching(reason) }].map(fault =>
        body.includes('See [it]') ? { ...fault, line: 8 } : fault,
      ),
    )
  })

  test.each([
    ['code between backticks', 'Write `<b>` and ``![`` here'],
    ['a code block', '```html\n<b>![x](y)</b>\n```'],
    ['links', '[docs](https://kubernetes.io) and <https://kubernetes.io>'],
    ['comparison', 'if 1 < 2 and 3 > 2'],
    ['notes at the end', 'Hello\n\n<!-- notes\nSay it.\n-->'],
  ])('may hold %s', (_what, body) => {
    expect(faultsOf(body)).toEqual([])
  })

  test('is told every fault at once, each with file and line', () => {
    const files = [
      { name: '010-one.md', text: slide('a\n\n<i>b</i>') },
      { name: '020-two.md', text: '---\ntitle: Two\nlayout: [prose\n---\n' },
      { name: '030-one.md', text: slide('c', 'Again') },
      { name: '040-four.md', text: '---\ntitle: Four\nlayout: diagram\n---\n' },
    ]
    expect(checkSlides(files, lessons).map(({ file, line }) => `${file}:${line}`)).toEqual([
      '010-one.md:8',
      '020-two.md:3',
      '030-one.md:1',
      '040-four.md:1',
    ])
  })
})

describe('a slide that names a lesson', () => {
  const faultsIn = (fields: string) =>
    checkSlides([{ name: '010-one.md', text: `---\ntitle: One\nlayout: prose\n${fields}\n---\n` }], lessons).map(
      ({ line, reason }) => `${line} ${reason}`,
    )

  test.each([
    ['one that there is not', 'lesson: 03-no', ['4 lesson: there is no lesson 03-no that can be opened']],
    ['a path', 'lesson: ../../etc', [expect.stringMatching(/^4 lesson: /)]],
    ['a task that it has not', 'lesson: 02-deployment\ntask: eleven', ['5 task: 02-deployment has ten']],
    ['an action that it has not', 'lesson: 02-deployment\ntask: ten\naction: drop', ['6 action: ten has apply']],
    ['an action that runs nothing', 'lesson: 02-deployment\ntask: ten\naction: more', ['6 action: ten has apply']],
    ['what it has', 'lesson: 02-deployment\ntask: ten\naction: apply\nbeside: both', []],
  ])('is told: %s', (_what, fields, faults) => {
    expect(faultsIn(fields)).toEqual(faults)
  })
})

test.each([
  ['a diagram that there is not', 'diagram: pods', /^diagram: one of architecture, control-plane, /],
  ['no diagram', '', /which one\? architecture, /],
  ['a part that the diagram does not have', 'diagram: node\nfocus: etcd', /which part\? kube-apiserver, pods, /],
])('%s is told, with those that there are', (_what, fields, reason) => {
  const [fault, ...more] = checkSlides(
    [{ name: '010-one.md', text: `---\ntitle: One\nlayout: diagram\n${fields}\n---\n` }],
    lessons,
  )
  expect(fault?.reason).toMatch(reason)
  expect(more).toEqual([])
})

describe('a folder of slides', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'khw-deck-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('is one deck for both languages; other files and README are looked past', async () => {
    writeFileSync(join(folder, '010-one.md'), slide('Hello'))
    writeFileSync(join(folder, 'README.md'), '# not a slide')
    writeFileSync(join(folder, 'photo.jpg'), Buffer.from([255, 216, 255]))
    for (const language of ['zh-CN', 'en'] as const)
      expect((await readSlides(folder, language)).map(({ name }) => name)).toEqual(['010-one.md'])
  })

  test('is refused where a slide is a link to a file elsewhere', async () => {
    symlinkSync('/etc/passwd', join(folder, '010-one.md'))
    await expect(readSlides(folder, 'en')).rejects.toMatchObject({ code: 'deck.broken', details: { line: 1 } })
  })

  test('is refused where nothing is in it', async () => {
    await expect(readSlides(folder, 'en')).rejects.toMatchObject({ code: 'deck.broken', details: { file: folder } })
  })

  test('is checked before it is shown, and followed while it is written', async () => {
    const files = createDeckFiles('/nowhere', createLessonFiles('/nowhere', ''), folder)
    writeFileSync(join(folder, '010-one.md'), slide('<b>Hello</b>'))
    await expect(files.read('en')).rejects.toMatchObject({ code: 'deck.broken', details: { file: '010-one.md', line: 6 } })
    const changed = new Promise<void>(resolve => {
      const stop = files.watch(() => {
        stop()
        resolve()
      })
    })
    writeFileSync(join(folder, '010-one.md'), slide('Hello'))
    await changed
    expect((await files.read('en')).slides).toHaveLength(1)
  })
})
