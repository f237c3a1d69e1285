// What a runner's report says of its tests: how many, and which passed only at the second try.

export interface Outcome {
  passed: number
  failed: number
  skipped: number
  /** Names of those that failed first: they count as passed, and are told. */
  flaky: string[]
}

export type Report = Record<string, unknown>

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)
const list = (value: unknown): Report[] => (Array.isArray(value) ? value : [])

/** Vitest keeps the errors of earlier tries on a test that passed in the end. */
export const ofVitest = (report: Report): Outcome => ({
  passed: number(report.numPassedTests),
  failed: number(report.numFailedTests) || number(report.numFailedTestSuites),
  skipped: number(report.numPendingTests) + number(report.numTodoTests),
  flaky: list(report.testResults)
    .flatMap(file => list(file.assertionResults))
    .filter(test => test.status === 'passed' && list(test.failureMessages).length > 0)
    .map(test => String(test.fullName)),
})

const specsOf = (suite: Report): Report[] => [...list(suite.specs), ...list(suite.suites).flatMap(specsOf)]

export const ofPlaywright = (report: Report): Outcome => {
  const stats = report.stats as Report
  return {
    passed: number(stats.expected) + number(stats.flaky),
    failed: number(stats.unexpected),
    skipped: number(stats.skipped),
    flaky: list(report.suites)
      .flatMap(specsOf)
      .filter(spec => list(spec.tests).some(test => test.status === 'flaky'))
      .map(spec => String(spec.title)),
  }
}
