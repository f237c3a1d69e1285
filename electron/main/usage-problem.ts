// What commander found wrong with a command line, in the reader's language.

import type { CommanderError } from 'commander'
import { AppError } from '../contract/errors.ts'
import type { Translate } from '../platform/locales.ts'

/** Commander's codes that we have a sentence for, `cli:problems.<name>`, with what it quotes as facts. */
const names: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'unknownCommand',
  'commander.unknownOption': 'unknownOption',
  'commander.optionMissingArgument': 'valueMissing',
  'commander.missingArgument': 'argumentMissing',
  'commander.excessArguments': 'tooMany',
  'commander.missingMandatoryOptionValue': 'optionMissing',
}

/** All others, such as those of our own parsers, keep their words. */
export const usageProblem = ({ code, message }: CommanderError, t: Translate): AppError => {
  const [first = ''] = message.replace(/^error: /, '').split('\n', 1)
  const name = names[code] ?? (/ is invalid\. Allowed choices are /.test(first) ? 'notAChoice' : undefined)
  if (name === undefined) return new AppError('request.invalid', { problem: first })
  const [word = '', value = ''] = [...first.matchAll(/'([^']*)'/g)].map(([, quoted = '']) => quoted)
  const choices = /Allowed choices are (.*)\.$/.exec(first)?.[1] ?? ''
  const meant = /\(Did you mean (?:one of )?(.*)\?\)/.exec(message)?.[1]
  const problem = t(`cli:problems.${name}`, { word, value, choices })
  return new AppError('request.invalid', {
    problem: meant === undefined ? problem : `${problem}${t('cli:problems.meant', { meant })}`,
  })
}
