// `khw setup`: Setup on the command line, for a terminal, over SSH, and for the visible terminal of the application alike.

import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../contract/errors.ts'
import { type Choice, choices } from '../../contract/setup.ts'
import {
  type Aim,
  awaitQuiet,
  type Bundle,
  createMachine,
  defaultChannel,
  elevation,
  type HelperProgram,
  inForce,
  installedHelper,
  lockFile,
  type Machine,
  makeAim,
  makeJob,
  planSteps,
  readJournal,
  startRun,
  steps,
} from '../../installer/index.ts'
import { aimOf } from '../../installer/preflight/index.ts'
import { realClock } from '../../platform/clock.ts'
import { askYes, hasTerminal } from '../../platform/console.ts'
import { remove } from '../../platform/files.ts'
import { holderOf } from '../../platform/lock.ts'
import { closedPlace, stageFor } from '../../platform/stage.ts'
import { type CommandContext, exits } from '../program.ts'
import { loadBundle } from './setup-bundle.ts'
import { setupFolder } from './setup-folder.ts'
import { registerLooks, sayBlockers } from './setup-looks.ts'
import { sayPlan, sayUndoPlan } from './setup-plan.ts'
import { createTeller } from './setup-prose.ts'

export interface SetupOptions {
  bundle?: string
  channel: string
  dryRun?: boolean
  yes?: boolean
  /** `--no-preflight`: on one's own head. */
  preflight?: boolean
  route?: boolean
  renew?: boolean
  group?: boolean
  alias?: boolean
}

/** What was asked for beyond the plan that everybody gets. */
const chosen = (options: SetupOptions): Set<Choice> => new Set(choices.filter(name => options[name] === true))

export const registerSetup = (program: Command, context: CommandContext): void => {
  const { t } = context
  const setup = program
    .command('setup')
    .summary(t('cli:setup.summary'))
    .description(t('cli:setup.description'))
    .addHelpText('after', () => t('cli:setup.examples'))
  const withBundle = (name: string): Command =>
    setup
      .command(name)
      .description(t(`cli:setup.${name}`))
      .option('--bundle <folder>', t('cli:setup.bundle'))
      .option('--channel <channel>', t('cli:setup.channel'), defaultChannel)
      .option('--route', t('cli:setup.route'))
      .option('--renew', t('cli:setup.renew'))
      .option('--group', t('cli:setup.group'))
      .option('--alias', t('cli:setup.alias'))
  const ends = (work: (options: SetupOptions) => Promise<number>) => async (options: SetupOptions) => {
    process.exitCode = await work(options)
  }
  withBundle('plan').action(ends(options => apply({ ...options, dryRun: true }, context)))
  withBundle('apply')
    .option('--dry-run', t('cli:setup.dryRun'))
    .option('--yes', t('cli:setup.yes'))
    .option('--no-preflight', t('cli:setup.noPreflight'))
    .action(ends(options => apply(options, context)))
  setup
    .command('undo')
    .description(t('cli:setup.undo'))
    .option('--dry-run', t('cli:setup.dryRun'))
    .option('--yes', t('cli:setup.yes'))
    .action(ends(options => undo(options, context)))
  registerLooks(setup, context)
}

/** The installed one, which a polkit action names; in a checkout the built file, run by the Node that runs us. */
export const findHelper = async (context: CommandContext): Promise<HelperProgram> => {
  const isInstalled = (await createMachine().info(installedHelper)) !== undefined
  if (isInstalled) return { argv: [installedHelper], installed: true }
  const file = join(context.app.entries, 'setup-helper.cjs')
  return { argv: [await forRoot(process.execPath, context), await forRoot(file, context)], installed: false }
}

const forRoot = (path: string, context: CommandContext): Promise<string> =>
  stageFor(path, closedPlace(), join(setupFolder(context), 'staged'))

/** Under sudo the kubeconfig and the journal would be root's. Root himself is a user like any other. */
const refuseSudo = (): void => {
  const { SUDO_UID } = process.env
  if (process.getuid?.() === 0 && SUDO_UID !== undefined && SUDO_UID !== '0') throw new AppError('setup.underSudo')
}

