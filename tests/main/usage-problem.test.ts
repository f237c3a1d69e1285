import { Command, CommanderError, Option } from 'commander'
import { expect, test } from 'vitest'
import { usageProblem } from '../../electron/main/usage-problem.ts'
import { loadLocales } from '../../electron/platform/locales.ts'

const locales = await loadLocales('resources/locales')
const build = () =>
  new Command('khw')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addCommand(
      new Command('plan')
        .exitOverride()
        .configureOutput({ writeErr: () => {} })
        .option('--bundle <folder>')
        .addOption(new Option('--lang <language>').choices(['zh-CN', 'en']))
        .requiredOption('--name <name>')
        .argument('<id>')
        .action(() => {}),
    )

test.each([
  ['paln', '没有 paln 这条命令，是不是 plan？', 'there is no command paln; did you mean plan?'],
  ['plan x --name x --nosuch', '没有 --nosuch 这个选项', 'there is no option --nosuch'],
  ['plan --bundle', '选项 --bundle <folder> 后面要跟一个值', 'the option --bundle <folder> needs a value'],
  ['plan --name x', '少了 id', 'id is missing'],
  ['plan x --name x y', 'plan 后面的词太多了', 'plan takes fewer words'],
  ['plan x', '少了选项 --name <name>', 'the option --name <name> is missing'],
  ['plan x --lang fr', '--lang <language> 不能是 fr，可以是 zh-CN, en', '--lang <language> cannot be fr; it can be zh-CN, en'],
])('khw %s', async (line, chinese, english) => {
  const thrown: unknown = await build()
    .parseAsync(line.split(' '), { from: 'user' })
    .catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(CommanderError)
  const told = (language: 'zh-CN' | 'en') => usageProblem(thrown as CommanderError, locales.translate(language)).details.problem
  expect([told('zh-CN'), told('en')]).toEqual([chinese, english])
})

test('what we have no sentence for keeps its words', () => {
  const error = new CommanderError(1, 'commander.somethingNew', 'error: this is new\nand long')
  expect(usageProblem(error, locales.translate('zh-CN')).details.problem).toBe('this is new')
})
