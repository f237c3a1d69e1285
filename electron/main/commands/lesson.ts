// `khw lesson`: the lessons on the command line: listed, shown, and proven on a cluster.

import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { accessOf, createHandle, type Handle, parseKubeconfig } from '../../cluster/index.ts'
import { AppError, toAppError } from '../../contract/errors.ts'
import type { Lesson } from '../../lessons/index.ts'
import { realClock } from '../../platform/clock.ts'
import { makeFolder, readText, remove, writeWhole } from '../../platform/files.ts'
import { createKubectlFinder } from '../../platform/kubectl.ts'
import { launch } from '../../platform/launch.ts'
import { createLessonFiles, type LessonFiles, ownLessons } from '../../services/lesson-files.ts'
import { brokenSummary, summaryOf, textOf } from '../../services/lesson-views.ts'
import { type CommandContext, exits } from '../program.ts'
import { newLesson } from './lesson-new.ts'
import { report } from './lesson-report.ts'
import { type LessonOutcome, verifyLesson } from './lesson-verify.ts'

/** Cluster seconds in a real one: what waits for the clock (a CronJob's minute, an autoscaler's look) need not wait here. */
const verifySpeed = 10

interface Folders {
  lessons?: readonly string[]
}

export const registerLesson = (program: Command, context: CommandContext): void => {
  const { t, app } = context
  /** Looked up when a command runs: `--help` makes no folders. */
  const filesIn = ({ lessons = [] }: Folders): LessonFiles =>
    createLessonFiles(app.manifests, '', [ownLessons(context.user()), ...lessons.map(folder => resolve(folder))])
  const lesson = program
    .command('lesson')
    .summary(t('lessons:command.summary'))
    .description(t('lessons:command.summary'))
    .addHelpText('after', () => t('lessons:command.examples'))
  const add = (name: string, description: string): Command =>
    lesson.command(name).description(description).option('--lessons <folder...>', t('cli:serve.lessons'))
  add('list', t('lessons:command.list')).action((options: Folders) => list(filesIn(options), context))
  add('show <id>', t('lessons:command.show')).action((id: string, options: Folders) => show(filesIn(options), id, context))
  add('verify [id...]', t('lessons:command.verify'))
    .option('--kubeconfig <file>', t('lessons:command.kubeconfig'))
    .addHelpText('after', () => t('lessons:command.examples'))
    .action(async (ids: string[], options: Folders & { kubeconfig?: string }) => {
      process.exitCode = await verify(filesIn(options), ids, options.kubeconfig, context)
    })
  add('report [file...]', t('lessons:command.report'))
    .option('--csv', t('lessons:command.csv'))
    .addHelpText('after', () => t('lessons:command.classroom'))
    .action((paths: string[], options: Folders & { csv?: boolean }) => report({ ...options, files: paths }, context))
  lesson
    .command('new <name>')
    .description(t('lessons:command.new'))
    .option('--dir <folder>', t('lessons:command.dir'))
    .action((name: string, { dir }: { dir?: string }) => newLesson(name, dir, context))
}

/** A wrong name on the command line is wrong usage, not something about this machine. */
const load = async (files: LessonFiles, id: string): Promise<Lesson> => {
  const ids = await files.ids()
  if (!ids.includes(id)) throw new AppError('request.invalid', { problem: `${id}: ${ids.join(', ')}` })
  return files.load(id)
}

const list = async (files: LessonFiles, { language, say, tell, t }: CommandContext): Promise<void> => {
  for (const id of await files.ids()) {
    const summary = await files.load(id).then(
      found => summaryOf(found, language),
      (error: unknown) => brokenSummary(id, toAppError(error)),
    )
    tell(summary)
    const { problem } = summary
    const about = problem === undefined ? summary.about : `◆ ${t(`errors:${problem.code}.why`, problem.details)}`
    say(`${summary.id.padEnd(16)} ${summary.title}\n${' '.repeat(17)}${about}`)
  }
}

