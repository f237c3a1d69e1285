import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../electron/contract/errors.ts'
import { createDeckFiles, openLessons } from '../../electron/services/deck-files.ts'
import { createLessonFiles } from '../../electron/services/lesson-files.ts'
import { parseDeck, parseSlide } from '../../electron/talk/deck.ts'
import { checkSlides } from '../../electron/talk/index.ts'
import { newNames, oldNames, outline } from './outline.ts'

const root = join(import.meta.dirname, '../..')

const slidesOf = (language: string) => {
  const folder = join(root, 'resources/slides', language)
  return readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

const faultOf = (text: string) => {
  try {
    parseSlide({ name: '010-x.md', text })
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.details }
    throw error
  }
  return undefined
}

describe('a slide file', () => {
  test('gives id, front matter, body and notes', () => {
    const text = '---\ntitle: Pod\nlayout: prose\n---\n\nBody **text**\n\n<!-- notes\nSay this.\n-->\n'
    expect(parseSlide({ name: '030-pod.md', text })).toEqual({
      id: 'pod',
      title: 'Pod',
      layout: 'prose',
      body: 'Body **text**',
      notes: 'Say this.',
    })
  })

  test.each([
    ['no front matter', '# Title\n', { line: 1 }],
    ['broken YAML', '---\ntitle: Pod\nlayout: [prose\n---\n', { line: 3 }],
    ['an unknown layout', '---\ntitle: Pod\nlayout: poster\n---\n', { line: 3 }],
    ['a missing title', '---\nlayout: prose\n---\n', { line: 1 }],
    ['a field that there is not', '---\ntitle: Pod\nlayout: prose\nbesides: terminal\n---\n', { line: 4 }],
    ['a task of no lesson', '---\ntitle: Pod\nlayout: prose\ntask: ten\n---\n', { line: 4 }],
    ['an action of no task', '---\ntitle: Pod\nlayout: prose\nlesson: 01-pod\naction: look\n---\n', { line: 5 }],
    ['a chart of nothing', '---\ntitle: Pod\nlayout: prose\nbeside: both\n---\n', { line: 4 }],
    ['nothing to wait for', '---\ntitle: Pod\nlayout: prose\nadvance: ready\n---\n', { line: 4 }],
    ['a command beside a lesson’s', '---\ntitle: Pod\nlayout: prose\nlesson: 01-pod\ncommand: ls\n---\n', { line: 5 }],
    ['two lines of command', '---\ntitle: Pod\nlayout: prose\ncommand: |\n  ls\n  rm -rf /\n---\n', { line: 4 }],
    ['Enter in its command', '---\ntitle: Pod\nlayout: prose\ncommand: "ls\\r"\n---\n', { line: 4 }],
    ['a command that reads backwards', '---\ntitle: Pod\nlayout: prose\ncommand: "ls \\u202e"\n---\n', { line: 4 }],
    ['an alias that leads nowhere', '---\ntitle: Pod\nlayout: prose\nfocus: *nobody\n---\n', { line: 1 }],
    ['a title that is a number', '---\ntitle: 2026\nlayout: prose\n---\n', { line: 2 }],
    ['front matter that is a list', '---\n- title\n---\n', { line: 1 }],
  ])('with %s is refused by file and line', (_what, text, { line }) => {
    expect(faultOf(text)).toMatchObject({ code: 'deck.broken', file: '010-x.md', line })
  })
})

describe('the talk', () => {
  test('has the same slides, layouts and diagrams in both languages', () => {
    const shape = (language: string) =>
      parseDeck(slidesOf(language)).slides.map(({ title: _, body: __, notes: ___, ...rest }) => rest)
    const chinese = shape('zh-CN')
    expect(shape('en')).toEqual(chinese)
    expect(chinese.length).toBeGreaterThan(50)
  })

  test.each(['zh-CN', 'en'])('has notes on every slide (%s)', language => {
    const silent = parseDeck(slidesOf(language)).slides.filter(slide => slide.notes.length < 20)
    expect(silent.map(slide => slide.id)).toEqual([])
  })
})

