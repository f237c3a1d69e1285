// `npm test` after its set-up: every check and every test, then one line `N passed, N failed`.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checks } from './check.ts'
import { root, runSteps } from './steps.ts'

const cache = join(root, '.cache')
const vitestReport = join(cache, 'vitest.json')
const labReport = join(cache, 'lab.json')
const playwrightReport = join(cache, 'playwright.json')

interface Count {
  passed: number
  failed: number
  skipped: number
}

/** A report that is missing or broken is one failure: the runner died. */
const count = (path: string, read: (report: Record<string, unknown>) => Count): Count => {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 }
  return read(JSON.parse(readFileSync(path, 'utf8')))
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

mkdirSync(cache, { recursive: true })
for (const path of [vitestReport, labReport, playwrightReport]) rmSync(path, { force: true })

const results = await runSteps([
  ...checks,
  { name: 'build', argv: ['node', 'build/build.ts'] },
  {
    name: 'unit and integration tests',
    argv: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
  },
  {
    name: 'Setup on machines of the lab',
    argv: [
      ...(['vitest', 'run', '--config', 'tests/lab/vitest.config.ts', '--reporter=default'] as const),
      ...['--reporter=json', `--outputFile.json=${labReport}`],
    ],
  },
  {
    name: 'end-to-end tests in Chromium',
    argv: ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
  },
])

const runners = new Set(['unit and integration tests', 'Setup on machines of the lab', 'end-to-end tests in Chromium'])
const steps = results.filter(result => !runners.has(result.name))
const ofVitest = (report: Record<string, unknown>): Count => ({
  passed: number(report.numPassedTests),
  failed: number(report.numFailedTests) + (number(report.numFailedTests) === 0 ? number(report.numFailedTestSuites) : 0),
  skipped: number(report.numPendingTests) + number(report.numTodoTests),
})
const unit = count(vitestReport, ofVitest)
const lab = count(labReport, ofVitest)
const endToEnd = count(playwrightReport, report => {
  const stats = report.stats as Record<string, unknown>
  return {
    passed: number(stats.expected) + number(stats.flaky),
    failed: number(stats.unexpected),
    skipped: number(stats.skipped),
  }
})

const total = { passed: steps.filter(step => step.passed).length, failed: steps.filter(step => !step.passed).length, skipped: 0 }
for (const part of [unit, lab, endToEnd]) {
  total.passed += part.passed
  total.failed += part.failed
  total.skipped += part.skipped
}
// A runner that failed without a failing test (a crash, a bad configuration) must not look green.
for (const result of results)
  if (runners.has(result.name) && !result.passed && unit.failed + lab.failed + endToEnd.failed === 0) total.failed += 1

console.log('')
for (const result of results)
  console.log(`${result.passed ? 'passed' : 'FAILED'}  ${result.seconds.toFixed(1).padStart(6)} s  ${result.name}`)
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)
process.exitCode = total.failed === 0 ? 0 : 1
