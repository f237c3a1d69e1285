// What `khw setup` tells without changing anything: preflight, status, ledger.

import type { Command } from 'commander'
import { toAppError } from '../../contract/errors.ts'
import { lockFile, readJournal, readProgress, summarise } from '../../installer/index.ts'
import { holderOf } from '../../platform/lock.ts'
import type { CommandContext } from '../program.ts'
import { setupFolder } from './setup.ts'

export const registerLooks = (setup: Command, preflight: Command, context: CommandContext): void => {
  const { t } = context
  void preflight
  setup
    .command('status')
    .description(t('cli:setup.status'))
    .action(() => status(context))
  setup
    .command('ledger')
    .description(t('cli:setup.ledger'))
    .action(() => ledger(context))
}

const status = async (context: CommandContext): Promise<void> => {
  const { t, say, tell, locales, language } = context
  const folder = setupFolder(context)
  const { run, open, ledger: changes } = summarise(await readJournal(folder))
  const holder = await holderOf(`${folder}/${lockFile}`)
  const progress = holder === undefined ? undefined : await readProgress(folder)
  const interrupted = open && holder === undefined
  tell({
    run,
    interrupted,
    running: holder?.pid ?? null,
    progress: progress ?? null,
    changes: changes.filter(({ state }) => state !== 'undone').length,
  })
  if (run === null) return say(t('cli:setup.never'))
  const now = progress?.steps.find(({ state }) => state === 'now')
  if (holder !== undefined)
    say(t('cli:setup.statusRunning', { pid: holder.pid, step: now === undefined ? '' : t(`setup:steps.${now.id}.title`) }))
  if (progress?.wait) say(`  ▲ ${t(`setup:waits.${progress.wait.code}.what`, progress.wait.facts)}`)
  if (interrupted) say(t('cli:setup.statusInterrupted'))
  const { ended } = run
  if (ended === undefined) return
  const when = new Date(ended.at).toLocaleString(language)
  if (ended.ok) return say(t('cli:setup.statusOk', { when }))
  const { what, id } = locales.explain(language, toAppErrorOf(ended.error))
  say(t('cli:setup.statusFailed', { when, what, id }))
}

const toAppErrorOf = (error: { code: string; details?: Record<string, string | number> } | undefined) =>
  (error === undefined ? toAppError(new Error('unknown')) : error) as Parameters<CommandContext['locales']['explain']>[1]

const ledger = async (context: CommandContext): Promise<void> => {
  const { t, say, tell, language } = context
  const changes = summarise(await readJournal(setupFolder(context))).ledger
  for (const change of changes) {
    tell(change)
    const when = new Date(change.at).toLocaleString(language)
    say(
      `${change.state === 'undone' ? '○' : '●'} ${when}  ${t(`setup:changes.${change.what}`, change.facts)}  ${t(`cli:setup.ledgerState.${change.state}`)}`,
    )
    say(`    ${change.before} → ${change.after}`)
  }
  if (changes.length === 0) say(t('cli:setup.ledgerEmpty'))
}
