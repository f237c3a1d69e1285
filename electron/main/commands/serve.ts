// `khw serve`: the application in a browser.

import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { Services } from '../../contract/define.ts'
import { type AppContract, contract } from '../../contract/index.ts'
import { startSocketHost } from '../../hosts/socket.ts'
import { openAssets } from '../../platform/assets.ts'
import { realClock } from '../../platform/clock.ts'
import { openBrowser } from '../../platform/desktop.ts'
import { createLog } from '../../platform/log.ts'
import { serve } from '../../rpc/serve.ts'
import { createServices } from '../../services/index.ts'
import { createStartClicker } from '../clicker.ts'
import { type CommandContext, exits, readPort } from '../program.ts'

interface Options {
  port: number
  open: boolean
  bundle?: string
  deck?: string
  lessons?: readonly string[]
}

export const registerServe = (program: Command, context: CommandContext): void => {
  const { t } = context
  program
    .command('serve')
    .summary(t('cli:serve.summary'))
    .description(t('cli:serve.description'))
    .option('--port <n>', t('cli:serve.port'), readPort, 0)
    .option('--no-open', t('cli:serve.noOpen'))
    .option('--bundle <folder>', t('cli:setup.bundle'))
    .option('--deck <folder>', t('cli:serve.deck'))
    .option('--lessons <folder...>', t('cli:serve.lessons'))
    .addHelpText('after', () => t('cli:serve.examples'))
    .action(async (options: Options) => {
      process.exitCode = await run(options, context)
    })
}

const run = async ({ port, open, bundle: named, deck, lessons = [] }: Options, context: CommandContext): Promise<number> => {
  const { app, t, say, tell, version, locales } = context
  const user = context.user()
  // Listened for from the start: a script may end us the moment it has read that we are ready.
  const ended = context.untilSignal()
  const bundle = named && resolve(named)
  const log = createLog({ path: join(user.state, 'khw.log'), clock: realClock, onUnwritable: context.complain })
  const lessonFolders = lessons.map(folder => resolve(folder))
  const deps = { version, user, app, locales, clock: realClock, log, bundle, lessonFolders, deck: deck && resolve(deck) }
  const startClicker = createStartClicker({ clock: realClock, log })
  const joined = await createServices({ host: 'socket', ...deps, startClicker })
  const host = await startSocketHost({
    port,
    clock: realClock,
    readAsset: openAssets(app.renderer),
    serve: transport =>
      serve(contract, joined.services, transport, { report: (error, method) => log.error(`in ${method}`, error) }),
    onRefused: words => log.warn(`refused ${words}`),
  }).catch(async error => {
    await joined.close()
    throw error
  })

  const offer = async (shouldOpen: boolean) => {
    const url = host.link()
    const isOpened = shouldOpen && (await openBrowser(url))
    tell({ url, port: host.port, opened: isOpened })
    say(isOpened ? t('cli:serve.opened', { url }) : t('cli:serve.url', { url }))
  }
  // A link opens one page once; each line on stdin (Enter), or SIGUSR2, gives another.
  const input = createInterface({ input: process.stdin })
  input.on('line', () => void offer(false))
  process.on('SIGUSR2', () => void offer(false))
  await offer(open)
  // Said here too: the page tells it only once somebody opens the talk, and reads again when it has been mended.
  if (deps.deck !== undefined) await tellFaults(joined.services.talk, context)
  say(t('cli:serve.more'))

  await ended
  say(t('cli:bye'))
  input.close()
  await host.close()
  await joined.close()
  return exits.ok
}

const tellFaults = async (talk: Services<AppContract>['talk'], { language, complain }: CommandContext): Promise<void> => {
  try {
    await talk.deck({ language }, { signal: new AbortController().signal })
  } catch (error) {
    complain(error)
  }
}
