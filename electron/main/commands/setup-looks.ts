// What `khw setup` tells without changing anything: preflight, status, ledger.

import type { Command } from 'commander'
import { AppError } from '../../contract/errors.ts'
import type { CheckResult } from '../../contract/setup.ts'
import { choicesOf, createMachine, lockFile, readJournal, readProgress, summarise } from '../../installer/index.ts'
import { aimOf, type Aim as PreflightAim, preflight } from '../../installer/preflight/index.ts'
import { holderOf } from '../../platform/lock.ts'
import { type CommandContext, exits } from '../program.ts'
import { loadBundle } from './setup-bundle.ts'
import { setupFolder } from './setup-folder.ts'

export const registerLooks = (setup: Command, context: CommandContext): void => {
  const { t } = context
  setup
    .command('preflight')
    .description(t('cli:setup.preflight'))
    .option('--bundle <folder>', t('cli:setup.bundle'))
    .action(async ({ bundle }: { bundle?: string }) => {
      process.exitCode = await tellPreflight(bundle, context)
    })
  setup
    .command('status')
    .description(t('cli:setup.status'))
    .action(() => status(context))
  setup
    .command('ledger')
    .description(t('cli:setup.ledger'))
    .action(() => ledger(context))
}

const marks: Readonly<Record<CheckResult['state'], string>> = { pass: '●', warning: '▲', blocker: '◆', unknown: '○' }

/** A fact named `context` chooses the words, as in the page. */
const sayCheck = ({ id, state, facts, fix, choice }: CheckResult, { t, say }: CommandContext): void => {
  say(`${marks[state]} ${t(`setup:checks.${id}.title`)}  ${t(`setup:checks.${id}.${state}`, facts)}`)
  if (fix !== undefined) say(`    ${t('cli:setup.yours')}${t(`setup:checks.${id}.fix`, facts)}`)
  if (choice !== undefined && fix === 'yours') say(`    ${t('cli:setup.chooses', { option: `--${choice}` })}`)
}

/** Checks of a run that is about to begin: those that are in the way. */
export const sayBlockers = async (aim: PreflightAim, context: CommandContext): Promise<CheckResult[]> => {
  const results = await preflight(createMachine(), aim)
  const blockers = results.filter(({ state }) => state === 'blocker')
  for (const result of blockers) sayCheck(result, context)
  return blockers
}

const tellPreflight = async (named: string | undefined, context: CommandContext): Promise<number> => {
  const { t, say, tell } = context
  const bundle = await loadBundle(named, context)
  const choices = choicesOf(await readJournal(setupFolder(context)))
  const results = await preflight(createMachine(), aimOf(bundle, choices))
  for (const result of results) sayCheck(result, context)
  const count = results.filter(({ state }) => state === 'blocker').length
  tell({ ok: count === 0, checks: results })
  say(count === 0 ? t('cli:setup.fit') : t('cli:setup.unfit', { count }))
  return count === 0 ? exits.ok : exits.failed
}

const status = async (context: CommandContext): Promise<void> => {
  const { t, say, tell, locales, language } = context
  const folder = setupFolder(context)
  const { run, open, ledger: changes } = summarise(await readJournal(folder))
  const holder = await holderOf(`${folder}/${lockFile}`)
  const progress = holder === undefined ? undefined : await readProgress(folder)
  const interrupted = open && holder === undefined
  const inForce = changes.filter(({ state }) => state !== 'undone').length
  tell({ run, interrupted, running: holder?.pid ?? null, progress: progress ?? null, changes: inForce })
  if (run === null) return say(t('cli:setup.never'))
  const now = progress?.steps.find(({ state }) => state === 'now')
  const step = now === undefined ? '' : t(`setup:steps.${now.id}.title`)
  if (holder !== undefined) say(t('cli:setup.statusRunning', { pid: holder.pid, step }))
  if (progress?.wait) say(`  ▲ ${t(`setup:waits.${progress.wait.code}.what`, progress.wait.facts)}`)
  if (interrupted) say(t('cli:setup.statusInterrupted'))
  const { ended } = run
  if (ended === undefined) return
  const when = new Date(ended.at).toLocaleString(language)
  if (ended.ok) return say(t('cli:setup.statusOk', { when }))
  if (ended.error?.code === 'setup.stopped') return say(t('cli:setup.statusStopped', { when }))
  const { what, id } = locales.explain(language, ended.error ?? { code: 'internal' })
  say(t('cli:setup.statusFailed', { when, what, id }))
}

const ledger = async (context: CommandContext): Promise<void> => {
  const { t, say, tell, language } = context
  const changes = summarise(await readJournal(setupFolder(context))).ledger
  for (const change of changes) {
    tell(change)
    const when = new Date(change.at).toLocaleString(language)
    const words = t(`setup:changes.${change.what}`, change.facts)
    say(`${change.state === 'undone' ? '○' : '●'} ${when}  ${words}  ${t(`cli:setup.ledgerState.${change.state}`)}`)
    say(`    ${change.before} → ${change.after}`)
  }
  if (changes.length === 0) say(t('cli:setup.ledgerEmpty'))
}

/** The engine names a reason; people read the sentence for it. */
export const inWords = (error: AppError, { t }: CommandContext): AppError => {
  const { step, reason, words } = error.details
  if (words !== undefined || reason === undefined) return error
  const { details } = error
  if (error.code === 'setup.blocked') {
    const where = t(`setup:steps.${step}.title`)
    return new AppError(error.code, { ...details, step: where, words: t(`setup:notes.${reason}`, details) }, { cause: error })
  }
  if (error.code !== 'setup.kubeconfig') return error
  const say = (part: string) => t(`setup:kubeconfig.${reason}.${part}`, details)
  return new AppError(error.code, { ...details, words: `${say('what')} ${say('next')}` }, { cause: error })
}