const bundleFor = (options: SetupOptions, context: CommandContext): Promise<Bundle | undefined> =>
  loadBundle(options.bundle === undefined ? undefined : resolve(options.bundle), context)

/** The first wish to stop is heard; a second one changes nothing: what changes the machine is never cut off. */
const hearSignals = (): AbortSignal => {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  // A closed terminal takes no more words; the work goes on to the end of its step.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stopping.abort())
  return stopping.signal
}

/** A run from the password to its last words. @returns the exit code */
const carryOut = async (
  kind: 'apply' | 'undo',
  folder: string,
  machine: Machine,
  aim: Aim,
  context: CommandContext,
): Promise<number> => {
  const teller = createTeller(context, kind)
  const elevate = elevation(machine, await findHelper(context), hasTerminal())
  const stopSignal = hearSignals()
  const outcome = await startRun({ kind, folder, machine, aim, steps, elevate, stopSignal, onEvent: teller.hear })
  if (closedPlace() !== undefined) await remove(join(folder, 'staged'))
  return teller.end(outcome)
}

const apply = async (options: SetupOptions, context: CommandContext): Promise<number> => {
  const { t, tell } = context
  refuseSudo()
  const folder = setupFolder(context)
  const machine = createMachine()
  // In the midst of another run the machine looks broken, and nothing said of it would be true.
  const holder = options.dryRun ? undefined : await holderOf(join(folder, lockFile))
  if (holder !== undefined) throw new AppError('setup.busy', { pid: holder.pid })
  if (!options.dryRun) await awaitQuiet({ machine, clock: realClock, tell: createTeller(context).hear })
  const bundle = await bundleFor(options, context)
  const aim = await makeAim(machine, bundle, chosen(options), options.channel)
  const job = makeJob(aim, await readJournal(folder))
  const plan = await planSteps(machine, job)
  if (options.dryRun) {
    tell({ plan })
    sayPlan(plan, context, true)
    return plan.some(({ state }) => state === 'blocked') ? exits.failed : exits.ok
  }
  tell({ type: 'plan', plan })
  sayPlan(plan, context, options.yes !== true)
  const isDone = plan.every(({ state }) => state === 'done')
  const blocked = plan.find(({ state }) => state === 'blocked')
  if (blocked !== undefined) {
    const words = t(`setup:notes.${blocked.note}`, blocked.facts)
    throw new AppError('setup.blocked', { step: t(`setup:steps.${blocked.id}.title`), words })
  }
  const brings = plan.some(({ id, state }) => (id === 'microk8s' || id === 'renew') && state !== 'done')
  if (brings && options.preflight !== false) {
    const { length } = await sayBlockers(aimOf(bundle, job.choices), context)
    if (length > 0) throw new AppError('setup.unfit', { count: length })
  }
  if (!isDone && !options.yes && !(await askYes(t('cli:setup.consent')))) throw new AppError('setup.declined')
  if (bundle !== undefined && !isDone) aim.bundle = { ...bundle, folder: await forRoot(bundle.folder, context) }
  return carryOut('apply', folder, machine, aim, context)
}

const undo = async (options: SetupOptions, context: CommandContext): Promise<number> => {
  const { t, say, tell } = context
  refuseSudo()
  const folder = setupFolder(context)
  const machine = createMachine()
  const entries = inForce(await readJournal(folder))
  tell({ type: 'undo-plan', changes: entries.map(({ intended, state }) => ({ ...intended, state })) })
  if (entries.length === 0) {
    say(t('cli:setup.nothingToUndo'))
    return exits.ok
  }
  await sayUndoPlan(entries, machine, context)
  if (options.dryRun) return exits.ok
  if (!options.yes && !(await askYes(t('cli:setup.consentUndo')))) throw new AppError('setup.declined')
  const aim = { channel: defaultChannel, online: false, choices: new Set<Choice>() }
  return carryOut('undo', folder, machine, aim, context)
}
