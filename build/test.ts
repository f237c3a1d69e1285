// `npm test` after its set-up: every check and every test, then one line `N passed, N failed`.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checks } from './check.ts'
import { type Outcome, ofPlaywright, ofVitest, type Report } from './outcome.ts'
import { root, runSteps, type Step, type StepResult } from './steps.ts'

const cache = join(root, '.cache')
const json = (path: string) => ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`] as const

/** A step that runs many tests, and the report that it leaves. */
interface Runner extends Step {
  report: string
  read(report: Report): Outcome
}

const vitest = (name: string, report: string, ...more: readonly string[]): Runner => ({
  name,
  argv: ['vitest', 'run', ...more, ...json(report)],
  report,
  read: ofVitest,
})

const chromium = (name: string, report: string, ...more: readonly string[]): Runner => ({
  name,
  argv: ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts', '--reporter=list,json', ...more],
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  report,
  read: ofPlaywright,
})

const runners: readonly Runner[] = [
  vitest('unit and integration tests', join(cache, 'vitest.json')),
  vitest('Setup on machines of the lab', join(cache, 'lab.json'), '--config', 'tests/lab/vitest.config.ts'),
  // two learners at once, as most of the time they wait for a cluster; what is timed has the machine to itself
  chromium('end-to-end tests in Chromium', join(cache, 'playwright.json'), '--workers=2', '--grep-invert=@timed'),
  chromium('timed end-to-end tests', join(cache, 'playwright-timed.json'), '--grep=@timed'),
]

/** A report that is missing, or a runner that failed without a failing test (a crash, a bad configuration), is one failure. */
const outcomeOf = (step: StepResult): Outcome => {
  const own: Outcome = { passed: step.passed ? 1 : 0, failed: step.passed ? 0 : 1, skipped: 0, failures: [], flaky: [] }
  const runner = runners.find(({ name }) => name === step.name)
  if (!runner) return own
  if (!existsSync(runner.report)) return { ...own, passed: 0, failed: 1 }
  const outcome = runner.read(JSON.parse(readFileSync(runner.report, 'utf8')))
  return { ...outcome, failed: outcome.failed || own.failed }
}

mkdirSync(cache, { recursive: true })
for (const { report } of runners) rmSync(report, { force: true })

const results = await runSteps([...checks, { name: 'build', argv: ['node', 'build/build.ts'] }, ...runners])
const outcomes = results.map(outcomeOf)
const sum = (what: 'passed' | 'failed' | 'skipped'): number => outcomes.reduce((total, outcome) => total + outcome[what], 0)

console.log('')
for (const result of results)
  console.log(`${result.passed ? 'passed' : 'FAILED'}  ${result.seconds.toFixed(1).padStart(6)} s  ${result.name}`)
for (const { name, why } of outcomes.flatMap(({ flaky }) => flaky))
  console.log(`flaky: passed at the second try: ${name}\n    ${why}`)
for (const { name, why } of outcomes.flatMap(({ failures }) => failures)) console.log(`FAILED: ${name}\n    ${why}`)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`)
process.exitCode = sum('failed') === 0 ? 0 : 1