const languages = ['zh-CN', 'en'] as const
const decks = Object.fromEntries(languages.map(language => [language, parseDeck(slidesOf(language)).slides]))
/** All that a slide says: for a diagram its notes say what its parts show. */
const wordsOf = (language: string, id: string): string | undefined => {
  const slide = decks[language]?.find(each => each.id === id)
  return slide && [slide.title, slide.body, slide.notes].join('\n')
}

describe('the outline of the original talk', () => {
  test('every topic has its slide, in both languages (list printed)', () => {
    const rows = outline.map(({ topic, slide, words }) => {
      const missing = languages.flatMap(language => {
        const told = wordsOf(language, slide)?.toLowerCase()
        if (told === undefined) return [`${language}: no slide`]
        return words.filter(word => !told.includes(word.toLowerCase())).map(word => `${language}: ${word}`)
      })
      return { topic, slide, missing }
    })
    const page = (id: string) => (decks['zh-CN'] ?? []).findIndex(each => each.id === id) + 1
    console.log(rows.map(({ topic, slide }) => `${String(page(slide)).padStart(3)}  ${slide.padEnd(26)}${topic}`).join('\n'))
    expect(rows.filter(row => row.missing.length > 0)).toEqual([])
    expect(rows.length).toBeGreaterThan(50)
  })

  test('is told in its own order', () => {
    const pages = outline.map(({ slide }) => (decks.en ?? []).findIndex(each => each.id === slide))
    expect(pages).toEqual(pages.toSorted((a, b) => a - b))
  })

  test.each(languages)('the glossary leads from each old name to today’s (%s)', language => {
    const rows = (decks[language] ?? [])
      .filter(slide => slide.id.startsWith('glossary'))
      .flatMap(slide => slide.body.split('\n').filter(line => line.startsWith('| ') && !line.includes('|---')))
      .map(line => line.split('|').map(cell => cell.trim()))
    expect(oldNames.filter(name => !rows.some(row => row[1]?.includes(name)))).toEqual([])
    expect(newNames.filter(name => !rows.some(row => row[2]?.includes(name)))).toEqual([])
    expect(rows.filter(row => row.length !== 4 || !row[1] || !row[2])).toEqual([])
  })
})

describe('labs on slides', () => {
  const folder = join(root, 'manifests')
  const files = createLessonFiles(folder, '')

  test('are lessons, tasks and actions that there are, and each slide has the first command of its own', async () => {
    const known = await openLessons(files)
    for (const language of languages) expect(checkSlides(slidesOf(language), known)).toEqual([])
    const deck = await createDeckFiles(join(root, 'resources/slides'), files, undefined).read('en')
    const doing = deck.slides.filter(slide => slide.lesson)
    expect(doing.length).toBeGreaterThan(25)
    const commands = new Map(doing.map(({ id, command }) => [id, command]))
    expect([...commands].filter(([, command]) => !command)).toEqual([])
    expect(commands.get('deployment')).toBe('kubectl apply -f openresty-deployment-replicas10.yaml')
    expect(commands.get('endpoints')).toBe('kubectl get endpointslices -l kubernetes.io/service-name=openresty')
  })

  test('each of the talk’s five labs has a slide with terminal and chart beside it', () => {
    const shown = (decks.en ?? []).filter(slide => slide.beside === 'both').map(slide => slide.lesson)
    expect(shown).toEqual(['01-pod', '02-deployment', '03-service', '04-statefulset', '99-final'])
  })
})

describe('the words', () => {
  test('stand one space apart from 汉字, and the other way round', () => {
    const prose = slidesOf('zh-CN').flatMap(({ name, text }) =>
      text
        .replace(/```[\s\S]*?```/g, '')
        .replace(/^(title|command|layout|diagram|focus):/gm, '')
        .split('\n')
        .map((line, index) => ({ at: `${name}:${index + 1}`, line: line.replace(/\*\*|`/g, '') })),
    )
    const tight = /[\p{Script=Han}][A-Za-z]|[A-Za-z][\p{Script=Han}]|[\p{Script=Han}] {2,}[A-Za-z]/u
    expect(prose.filter(({ line }) => tight.test(line)).map(({ at, line }) => `${at} ${line}`)).toEqual([])
  })
})
