// `khw practice`: a practice cluster for any kubectl, until a signal ends it.

import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../contract/errors.ts'
import { remove, writeWhole } from '../../platform/files.ts'
import type { PracticeOptions } from '../../practice/practice.ts'
import { type CommandContext, exits, readNumber, readPort } from '../program.ts'

interface Options {
  port: number
  kubeconfig?: string
  nodes: number
  seed?: number
  speed: number
  state?: string
  afresh?: boolean
}

export const registerPractice = (program: Command, context: CommandContext): void => {
  const { t } = context
  program
    .command('practice')
    .summary(t('cli:practice.summary'))
    .description(t('cli:practice.description'))
    .option('--port <n>', t('cli:practice.port'), readPort, 0)
    .option('--kubeconfig <file>', t('cli:practice.kubeconfig'))
    .option('--nodes <n>', t('cli:practice.nodes'), words => readNumber(words, '--nodes', 1, 20), 2)
    .option('--seed <n>', t('cli:practice.seed'), words => readNumber(words, '--seed', 0, 2 ** 32 - 1))
    .option('--speed <n>', t('cli:practice.speed'), readSpeed, 1)
    .option('--state <folder>', t('cli:practice.state'))
    .option('--afresh', t('cli:practice.afresh'))
    .addHelpText('after', () => t('cli:practice.examples'))
    .action(async (options: Options) => {
      process.exitCode = await run(options, context)
    })
}

const run = async (options: Options, context: CommandContext): Promise<number> => {
  const { port, kubeconfig: file, nodes, seed, speed, state: folder, afresh: isAfresh = false } = options
  const { t, say, tell } = context
  if (isAfresh && folder === undefined) throw new AppError('request.invalid', { problem: t('cli:practice.needsState') })
  // Listened for from the start: a script may end us the moment it has read that we are ready.
  const ended = context.untilSignal()
  // A cluster that is kept has its kubeconfig beside it: the same clients find it again.
  const own = folder === undefined ? undefined : join(resolve(folder), 'kubeconfig')
  const path = file === undefined ? (own ?? join(context.user().runtime, `practice-${process.pid}.kubeconfig`)) : resolve(file)
  const state = folder === undefined ? undefined : await openState(resolve(folder), isAfresh)
  const practice = await start({ port, nodes, seed, speed, ...(state && { state }) })
  const readyMs = Math.round(performance.now())
  try {
    await writeWhole(path, practice.kubeconfig)
    tell({ server: practice.server, kubeconfig: path, readyMs, httpProxy: practice.httpProxy })
    say(t('cli:practice.ready', { server: practice.server, seconds: (readyMs / 1000).toFixed(2) }))
    say(`export KUBECONFIG=${quote(path)}`)
    // Pod and Service addresses are inside the practice cluster's process; its proxy leads a learner's own curl there.
    say(`export http_proxy=${practice.httpProxy} no_proxy=127.0.0.1,localhost`)
    say(t('cli:practice.stop'))
    await ended
    say(t('cli:bye'))
    return exits.ok
  } finally {
    await practice.stop()
    // Nobody answers there any more; a file that the user named is the user's.
    if (file === undefined) await remove(path)
  }
}

const openState = async (folder: string, isAfresh: boolean): Promise<PracticeOptions['state']> => {
  const { openJournal } = await import('../../platform/journal.ts')
  const { journal: log, records } = await openJournal(folder, { isAfresh, now: Date.now() })
  return { log, records }
}

/** The practice cluster is loaded here only, so that other commands start without it. */
const start = async (options: PracticeOptions & { port: number }) => {
  const { createPractice } = await import('../../practice/practice.ts')
  const onError = (where: string, error: unknown) =>
    process.stderr.write(`${where}: ${error instanceof Error ? error.stack : String(error)}\n`)
  try {
    return await createPractice({ ...options, upstreamProxy: process.env.http_proxy || undefined, onError })
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
    if (isTaken) throw new AppError('port.taken', { port: options.port, reason: error.message }, { cause: error })
    throw error
  }
}

/** As fast as the cluster's clock can be set. */
const readSpeed = (words: string): number => {
  const speed = Number(words)
  if (words.trim() === '' || !(speed >= 0.01 && speed <= 10_000))
    throw new AppError('request.invalid', { problem: `--speed ${words}: 0.01 – 10000` })
  return speed
}

/** For a POSIX shell. */
const quote = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)
