import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDeckFiles, readSlides } from '../../electron/services/deck-files.ts'
import { createLessonFiles } from '../../electron/services/lesson-files.ts'
import { checkSlides, missingSlides, type SlideFile } from '../../electron/talk/index.ts'

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
    ['a script', 'Hello <script>alert(1)</script>', 'html'],
    ['a tag', 'Hello <b>you</b>', 'html'],
    ['a comment in the middle', '<!-- aside -->\n\nHello', 'html'],
    ['quotes in quotes in quotes', '>'.repeat(20_000), 'deep'],
    ['lists in lists in lists', '- '.repeat(2_000), 'deep'],
    ['a remote image', '![cat](https://example.com/cat.png)', 'image'],
    ['a local image', '![cat](cat.png)', 'image'],
    ['an image by reference', '![cat][1]\n', 'image'],
    ['a script behind a link', '[click](javascript:alert(1))', 'link'],
    ['a file behind a link', '[click](file:///etc/passwd)', 'link'],
    ['a script behind a reference', 'See [it].\n\n[it]: javascript:alert(1)', 'link'],
  ])('may not hold %s', (_what, body, wrong) => {
    const line = body.includes('See [it]') ? 8 : 6
    expect(faultsOf(body)).toEqual([{ file: '010-one.md', line, field: '', wrong, words: '' }])
  })

  test.each([
    ['code between backticks', 'Write `<b>` and ``![`` here'],
    ['a code block', '```html\n<b>![x](y)</b>\n```'],
    ['links', '[docs](https://kubernetes.io) and <https://kubernetes.io>'],
    ['a rule, and a quoted list', '---------\n\n> - one\n>   - two'],
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
      ({ line, field, wrong, words }) => `${line} ${field} ${wrong}: ${words}`,
    )

  test.each([
    ['one that there is not', 'lesson: 03-no', ['4 lesson noLesson: 03-no']],
    ['a path', 'lesson: ../../etc', ['4 lesson id: ']],
    ['a task that it has not', 'lesson: 02-deployment\ntask: eleven', ['5 task whichOne: ten']],
    ['an action that it has not', 'lesson: 02-deployment\ntask: ten\naction: drop', ['6 action whichOne: apply']],
    ['an action that runs nothing', 'lesson: 02-deployment\ntask: ten\naction: more', ['6 action whichOne: apply']],
    ['what it has', 'lesson: 02-deployment\ntask: ten\naction: apply\nbeside: both', []],
  ])('is told: %s', (_what, fields, faults) => {
    expect(faultsIn(fields)).toEqual(faults)
  })
})

test.each([
  ['a diagram that there is not', 'diagram: pods', 'diagram oneOf: architecture, control-plane, '],
  ['no diagram', '', 'diagram whichOne: architecture, '],
  ['a part that the diagram does not have', 'diagram: node\nfocus: etcd', 'focus whichOne: kube-apiserver, pods, '],
])('%s is told, with those that there are', (_what, fields, told) => {
  const [fault, ...more] = checkSlides(
    [{ name: '010-one.md', text: `---\ntitle: One\nlayout: diagram\n${fields}\n---\n` }],
    lessons,
  )
  expect(`${fault?.field} ${fault?.wrong}: ${fault?.words}`).toContain(told)
  expect(more).toEqual([])
})

test('what a deck of two languages has in one of them only is told', () => {
  const [one, two] = ['010-one.md', '020-two.md'].map(name => ({ name, text: slide('Hello') })) as [SlideFile, SlideFile]
  expect(missingSlides([one], [one, two])).toEqual([{ file: '020-two.md', line: 1, field: '', wrong: 'onlyThere', words: '' }])
  expect(missingSlides([one, two], [one])).toEqual([])
})

describe('what can be wrong', () => {
  const languages = ['zh-CN', 'en'] as const
  const sources = ['electron/talk', 'electron/services/deck-files.ts'].flatMap(path => {
    const at = join(import.meta.dirname, '../..', path)
    return path.endsWith('.ts') ? [at] : readdirSync(at).map(name => join(at, name))
  })
  const used = sources.flatMap(path => {
    const text = readFileSync(path, 'utf8')
    const said = /\bwrong\((?:field === '\w+' \? )?'(\w+)'|\bbroken\(\w+, '(\w+)'|\bwrong: '(\w+)'/g
    return [...text.matchAll(said)].map(([, one, other, third]) => one ?? other ?? third)
  })

  test.each(languages)('has a sentence each, and there is none that nothing says (%s)', language => {
    const file = join(import.meta.dirname, `../../resources/locales/${language}/talk.json`)
    const sentences = Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { wrong: Record<string, string> }).wrong)
    // the folder's own faults come from platform/files.ts, a field's name from the slide's schema
    const elsewhere = ['tooMany', 'elsewhere', 'notPlain', 'tooLarge', 'notText', 'id']
    expect([...new Set([...used, ...elsewhere])].toSorted()).toEqual(sentences.toSorted())
  })
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
