// `khw talk`: check a deck of one's own, and take a talk home as a PDF or as pages for any browser.

import { basename, dirname, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { AppError } from '../../contract/errors.ts'
import type { Language } from '../../contract/shapes.ts'
import { makeFolder, writeWhole } from '../../platform/files.ts'
import { createDeckFiles, openLessons, readSlides } from '../../services/deck-files.ts'
import { createLessonFiles, type LessonFiles, ownLessons } from '../../services/lesson-files.ts'
import { checkSlides, missingSlides } from '../../talk/index.ts'
import { type CommandContext, exits } from '../program.ts'
import { openPrint } from './talk-print.ts'

interface ExportOptions {
  pdf?: string
  html?: string
  notes?: boolean
  theme: 'light' | 'dark'
  deck?: string
  lessons?: readonly string[]
}

export const registerTalk = (program: Command, context: CommandContext): void => {
  const { t } = context
  const talk = program
    .command('talk')
    .summary(t('cli:talk.summary'))
    .description(t('cli:talk.description'))
    .addHelpText('after', () => t('cli:talk.examples'))
  talk
    .command('check <folder>')
    .description(t('cli:talk.check'))
    .option('--lessons <folder...>', t('cli:serve.lessons'))
    .action(async (folder: string, { lessons }: Pick<ExportOptions, 'lessons'>) => {
      process.exitCode = await check(resolve(folder), lessonFiles(context, lessons), context)
    })
  talk
    .command('export')
    .description(t('cli:talk.export'))
    .option('--pdf <file>', t('cli:talk.pdf'))
    .option('--html <folder>', t('cli:talk.html'))
    .option('--notes', t('cli:talk.notes'))
    .addOption(new Option('--theme <theme>', t('cli:talk.theme')).choices(['light', 'dark']).default('light'))
    .option('--deck <folder>', t('cli:serve.deck'))
    .option('--lessons <folder...>', t('cli:serve.lessons'))
    .action(async (options: ExportOptions) => {
      process.exitCode = await take(options, context)
    })
}

const lessonFiles = ({ app, user }: CommandContext, folders: readonly string[] = []): LessonFiles =>
  createLessonFiles(app.manifests, '', [ownLessons(user()), ...folders.map(folder => resolve(folder))])

/** Both languages where a deck has both; a deck without is looked at once. */
const check = async (folder: string, lessons: LessonFiles, { t, say, tell }: CommandContext): Promise<number> => {
  const languages: Language[] = ['zh-CN', 'en']
  const known = await openLessons(lessons)
  const decks = await Promise.all(languages.map(async language => ({ language, slides: await readSlides(folder, language) })))
  const isOne = JSON.stringify(decks[0]?.slides) === JSON.stringify(decks[1]?.slides)
  let faults = 0
  for (const { language, slides } of isOne ? decks.slice(0, 1) : decks) {
    const others = decks.find(each => each.language !== language)?.slides ?? []
    for (const { file, line, ...what } of [...checkSlides(slides, known), ...missingSlides(slides, others)]) {
      faults++
      const path = isOne ? file : `${language}/${file}`
      const why = t('errors:deck.broken.why', { file: path, line, ...what })
      tell({ file: path, line, ...what, why })
      say(`◆ ${why}`)
    }
  }
  const count = (decks[0]?.slides ?? []).length
  tell({ ok: faults === 0, slides: count, faults })
  say(faults === 0 ? `● ${t('cli:talk.good', { slides: count })}` : t('cli:talk.bad', { faults }))
  return faults === 0 ? exits.ok : exits.failed
}

const take = async (options: ExportOptions, context: CommandContext): Promise<number> => {
  const { pdf, html, notes = false, theme } = options
  const { app, language, t, say, tell } = context
  if (pdf === undefined && html === undefined) throw new AppError('request.invalid', { problem: '--pdf FILE | --html DIR' })
  const deck = options.deck && resolve(options.deck)
  const files = createDeckFiles(join(app.resources, 'slides'), lessonFiles(context, options.lessons), deck)
  const pages = (await files.read(language)).slides.length

  const print = await openPrint(context, {
    language,
    theme,
    notes,
    deck,
    lessons: options.lessons?.map(folder => resolve(folder)),
  })
  try {
    if (pdf !== undefined) {
      const path = resolve(pdf)
      await makeFolder(dirname(path))
      const bytes = await print.pdf()
      await writeWhole(path, bytes, 0o644)
      tell({ pdf: path, pages, bytes: bytes.byteLength })
      say(`● ${t('cli:talk.pdfWritten', { path, pages })}`)
    }
    if (html !== undefined) {
      const folder = resolve(html)
      const files = await print.html()
      for (const [name, bytes] of files) {
        await makeFolder(join(folder, dirname(name)))
        await writeWhole(join(folder, dirname(name), basename(name)), bytes, 0o644)
      }
      tell({ html: join(folder, 'index.html'), pages, files: files.size })
      say(`● ${t('cli:talk.htmlWritten', { path: join(folder, 'index.html'), pages })}`)
    }
  } finally {
    await print.close()
  }
  return exits.ok
}
