// `khw bundle`: fetches the offline bundle on a machine with a network, and checks one anywhere.

import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { AppError, toAppError } from '../../contract/errors.ts'
import {
  type Arch,
  arches,
  archOf,
  type BundleLock,
  createRegistry,
  createStore,
  type FetchEvent,
  fetchBundle,
  lockFile,
  type Mirrors,
  parseLock,
  readLock,
  storeAddress,
  verifyBundle,
} from '../../installer/bundle/index.ts'
import { realClock } from '../../platform/clock.ts'
import { readText, writeWhole } from '../../platform/files.ts'
import { createHttp } from '../../platform/http.ts'
import { type CommandContext, exits } from '../program.ts'

interface Options {
  bundle: string
  arch: Arch
}

interface FetchOptions extends Options {
  lock?: string
  updateLock?: boolean
  channel?: string
  mirror: Record<string, string>
  store: string
}

export const registerBundle = (program: Command, context: CommandContext): void => {
  const { t, app } = context
  const bundle = program
    .command('bundle')
    .summary(t('cli:bundle.summary'))
    .description(t('cli:bundle.description'))
    .addHelpText('after', () => t('cli:bundle.examples'))
  const command = (name: string) =>
    bundle
      .command(name)
      .description(t(`cli:bundle.${name}`))
      .option('--bundle <folder>', t('cli:bundle.folder'), join(app.snaps, 'bundle'))
      .addOption(new Option('--arch <arch>', t('cli:bundle.arch')).choices(arches).default(archOf(process.arch) ?? 'amd64'))
  command('fetch')
    .option('--lock <folder>', t('cli:bundle.lock'))
    .option('--update-lock', t('cli:bundle.updateLock'))
    .option('--channel <channel>', t('cli:bundle.channel'))
    .option('--mirror <registry=address>', t('cli:bundle.mirror'), readMirror, {})
    .option('--store <address>', t('cli:bundle.store'), storeAddress)
    .action((options: FetchOptions) => fetch(options, context))
  command('verify').action(async (options: Options) => {
    process.exitCode = await verify(options, context)
  })
}

/** @throws AppError request.invalid */
const readMirror = (words: string, before: Record<string, string>): Record<string, string> => {
  const [, registry, address = ''] = /^([^=/]+)=(https?:\/\/.+)$/.exec(words) ?? []
  if (registry === undefined || !URL.canParse(address)) throw new AppError('request.invalid', { problem: `--mirror ${words}` })
  return { ...before, [registry]: address }
}

const withChannel = (lock: BundleLock, channel: string | undefined): BundleLock => ({
  ...lock,
  snaps: lock.snaps.map(snap =>
    snap.name === 'microk8s' && snap.source === 'store' && channel !== undefined ? { ...snap, channel } : snap,
  ),
})

const fetch = async (options: FetchOptions, context: CommandContext): Promise<void> => {
  const { t, say, tell } = context
  const { arch, updateLock = false, mirror, store } = options
  const folder = resolve(options.bundle)
  if (options.channel !== undefined && !updateLock) throw new AppError('request.invalid', { problem: '--channel: --update-lock' })
  const place = resolve(options.lock ?? context.app.snaps)
  const lock = withChannel(await readLock(place), options.channel)
  const stopping = new AbortController()
  void context.untilSignal().then(() => stopping.abort(new AppError('request.cancelled')))
  const http = createHttp({ env: process.env, clock: realClock })
  const mirrors: Mirrors = mirror
  const pinned = await fetchBundle({
    folder,
    lock,
    arch,
    update: updateLock,
    http,
    clock: realClock,
    store: createStore(http, store),
    registry: createRegistry(http, mirrors),
    onEvent: createTeller(context),
    signal: stopping.signal,
  })
  if (updateLock) await keepLock(place, pinned, options.lock !== undefined, context)
  tell({ event: 'done', folder, arch })
  say(t('cli:bundle.done', { folder }))
}

/** The bundle has its own copy; the application's own may be root's, and then stays as it is unless it was named. */
const keepLock = async (folder: string, lock: BundleLock, isNamed: boolean, { t, say }: CommandContext): Promise<void> => {
  try {
    await writeWhole(join(folder, lockFile), `${JSON.stringify(lock, undefined, 2)}\n`, 0o644)
  } catch (error) {
    if (isNamed || toAppError(error).code !== 'storage.unwritable') throw error
    say(t('cli:bundle.lockStays', { folder }))
  }
}

const size = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** Not more often than people can read, and programs care for. */
const pace = 500

/** A line that moves where there is a screen; else one line a file. */
const createTeller = ({ t, say, tell, json }: CommandContext): ((event: FetchEvent) => void) => {
  let last = 0
  const isMoving = process.stdout.isTTY === true && !json
  const clear = () => {
    if (isMoving) process.stdout.write('\r\x1b[K')
  }
  return event => {
    if (event.type === 'progress') {
      const { name, done, total } = event
      if (realClock.now() - last < pace) return
      last = realClock.now()
      tell({ event: 'progress', name, done, total })
      clear()
      if (isMoving) process.stdout.write(t('cli:bundle.progress', { name, done: size(done), total: size(total) }))
      return
    }
    clear()
    if (event.type === 'images') {
      tell({ event: 'images', names: [...event.names] })
      return say(t('cli:bundle.images', { count: event.names.length }))
    }
    tell({ event: 'fetched', name: event.name, size: event.size })
    say(t('cli:bundle.fetched', { name: event.name, size: size(event.size) }))
  }
}

/** @returns the exit code */
const verify = async ({ bundle, arch }: Options, { t, say, tell }: CommandContext): Promise<number> => {
  const folder = resolve(bundle)
  const path = join(folder, lockFile)
  const text = await readText(path)
  const report = text === undefined ? ({ state: 'absent' } as const) : await verifyBundle(folder, parseLock(text, path), { arch })
  tell({ folder, arch, ...report })
  if (report.state === 'good') say(t('cli:bundle.good', { count: report.files.length, size: size(report.bytes) }))
  else if (report.state === 'broken') {
    for (const { code, file, facts } of report.problems) say(`◆ ${file}  ${t(`cli:bundle.problems.${code}`, facts)}`)
    say(t('cli:bundle.broken'))
  } else say(t(`cli:bundle.${report.state}`, { folder, arch }))
  return report.state === 'good' ? exits.ok : exits.failed
}
