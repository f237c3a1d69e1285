// What every command of `khw` is given, and how it ends: its language, its two ways of printing, its exit codes.

import { AppError, toAppError } from '../contract/errors.ts'
import type { Language } from '../contract/shapes.ts'
import { readText } from '../platform/files.ts'
import { type Locales, loadLocales, type Translate } from '../platform/locales.ts'
import { type AppFolders, findAppFolders, openUserFolders, type UserFolders } from '../platform/paths.ts'

/** Exit codes that scripts can trust. */
export const exits = { ok: 0, failed: 1, usage: 2, environment: 3 } as const

export interface CommandContext {
  language: Language
  /** Machine-readable: one JSON value a line on stdout, errors as JSON on stderr. */
  json: boolean
  t: Translate
  locales: Locales
  app: AppFolders
  version: string
  /** Made on first use: `khw --help` touches nobody's folders. */
  user(): UserFolders
  /** One line for people; nothing with `--json`. */
  say(line: string): void
  /** One JSON line with `--json`; nothing without. */
  tell(value: unknown): void
  /** Prints an error as what, why and what to do next, with its id. Returns the exit code for it. */
  complain(error: unknown): number
  /** Fires once with SIGINT or SIGTERM; a second one ends us at once. */
  untilSignal(): Promise<NodeJS.Signals>
}

/** The value of an option before commander has seen it: help and errors need their language first. */
const peek = (argv: readonly string[], name: string): string | undefined => {
  const at = argv.indexOf(name)
  return at >= 0 ? argv[at + 1] : argv.find(word => word.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** `--lang`, else an English locale of the environment, else Chinese, as everywhere in the application. */
const chooseLanguage = (argv: readonly string[], env: NodeJS.ProcessEnv): Language => {
  const asked = peek(argv, '--lang')
  if (asked === 'en' || asked === 'zh-CN') return asked
  return /^en/.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'en' : 'zh-CN'
}

export const createCommandContext = async (
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandContext> => {
  const app = findAppFolders()
  const locales = await loadLocales(`${app.resources}/locales`)
  const language = chooseLanguage(argv, env)
  const json = argv.includes('--json')
  const { version } = JSON.parse((await readText(`${app.root}/package.json`)) ?? '{}') as { version: string }
  let user: UserFolders | undefined

  const complain = (thrown: unknown): number => {
    const error = toAppError(thrown)
    const { id, code, what, why, next } = locales.explain(language, error)
    if (json) process.stderr.write(`${JSON.stringify({ error: { id, code, details: error.details, what, why, next } })}\n`)
    else {
      const detail = code === 'internal' ? `  ${error.details.message}\n` : ''
      process.stderr.write(`${what} (${id})\n  ${why}\n  ${next}\n${detail}`)
    }
    return code === 'request.invalid' ? exits.usage : exits.environment
  }

  return {
    language,
    json,
    t: locales.translate(language),
    locales,
    app,
    version,
    user: () => {
      if (!user) {
        user = openUserFolders(env)
        for (const problem of user.problems) complain(problem)
      }
      return user
    },
    say: line => {
      if (!json) process.stdout.write(`${line}\n`)
    },
    tell: value => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`)
    },
    complain,
    untilSignal: () =>
      new Promise(resolve => {
        const heard = (signal: NodeJS.Signals) => {
          process.once(signal, () => process.exit(exits.environment))
          resolve(signal)
        }
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, heard)
      }),
  }
}

/** A port from the command line. @throws AppError request.invalid */
export const readPort = (words: string): number => readNumber(words, '--port', 0, 65_535)

export const readNumber = (words: string, option: string, least: number, most: number): number => {
  const number = Number(words)
  if (words.trim() === '' || !Number.isInteger(number) || number < least || number > most)
    throw new AppError('request.invalid', { problem: `${option} ${words}: ${least} – ${most}` })
  return number
}
