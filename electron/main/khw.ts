// `khw`: the application on the command line.

import { Command, CommanderError, Option } from 'commander'
import { errorIds, toAppError } from '../contract/errors.ts'
import type { Translate } from '../platform/locales.ts'
import { registerPractice } from './commands/practice.ts'
import { type CommandContext, createCommandContext, exits } from './program.ts'
import { usageProblem } from './usage-problem.ts'

/** The practice cluster must be ready in a blink: nothing but its own command is loaded for it. */
const isPractice = (argv: readonly string[]): boolean =>
  argv.find((word, at) => !word.startsWith('-') && argv[at - 1] !== '--lang') === 'practice'

const registerOthers = async (program: Command, context: CommandContext): Promise<void> => {
  const [
    { registerServe },
    { registerLesson },
    { registerDoctor },
    { registerDiagnose },
    { registerSetup },
    { registerBundle },
    { registerMicrok8s },
    { registerTalk },
  ] = await Promise.all([
    import('./commands/serve.ts'),
    import('./commands/lesson.ts'),
    import('./commands/doctor.ts'),
    import('./commands/diagnose.ts'),
    import('./commands/setup.ts'),
    import('./commands/bundle.ts'),
    import('./commands/microk8s.ts'),
    import('./commands/talk.ts'),
  ])
  registerServe(program, context)
  registerLesson(program, context)
  registerDoctor(program, context)
  registerDiagnose(program, context)
  registerSetup(program, context)
  registerBundle(program, context)
  registerMicrok8s(program, context)
  registerTalk(program, context)
}

/** An option's words, with what it may be and what it is by default in the reader's language too. */
const describeOption =
  (t: Translate) =>
  ({ description, argChoices, defaultValue, required, optional }: Option): string => {
    const takesValue = required || optional
    const notes = [
      argChoices && t('cli:help.choices', { choices: argChoices.join(', ') }),
      takesValue && defaultValue !== undefined && t('cli:help.default', { value: defaultValue }),
    ].filter(Boolean)
    return notes.length > 0 ? t('cli:help.described', { description, notes: notes.join(t('cli:help.and')) }) : description
  }

/** Columns on a terminal: Chinese characters and their punctuation take two. */
const displayWidth = (text: string): number =>
  [...text].reduce((width, char) => width + (/[\u2e80-\u9fff\uff00-\uff60]/.test(char) ? 2 : 1), 0)

const build = async (context: CommandContext, argv: readonly string[]): Promise<Command> => {
  const { t } = context
  const titles: Readonly<Record<string, string>> = {
    'Usage:': t('cli:help.usage'),
    'Options:': t('cli:help.options'),
    'Global Options:': t('cli:help.globalOptions'),
    'Commands:': t('cli:help.commands'),
    'Arguments:': t('cli:help.arguments'),
  }
  const anyCommand = (text: string) => (text === '[command]' ? t('cli:help.anyCommand') : text)
  const program = new Command('khw')
    .description(t('cli:description'))
    .version(context.version, '-V, --version', t('cli:help.version'))
    .option('--json', t('cli:help.json'))
    .addOption(new Option('--lang <language>', t('cli:help.lang')).choices(['zh-CN', 'en']))
    .helpOption('-h, --help', t('cli:help.help'))
    .helpCommand('help [command]', t('cli:help.helpCommand'))
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: title => titles[title] ?? title,
      styleOptionText: text => (text === '[options]' ? t('cli:help.anyOptions') : text),
      styleSubcommandText: anyCommand,
      styleArgumentText: anyCommand,
      optionDescription: describeOption(t),
      displayWidth,
    })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('after', () => t('cli:examples'))
  registerPractice(program, context)
  if (!isPractice(argv)) await registerOthers(program, context)
  return program
}

const main = async (argv: readonly string[]): Promise<void> => {
  // Loaded beside the words; what is wrong with it is heard when the command needs it.
  if (isPractice(argv)) import('../practice/practice.ts').catch(() => {})
  const context = await createCommandContext(argv)
  const fatal = (error: unknown) => {
    context.complain(error)
    process.exit(exits.environment)
  }
  process.on('uncaughtException', fatal)
  const program = await build(context, argv)
  try {
    if (argv.length === 0) program.help({ error: true })
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    // At once: what was half started when it failed must not keep us.
    process.exit(finish(context, error))
  }
}

/** The exit code for what was thrown, said first; help and version are no errors. */
const finish = (context: CommandContext, thrown: unknown): number => {
  if (thrown instanceof CommanderError && (thrown.exitCode === 0 || thrown.code === 'commander.help'))
    return thrown.exitCode === 0 ? exits.ok : exits.usage
  const error = thrown instanceof CommanderError ? usageProblem(thrown, context.t) : toAppError(thrown)
  if (error.code !== 'request.invalid') return context.complain(error)
  // The page's words for a request that it does not understand would mislead here: these speak of the command line.
  const words = context.t('cli:wrongUsage', error.details)
  const [what, next] = words.split('\n  ')
  const json = { error: { id: errorIds[error.code], code: error.code, details: error.details, what, next } }
  process.stderr.write(`${context.json ? JSON.stringify(json) : words}\n`)
  return exits.usage
}

await main(process.argv.slice(2))