const show = async (files: LessonFiles, id: string, { app, language, json, say, tell }: CommandContext): Promise<void> => {
  const lesson = await load(files, id)
  if (json) return tell(textOf(lesson, lesson.files, language))
  const readme = language === 'en' ? 'README.en.md' : 'README.md'
  say(((await readText(join((await files.origin(id)) ?? join(app.manifests, id), readme))) ?? '').trimEnd())
}

const verify = async (
  files: LessonFiles,
  asked: readonly string[],
  kubeconfig: string | undefined,
  context: CommandContext,
): Promise<number> => {
  const { say, tell, t, user } = context
  const ids = asked.length > 0 ? asked : await files.ids()
  const lessons = await Promise.all(ids.map(id => load(files, id)))
  const kubectl = await createKubectlFinder()()
  if (kubectl === undefined) throw new AppError('kubectl.missing')
  const folder = join(user().runtime, `verify-${process.pid}`)
  await makeFolder(folder)
  const stopping = new AbortController()
  void context.untilSignal().then(() => stopping.abort(new AppError('request.cancelled')))
  let failures = 0
  const cluster = await openCluster(kubeconfig, folder, context)
  try {
    const { handle } = cluster
    const env = { ...process.env, ...handle.env, PATH: `${dirname(kubectl.path)}:${process.env.PATH ?? ''}` }
    for (const lesson of lessons) {
      const options = { handle, env, folder: join(folder, lesson.id), clock: realClock, signal: stopping.signal }
      const outcome = await verifyLesson(lesson, options)
      tell(outcome)
      say(words(outcome, context))
      if (!outcome.passed) failures++
    }
  } finally {
    await cluster.close()
    await remove(folder)
  }
  say(failures === 0 ? t('lessons:command.allPassed', { count: ids.length }) : t('lessons:command.failed', { count: failures }))
  return failures === 0 ? exits.ok : exits.failed
}

const words = ({ lesson, passed, ms, checks, commands, problem }: LessonOutcome, { t }: CommandContext): string => {
  const good = checks.filter(check => check.passed).length
  const line = t('lessons:command.outcome', { lesson, good, all: checks.length, commands, seconds: (ms / 1000).toFixed(1) })
  const open = checks.filter(check => !check.passed).map(check => `    ◆ ${check.task}/${check.id}`)
  return [`${passed ? '●' : '◆'} ${line}`, ...open, ...(problem === undefined ? [] : [`    ${problem}`])].join('\n')
}

/** The given cluster, or a practice cluster of our own. @throws AppError kubeconfig.broken, practice.failed, cluster.unreachable */
const openCluster = async (
  kubeconfig: string | undefined,
  folder: string,
  { app }: CommandContext,
): Promise<{ handle: Handle; close(): Promise<void> }> => {
  const path = kubeconfig === undefined ? join(folder, 'practice.kubeconfig') : resolve(kubeconfig)
  const practice =
    kubeconfig === undefined
      ? await launch({ file: join(app.entries, 'practice.js'), args: ['--speed', String(verifySpeed)] })
      : undefined
  try {
    if (practice !== undefined) await writeWhole(path, String((practice.ready as { kubeconfig?: unknown }).kubeconfig))
    const text = await readText(path)
    if (text === undefined) throw new AppError('kubeconfig.broken', { path, message: 'no such file' })
    const access = accessOf(parseKubeconfig(text, path), path)
    const id = practice === undefined ? `context:${access.context}` : 'practice'
    const handle = createHandle({ id, access, kubeconfigFile: path, cacheFolder: join(folder, 'cache'), clock: realClock })
    await handle.connection.json('GET', '/version')
    return {
      handle,
      close: async () => {
        handle.close()
        await practice?.stop()
      },
    }
  } catch (error) {
    await practice?.stop()
    throw toAppError(error)
  }
}
